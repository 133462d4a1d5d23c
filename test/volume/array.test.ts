/** Volumes in memory: what is taken, what is refused and by what name, where the pixels lie in the patient. */
import { describe, expect, it } from 'vitest'
import { type ArrayVolumeInput, arrayVolume } from '../../bindings/volume/array.js'
import { createEngine } from '../../bindings/score/engine.js'
import type { AgatstonError } from '../../bindings/base/errors.js'
import { thrown } from '../score/studies.js'

const GOOD: ArrayVolumeInput = { scalarData: new Int16Array(24), dimensions: [4, 3, 2], spacing: [0.4, 0.7, 3] }
type Expected = typeof TypeError | typeof RangeError | 'LIMIT_EXCEEDED' | 'RESCALE_INVALID'

describe('arrayVolume', () => {
  it('keeps columns and rows apart: dimensions and spacing are x, y, z, the geometry rows, then columns', () => {
    const { geometry, pixelKind, kind } = arrayVolume(GOOD)
    expect([kind, pixelKind]).toEqual(['array', 'int16'])
    expect(geometry).toMatchObject({
      rows: 3,
      columns: 4,
      slices: 2,
      pixelSpacingMm: [0.7, 0.4],
      incrementMm: 3,
      thicknessMm: null,
    })
    expect(geometry.positions).toEqual([[0, 0, 0], [0, 0, 3]]) // prettier-ignore
  })

  it('places pixels by origin and direction, also where the slices run the other way', async () => {
    const direction = [0, 1, 0, 0, 0, -1, -1, 0, 0]
    const { geometry } = arrayVolume({ ...GOOD, origin: [10, 20, 30], direction })
    expect(geometry.positions[1]).toEqual([7, 20, 30])
    const scalarData = GOOD.scalarData.slice()
    scalarData.fill(0)
    scalarData[2 * GOOD.dimensions[0] + 3] = 500 // row 2, column 3 of the first slice
    const volume = arrayVolume({ ...GOOD, scalarData, origin: [10, 20, 30], direction })
    const engine = await createEngine()
    const [lesion] = engine.scoreSync(volume, { scope: 'whole-image', accept: ['NOT_AXIAL'] }).lesions
    expect(lesion!.centroidMm).toEqual([10, 20 + 3 * 0.4, 30 - 2 * 0.7])
    const left = arrayVolume({ ...GOOD, direction: new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, -1]) })
    expect(left.geometry.positions[1]).toEqual([0, 0, -3])
  })

  it.each([
    [Int16Array, 'int16'],
    [Uint16Array, 'uint16'],
    [Int32Array, 'float32'],
    [Float32Array, 'float32'],
  ] as const)('%o is %s', (Kind, pixelKind) => {
    const volume = arrayVolume({ ...GOOD, scalarData: Kind.from(Array.from({ length: 24 }, (_, i) => i)) })
    expect(volume.pixelKind).toBe(pixelKind)
    const into = { int16: new Int16Array(12), uint16: new Uint16Array(12), float32: new Float32Array(12) }[pixelKind]
    volume.readSlice(1, into)
    expect([...into]).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23])
  })

  it('cannot be changed afterwards', () => {
    const rescale = { slope: 2, intercept: 5 }
    const volume = arrayVolume({ ...GOOD, rescale })
    rescale.slope = 0
    expect(volume.rescale(0)).toEqual({ slope: 2, intercept: 5 })
    expect(Object.isFrozen(volume) && Object.isFrozen(volume.geometry) && Object.isFrozen(volume.facts)).toBe(true)
  })

  it.each<readonly [string, object, Expected, RegExp]>([
    ['bytes', { scalarData: new Uint8Array(24) }, TypeError, /scalarData must/],
    ['doubles', { scalarData: new Float64Array(24) }, TypeError, /scalarData must/],
    ['a plain array', { scalarData: Array.from({ length: 24 }) }, TypeError, /scalarData must/],
    ['no data', { scalarData: undefined }, TypeError, /scalarData must/],
    ['a buffer', { scalarData: new ArrayBuffer(48) }, TypeError, /scalarData must/],
    ['one value too few', { scalarData: new Int16Array(23) }, RangeError, /23.*24/],
    ['one value too many', { scalarData: new Int16Array(25) }, RangeError, /25.*24/],
    ['no dimensions', { dimensions: undefined }, RangeError, /dimensions/],
    ['two dimensions', { dimensions: [4, 6] }, RangeError, /4,6/],
    ['a dimension of 0', { dimensions: [0, 3, 2] }, RangeError, /0,3,2/],
    ['half a pixel', { dimensions: [4.5, 3, 2] }, RangeError, /4\.5/],
    ['4097 columns', { scalarData: new Int16Array(4097), dimensions: [4097, 1, 1] }, 'LIMIT_EXCEEDED', /4097/],
    ['4097 rows', { scalarData: new Int16Array(4097), dimensions: [1, 4097, 1] }, 'LIMIT_EXCEEDED', /4097/],
    ['4001 slices', { scalarData: new Int16Array(4001), dimensions: [1, 1, 4001] }, 'LIMIT_EXCEEDED', /4001/],
    ['2^30 pixels and more', { dimensions: [4096, 4096, 65] }, 'LIMIT_EXCEEDED', /2\^30/],
    ['no spacing', { spacing: undefined }, RangeError, /spacing/],
    ['spacing of 0', { spacing: [0.5, 0, 3] }, RangeError, /0\.5,0,3/],
    ['negative spacing', { spacing: [0.5, 0.5, -3] }, RangeError, /-3/],
    ['NaN as spacing', { spacing: [NaN, 1, 1] }, RangeError, /NaN/],
    ['infinite spacing', { spacing: [1, 1, Infinity] }, RangeError, /Infinity/],
    ['spacing whose area is 0', { spacing: [1e-200, 1e-200, 3] }, RangeError, /spacing/],
    ['spacing whose area is infinite', { spacing: [1e200, 1e200, 3] }, RangeError, /spacing/],
    ['two coordinates', { origin: [0, 0] }, RangeError, /origin/],
    ['NaN as origin', { origin: [0, 0, NaN] }, RangeError, /NaN/],
    ['null as origin', { origin: null }, TypeError, /origin must/],
    ['eight direction numbers', { direction: [1, 0, 0, 0, 1, 0, 0, 0] }, RangeError, /direction must be 9/],
    ['null as direction', { direction: null }, TypeError, /direction must/],
    ['a skewed direction', { direction: [1, 0, 0, 0.1, 0.99, 0, 0, 0, 1] }, RangeError, /right angles/],
    ['a direction of length 2', { direction: [2, 0, 0, 0, 1, 0, 0, 0, 1] }, RangeError, /unit/],
    ['a normal that is no normal', { direction: [1, 0, 0, 0, 1, 0, 0, 1, 0] }, RangeError, /right angles/],
    ['NaN as direction', { direction: [NaN, 0, 0, 0, 1, 0, 0, 0, 1] }, RangeError, /NaN/],
    ['a slope of 0', { rescale: { slope: 0, intercept: -1024 } }, 'RESCALE_INVALID', /0 and -1024/],
    ['a slope of -0', { rescale: { slope: -0, intercept: 0 } }, 'RESCALE_INVALID', /slope/],
    ['NaN as slope', { rescale: { slope: NaN, intercept: 0 } }, 'RESCALE_INVALID', /NaN/],
    ['an infinite intercept', { rescale: { slope: 1, intercept: Infinity } }, 'RESCALE_INVALID', /Infinity/],
    ['a slope as text', { rescale: { slope: '1', intercept: 0 } }, 'RESCALE_INVALID', /slope/],
    ['no intercept', { rescale: { slope: 1 } }, 'RESCALE_INVALID', /intercept/],
    ['a thickness of 0', { thicknessMm: 0 }, RangeError, /thicknessMm/],
    ['a key nobody knows', { pixelSpacing: [1, 1] }, TypeError, /pixelSpacing/],
  ])('refuses %s', (_what, changes, expected, message) => {
    const error = thrown(() => arrayVolume({ ...GOOD, ...changes } as ArrayVolumeInput)) as AgatstonError
    if (typeof expected === 'string') expect(error.code).toBe(expected)
    else expect(error).toBeInstanceOf(expected)
    expect(error.message).toMatch(message)
  })

  it.each([
    ['4096 columns', { scalarData: new Int16Array(4096), dimensions: [4096, 1, 1] as const }],
    ['4096 rows', { scalarData: new Int16Array(4096), dimensions: [1, 4096, 1] as const }],
    ['4000 slices', { scalarData: new Int16Array(4000), dimensions: [1, 1, 4000] as const }],
    ['one pixel', { scalarData: new Int16Array(1), dimensions: [1, 1, 1] as const }],
    ['a direction rounded to six digits', { direction: [0.999848, 0.017452, 0, -0.017452, 0.999848, 0, 0, 0, 1] }],
  ])('takes %s', (_what, changes) => {
    expect(arrayVolume({ ...GOOD, ...changes }).kind).toBe('array')
  })

  it('refuses nothing at all by name', () => {
    expect(thrown(() => arrayVolume(undefined as never))).toMatchObject({
      message: expect.stringMatching(/must be an object/),
    })
  })
})
