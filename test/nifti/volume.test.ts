import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { AgatstonError } from '../../bindings/base/errors.js'
import { shortestDecimal } from '../../bindings/nifti/affine.js'
import { readNiftiVolume, writeNifti } from '../../bindings/nifti/index.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import type { SliceArray, SyncVolume } from '../../bindings/volume/volume.js'
import { DT, type MakeOptions, makeNifti } from './make.js'

/** RAS rows of an axial grid whose index axes run left, posterior and head: LPS identity. */
const AXIAL = [
  [-0.4, 0, 0, 10],
  [0, -0.4, 0, 20],
  [0, 0, 3, -30],
]
const VALUES = Array.from({ length: 24 }, (_, n) => n * 11 - 100)
const BASE: MakeOptions = { dims: [4, 3, 2], type: DT.int16, values: VALUES, sform: AXIAL, pixdim: [0.4, 0.4, 3] }

/** What no NIfTI file tells. */
const UNKNOWN = ['KVP_MISSING', 'NOT_GATED', 'COUNT_UNVERIFIED']

const codeOf = (body: () => unknown): string => {
  try {
    body()
  } catch (error) {
    if (error instanceof AgatstonError) return error.code
    throw error
  }
  return 'read'
}

function allOf(volume: SyncVolume): number[] {
  const { rows, columns, slices } = volume.geometry
  const types = { int16: Int16Array, uint16: Uint16Array, float32: Float32Array }
  const values: number[] = []
  for (let k = 0; k < slices; k++) {
    const into: SliceArray = new types[volume.pixelKind](rows * columns)
    volume.readSlice(k, into)
    values.push(...into)
  }
  return values
}

