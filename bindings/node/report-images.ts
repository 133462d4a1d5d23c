/** The images of a stored result, read once more: nothing is drawn or segmented on pixels that are not those of the result. */
import { AgatstonError } from '../base/errors.js'
import { type Subject, readSubject } from '../dicom/subject.js'
import { DicomVolume } from '../dicom/volume.js'
import { pixelHashOf } from '../score/hash.js'
import type { Result } from '../score/result.js'
import type { Volume } from '../volume/volume.js'
import { nodeHasher } from './hash.js'
import { openVolume } from './path.js'
import type { ReportImages } from './renderings.js'
import { findLabelMaps, readTerritories } from './territories.js'
import { UsageError } from './usage.js'

export interface ImagePaths {
  /** Where the images are; none: a report without them. */
  readonly paths: readonly string[]
  /** The masks they were scored with. */
  readonly territories: readonly string[]
  /** Whether the report is to bear the name of who was scanned. */
  readonly identity: boolean
}

/**
 * Call `use` with the images of a result while their files are open, or with null where no paths are given.
 *
 * @throws UsageError for paths that are not there; AgatstonError `INTEGRITY_FAILED` for images the result was not made from, and what
 *   reading refuses
 */
export async function withImages<T>(
  result: Result,
  { paths, territories, identity }: ImagePaths,
  use: (images: (ReportImages & { readonly subject: Subject | null }) | null) => T | Promise<T>,
): Promise<T> {
  if (paths.length === 0) {
    if (territories.length > 0) throw new UsageError('masks are of use only with the images they belong to')
    return use(null)
  }
  const { seriesInstanceUid, incrementMm } = result.input
  const options = {
    accept: result.accepted,
    ...(seriesInstanceUid === null ? {} : { seriesInstanceUid }),
    ...(result.accepted.includes('TOO_FEW_SLICES') ? { incrementMm } : {}),
  }
  return openVolume(paths, options, async (volume, decode) => {
    await checkPixels(result, volume)
    const maps = findLabelMaps(territories)
    const map = maps.length > 0 ? await readTerritories(maps, volume, decode) : undefined
    return use({ volume, territories: map, subject: identity ? await subjectOf(volume) : null })
  })
}

/** Who was scanned, where the headers can say it. */
export const subjectOf = async (volume: Volume): Promise<Subject | null> =>
  volume instanceof DicomVolume ? readSubject(volume) : null

async function checkPixels({ input }: Result, volume: Volume): Promise<void> {
  if (input.pixelSha256 === null) {
    const message =
      'the result was stamped with no hash of its pixels, so images cannot be compared with it. Score them again'
    throw new AgatstonError('INTEGRITY_FAILED', message, { kind: 'no-hash' })
  }
  if ((await pixelHashOf(volume, nodeHasher())) === input.pixelSha256) return
  const message =
    'the images are not those the result was made from: their pixels have another hash. Give the series that was scored'
  throw new AgatstonError('INTEGRITY_FAILED', message, { kind: 'pixels' })
}
