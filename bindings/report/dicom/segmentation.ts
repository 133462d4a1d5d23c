/**
 * The counted calcium of a result as a DICOM Segmentation (PS3.3 A.51): binary, on the grid of the source, a segment for each
 * territory, a frame for each slice a segment lies on. What did not count is not in it, so its pixels are those of the score.
 */
import { AgatstonError } from '../../base/errors.js'
import { decimalString, type Element } from '../../dicom/elements.js'
import { uidFromText } from '../../dicom/uid.js'
import type { Result } from '../../score/result.js'
import type { LesionPixels } from '../lesion-pixels.js'
import { CODE, ascii, codeItem, codes } from './codes.js'
import { type DicomObject, type ObjectOptions, contentDate, makeObject, seedOf } from './object.js'
import { refuseWholeImage } from './refuse.js'
import { type Segment, piecesOf, segmentsOf } from './segments.js'
import { type ReportSource, allInstances, checkBelongs, instancesOf, referenceItem } from './source.js'

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4'

/** One frame: a segment on a slice, and which pixels of the slice are in it. */
interface SegmentFrame {
  readonly segment: Segment
  readonly k: number
}

/**
 * The calcium that counts, by territory.
 *
 * @param pixels which pixels the result's pieces are made of, found in the same volume
 * @returns null: nothing counts, and a segmentation cannot be empty
 * @throws AgatstonError `SCOPE_MISSING` for a whole image, `INTEGRITY_FAILED` where result, pixels and source do not belong
 *   together, `GEOMETRY_MISSING` where the source has no frame of reference
 */
export function segmentation(
  result: Result,
  source: ReportSource,
  pixels: Pick<LesionPixels, 'rows' | 'columns' | 'slice'>,
  options: ObjectOptions = {},
): DicomObject | null {
  refuseWholeImage(result, 'a coded segmentation')
  checkBelongs(result, source)
  const { rows, columns } = source.volume.geometry
  if (pixels.rows !== rows || pixels.columns !== columns) throw foreign('their slices have another size')
  const segments = segmentsOf(result)
  if (segments.length === 0) return null
  const frames = framesOf(result, segments)
  const slices = [...new Set(frames.map(({ k }) => k))].sort((a, b) => a - b)
  return makeObject(
    {
      kind: 'segmentation',
      modality: 'SEG',
      sopClassUid: SEGMENTATION_STORAGE,
      seriesNumber: 9101,
      seriesDescription: 'Calcium segmentation (agatston)',
      elements: [
        ...imageOf(source, frames.length),
        ...contentDate(source, options),
        [0x00620002, 'SQ', segments.map((segment) => segmentItem(segment, result))],
        ...groupsOf(result, source, frames, slices),
        ...commonReferences(source),
        [0x7fe00010, 'OB', packed(result, segments, frames, pixels)],
      ],
    },
    result,
    source,
    options,
  )
}

/** By segment, then by slice. */
function framesOf(result: Result, segments: readonly Segment[]): readonly SegmentFrame[] {
  const slicesOf = new Map<string | null, Set<number>>()
  for (const { counted, territory, slice } of piecesOf(result)) {
    if (!counted) continue
    const slices = slicesOf.get(territory) ?? new Set<number>()
    slicesOf.set(territory, slices.add(slice))
  }
  return segments.flatMap((segment) =>
    [...slicesOf.get(segment.territory)!].sort((a, b) => a - b).map((k) => ({ segment, k })),
  )
}

