/** A result that may be put beside published values: a coronary score at 120 kVp under the default rules. */
import type { Result } from '../../bindings/index.js'
import { changed, score, territoriesOf } from './make.js'

const scored = score([400, 400, 250], { territories: territoriesOf(['LM', 'LAD', 'LCX', 'RCA']) })

/** Its score as wanted; 0 means no counted piece. */
export const comparable = (agatston: number, change: Partial<Result> = {}): Result =>
  changed(
    changed(scored, {
      input: { ...scored.input, kvp: 120 },
      warnings: [],
      total: { ...scored.total, agatston, pieces: agatston === 0 ? 0 : scored.total.pieces },
    }),
    change,
  )