describe('readNiftiVolume', () => {
  it.each([
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ] as const)('reads version %i, little-endian %s', (version, littleEndian) => {
    const volume = readNiftiVolume(makeNifti({ ...BASE, version, littleEndian, slope: 0.5, intercept: -7.25 }))
    expect(volume.kind).toBe('nifti')
    expect(volume.geometry).toMatchObject({
      rows: 3,
      columns: 4,
      slices: 2,
      pixelSpacingMm: [0.4, 0.4],
      incrementMm: 3,
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      normal: [0, 0, 1],
      positions: [
        [-10, -20, -30],
        [-10, -20, -27],
      ],
      thicknessMm: null,
    })
    expect(volume.rescale(1)).toEqual({ slope: 0.5, intercept: -7.25 })
    expect(allOf(volume)).toEqual(VALUES)
    expect(volume.facts.gated).toBeNull()
  })

  it.each(['int16', 'uint16', 'int32', 'float32'] as const)('reads %s voxels', (type) => {
    const values = VALUES.map((v) => (type === 'uint16' ? v + 100 : type === 'float32' ? v + 0.5 : v))
    for (const littleEndian of [true, false]) {
      expect(allOf(readNiftiVolume(makeNifti({ ...BASE, type: DT[type], values, littleEndian })))).toEqual(values)
    }
  })

  it.each(['uint8', 'int8', 'uint32', 'float64', 'int64', 'uint64', 'complex', 'rgb'] as const)(
    'refuses %s',
    (type) => {
      const values = type === 'complex' || type === 'rgb' ? Array(24).fill(0) : VALUES.map((v) => Math.abs(v) % 100)
      expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, type: DT[type], values })))).toBe('PIXEL_FORMAT')
    },
  )

  it('takes int32 up to 2^24 and not beyond', () => {
    const of = (value: number) => makeNifti({ ...BASE, type: DT.int32, values: [...VALUES.slice(1), value] })
    expect(allOf(readNiftiVolume(of(2 ** 24))).at(-1)).toBe(2 ** 24)
    expect(allOf(readNiftiVolume(of(-(2 ** 24)))).at(-1)).toBe(-(2 ** 24))
    expect(codeOf(() => readNiftiVolume(of(2 ** 24 + 1)))).toBe('PIXEL_FORMAT')
    expect(codeOf(() => readNiftiVolume(of(-(2 ** 24) - 1)))).toBe('PIXEL_FORMAT')
  })

  it('reads a slope of 0 or NaN as no scaling, and refuses an infinite one', () => {
    for (const slope of [0, NaN]) {
      expect(readNiftiVolume(makeNifti({ ...BASE, slope, intercept: 99 })).rescale(0)).toEqual({
        slope: 1,
        intercept: 0,
      })
    }
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, slope: Infinity })))).toBe('RESCALE_INVALID')
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, slope: 1, intercept: NaN })))).toBe('RESCALE_INVALID')
    expect(readNiftiVolume(makeNifti({ ...BASE, slope: -2, intercept: 5 })).rescale(0)).toEqual({
      slope: -2,
      intercept: 5,
    })
  })

  it('prefers the sform, even where the qform has the higher code, and falls back on the qform', () => {
    const { sform: _, ...plain } = BASE
    // Half a turn about z (quaternion d = 1): RAS axes -x, -y, +z, the same grid; shifted to tell the two apart.
    const qform = { b: 0, c: 0, d: 1, offset: [1, 2, 3], qfac: 1 }
    for (const version of [1, 2] as const) {
      const both = readNiftiVolume(makeNifti({ ...BASE, version, qform, qformCode: 2, sformCode: 1 }))
      expect(both.geometry.positions[0]).toEqual([-10, -20, -30])
      const alone = readNiftiVolume(makeNifti({ ...plain, version, qform })).geometry
      expect(alone).toMatchObject({ rowCosines: [1, 0, 0], columnCosines: [0, 1, 0], normal: [0, 0, 1] })
      expect(alone.positions[1]).toEqual([-1, -2, 6])
      expect(alone.pixelSpacingMm).toEqual([0.4, 0.4])
      const turned = readNiftiVolume(makeNifti({ ...plain, version, qform: { ...qform, qfac: -1 } })).geometry
      expect(turned.normal).toEqual([0, 0, -1])
      expect(codeOf(() => readNiftiVolume(makeNifti({ ...plain, version })))).toBe('GEOMETRY_MISSING')
    }
  })

  it('reads metres and micrometres', () => {
    const scaled = (f: number) => AXIAL.map((row) => row.map((v) => v * f))
    for (const [units, f] of [
      [1, 0.001],
      [3, 1000],
      [0, 1],
    ] as const) {
      const made = makeNifti({ ...BASE, version: 2, units, sform: scaled(f), pixdim: [0.4 * f, 0.4 * f, 3 * f] })
      expect(readNiftiVolume(made).geometry.incrementMm).toBeCloseTo(3, 9)
    }
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, units: 5 })))).toBe('GEOMETRY_MISSING')
  })

  it('keeps oblique grids, and refuses sheared and flat ones', () => {
    // 3-4-5: rotated in plane.
    const rotated = [
      [-0.6, 0.8, 0, 0],
      [-0.8, -0.6, 0, 0],
      [0, 0, 3, 0],
    ]
    const { geometry } = readNiftiVolume(makeNifti({ ...BASE, sform: rotated, pixdim: [1, 1, 3] }))
    expect(geometry.rowCosines[0]).toBeCloseTo(0.6, 7)
    expect(geometry.pixelSpacingMm).toEqual([1, 1])
    const sheared = (y: number) => AXIAL.map((row, n) => (n === 1 ? [row[0]!, row[1]!, y, row[3]!] : row))
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, sform: sheared(0.0029) })))).toBe('read')
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, sform: sheared(0.0031) })))).toBe('GEOMETRY_MIXED')
    const flat = AXIAL.map((row) => [row[0]!, row[0]!, row[2]!, 0])
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, sform: flat })))).toBe('GEOMETRY_MISSING')
    const nan = AXIAL.map((row, n) => (n === 2 ? [0, 0, NaN, 0] : row))
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, sform: nan })))).toBe('GEOMETRY_MISSING')
  })

  it('refuses slices that are not axial unless told otherwise, and says so', () => {
    const sagittal = [
      [0, 0, 3, 0],
      [-0.4, 0, 0, 0],
      [0, -0.4, 0, 0],
    ]
    const file = makeNifti({ ...BASE, sform: sagittal })
    expect(codeOf(() => readNiftiVolume(file))).toBe('NOT_AXIAL')
    const volume = readNiftiVolume(file, { accept: ['NOT_AXIAL'] })
    expect(volume.accepted).toEqual(['NOT_AXIAL'])
    expect(volume.warnings.map((w) => w.code)).toEqual(['ACCEPTED', ...UNKNOWN])
  })

  it('reads one slice only where that is accepted and an increment given, and stamps it', () => {
    const file = makeNifti({ ...BASE, dims: [4, 3], values: VALUES.slice(0, 12) })
    const accept = ['TOO_FEW_SLICES'] as const
    expect(codeOf(() => readNiftiVolume(file))).toBe('TOO_FEW_SLICES')
    expect(codeOf(() => readNiftiVolume(file, { incrementMm: 2.5 }))).toBe('TOO_FEW_SLICES')
    expect(codeOf(() => readNiftiVolume(file, { accept }))).toBe('TOO_FEW_SLICES')
    const volume = readNiftiVolume(file, { accept, incrementMm: 2.5 })
    expect(volume.geometry.incrementMm).toBe(2.5)
    expect(volume.accepted).toEqual(['TOO_FEW_SLICES'])
    for (const incrementMm of [0, -1, NaN]) {
      expect(() => readNiftiVolume(file, { accept, incrementMm })).toThrow(RangeError)
    }
    expect(() => readNiftiVolume(makeNifti(BASE), { incrementMm: 2.5 })).toThrow(RangeError)
    expect(readNiftiVolume(makeNifti(BASE), { accept, incrementMm: 3 }).accepted).toEqual([])
    expect(() => readNiftiVolume(file, { accept: ['PARSE_FAILED' as never] })).toThrow(RangeError)
  })

  it('warns of what no NIfTI file tells, and under strict refuses what may move the number', () => {
    expect(readNiftiVolume(makeNifti(BASE)).warnings.map(({ code }) => code)).toEqual(UNKNOWN)
    try {
      readNiftiVolume(makeNifti(BASE), { strict: true })
      expect.unreachable()
    } catch (error) {
      const { code, details, warnings } = error as AgatstonError
      expect(code).toBe('KVP_MISSING')
      expect((details['refusals'] as { code: string }[]).map((refusal) => refusal.code)).toEqual(['KVP_MISSING'])
      expect(warnings.map((warning) => warning.code)).toEqual(['NOT_GATED', 'COUNT_UNVERIFIED'])
    }
  })

  it.each([true, false])('reads Node Buffers as it reads arrays, and leaves them alone (little-endian %s)', (le) => {
    for (const version of [1, 2] as const) {
      for (const type of ['int16', 'float32'] as const) {
        const file = makeNifti({ ...BASE, version, littleEndian: le, type: DT[type] })
        for (const bytes of [file, gzipSync(file)]) {
          for (const offset of [0, 1, 8, 13]) {
            // As from a pool: other bytes before and behind.
            const pool = Buffer.alloc(offset + bytes.length + 64, 0x5c)
            const buffer = pool.subarray(offset, offset + bytes.length)
            buffer.set(bytes)
            const before = Buffer.from(pool).toString('hex')
            const volume = readNiftiVolume(buffer)
            expect(allOf(volume)).toEqual(VALUES)
            expect(volume.geometry).toEqual(readNiftiVolume(file).geometry)
            expect(pool.toString('hex')).toBe(before)
          }
        }
      }
    }
  })

  it('reads views at odd offsets, and leaves the input alone', () => {
    const file = makeNifti({ ...BASE, littleEndian: false })
    const buffer = new Uint8Array(file.length + 9)
    buffer.fill(0xee)
    buffer.set(file, 3)
    expect(allOf(readNiftiVolume(buffer.subarray(3, 3 + file.length)))).toEqual(VALUES)
    expect([...buffer.subarray(3, 3 + file.length)]).toEqual([...file])
    expect(() => readNiftiVolume('file.nii' as never)).toThrow(TypeError)
  })

  it('refuses several volumes, and takes trailing dimensions of 1', () => {
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, dims: [4, 3, 1, 2] })))).toBe('PIXEL_FORMAT')
    expect(codeOf(() => readNiftiVolume(makeNifti({ ...BASE, dims: [4, 3, 2, 1, 1] })))).toBe('read')
  })

  it('names a file by its last part only', () => {
    try {
      readNiftiVolume(new Uint8Array(10), { name: '/home/patients/ct.nii' })
      expect.unreachable()
    } catch (error) {
      expect((error as AgatstonError).details).toEqual({ file: 'ct.nii' })
      expect((error as AgatstonError).message).not.toContain('patients')
    }
  })
})

