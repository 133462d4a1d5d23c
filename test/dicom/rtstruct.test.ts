import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MaskNames, type MaskTarget, type Masks, readMasks, readSeries } from '../../bindings/dicom/index.js'
import type { DataSet } from '../../bindings/dicom/dataset.js'
import { ContourReader } from '../../bindings/dicom/masks/contours.js'
import { fillPolygon, snap } from '../../bindings/dicom/masks/fill.js'
import { TERRITORY_IDS } from '../../bindings/volume/territory.js'
import { type Corner, isInside } from '../reference/inside.js'
import { dataFolder, sourcesIn } from './data.js'
import { random } from './make.js'
import { kindOf, readOne, refusal } from './mask-outcome.js'
import { type Region, boxOf, code, contourOf, gridOf, outlines, rtFile, volumeOf } from './masks.js'

const GRID = gridOf()
const { rows: ROWS, columns: COLUMNS } = GRID
const SIZE = ROWS * COLUMNS

const read = (file: Uint8Array, target: MaskTarget = volumeOf(GRID), names?: MaskNames): Promise<Masks> =>
  readOne('RS.dcm', file, target, names)

/** Row, column pairs of slice `k` with this label. */
function marked({ territories }: Masks, k: number, name: keyof typeof TERRITORY_IDS = 'LAD'): string[] {
  const found: string[] = []
  for (let i = 0; i < SIZE; i++) {
    if (territories.scalarData[k * SIZE + i] === TERRITORY_IDS[name])
      found.push(`${Math.floor(i / COLUMNS)},${i % COLUMNS}`)
  }
  return found
}
const box = (row: number, column: number, rows: number, columns: number): string[] =>
  Array.from({ length: rows * columns }, (_, i) => `${row + Math.floor(i / columns)},${column + (i % columns)}`)

const lad = (contours: Region['contours'], more: Partial<Region> = {}): Region => ({
  number: 4,
  name: 'LAD',
  contours,
  ...more,
})

describe('filling', () => {
  const corners = (polygon: Float64Array): Corner[] =>
    Array.from({ length: polygon.length / 2 }, (_, n) => [
      BigInt(polygon[2 * n]! * 4096),
      BigInt(polygon[2 * n + 1]! * 4096),
    ])
  const filledSet = (polygon: Float64Array, rows: number, columns: number): number[] => {
    const filled = fillPolygon(polygon, rows, columns)
    const out = Array.from({ length: rows * columns }, () => 0)
    for (let r = 0; r < filled.rows; r++)
      for (let c = 0; c < filled.columns; c++)
        out[(filled.row + r) * columns + filled.column + c] = filled.inside[r * filled.columns + c]!
    expect(out.reduce((a, b) => a + b, 0)).toBe(filled.pixels)
    return out
  }
  // Whole, half and odd fractions: centres on corners, on edges and near them; far outside too.
  const ordinate = fc.oneof(
    fc.integer({ min: -4, max: 16 }),
    fc.integer({ min: -8, max: 32 }).map((n) => n / 2),
    fc.double({ min: -3, max: 15, noNaN: true }).map(snap),
    fc.constantFrom(-1000, 5000, 7.000244140625),
  )

  it('is the definition, pixel by pixel, for any polygon', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ordinate, ordinate), { minLength: 3, maxLength: 12 }), (points) => {
        const polygon = Float64Array.from(points.flat())
        const expected = Array.from({ length: 12 * 10 }, (_, i) =>
          Number(isInside([corners(polygon)], Math.floor(i / 10), i % 10)),
        )
        expect(filledSet(polygon, 12, 10)).toEqual(expected)
      }),
      { seed: 11, numRuns: 2000 },
    )
  })

  it('gives each pixel to exactly one of the parts a region is cut into', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ordinate, ordinate), { minLength: 1, maxLength: 6 }), (cut) => {
        // A zigzag from the top border to the bottom border divides a rectangle; either side runs it the other way.
        const line = [
          [5, 0],
          ...cut.map(([x, y]) => [Math.min(Math.max(x, 0), 10), Math.min(Math.max(y, 0), 12)]),
          [5, 12],
        ]
        const left = Float64Array.from([...line, [0, 12], [0, 0]].flat())
        const right = Float64Array.from([...[...line].reverse(), [10, 0], [10, 12]].flat())
        const [a, b] = [filledSet(left, 12, 10), filledSet(right, 12, 10)]
        // Even-odd: where the line crosses itself a pixel may be in both or none, but never in an odd sum.
        const whole = filledSet(Float64Array.of(0, 0, 10, 0, 10, 12, 0, 12), 12, 10)
        expect(a.map((value, i) => value ^ b[i]!)).toEqual(whole)
      }),
      { seed: 12, numRuns: 1000 },
    )
  })

  it('counts a centre on the upper and left border in, on the lower and right out', () => {
    const at = (edge: number): string =>
      JSON.stringify(fillPolygon(Float64Array.of(edge, edge, 5, edge, 5, 5, edge, 5), 12, 10), [
        'row',
        'column',
        'rows',
        'columns',
      ])
    const step = 1 / 4096
    expect(at(2)).toBe('{"row":2,"column":2,"rows":3,"columns":3}')
    expect(at(2 - step)).toBe('{"row":2,"column":2,"rows":3,"columns":3}')
    expect(at(2 + step)).toBe('{"row":3,"column":3,"rows":2,"columns":2}')
  })

  it('is linear in the points, whatever they are', () => {
    const next = random(3)
    const polygon = Float64Array.from({ length: 400_000 }, () => snap(next() * 500))
    expect(fillPolygon(polygon, 512, 512).pixels).toBeGreaterThan(0)
  })
})

