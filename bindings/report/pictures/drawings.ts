/** The drawings a report has numbers for. */
import { percentileCurve } from '../percentile/curve.js'
import type { Report } from '../report.js'
import type { Drawing } from './drawing.js'
import { percentileDrawing } from './percentile-drawing.js'
import { sensitivityDrawing } from './sensitivity-drawing.js'
import { vesselDrawing } from './vessel-drawing.js'

/** Vessels, percentile, sensitivity: each where the report has it. */
export function makeDrawings(report: Report): readonly Drawing[] {
  return Object.freeze([vessels(report), percentile(report), sensitivity(report)].filter((one) => one !== null))
}

const vessels = ({ vessels: rows, status }: Report): Drawing | null =>
  status.kind === 'not-coronary' ? null : vesselDrawing(rows)

function percentile({ percentile: section, facts, headline }: Report): Drawing | null {
  const ageYears = facts?.ageYears
  if (section.value === null || facts === null || ageYears === undefined) return null
  const curve = percentileCurve(facts)
  if (curve.value === null) return null
  const { score: agatston, place } = section.value
  return percentileDrawing(curve.value, { ageYears, agatston, score: headline.score }, place.text)
}

function sensitivity({ result, headline, categories }: Report): Drawing | null {
  if (result.sensitivity === null || result.total.pieces === 0) return null
  const own = { standard: result.standard.id, agatston: result.total.agatston, score: headline.score }
  return sensitivityDrawing(result.sensitivity, own, categories.value !== null)
}
