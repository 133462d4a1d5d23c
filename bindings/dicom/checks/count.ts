/** Whether all slices came. */
import type { Objections } from '../../base/verdict.js'
import type { ListedSeries } from '../archive/dicomdir.js'
import type { Image } from '../image.js'
import { TAG, tagName } from '../tags.js'

/**
 * Whether all slices came: only someone else's count can tell that the ends of an even stack are there.
 *
 * @param instances objects of the series, unreadable ones included
 * @param listed what a DICOMDIR lists of the series, where there is one
 */
export function checkCount(
  slices: number,
  instances: number,
  expected: number | undefined,
  images: readonly Image[],
  listed: ListedSeries | null,
  objections: Objections,
): void {
  const told = Math.max(0, ...images.map(({ acquisition }) => acquisition.seriesInstances ?? 0))
  if (expected !== undefined && slices < expected) {
    const message = `${slices} slices where ${expected} are expected. Transfer the series again`
    objections.refuse('SERIES_INCOMPLETE', message, { kind: 'expected', slices, expected })
  }
  if (told > instances) {
    const message = `${instances} objects where ${tagName(TAG.NumberOfSeriesRelatedInstances)} says ${told}. Transfer the series again`
    objections.refuse('SERIES_INCOMPLETE', message, { kind: 'header', slices: instances, expected: told })
  }
  const found = new Set(images.map(({ sopInstanceUid }) => sopInstanceUid))
  const missing = listed ? [...listed.instances].filter((uid) => !found.has(uid)).length : 0
  if (listed && (missing > 0 || listed.size > instances)) {
    const got = Math.min(instances, listed.size - missing)
    const message = `the DICOMDIR lists ${listed.size} images of the series, ${got} are there. Copy the whole medium again`
    objections.refuse('SERIES_INCOMPLETE', message, { kind: 'manifest', slices: got, expected: listed.size })
  }
  const all = listed !== null && images.every(({ sopInstanceUid: uid }) => uid !== null && listed.instances.has(uid))
  if (expected === undefined && told === 0 && !all) {
    const message = 'nothing says how many slices the series should have; missing ones at either end cannot be seen'
    objections.warn('COUNT_UNVERIFIED', message, { slices })
  }
}