describe('contours', () => {
  it('mark the pixels whose centres they enclose, on their slice', async () => {
    const masks = await read(rtFile([lad([contourOf(GRID, 2, boxOf(3, 4, 2, 5))])]))
    expect(marked(masks, 2)).toEqual(box(3, 4, 2, 5))
    expect([0, 1, 3, 4].flatMap((k) => marked(masks, k))).toEqual([])
    expect(masks.mapping.sources).toEqual([
      {
        file: 'RS.dcm',
        kind: 'rtstruct',
        number: 4,
        label: 'LAD',
        code: null,
        territory: 'LAD',
        by: 'label',
        pixels: 10,
      },
    ])
    expect(masks.mapping.notes).toEqual([])
    expect(masks.territories.names).toEqual({ 2: 'LAD' })
  })

  it.each(['explicit', 'implicit', 'big'] as const)('are read from %s', async (syntax) => {
    const masks = await read(rtFile([lad([contourOf(GRID, 0, boxOf(1, 1, 3, 3))])], { syntax }))
    expect(marked(masks, 0)).toEqual(box(1, 1, 3, 3))
  })

  it('inside others are holes, islands in holes are not', async () => {
    const rings = [boxOf(1, 1, 9, 8), boxOf(2, 2, 7, 6), boxOf(4, 4, 2, 2)].map((points) => contourOf(GRID, 1, points))
    const expected = box(1, 1, 9, 8).filter((p) => !box(2, 2, 7, 6).includes(p) || box(4, 4, 2, 2).includes(p))
    for (const contours of [rings, [...rings].reverse()]) {
      expect(marked(await read(rtFile([lad(contours)])), 1).sort()).toEqual([...expected].sort())
    }
  })

  it('with a keyhole enclose a ring', async () => {
    const [outer, inner] = [boxOf(1, 1, 8, 8), boxOf(3, 3, 3, 3)]
    const keyhole = [...outer, outer[0]!, inner[0]!, inner[3]!, inner[2]!, inner[1]!, inner[0]!, outer[0]!]
    const masks = await read(rtFile([lad([contourOf(GRID, 1, keyhole)])]))
    expect(marked(masks, 1)).toEqual(box(1, 1, 8, 8).filter((p) => !box(3, 3, 3, 3).includes(p)))
  })

  it('beside each other are both in, drawn twice are taken once, crossing ones are refused', async () => {
    const [a, b] = [contourOf(GRID, 1, boxOf(1, 1, 4, 4)), contourOf(GRID, 1, boxOf(1, 5, 4, 4))]
    expect(marked(await read(rtFile([lad([a, b])])), 1)).toEqual(box(1, 1, 4, 8))
    const twice = await read(rtFile([lad([a, b, { points: [...a.points].reverse() }])]))
    expect(marked(twice, 1)).toEqual(box(1, 1, 4, 8))
    expect(twice.mapping.notes).toEqual(['RS.dcm: ROI 4 has 1 contour(s) drawn twice, which were taken once'])
    const across = contourOf(GRID, 1, boxOf(2, 3, 4, 4))
    expect(await kindOf(read(rtFile([lad([a, across])])))).toBe('TERRITORY_MISMATCH crossing')
    // One pixel in ten over the line is how well people draw; more is not.
    const large = contourOf(GRID, 1, boxOf(0, 0, 10, 5))
    const hole = (column: number) => contourOf(GRID, 1, [...boxOf(1, column, 5, 2)])
    expect(marked(await read(rtFile([lad([large, hole(3)])])), 1).length).toBe(40)
    expect(await kindOf(read(rtFile([lad([large, hole(4)])])))).toBe('TERRITORY_MISMATCH crossing')
  })

  it('of points and open lines enclose nothing', async () => {
    const contours = [
      contourOf(GRID, 1, boxOf(1, 1, 2, 2)),
      { ...contourOf(GRID, 1, boxOf(5, 5, 2, 2)), type: 'OPEN_PLANAR' },
      { ...contourOf(GRID, 1, [[5, 5]]), type: 'POINT' },
      contourOf(GRID, 1, [
        [5, 5],
        [9, 9],
      ]),
    ]
    const masks = await read(rtFile([lad(contours)]))
    expect(marked(masks, 1)).toEqual(box(1, 1, 2, 2))
    expect(masks.mapping.notes).toEqual([
      'RS.dcm: ROI 4 has 2 point(s) or open contour(s), which enclose nothing',
      'RS.dcm: ROI 4 has 1 contour(s) of fewer than three points, which enclose nothing',
    ])
  })

  it('partly outside the picture mark what is inside', async () => {
    const masks = await read(rtFile([lad([contourOf(GRID, 1, boxOf(-3, -50, 5, 53))])]))
    expect(marked(masks, 1)).toEqual(box(0, 0, 2, 3))
  })

  it('of any shape mark what the tracer went round', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: SIZE, maxLength: SIZE }), async (pixels) => {
        fc.pre(pixels.includes(true))
        const loops = outlines((row, column) => pixels[row * COLUMNS + column]!, ROWS, COLUMNS)
        const masks = await read(rtFile([lad(loops.map((loop) => contourOf(GRID, 1, loop)))]))
        expect([...masks.territories.scalarData.subarray(SIZE, 2 * SIZE)].map(Boolean)).toEqual(pixels)
      }),
      { seed: 13, numRuns: 60 },
    )
  })

  it('follow the slices of an oblique volume with unequal pixels', async () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)]
    const oblique = {
      ...GRID,
      rowCosines: [c, s, 0] as const,
      columnCosines: [-s, c, 0] as const,
    }
    const points = boxOf(3, 4, 2, 5).map(([x, y]) => {
      const [u, v] = [x * 0.4, y * 0.5]
      return [-20 + u * c - v * s, -30 + u * s + v * c, 103] as const
    })
    expect(marked(await read(rtFile([lad([{ points }])]), volumeOf(oblique)), 1)).toEqual(box(3, 4, 2, 5))
  })
})

