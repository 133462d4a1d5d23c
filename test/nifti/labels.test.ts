import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { AgatstonError } from '../../bindings/base/errors.js'
import { readLabelMap, writeNifti } from '../../bindings/nifti/index.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import type { Geometry } from '../../bindings/volume/geometry.js'
import { DT, type MakeOptions, makeNifti } from './make.js'

const SIZE = [4, 3, 2] as const
const LABELS = Uint8Array.from({ length: 24 }, (_, n) => (n * 7) % 5)

function grid(
  spacing: [number, number, number] = [0.4, 0.5, 3],
  size: readonly [number, number, number] = SIZE,
): Geometry {
  const scalarData = new Int16Array(size[0] * size[1] * size[2])
  return arrayVolume({ scalarData, dimensions: size, spacing, origin: [-10, 20, -30] }).geometry
}

const refusal = (body: () => unknown): AgatstonError => {
  try {
    body()
  } catch (error) {
    if (error instanceof AgatstonError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** The RAS affine of `grid()`, with the map's axes permuted and turned round as said, and the values in that order. */
function rearranged(order: readonly number[], flips: readonly boolean[]): MakeOptions {
  const spacing = [0.4, 0.5, 3]
  const origin = [-10, 20, -30]
  const sign = [-1, -1, 1]
  const dims = order.map((axis) => SIZE[axis]!)
  const start = origin.map((o, axis) => (flips[axis] ? o + (SIZE[axis]! - 1) * spacing[axis]! : o))
  const sform = [0, 1, 2].map((world) => [
    ...order.map((axis) => (axis === world ? sign[world]! * spacing[axis]! * (flips[axis] ? -1 : 1) : 0)),
    sign[world]! * start[world]!,
  ])
  const values: number[] = []
  for (let c = 0; c < dims[2]!; c++)
    for (let b = 0; b < dims[1]!; b++)
      for (let a = 0; a < dims[0]!; a++) {
        const at = [0, 0, 0]
        ;[a, b, c].forEach((n, j) => {
          const axis = order[j]!
          at[axis] = flips[axis] ? SIZE[axis]! - 1 - n : n
        })
        values.push(LABELS[at[0]! + SIZE[0] * (at[1]! + SIZE[1] * at[2]!)]!)
      }
  return { dims, type: DT.uint8, values, sform }
}

describe('readLabelMap', () => {
  it('reads Node Buffers as it reads arrays, and leaves them alone', () => {
    for (const type of [DT.uint8, DT.int16, DT.float64]) {
      for (const littleEndian of [true, false]) {
        const file = makeNifti({ ...rearranged([0, 1, 2], [false, false, false]), type, littleEndian })
        const pool = Buffer.alloc(file.length + 100, 0x5c)
        pool.set(file, 13)
        const before = pool.toString('hex')
        expect(readLabelMap(pool.subarray(13, 13 + file.length), grid()).scalarData).toEqual(LABELS)
        expect(pool.toString('hex')).toBe(before)
      }
    }
  })

  it('reads its own writer back, compressed or not', () => {
    for (const gzip of [false, true]) {
      const map = readLabelMap(writeNifti({ data: LABELS, geometry: grid(), gzip }), grid())
      expect(map.scalarData).toEqual(LABELS)
      expect(map.names).toEqual({ 1: 'LM', 2: 'LAD', 3: 'LCX', 4: 'RCA' })
    }
  })

  it('puts every order and direction of axes onto the grid', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    for (const order of orders) {
      for (let bits = 0; bits < 8; bits++) {
        const flips = [0, 1, 2].map((axis) => !!(bits & (1 << axis)))
        for (const littleEndian of [true, false]) {
          const made = makeNifti({ ...rearranged(order, flips), littleEndian, version: bits & 1 ? 2 : 1 })
          expect(readLabelMap(made, grid()).scalarData).toEqual(LABELS)
        }
      }
    }
  })

  it.each(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64', 'int64', 'uint64'] as const)(
    'reads %s labels',
    (type) => {
      for (const littleEndian of [true, false]) {
        const made = makeNifti({ ...rearranged([0, 1, 2], [false, false, false]), type: DT[type], littleEndian })
        expect(readLabelMap(made, grid()).scalarData).toEqual(LABELS)
      }
    },
  )

  it('scales labels where the header says so, and takes whole numbers only', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    const half = { ...plain, type: DT.float32, values: plain.values.map((v) => v * 2), slope: 0.5 }
    expect(readLabelMap(makeNifti(half), grid()).scalarData).toEqual(LABELS)
    for (const value of [1.5, -1, 256, NaN, Infinity]) {
      const made = makeNifti({ ...plain, type: DT.float32, values: [...plain.values.slice(1), value] })
      expect(refusal(() => readLabelMap(made, grid())).code).toBe('TERRITORY_MISMATCH')
    }
    const last = (value: number) => makeNifti({ ...plain, type: DT.int16, values: [...plain.values.slice(1), value] })
    expect(
      readLabelMap(last(255), grid(), { names: { 1: 'LM', 2: 'A', 3: 'B', 4: 'C', 255: 'D' } }).scalarData[23],
    ).toBe(255)
    expect(refusal(() => readLabelMap(last(256), grid())).message).toContain('256')
  })

  it('names an id it has no name for', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    const made = makeNifti({ ...plain, values: [...plain.values.slice(1), 11] })
    const error = refusal(() => readLabelMap(made, grid(), { name: 'a/b/map.nii' }))
    expect(error.code).toBe('TERRITORY_MISMATCH')
    expect(error.message).toContain('11')
    expect(error.details).toEqual({ kind: 'unnamed', file: 'map.nii', ids: [11] })
    expect(readLabelMap(makeNifti({ ...plain, values: plain.values.map((v) => v && 10) }), grid()).names).toEqual({
      10: 'OTHER',
    })
    const names = { 0: 'X' }
    expect(() => readLabelMap(made, grid(), { names })).toThrow(RangeError)
    expect(refusal(() => readLabelMap(makeNifti(plain), grid(), { names: { 1: 'LM' } })).code).toBe(
      'TERRITORY_MISMATCH',
    )
  })

  it('reads names by the words of every mask, and shows what they became', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    const read = (names: Record<number, string | null>) => {
      const map = readLabelMap(makeNifti(plain), grid(), { name: '/a/b/map.nii', names })
      const sources = map.mapping!.sources.map((s) => [s.number, s.label, s.territory, s.by, s.pixels])
      return { ...map, sources }
    }
    const pixelsOf = (label: number): number => LABELS.filter((one) => one === label).length
    const map = read({ 1: 'Left main', 2: 'my stent', 3: 'heart', 4: 'D1' })
    expect(map.names).toEqual({ 1: 'LM', 2: 'my stent', 4: 'LAD' })
    expect(map.scalarData).toEqual(LABELS.map((label) => (label === 3 ? 0 : label)))
    expect(map.sources).toEqual([
      [1, 'Left main', 'LM', 'names', pixelsOf(1)],
      [2, 'my stent', 'my stent', 'names', pixelsOf(2)],
      [3, 'heart', null, 'names', 0],
      [4, 'D1', 'LAD', 'names', pixelsOf(4)],
    ])
    expect(map.mapping!.sources[0]).toMatchObject({ file: 'map.nii', kind: 'nifti', code: null })
    expect(map.mapping!.notes).toEqual([])
    // Null leaves a label out; two of one territory become one label, so that no lesion is cut where they meet.
    const joined = read({ 1: 'pLAD', 2: null, 3: 'mid LAD', 4: 'PLB', 77: 'RCA' })
    expect(joined.names).toEqual({ 1: 'LAD', 4: 'PLB', 77: 'RCA' })
    expect(joined.scalarData).toEqual(LABELS.map((label) => [0, 1, 0, 1, 4][label]!))
    expect(joined.sources.map((source) => source[4])).toEqual([pixelsOf(1), 0, pixelsOf(3), pixelsOf(4), 0])
    const byDefault = readLabelMap(makeNifti(plain), grid()).mapping!
    expect(byDefault.sources.map(({ file, label, territory, by }) => [file, label, territory, by])).toEqual(
      ['LM', 'LAD', 'LCX', 'RCA'].map((name) => ['the label map', null, name, 'id']),
    )
  })

  it.each(['LAD or RCA', 'not LAD', 'non-coronary', 'stent in LAD', 'heart stent', 'coronary sinus', 'outside'])(
    "takes no name that is understood in part: '%s'",
    (name) => {
      const plain = rearranged([0, 1, 2], [false, false, false])
      expect(() => readLabelMap(makeNifti(plain), grid(), { names: { 1: name } })).toThrow(/understood only in part/)
    },
  )

  it('says in which way a map does not fit, and names its file', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    const { sform: _, ...nowhere } = plain
    const turned = plain.sform!.map((row, w) => (w === 0 ? [row[0]!, 0.1, row[2]!, row[3]!] : row))
    const kindOf = (options: MakeOptions, names?: Record<number, string | null>, on = grid()): unknown => {
      const { code, details, message } = refusal(() =>
        readLabelMap(makeNifti(options), on, { name: '/patient/map.nii', ...(names ? { names } : {}) }),
      )
      expect([code, details['file'], message.startsWith('map.nii: ')]).toEqual(['TERRITORY_MISMATCH', 'map.nii', true])
      expect(message).not.toContain('patient')
      return details['kind']
    }
    expect(kindOf(nowhere)).toBe('no-position')
    expect(kindOf({ ...plain, sform: turned })).toBe('not-parallel')
    expect(kindOf(plain, undefined, grid([0.4, 0.5, 3], [4, 3, 3]))).toBe('not-covering')
    expect(kindOf({ ...plain, type: DT.float32, values: plain.values.map((v) => v + 0.5) })).toBe('values')
    expect(kindOf({ ...plain, values: plain.values.map(() => 0) })).toBe('empty')
    expect(kindOf(plain, { 1: 'LM' })).toBe('unnamed')
    expect(kindOf(plain, { 1: null, 2: null, 3: 'heart', 4: 'lung' })).toBe('no-territory')
    expect(kindOf({ ...plain, values: plain.values.map((v) => (v ? 99 : 0)) })).toBe('unnamed')
  })

  describe('notes', () => {
    const NEAREST = "map.nii: its grid is parallel to the volume's but not the same; each pixel took the nearest label"
    const ct = grid([0.7, 0.9, 3], [5, 4, 3])
    /** A map of these steps whose first voxel is off that of the CT by so many mm, all of label 2 where `inside`. */
    const noted = (
      step: readonly number[],
      dims: readonly number[],
      off: readonly number[] = [0, 0, 0],
      inside: (plane: number) => boolean = () => true,
    ): readonly string[] => {
      const start = [-10 + off[0]!, 20 + off[1]!, -30 + off[2]!]
      const sform = [0, 1, 2].map((w) =>
        [0, 1, 2, 3].map((c) => (w < 2 ? -1 : 1) * (c === 3 ? start[w]! : c === w ? step[w]! : 0)),
      )
      const slice = dims[0]! * dims[1]!
      const values = Array.from({ length: slice * dims[2]! }, (_, n) => (inside(Math.floor(n / slice)) ? 2 : 0))
      const made = makeNifti({ version: 2, dims: [...dims], type: DT.uint8, values, sform })
      return readLabelMap(made, ct, { name: 'map.nii' }).mapping!.notes
    }

    it.each([
      ['the own grid', [0.7, 0.9, 3], [5, 4, 3], [0, 0, 0], []],
      ['an own grid that is larger', [0.7, 0.9, 3], [7, 6, 3], [-0.7, -0.9, 0], []],
      ['0.005 pixels off', [0.7, 0.9, 3], [5, 4, 3], [0.0035, 0, 0], []],
      ['0.02 pixels off', [0.7, 0.9, 3], [5, 4, 3], [0.014, 0, 0], [NEAREST]],
      ['0.02 rows off', [0.7, 0.9, 3], [5, 4, 3], [0, 0.018, 0], [NEAREST]],
      ['0.02 increments off', [0.7, 0.9, 3], [5, 4, 3], [0, 0, 0.06], [NEAREST]],
      ['half the pixels', [0.35, 0.45, 3], [10, 8, 3], [0, 0, 0], [NEAREST]],
      ['planes between the slices', [0.7, 0.9, 1], [5, 4, 7], [0, 0, 0], [NEAREST]],
      ['planes for two slices', [0.7, 0.9, 6], [5, 4, 2], [0, 0, 0], [NEAREST]],
    ] as const)('of %s', (_, step, dims, off, expected) => {
      expect(noted(step, dims, off)).toEqual(expected)
    })

    it('of planes beyond the scan, where they mark something', () => {
      const beyond = (inside: (plane: number) => boolean) => noted([0.7, 0.9, 3], [5, 4, 7], [0, 0, -6], inside)
      expect(beyond(() => true)).toEqual([
        'map.nii: label 2 (LAD) has 4 plane(s) beyond the first or last slice, which mark nothing',
      ])
      expect(beyond((plane) => plane < 1 || plane === 3)).toEqual([
        'map.nii: label 2 (LAD) has 1 plane(s) beyond the first or last slice, which mark nothing',
      ])
      expect(beyond((plane) => plane > 1 && plane < 5)).toEqual([])
      // A thinner plane within half an increment of the last slice is of the scan; further out it is not.
      expect(noted([0.7, 0.9, 1], [5, 4, 9], [0, 0, -1])).toEqual([NEAREST])
      expect(noted([0.7, 0.9, 1], [5, 4, 10], [0, 0, -1]).length).toBe(2)
    })
  })

  it('refuses a map without any label on the volume', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    expect(refusal(() => readLabelMap(makeNifti({ ...plain, values: Array(24).fill(0) }), grid())).code).toBe(
      'TERRITORY_MISMATCH',
    )
  })

  it('takes the voxel a pixel centre lies in on a parallel grid of other spacing', () => {
    const spacing = fc.double({ min: 0.3, max: 2, noNaN: true })
    fc.assert(
      fc.property(spacing, spacing, spacing, fc.integer({ min: 0, max: 1e6 }), (sx, sy, sz, seed) => {
        const ct = grid([0.7, 0.9, 3], [5, 4, 3])
        const dims = [Math.ceil(3.5 / sx) + 2, Math.ceil(3.6 / sy) + 2, Math.ceil(9 / (4 * sz)) + 2] as const
        const step = [sx, sy, sz * 4]
        const origin = [-10 - 0.35, 20 - 0.45, -30 - 1.5] // the CT's own outer corner
        const sform = [0, 1, 2].map((w) =>
          [0, 1, 2, 3].map((c) => (w < 2 ? -1 : 1) * (c === 3 ? origin[w]! : c === w ? step[w]! : 0)),
        )
        const values = Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, n) => 1 + ((n * 31 + seed) % 4))
        const map = readLabelMap(makeNifti({ version: 2, dims, type: DT.uint8, values, sform }), ct)
        for (let k = 0; k < 3; k++)
          for (let y = 0; y < 4; y++)
            for (let x = 0; x < 5; x++) {
              const at = [x * 0.7 - 10, y * 0.9 + 20, k * 3 - 30].map((p, w) => (p - origin[w]!) / step[w]!)
              if (at.some((v) => Math.abs((v % 1) - 0.5) < 1e-3 || Math.abs(v % 1) > 0.999)) continue
              const [i, j, l] = at.map((v) => Math.round(v)) as [number, number, number]
              expect(map.scalarData[x + 5 * (y + 4 * k)]).toBe(values[i + dims[0] * (j + dims[1] * l)])
            }
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('refuses a map that does not cover the volume, at the edge of half a voxel', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    const shifted = (mm: number, axis: number) =>
      makeNifti({
        ...plain,
        sform: plain.sform!.map((row, w) => row.map((v, c) => (c === 3 && w === axis ? v + mm : v))),
      })
    for (const [axis, size] of [0.4, 0.5, 3].entries()) {
      for (const direction of [-1, 1]) {
        expect(readLabelMap(shifted(direction * 0.54 * size, axis), grid()).scalarData).toHaveLength(24)
        const error = refusal(() => readLabelMap(shifted(direction * 0.56 * size, axis), grid()))
        expect(error.code).toBe('TERRITORY_MISMATCH')
      }
    }
    expect(readLabelMap(shifted(0.1, 0), grid()).scalarData).toEqual(LABELS)
    expect(refusal(() => readLabelMap(makeNifti(plain), grid([0.4, 0.5, 4.7]))).code).toBe('TERRITORY_MISMATCH')
    expect(refusal(() => readLabelMap(makeNifti(plain), grid([0.4, 0.5, 3], [4, 3, 3]))).code).toBe(
      'TERRITORY_MISMATCH',
    )
  })

  it('refuses a grid that is not parallel, and one placed nowhere', () => {
    const plain = rearranged([0, 1, 2], [false, false, false])
    const turned = (x: number) =>
      makeNifti({ ...plain, sform: plain.sform!.map((row, w) => (w === 0 ? [row[0]!, x, row[2]!, row[3]!] : row)) })
    expect(readLabelMap(turned(0.009), grid()).scalarData).toEqual(LABELS)
    expect(refusal(() => readLabelMap(turned(0.011), grid())).code).toBe('TERRITORY_MISMATCH')
    const { sform: _, ...nowhere } = plain
    expect(refusal(() => readLabelMap(makeNifti(nowhere), grid())).code).toBe('TERRITORY_MISMATCH')
  })

  it('follows slices that are not even', () => {
    const even = grid()
    const geometry = { ...even, positions: [even.positions[0]!, [-10, 20, -26] as const] }
    expect(readLabelMap(writeNifti({ data: LABELS, geometry: even }), geometry).scalarData).toEqual(LABELS)
    const far = { ...even, positions: [even.positions[0]!, [-10, 20, -25] as const] }
    expect(refusal(() => readLabelMap(writeNifti({ data: LABELS, geometry: even }), far)).code).toBe(
      'TERRITORY_MISMATCH',
    )
  })
})