/** Frames one after another, eight pixels a byte, the first in the lowest bit (PS3.5 8.1.1): a frame may begin within a byte. */
function packed(
  result: Result,
  segments: readonly Segment[],
  frames: readonly SegmentFrame[],
  pixels: Pick<LesionPixels, 'rows' | 'columns' | 'slice'>,
): Uint8Array {
  const size = pixels.rows * pixels.columns
  const bits = new Uint8Array(Math.ceil((frames.length * size) / 8))
  const pieces = piecesOf(result)
  const frameOf = new Map(frames.map(({ segment, k }, n) => [`${segment.number} ${k}`, n]))
  const segmentOf = new Map(segments.map((segment) => [segment.territory, segment.number]))
  const found = new Uint32Array(pieces.length)
  for (const k of new Set(frames.map((frame) => frame.k))) {
    const map = pixels.slice(k)
    if (map.length !== size) throw foreign('their slices have another size')
    for (let i = 0; i < size; i++) {
      const number = map[i]!
      if (number === 0) continue
      const piece = pieces[number - 1]
      if (!piece || piece.slice !== k) throw foreign('they are of other pieces')
      found[number - 1]!++
      if (!piece.counted) continue
      const at = frameOf.get(`${segmentOf.get(piece.territory)!} ${k}`)! * size + i
      bits[at >> 3]! |= 1 << (at & 7)
    }
  }
  if (pieces.some((piece, n) => piece.counted && found[n] !== piece.pixels)) throw foreign('pixels are missing')
  return bits
}

function foreign(what: string): AgatstonError {
  const message = `the pixels given are not those of the result: ${what}. Find them again in the volume that was scored`
  return new AgatstonError('INTEGRITY_FAILED', message, { kind: 'other-pixels' })
}

/** Frame of Reference, Image Pixel, Segmentation Image (C.7.4.1, C.7.6.3, C.8.20.2). */
function imageOf(source: ReportSource, frames: number): readonly Element[] {
  const { frameOfReferenceUid, geometry } = source.volume
  if (frameOfReferenceUid === null) {
    const message =
      'the series has no frame of reference, so a segmentation of it has no place. Export the series again'
    throw new AgatstonError('GEOMETRY_MISSING', message, { tag: '(0020,0052)' })
  }
  return [
    [0x00080008, 'CS', ['DERIVED', 'PRIMARY']],
    [0x00200052, 'UI', [frameOfReferenceUid]],
    [0x00201040, 'LO', []],
    [0x00280002, 'US', [1]],
    [0x00280004, 'CS', ['MONOCHROME2']],
    [0x00280008, 'IS', [String(frames)]],
    [0x00280010, 'US', [geometry.rows]],
    [0x00280011, 'US', [geometry.columns]],
    [0x00280100, 'US', [1]],
    [0x00280101, 'US', [1]],
    [0x00280102, 'US', [0]],
    [0x00280103, 'US', [0]],
    ...lossOf(source),
    [0x00620001, 'CS', ['BINARY']],
    [0x00620013, 'CS', ['NO']],
    [0x00700080, 'CS', ['CALCIUM']],
    [0x00700081, 'LO', ['Calcium that counts, by territory']],
    [0x00700084, 'PN', []],
  ]
}

/** What was compressed with loss once stays so (C.7.6.1.1.5). */
function lossOf({ head }: ReportSource): readonly Element[] {
  if (head.codes(0x00282110)[0] !== '01') return [[0x00282110, 'CS', ['00']]]
  const ratio = head.hint(0x00282112)
  const [method] = head.codes(0x00282114)
  return [
    [0x00282110, 'CS', ['01']],
    ...(ratio === null ? [] : [[0x00282112, 'DS', [decimalString(ratio)]] as const]),
    ...(method === undefined ? [] : [[0x00282114, 'CS', [ascii(method, 16)]] as const]),
  ]
}

/** Segment Description (C.8.20.4), with the tracking that a structured report shares. */
function segmentItem(segment: Segment, { scope, standard, engine }: Result): readonly Element[] {
  const proposed = scope === 'candidates'
  const description = proposed ? 'Proposed by the software, not confirmed by a reader' : 'Counted calcified pixels'
  return [
    [0x00620004, 'US', [segment.number]],
    [0x00620005, 'LO', [segment.label]],
    [0x00620006, 'ST', [`${description}; ${standard.id}`]],
    // Vessels come from masks or clicks; what the software proposed by itself is automatic.
    [0x00620008, 'CS', [proposed ? 'AUTOMATIC' : 'SEMIAUTOMATIC']],
    [0x00620009, 'LO', [ascii(`${engine.name} ${engine.version} ${standard.id}`, 64)]],
    [0x0062000d, 'US', segment.lab],
    codes(0x00620003, CODE.abnormality),
    codes(0x0062000f, CODE.calcification),
    ...(segment.site === null ? [] : [codes(0x00082218, segment.site)]),
    [0x00620020, 'UT', [segment.trackingId]],
    [0x00620021, 'UI', [segment.trackingUid]],
  ]
}