describe('planes', () => {
  const on = (k: number, lift = 0) => contourOf(GRID, k, boxOf(1, 1, 2, 2), lift)
  const slicesOf = (masks: Masks): number[] => [0, 1, 2, 3, 4].filter((k) => marked(masks, k).length > 0)

  it.each([
    [1.49, 2],
    [1.5, 3],
    [1.51, 3],
    [-1.49, 2],
    [-1.5, 2],
    [-1.51, 1],
  ])('%f mm off slice 2 go to slice %i', async (lift, slice) => {
    const masks = await read(rtFile([lad([on(2, lift)])]))
    expect(slicesOf(masks)).toEqual([slice])
    expect(masks.mapping.notes[0]).toMatch(/not drawn on the slices themselves/)
  })

  it('denser than the slices: each slice takes the nearest', async () => {
    const contours = Array.from({ length: 7 }, (_, n) => contourOf(GRID, 1, boxOf(1, 1, 2, 2 + n), n - 3))
    const masks = await read(rtFile([lad(contours)]))
    expect(slicesOf(masks)).toEqual([0, 1, 2])
    expect([0, 1, 2].map((k) => marked(masks, k).length)).toEqual([4, 10, 16])
  })

  it('beyond the volume mark nothing, and alone are refused', async () => {
    const masks = await read(rtFile([lad([on(1), on(4, 1.6), on(0, -4)])]))
    expect(slicesOf(masks)).toEqual([1])
    expect(masks.mapping.notes).toEqual([
      'RS.dcm: ROI 4 (LAD) has 2 plane(s) beyond the first or last slice, which mark nothing',
    ])
    expect(await kindOf(read(rtFile([lad([on(4, 40)])])))).toBe('TERRITORY_MISMATCH empty')
    const two = await read(rtFile([lad([on(1)]), { number: 5, name: 'RCA', contours: [on(4, 40)] }]))
    expect(two.mapping.notes.at(-1)).toBe('RS.dcm: 5 (RCA) marks no pixel of the volume')
    expect(two.territories.names).toEqual({ 2: 'LAD' })
  })

  it('far from every slice of a stack with a gap are refused', async () => {
    const positions = GRID.positions.map(([x, y, z], k) => [x, y, k < 3 ? z : z + 6] as const)
    const gappy = volumeOf({ ...GRID, positions })
    expect(await kindOf(read(rtFile([lad([on(2, 4.5)])]), gappy))).toBe('TERRITORY_MISMATCH off-plane')
  })

  it('tilted against the slices are refused', async () => {
    const tilted = (mm: number) => ({
      points: on(2).points.map(([x, y, z], n) => [x, y, z + (n < 2 ? 0 : mm)] as const),
    })
    expect(slicesOf(await read(rtFile([lad([tilted(0.149)])])))).toEqual([2])
    expect(await kindOf(read(rtFile([lad([tilted(0.151)])])))).toBe('TERRITORY_MISMATCH tilted')
  })

  it('drawn on every second slice are refused, on their own series too: half the vessel would be left out', async () => {
    for (const series of [undefined, '1.2.3.99', null]) {
      const more = series === undefined ? {} : { series }
      for (const drawn of [[0, 4], [0, 2, 4], [1, 3]]) {
        expect(await kindOf(read(rtFile([lad(drawn.map((k) => on(k)))], more)))).toBe('TERRITORY_MISMATCH gaps')
      } // prettier-ignore
      // Another region that is dense says nothing of this one.
      const dense = { number: 5, name: 'RCA', contours: [2, 3].map((k) => contourOf(GRID, k, boxOf(8, 1, 2, 2))) }
      expect(await kindOf(read(rtFile([lad([on(0), on(4)]), dense], more)))).toBe('TERRITORY_MISMATCH gaps')
    }
  })

  it('drawn on every slice may end and begin again, which is told', async () => {
    const masks = await read(rtFile([lad([0, 1, 3, 4].map((k) => on(k)))]))
    expect(slicesOf(masks)).toEqual([0, 1, 3, 4])
    expect(masks.mapping.notes).toEqual([
      'RS.dcm: ROI 4: no contour between the slices 1 and 3; nothing is marked there',
    ])
  })
})

