/** What never becomes a coded statement about a patient's arteries. */
import { AgatstonError } from '../../base/errors.js'
import type { Result } from '../../score/result.js'

/**
 * A sum over a whole image holds ribs and spine. As text under a picture it can be explained; as a coded number or a coded
 * calcification it would be taken by the next system for what it is not.
 *
 * @throws AgatstonError `SCOPE_MISSING`
 */
export function refuseWholeImage({ scope }: Result, what: string): void {
  if (scope !== 'whole-image') return
  const message = `the result is a sum over a whole image, which is no coronary score and never becomes ${what}. Score it with masks of the vessels (--territories FILE)`
  throw new AgatstonError('SCOPE_MISSING', message, { scope, what })
}