const ds = (...values: readonly number[]): readonly string[] => values.map(decimalString)
const at = (tag: number): Uint8Array => Uint8Array.of((tag >>> 16) & 255, tag >>> 24, tag & 255, (tag >>> 8) & 255)

const [REFERENCED_SEGMENT, SEGMENT_IDENTIFICATION] = [0x0062000b, 0x0062000a]
const [POSITION, PLANE_POSITION] = [0x00200032, 0x00209113]

/** Multi-frame Functional Groups and Multi-frame Dimension (C.7.6.16, C.7.6.17): by segment and position. */
function groupsOf(
  result: Result,
  source: ReportSource,
  frames: readonly SegmentFrame[],
  slices: readonly number[],
): readonly Element[] {
  const { geometry } = source.volume
  const { pixelSpacingMm, rowCosines, columnCosines, thicknessMm, incrementMm } = geometry
  const organization = uidFromText(`agatston dimensions\n${seedOf(result)}`)
  const dimension = (pointer: number, group: number, label: string): readonly Element[] => [
    [0x00209164, 'UI', [organization]],
    [0x00209165, 'copy', { vr: 'AT', bytes: at(pointer) }],
    [0x00209167, 'copy', { vr: 'AT', bytes: at(group) }],
    [0x00209421, 'LO', [label]],
  ]
  const measures: readonly Element[] = [
    [0x00280030, 'DS', ds(...pixelSpacingMm)],
    ...(thicknessMm === null ? [] : [[0x00180050, 'DS', ds(thicknessMm)] as const]),
    [0x00180088, 'DS', ds(incrementMm)],
  ]
  const frameItem = ({ segment, k }: SegmentFrame): readonly Element[] => [
    [0x00209111, 'SQ', [[[0x00209157, 'UL', [segment.number, slices.indexOf(k) + 1]]]]],
    [PLANE_POSITION, 'SQ', [[[POSITION, 'DS', ds(...geometry.positions[k]!)]]]],
    [SEGMENT_IDENTIFICATION, 'SQ', [[[REFERENCED_SEGMENT, 'US', [segment.number]]]]],
    derivation(source, k),
  ]
  return [
    [0x00209221, 'SQ', [[[0x00209164, 'UI', [organization]]]]],
    [
      0x00209222,
      'SQ',
      [
        dimension(REFERENCED_SEGMENT, SEGMENT_IDENTIFICATION, 'Segment'),
        dimension(POSITION, PLANE_POSITION, 'Position'),
      ],
    ],
    [
      0x52009229,
      'SQ',
      [
        [
          [0x00289110, 'SQ', [measures]],
          [0x00209116, 'SQ', [[[0x00200037, 'DS', ds(...rowCosines, ...columnCosines)]]]],
        ],
      ],
    ],
    [0x52009230, 'SQ', frames.map(frameItem)],
  ]
}

/** Derivation Image (C.7.6.16.2.6): the image, or the frame of a multi-frame object, a frame was drawn on. */
function derivation(source: ReportSource, k: number): Element {
  const image = instancesOf(source, [k])[0]!
  const item: readonly Element[] = [
    ...referenceItem(image),
    [0x0028135a, 'CS', ['YES']],
    codes(0x0040a170, CODE.sourceImage),
  ]
  return [
    0x00089124,
    'SQ',
    [
      [
        [0x00089215, 'SQ', [codeItem(CODE.segmentation)]],
        [0x00082112, 'SQ', [item]],
      ],
    ],
  ]
}

/** Common Instance Reference (C.12.2): the series of the source, all of it. */
function commonReferences(source: ReportSource): readonly Element[] {
  const series: readonly Element[] = [
    [0x0008114a, 'SQ', allInstances(source).map(referenceItem)],
    [0x0020000e, 'UI', [source.volume.facts.seriesInstanceUid!]],
  ]
  return [[0x00081115, 'SQ', [series]]]
}
