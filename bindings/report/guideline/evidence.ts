/** What the other parts of a report found, as the rules ask for it: where the percentile lies, and the two risks of ten years. */
import type { Known } from './conditions.js'

/** A percentile read from published cut-points: what is reached, and the next that is not. */
export interface ReadPercentile {
  readonly place: { readonly lower: number; readonly upper: number | null; readonly exact: boolean }
}

/** Risks by model, as a report lists them. */
export interface ReadRisks {
  readonly models: readonly {
    readonly id: string
    readonly risks: { readonly value: readonly { readonly key: string; readonly risk: number }[] | null }
  }[]
}

/** Plain numbers, or the sections of a report; null: there are none. */
export interface GuidelineContext {
  readonly percentile?: Known['percentile'] | ReadPercentile | null
  readonly risk?: Known['risk'] | ReadRisks | null
}

export function evidenceOf({ percentile, risk }: GuidelineContext): Pick<Known, 'percentile' | 'risk'> {
  const place = percentile === undefined || percentile === null ? undefined : percentileOf(percentile)
  const risks = risk === undefined || risk === null ? undefined : risksOf(risk)
  return { ...(place === undefined ? {} : { percentile: place }), ...(risks === undefined ? {} : { risk: risks }) }
}

function percentileOf(percentile: NonNullable<GuidelineContext['percentile']>): Known['percentile'] {
  if (typeof percentile === 'number' || !('place' in percentile)) return percentile
  const { lower, upper, exact } = percentile.place
  return exact ? lower : [lower, upper ?? 100]
}

function risksOf(risk: NonNullable<GuidelineContext['risk']>): Known['risk'] {
  if (!('models' in risk)) return risk
  const pooledCohort = ascvdOf(risk, 'pooled-cohort-2013')
  const preventAscvd = ascvdOf(risk, 'prevent-2023-10')
  return {
    ...(pooledCohort === undefined ? {} : { pooledCohort }),
    ...(preventAscvd === undefined ? {} : { preventAscvd }),
  }
}

const ascvdOf = ({ models }: ReadRisks, id: string): number | undefined =>
  models.find((model) => model.id === id)?.risks.value?.find(({ key }) => key === 'ascvd')?.risk
