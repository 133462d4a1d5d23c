/** A writer of DICOMDIR files for tests: a tree of records, with any offset made wrong. */
import { type Elements, encodeElements, encodeFile, join } from './make.js'

export interface TestRecord {
  readonly type: string
  readonly elements?: Elements
  readonly below?: readonly TestRecord[]
  readonly inUse?: number
}

interface Placed {
  readonly record: TestRecord
  next: number
  below: number
  offset: number
}

const DIRECTORY = '1.2.840.10008.1.3.10'

/** A series with its images, as records. */
export const seriesRecord = (uid: string, images: readonly (string | null)[]): TestRecord => ({
  type: 'SERIES',
  elements: { 0x00080060: { vr: 'CS', value: 'CT' }, 0x0020000e: { vr: 'UI', value: uid } },
  below: images.map((image, k) => ({
    type: 'IMAGE',
    elements: {
      0x00041500: { vr: 'CS', value: `DICOM\\IM${k}` },
      ...(image === null ? {} : { 0x00041511: { vr: 'UI', value: image } }),
    },
  })),
})

/** A patient with one study of these series. */
export const patientRecord = (series: readonly TestRecord[]): TestRecord => ({
  type: 'PATIENT',
  elements: { 0x00100010: { vr: 'PN', value: 'CANARY^NAME' } },
  below: [{ type: 'STUDY', below: series }],
})

/**
 * The file. Offsets are made true by writing twice; `spoil` may then change those of a record.
 *
 * @param breadth write records level by level instead of depth first: their order means nothing
 */
export function dicomdir(
  roots: readonly TestRecord[],
  spoil: (offsets: { next: number; below: number }, n: number) => void = () => {},
  breadth = false,
): Uint8Array {
  const placed: Placed[] = []
  const add = (records: readonly TestRecord[]): Placed[] => {
    const own = records.map((record) => ({ record, next: 0, below: 0, offset: 0 }))
    if (breadth) placed.push(...own)
    for (const one of own) {
      if (!breadth) placed.push(one)
      children.set(one, add(one.record.below ?? []))
    }
    return own
  }
  const children = new Map<Placed, Placed[]>()
  const top = add(roots)
  write(top, placed)
  const link = (level: readonly Placed[]): void => {
    level.forEach((one, n) => {
      one.next = level[n + 1]?.offset ?? 0
      const below = children.get(one)!
      one.below = below[0]?.offset ?? 0
      link(below)
    })
  }
  link(top)
  placed.forEach(spoil)
  return write(top, placed)
}

function write(top: readonly Placed[], placed: readonly Placed[]): Uint8Array {
  const items = placed.map(({ record, next, below }) =>
    encodeElements(
      {
        0x00041400: { vr: 'UL', value: [next] },
        0x00041410: { vr: 'US', value: [record.inUse ?? 0xffff] },
        0x00041420: { vr: 'UL', value: [below] },
        0x00041430: { vr: 'CS', value: record.type },
        ...record.elements,
      },
      'explicit',
    ),
  )
  const meta = encodeFile({}, { sopClass: DIRECTORY })
  const root = encodeElements({ 0x00041200: { vr: 'UL', value: [top[0]?.offset ?? 0] } }, 'explicit')
  let at = meta.length + root.length + 12
  const body = items.flatMap((item, n) => {
    placed[n]!.offset = at
    at += 8 + item.length
    const head = new Uint8Array(8)
    head.set([0xfe, 0xff, 0, 0xe0])
    new DataView(head.buffer).setUint32(4, item.length, true)
    return [head, item]
  })
  const value = join(body)
  return join([meta, root, encodeElements({ 0x00041220: { vr: 'SQ', value } }, 'explicit')])
}