describe('writeNifti', () => {
  const s = Math.sqrt(0.5)
  it.each([
    ['identity', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['feet first', [1, 0, 0, 0, 1, 0, 0, 0, -1]],
    ['turned round', [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['half a turn about y', [-1, 0, 0, 0, 1, 0, 0, 0, -1]],
    ['half a turn about x', [1, 0, 0, 0, -1, 0, 0, 0, -1]],
    ['oblique', [s, s, 0, -s, s, 0, 0, 0, 1]],
    ['tilted', [1, 0, 0, 0, 0.96, 0.28, 0, -0.28, 0.96]],
  ])('is read back on the same grid: %s', (_, direction) => {
    const scalarData = Int16Array.from({ length: 60 }, (_, n) => n * 37 - 1000)
    const volume = arrayVolume({
      scalarData,
      dimensions: [5, 4, 3],
      spacing: [0.4, 0.5, 3],
      origin: [-100.2, 50.25, 7],
      direction,
    })
    const file = writeNifti({ data: scalarData, geometry: volume.geometry })
    const view = new DataView(file.buffer)
    for (const form of ['sform', 'qform']) {
      const only = file.slice()
      new DataView(only.buffer).setInt16(form === 'sform' ? 252 : 254, 0, true)
      const back = readNiftiVolume(only)
      expect(allOf(back)).toEqual([...scalarData])
      const { geometry } = back
      for (const key of ['rowCosines', 'columnCosines', 'normal'] as const) {
        geometry[key].forEach((v, n) => expect(v).toBeCloseTo(volume.geometry[key][n]!, 6))
      }
      geometry.positions.forEach((p, k) =>
        p.forEach((v, n) => expect(v).toBeCloseTo(volume.geometry.positions[k]![n]!, 4)),
      )
      expect(geometry.pixelSpacingMm).toEqual([0.5, 0.4])
      expect(geometry.incrementMm).toBe(3)
    }
    expect(view.getInt16(252, true)).toBe(1)
  })

  it('writes the same geometry to the last bit for an axial grid', () => {
    const data = new Int16Array(24)
    const volume = arrayVolume({
      scalarData: data,
      dimensions: [4, 3, 2],
      spacing: [0.4, 0.4, 3],
      origin: [-102.2, 3.5, -7],
    })
    expect(readNiftiVolume(writeNifti({ data, geometry: volume.geometry, gzip: true })).geometry).toEqual(
      volume.geometry,
    )
  })

  it('makes the same bytes each time, compressed or not', () => {
    const data = Uint8Array.from({ length: 24 }, (_, n) => n)
    const { geometry } = arrayVolume({ scalarData: new Int16Array(24), dimensions: [4, 3, 2], spacing: [1, 1, 1] })
    const once = writeNifti({ data, geometry, gzip: true })
    expect(once).toEqual(writeNifti({ data, geometry, gzip: true }))
    expect([...once.subarray(4, 8)]).toEqual([0, 0, 0, 0])
  })

  it('refuses what an affine cannot say, and wrong arguments', () => {
    const { geometry } = arrayVolume({ scalarData: new Int16Array(24), dimensions: [4, 3, 2], spacing: [1, 1, 1] })
    const moved = (x: number, z: number) => ({ ...geometry, positions: [geometry.positions[0]!, [x, 0, z] as const] })
    const data = new Uint8Array(24)
    expect(codeOf(() => writeNifti({ data, geometry: moved(0, 1.009) }))).toBe('read')
    expect(codeOf(() => writeNifti({ data, geometry: moved(0, 1.011) }))).toBe('GEOMETRY_MIXED')
    expect(codeOf(() => writeNifti({ data, geometry: moved(0.011, 1) }))).toBe('GEOMETRY_MIXED')
    expect(() => writeNifti({ data: new Uint8Array(23), geometry })).toThrow(RangeError)
    expect(() => writeNifti({ data: [1] as never, geometry })).toThrow(TypeError)
  })
})

describe('shortestDecimal', () => {
  it('undoes float32', () => {
    for (const v of [0.4, 0.488, 0.1, 3, 2.5, -102.2, 1 / 3, 1e-8, 123456.7]) {
      const single = Math.fround(v)
      expect(Math.fround(shortestDecimal(single))).toBe(single)
      expect(String(shortestDecimal(single)).length).toBeLessThanOrEqual(String(single).length)
    }
    expect(shortestDecimal(Math.fround(0.4))).toBe(0.4)
    expect(shortestDecimal(0)).toBe(0)
    expect(shortestDecimal(NaN)).toBeNaN()
  })
})

describe('compressed files', () => {
  it('are the same volume', () => {
    const volume = readNiftiVolume(gzipSync(makeNifti(BASE)))
    expect(allOf(volume)).toEqual(VALUES)
    expect(allOf(readNiftiVolume(gzipSync(makeNifti(BASE), { filename: 'ct.nii' })))).toEqual(VALUES)
  })
})
