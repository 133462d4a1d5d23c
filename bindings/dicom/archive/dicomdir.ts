/**
 * DICOMDIR (PS3.3 annex F): the list of what a medium holds. It is read as a manifest and as nothing else: which images of a
 * series there should be, so that slices lost at the end of a stack, which leave no gap, are missed. Files are found by
 * looking at all there are; the paths a directory names (0004,1500) are never opened, joined or shown, so nothing it says can
 * lead anywhere.
 */
import type { DataSet } from '../dataset.js'
import { TAG, tagName } from '../tags.js'
import { parseFailed } from '../trouble.js'

/** What directories list of one series. */
export interface ListedSeries {
  /** SOP Instance UIDs of its images. */
  readonly instances: ReadonlySet<string>
  /** Images listed, those without a UID included. */
  readonly size: number
}

/** The series that the directories of an input list, by SeriesInstanceUID. */
export class Manifest {
  private readonly series = new Map<string, { readonly instances: Set<string>; unnamed: number }>()

  /**
   * Add what one DICOMDIR lists.
   *
   * @throws AgatstonError `PARSE_FAILED` where its records are no tree; nothing of it is kept then
   */
  add(directory: DataSet): void {
    for (const { uid, images } of seriesIn(directory)) {
      const known = this.series.get(uid) ?? { instances: new Set<string>(), unnamed: 0 }
      for (const image of images) {
        if (image === null) known.unnamed++
        else known.instances.add(image)
      }
      this.series.set(uid, known)
    }
  }

  /** What is listed of a series; null: nothing. */
  of(seriesInstanceUid: string): ListedSeries | null {
    const known = this.series.get(seriesInstanceUid)
    return known ? { instances: known.instances, size: known.instances.size + known.unnamed } : null
  }
}

interface Listed {
  readonly uid: string
  /** SOP Instance UIDs; null for an image without one. */
  readonly images: (string | null)[]
}

/** Records hang together by byte offsets: a next one beside, a first one below (PS3.3 F.3.2.2). */
function seriesIn(directory: DataSet): readonly Listed[] {
  const records = new Map<number, DataSet>()
  for (const item of directory.items(TAG.DirectoryRecordSequence)) records.set(item.itemOffset!, item)
  const found: Listed[] = []
  const open = [{ offset: directory.long(TAG.OffsetOfTheFirstDirectoryRecord) ?? 0, series: null as Listed | null }]
  while (open.length > 0) {
    const { offset, series } = open.pop()!
    if (offset === 0) continue
    const record = records.get(offset)
    // A record is taken off when it is met: a chain that comes back to it is a loop, and ends here too.
    if (!record || !records.delete(offset)) throw noRecord(directory, offset)
    open.push({ offset: record.long(TAG.OffsetOfTheNextDirectoryRecord) ?? 0, series })
    // 0: deleted, and what hangs below with it (PS3.3 F.3.2.2); written by old software only.
    if (record.unsigned(TAG.RecordInUseFlag) === 0) continue
    const type = record.codes(TAG.DirectoryRecordType)[0]
    if (type === 'IMAGE') series?.images.push(record.uid(TAG.ReferencedSOPInstanceUIDInFile))
    const below = type === 'SERIES' ? seriesOf(record, found) : series
    open.push({ offset: record.long(TAG.OffsetOfReferencedLowerLevelDirectoryEntity) ?? 0, series: below })
  }
  return found
}

function seriesOf(record: DataSet, found: Listed[]): Listed | null {
  const uid = record.uid(TAG.SeriesInstanceUID)
  if (uid === null) return null
  const series: Listed = { uid, images: [] }
  found.push(series)
  return series
}

function noRecord({ file }: DataSet, offset: number): Error {
  const tag = TAG.DirectoryRecordSequence
  return parseFailed('structure', `${tagName(tag)} leads to a record that is not there, or twice to one`, {
    file,
    offset,
    tag,
  })
}