describe('what a structure set is for', () => {
  const contours = [contourOf(GRID, 1, boxOf(1, 1, 2, 2))]
  const other = '1.2.3.4'

  it('must be the frame of reference of the volume', async () => {
    expect(await kindOf(read(rtFile([lad(contours, { frameOfReferenceUid: other })])))).toBe(
      'TERRITORY_MISMATCH frame-of-reference',
    )
    // A region that is left out may be of any.
    const heart = { number: 9, name: 'Heart', contours, frameOfReferenceUid: other }
    expect(marked(await read(rtFile([lad(contours), heart])), 1).length).toBe(4)
  })

  it('is known by its series where no frame of reference says', async () => {
    const silent = [lad(contours, { frameOfReferenceUid: null })]
    expect((await read(rtFile(silent))).mapping.notes).toEqual([])
    expect(await kindOf(read(rtFile(silent, { series: other })))).toBe('TERRITORY_MISMATCH other-series')
    const bare = await read(rtFile(silent, { series: null }))
    expect(bare.mapping.notes).toEqual(['RS.dcm: that it belongs to the volume is known from its positions alone'])
    expect((await read(rtFile([lad(contours)]), GRID)).mapping.notes.length).toBe(1)
  })

  it('is named by code, by label, or not at all', async () => {
    const named = await read(rtFile([lad(contours, { name: 'ROI-1', code: code('SCT', '13647002', 'RCA') })]))
    expect(named.mapping.sources[0]).toMatchObject({ territory: 'RCA', by: 'code', code: 'SCT 13647002' })
    const body = { number: 1, name: 'ROI-0', contours, interpretedType: 'EXTERNAL' }
    const masks = await read(rtFile([body, lad(contours)]))
    expect(masks.mapping.sources[0]).toMatchObject({ territory: null, pixels: 0 })
    const error = await refusal(read(rtFile([lad(contours), { number: 7, name: 'ROI-7', contours }])))
    expect(error.message).toContain("7 'ROI-7' (1 of 2 ROIs)")
    expect(error.details).toMatchObject({ kind: 'unnamed', numbers: [7], file: 'RS.dcm' })
  })

  it('claims no pixel for two territories', async () => {
    const error = await refusal(read(rtFile([lad(contours), { number: 5, name: 'RCA', contours }])))
    expect(error.message).toContain("ROI 4 'LAD' of RS.dcm (LAD) and ROI 5 'RCA' of RS.dcm (RCA)")
    expect(error.details).toMatchObject({ kind: 'overlap', territories: ['LAD', 'RCA'], slice: 1, row: 1, column: 1 })
  })
})

