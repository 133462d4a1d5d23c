/** Why nothing of what was found can be scored, and what there is to choose from. */
import { AgatstonError, type Refusal } from '../base/errors.js'
import { noDicom } from './foreign.js'
import type { Inspection } from './intake.js'
import type { SeriesInspection } from './series.js'

/** What a caller needs to name a series. */
export const summary = (series: SeriesInspection): Record<string, unknown> => ({
  seriesInstanceUid: series.seriesInstanceUid,
  studyInstanceUid: series.studyInstanceUid,
  modality: series.modality,
  slices: series.slices,
  incrementMm: series.incrementMm,
  kernel: series.kernel,
  eligible: series.eligible,
})

/** Nothing could be scored: the reason that matters most first, all of them listed. */
export function refusalOf(inspection: Inspection, candidates: readonly SeriesInspection[]): AgatstonError {
  const series = [...candidates].sort((a, b) => farness(a) - farness(b) || b.slices - a.slices)
  const own = series.flatMap(({ refusals }) => refusals)
  const rest = inspection.unreadable.filter((refusal) => !own.some((one) => tells(one, refusal)))
  const refusals = [...own, ...rest]
  const first = refusals[0]
  if (!first) {
    return noDicom(inspection.files, inspection.notDicom, inspection.archives)
  }
  const warnings = series[0]?.warnings ?? []
  return new AgatstonError(first.code, first.message, { ...first.details, refusals }, { warnings })
}

/** Whether a refusal of a series, which may stand for several files, tells that of a file. */
const tells = (one: Refusal, other: Refusal): boolean =>
  one === other ||
  (one.code === other.code &&
    one.details['files'] !== undefined &&
    (['kind', 'tag', 'limit'] as const).every((key) => one.details[key] === other.details[key]))

/** How far a series is from one that can be scored: CT slices, localizers, anything else. */
function farness({ refusals }: SeriesInspection): number {
  const codes = refusals.map(({ code }) => code)
  return codes.includes('MODALITY_NOT_CT') ? 2 : codes.includes('LOCALIZER_ONLY') ? 1 : 0
}
