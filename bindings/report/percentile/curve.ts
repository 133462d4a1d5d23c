/**
 * Lines for a picture: the score at each percentile over the ages of a table, for one sex and race. MESA's lines come from the
 * estimate and carry its label, with the published cut-points as points on them; the other tables are drawn as they are.
 */
import type { PatientFacts, Sex } from '../facts.js'
import type { Answer } from '../answer.js'
import type { Published } from '../published.js'
import { type Reference, chooseReference } from './choose.js'
import { HOFF_2001, HOFF_BRACKETS, HOFF_CUTS, HOFF_CUT_PERCENTILES } from './hoff-table.js'
import { JAVAID_2022, JAVAID_AGES, JAVAID_CUTS, JAVAID_CUT_PERCENTILES, type JavaidRace } from './javaid-table.js'
import { RACE_NAMES, SEX_NAMES } from './mesa.js'
import { MESA_ESTIMATE, estimateScore } from './mesa-estimate.js'
import { MESA_AGES, MESA_BRACKETS, MESA_CUTS, MESA_CUT_PERCENTILES, type MesaRace } from './mesa-table.js'

/** Age in years and the Agatston score there. */
export type CurvePoint = readonly [ageYears: number, score: number]

export interface PercentileLine {
  readonly percentile: number
  /** In rising age; to be joined. */
  readonly points: readonly CurvePoint[]
}

export interface PercentileCurve {
  readonly reference: Reference
  /** "White men". */
  readonly group: string
  /** First and last age. */
  readonly ages: readonly [from: number, to: number]
  /** In rising percentile: 25, 50, 75, 90, 95 (MESA); 75, 90, 95, 97.5 (Javaid); 25, 50, 75, 90 (Hoff). */
  readonly lines: readonly PercentileLine[]
  /** Published values on lines that are an estimate; empty where the lines are published themselves. */
  readonly cutPoints: readonly PercentileLine[]
  /** Whose lines they are; `flag` is to be printed with them. */
  readonly published: Published
}

/** The curve of the table a person is compared with, or why there is none. Needs age, sex and race, no score. */
export function percentileCurve(facts: PatientFacts): Answer<PercentileCurve> {
  const chosen = chooseReference(facts)
  if (chosen.value === null) return chosen
  const sex = facts.sex!
  if (chosen.value === 'mesa2006') return { value: mesaCurve(sex, facts.race as MesaRace), reason: null }
  if (chosen.value === 'javaid2022') return { value: javaidCurve(sex, facts.race as JavaidRace), reason: null }
  return { value: hoffCurve(sex), reason: null }
}

function mesaCurve(sex: Sex, race: MesaRace): PercentileCurve {
  const ages = Array.from({ length: MESA_AGES[1] - MESA_AGES[0] + 1 }, (_, n) => MESA_AGES[0] + n)
  const cuts = MESA_CUTS[race][sex]
  return {
    reference: 'mesa2006',
    group: `${RACE_NAMES[race]} ${SEX_NAMES[sex]}`,
    ages: MESA_AGES,
    lines: MESA_CUT_PERCENTILES.map((percentile) => ({
      percentile,
      points: ages.map((ageYears) => [ageYears, estimateScore({ ageYears, sex, race }, percentile)] as const),
    })),
    cutPoints: linesOf(
      MESA_CUT_PERCENTILES,
      MESA_BRACKETS.map(({ midpoint }, row) => [[midpoint], cuts[row]!]),
    ),
    published: MESA_ESTIMATE,
  }
}

function javaidCurve(sex: Sex, race: JavaidRace): PercentileCurve {
  const rows = JAVAID_CUTS[sex][race].map((cuts, n) => [[JAVAID_AGES[0] + n], cuts] as const)
  return {
    reference: 'javaid2022',
    group: `${RACE_NAMES[race]} ${SEX_NAMES[sex]}`,
    ages: JAVAID_AGES,
    lines: linesOf(JAVAID_CUT_PERCENTILES, rows),
    cutPoints: [],
    published: JAVAID_2022,
  }
}

/** Steps: one value from the first to the last age of each bracket. */
function hoffCurve(sex: Sex): PercentileCurve {
  const rows = HOFF_BRACKETS.map(({ from, to }, row) => [[from, to], HOFF_CUTS[sex][row]!] as const)
  return {
    reference: 'hoff2001',
    group: SEX_NAMES[sex],
    ages: [HOFF_BRACKETS[0]!.from, HOFF_BRACKETS.at(-1)!.to],
    lines: linesOf(HOFF_CUT_PERCENTILES, rows),
    cutPoints: [],
    published: HOFF_2001,
  }
}

/** Rows of a table (ages, scores by percentile) to one line for each percentile. */
const linesOf = (
  percentiles: readonly number[],
  rows: readonly (readonly [ages: readonly number[], scores: readonly number[]])[],
): readonly PercentileLine[] =>
  percentiles.map((percentile, column) => ({
    percentile,
    points: rows.flatMap(([ages, scores]) => ages.map((age) => [age, scores[column]!] as const)),
  }))