describe('hostile contours', () => {
  const withData = (value: string, points = '4') =>
    rtFile([lad([{ points: [], edits: { 0x30060050: { vr: 'DS', value }, 0x30060046: { vr: 'IS', value: points } } }])])

  it.each([
    ['NaN', 'NaN\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0'],
    ['Infinity', 'Infinity\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0'],
    ['1e999', '1e999\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0'],
    ['1e308 in the plane', '1e308\\-1e308\\103\\-1e308\\1e308\\103\\1\\1\\103\\0\\1\\103'],
    ['1e308 along the normal', '0\\0\\1e308\\1\\0\\-1e308\\1\\1\\1e308\\0\\1\\0'],
    ['hexadecimal', '0x10\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0'],
    ['a comma', '0,5\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0'],
    ['an empty number', '\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0'],
    ['a very long number', `${'1'.repeat(65)}\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1\\0`],
    ['eleven numbers', '0\\0\\0\\1\\0\\0\\1\\1\\0\\0\\1'],
    ['three points for four', '0\\0\\0\\1\\0\\0\\1\\1\\0'],
  ])('with %s are refused', async (_, value) => {
    expect(await kindOf(read(withData(value)))).toBe('PARSE_FAILED value')
  })

  it('of more points than any vessel has are refused before they are read', () => {
    const most = 1000
    const contour = (points: number): DataSet => {
      const value = new Uint8Array(6 * points - 1).fill(0x5c)
      for (let i = 0; i < value.length; i += 2) value[i] = 0x31
      return { value: () => value, integer: () => points, offset: () => 0 } as unknown as DataSet
    }
    const reader = new ContourReader('RS.dcm', most)
    expect(reader.points(contour(most - 1)).length).toBe(3 * most - 3)
    expect(reader.points(contour(1))).toEqual(Float64Array.of(1, 1, 1))
    expect(() => reader.points(contour(1))).toThrow(/more than 1000 points/)
  })

  it('numbers and regions twice are refused', async () => {
    const twice = [lad([contourOf(GRID, 1, boxOf(1, 1, 2, 2))]), lad([])]
    expect(await kindOf(read(rtFile(twice)))).toBe('PARSE_FAILED structure')
  })

  it('without contours mark nothing', async () => {
    expect(await kindOf(read(rtFile([lad([])])))).toBe('TERRITORY_MISMATCH empty')
    expect(await kindOf(read(rtFile([])))).toBe('TERRITORY_MISMATCH no-territory')
  })
})

const DATA = dataFolder('seg_sr_rt')
describe.skipIf(DATA === null || !existsSync(DATA))('real structure sets', () => {
  const files = new Map((DATA === null ? [] : sourcesIn(`${DATA}/rt-utils`)).map((file) => [file.name, file]))
  const accept = ['SPACING_IRREGULAR', 'SLICES_MISSING', 'CONTRAST_GIVEN', 'NOT_ORIGINAL', 'NOT_HU'] as const
  const volume = () => readSeries([files.get('ct_1.dcm')!, files.get('ct_2.dcm')!], { accept: [...accept] })

  it('of another frame of reference are refused', async () => {
    const kind = await kindOf(readMasks([{ ...files.get('rt.dcm')!, names: { 1: 'LAD' } }], await volume()))
    expect(kind).toBe('TERRITORY_MISMATCH frame-of-reference')
  })

  it('mark the pixels their contours enclose', async () => {
    const rt = files.get('invalid_reference_rt.dcm')!
    const ct = await volume()
    // Counted once by a direct evaluation of the definition over the whole slice.
    for (const [number, pixels] of [4976, 3697, 4519, 6954].entries()) {
      const names = Object.fromEntries([0, 1, 2, 3].map((n) => [n + 1, n === number ? 'LAD' : null]))
      const { mapping } = await readMasks([{ ...rt, names }], ct)
      expect(mapping.sources[number]).toMatchObject({ label: `ROI-${number + 1}`, territory: 'LAD', pixels })
      expect(mapping.notes[0]).toMatch(/1 plane\(s\) beyond the first or last slice/)
    }
    expect(await kindOf(readMasks([rt], ct))).toBe('TERRITORY_MISMATCH unnamed')
    const both = { 1: 'LAD', 2: 'RCA', 3: null, 4: null }
    const { mapping } = await readMasks([{ ...rt, names: both }], ct)
    expect(mapping.sources.map(({ territory }) => territory)).toEqual(['LAD', 'RCA', null, null])
  })
})
