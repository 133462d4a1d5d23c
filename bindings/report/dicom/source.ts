/** What a derived object takes from the series it is derived from: who and which study, and which images it speaks of. */
import { AgatstonError } from '../../base/errors.js'
import type { DataSet } from '../../dicom/dataset.js'
import type { Element } from '../../dicom/elements.js'
import { readHead } from '../../dicom/head.js'
import type { DicomVolume, ImageReference } from '../../dicom/volume.js'
import type { Result } from '../../score/result.js'

/** Made by `openSource`. Holds the header of one file: patient's data, for the objects and for nothing else. */
export interface ReportSource {
  readonly volume: DicomVolume
  readonly head: DataSet
}

/**
 * Open the series a result was scored on, for the objects derived from it.
 *
 * @throws AgatstonError `PARSE_FAILED` where its files are not any more those that were read
 */
export async function openSource(volume: DicomVolume): Promise<ReportSource> {
  const { dataset } = await readHead(volume)
  return Object.freeze({ volume, head: dataset })
}

/**
 * That the result was made from these images, as far as its stamp tells: study, series, shape, and the image of every piece. Whether
 * the pixels are the same is for whoever holds both hashes.
 *
 * @throws AgatstonError `INTEGRITY_FAILED`
 */
export function checkBelongs({ input, lesions }: Result, { volume }: ReportSource): void {
  const { facts, geometry } = volume
  const differing = [
    ['study', input.studyInstanceUid === facts.studyInstanceUid],
    ['series', input.seriesInstanceUid === facts.seriesInstanceUid],
    ['number of slices', input.slices === geometry.slices],
    ['size', input.rows === geometry.rows && input.columns === geometry.columns],
    [
      'images',
      lesions.every(({ pieces }) =>
        pieces.every(({ slice, sopInstanceUid }) => {
          return slice < geometry.slices && volume.sopInstanceUid(slice) === sopInstanceUid
        }),
      ),
    ],
  ].flatMap(([what, same]) => (same ? [] : [String(what)]))
  if (differing.length === 0) return
  const message = `the result was made from other images: ${differing.join(', ')} differ. Give the series that was scored`
  throw new AgatstonError('INTEGRITY_FAILED', message, { kind: 'other-images', differing })
}

/** Images of one object: all of them, or some frames. */
export interface ReferencedInstance {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  /** Frame numbers from 1, rising; null: an object of one image, or all frames. */
  readonly frames: readonly number[] | null
}

/** The objects of these slices, in their order, frames of one object together. */
export function instancesOf({ volume }: ReportSource, slices: Iterable<number>): readonly ReferencedInstance[] {
  const byUid = new Map<string, { readonly sopClassUid: string; frames: number[] | null }>()
  for (const k of slices) {
    const { sopInstanceUid, frame, ...reference } = volume.reference(k)
    const known = byUid.get(sopInstanceUid)
    if (!known) byUid.set(sopInstanceUid, { sopClassUid: classOf(reference), frames: frame === null ? null : [frame] })
    else if (frame !== null) known.frames?.push(frame)
  }
  return [...byUid].map(([sopInstanceUid, { sopClassUid, frames }]) => ({
    sopInstanceUid,
    sopClassUid,
    frames: frames && [...frames].sort((a, b) => a - b),
  }))
}

/** Every object of the series, whole. */
export const allInstances = (source: ReportSource): readonly ReferencedInstance[] =>
  instancesOf(source, Array(source.volume.geometry.slices).keys()).map((instance) => ({ ...instance, frames: null }))

function classOf({ sopClassUid }: Pick<ImageReference, 'sopClassUid'>): string {
  if (sopClassUid !== null) return sopClassUid
  const message = 'an image does not say of which SOP class it is, so nothing can refer to it. Export the series again'
  throw new AgatstonError('PARSE_FAILED', message, { kind: 'value' })
}

/** An item that names an object (PS3.3 10.8), with the frames meant (10.3). */
export const referenceItem = ({ sopClassUid, sopInstanceUid, frames }: ReferencedInstance): readonly Element[] => [
  [0x00081150, 'UI', [sopClassUid]],
  [0x00081155, 'UI', [sopInstanceUid]],
  ...(frames === null ? [] : [[0x00081160, 'IS', frames.map(String)] as const]),
]
