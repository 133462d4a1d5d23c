import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { DEFAULT_LIMITS, readMasks, readSeries, type MaskSource, type Masks } from '../../bindings/dicom/index.js'
import { MaskCanvas } from '../../bindings/dicom/masks/canvas.js'
import type { Geometry } from '../../bindings/volume/geometry.js'
import { dataFolder, sourcesIn } from './data.js'
import { random, shuffled, source } from './make.js'
import { kindOf, refusal } from './mask-outcome.js'
import { CT, gridOf, segFile, volumeOf, type FrameSpec, type SegOptions, type Segment } from './masks.js'
import { GRID, PIXELS, read, noise, block, lad, inside, slicesOf } from './segmentation-grid.js'

describe('binary segmentations', () => {
  it.each([
    ['explicit', 'OB'],
    ['explicit', 'OW'],
    ['implicit', 'OW'],
    ['big', 'OB'],
    ['big', 'OW'],
  ] as const)('are read from %s, %s', async (syntax, pixelVr) => {
    const pixels = noise(1)
    const masks = await read(segFile(GRID, [lad(pixels)], { syntax, pixelVr }))
    expect(inside(masks)).toEqual(pixels)
    expect(masks.mapping).toEqual({
      sources: [
        {
          file: 'SEG.dcm',
          kind: 'seg',
          number: 1,
          label: 'LAD',
          code: null,
          territory: 'LAD',
          by: 'label',
          pixels: pixels.filter(Boolean).length,
        },
      ],
      notes: [],
    })
    expect(masks.territories.mapping).toBe(masks.mapping)
  })

  it('are the same in any order of frames, sparse or full, with groups shared or not, bytes or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.boolean(),
        fc.boolean(),
        async (rows, columns, seed, keepEmpty, perFrame) => {
          const grid = gridOf([rows, columns, 4])
          const next = random(seed)
          // LAD, LCX or nothing; the first slice empty of LAD, the second of LCX.
          const label = Array.from({ length: rows * columns * 4 }, (_, i) => {
            const [k, pick] = [Math.floor(i / rows / columns), Math.floor(next() * 3)]
            return pick === k + 1 ? 0 : pick
          })
          fc.pre(label.includes(1) || label.includes(2))
          const segments = [
            { number: 7, label: 'LAD', pixels: label.map((l) => Number(l === 1)) },
            { number: 3, label: 'LCX', pixels: label.map((l) => Number(l === 2)) },
          ]
          const options: SegOptions = { keepEmpty, perFrame, frames: (all) => shuffled(all, next) }
          const masks = await read(segFile(grid, segments, options), volumeOf(grid))
          expect([...masks.territories.scalarData]).toEqual(label.map((l) => [0, 2, 3][l]))
        },
      ),
      { seed: 5, numRuns: 60 },
    )
  })

  it('with pixels of a frame too few, too many or none are refused', async () => {
    const file = (bytes: number): Uint8Array =>
      segFile(GRID, [lad(noise(1))], { edits: { 0x7fe00010: { vr: 'OB', value: new Uint8Array(bytes).fill(255) } } })
    const bytes = PIXELS / 8
    expect((await refusal(read(file(bytes - 2)))).code).toBe('PIXELS_SHORT')
    expect(inside(await read(file(bytes + (bytes % 2)))).every(Boolean)).toBe(true)
    expect(await kindOf(read(file(bytes + (bytes % 2) + 2)))).toBe('PARSE_FAILED length')
    expect((await refusal(read(segFile(GRID, [lad(noise(1))], { edits: { 0x7fe00010: null } })))).code).toBe(
      'PIXELS_MISSING',
    )
  })

  it.each([
    ['8 bits allocated', { 0x00280100: [8] }, 'PIXEL_FORMAT undefined'],
    ['2 bits stored', { 0x00280101: [2] }, 'PIXEL_FORMAT undefined'],
    ['3 samples', { 0x00280002: [3] }, 'PIXEL_FORMAT undefined'],
    ['another type', { 0x00620001: 'SURFACE' }, 'PIXEL_FORMAT undefined'],
    ['no rows', { 0x00280010: null }, 'PARSE_FAILED value'],
    ['0 rows', { 0x00280010: [0] }, 'LIMIT_EXCEEDED undefined'],
    ['65535 rows', { 0x00280010: [65535] }, 'LIMIT_EXCEEDED undefined'],
    ['0 frames', { 0x00280008: '0' }, 'PARSE_FAILED value'],
    ['a frame without groups', { 0x00280008: '6', 0x7fe00010: new Uint8Array(90) }, 'PARSE_FAILED structure'],
    [
      'a segment not in the list',
      {
        0x00620002: {
          vr: 'SQ',
          value: [{ 0x00620004: { vr: 'US', value: [2] }, 0x00620005: { vr: 'LO', value: 'RCA' } }],
        },
      },
      'PARSE_FAILED structure',
    ],
    ['no groups at all', { 0x52009230: null }, 'PARSE_FAILED structure'],
    ['another SOP class', { 0x00080016: '1.2.840.10008.5.1.4.1.1.66.5' }, 'TERRITORY_MISMATCH not-a-mask'],
  ] as const)('with %s are refused', async (_, edits, expected) => {
    expect(await kindOf(read(segFile(GRID, [lad(noise(1))], { edits })))).toBe(expected)
  })

  it('may come as a blob', async () => {
    const data = new Blob([segFile(GRID, [lad(noise(2))]) as Uint8Array<ArrayBuffer>])
    expect(inside(await readMasks([{ name: '/a/b/SEG.dcm', data }], GRID))).toEqual(noise(2))
  })
})

describe('fractional segmentations', () => {
  it.each([
    [255, 127, 128],
    [100, 49, 50],
    [101, 50, 51],
    [1, 0, 1],
  ])('with a maximum of %i are outside at %i, inside at %i', async (maximum, below, from) => {
    const values = noise(3).map((one, i) => (one ? (i % 2 ? from : maximum) : i % 3 ? below : 0))
    const masks = await read(segFile(GRID, [lad(values)], { kind: 'FRACTIONAL', maximum }))
    expect(inside(masks)).toEqual(noise(3))
    const notes =
      maximum === 1
        ? []
        : [`SEG.dcm: fractions from 0 to ${maximum}; a pixel is inside from ${from} on, half of the largest`]
    expect(masks.mapping.notes).toEqual(notes)
  })

  it('of none but 0 and the largest need no note; without a largest they are refused', async () => {
    const pixels = noise(4).map((one) => 255 * one)
    const masks = await read(segFile(GRID, [lad(pixels)], { kind: 'FRACTIONAL', syntax: 'big', pixelVr: 'OW' }))
    expect([inside(masks), masks.mapping.notes]).toEqual([noise(4), []])
    for (const value of [null, [0], [256]]) {
      const file = segFile(GRID, [lad(pixels)], { kind: 'FRACTIONAL', edits: { 0x0062000e: value } })
      expect((await refusal(read(file))).code).toBe('PIXEL_FORMAT')
    }
  })
})

describe('label map segmentations', () => {
  const segments = [
    { number: 1, label: 'LAD', pixels: block(1, 1, 3, 3, [0, 1]) },
    { number: 2, label: 'Heart', pixels: block(4, 4, 3, 3, [0, 1, 2]) },
    { number: 200, label: 'RCA', pixels: block(8, 1, 3, 3, [1, 2]) },
  ]

  it.each([
    [8, 'explicit'],
    [16, 'explicit'],
    [16, 'implicit'],
    [16, 'big'],
  ] as const)('of %i bits, %s', async (bits, syntax) => {
    const masks = await read(segFile(GRID, segments, { kind: 'LABELMAP', bits, syntax }))
    expect(inside(masks)).toEqual(segments[0]!.pixels)
    expect(inside(masks, 'RCA')).toEqual(segments[2]!.pixels)
    expect(masks.mapping.sources.map(({ territory, pixels }) => [territory, pixels])).toEqual([
      ['LAD', 18],
      [null, 0],
      ['RCA', 18],
    ])
  })

  it('have no values but those of segments and the background', async () => {
    const listed = { kind: 'LABELMAP' as const, edits: { 0x00280120: { vr: 'US', value: [2] } } }
    expect(inside(await read(segFile(GRID, [segments[0]!, segments[1]!], listed)))).toEqual(segments[0]!.pixels)
    const stray: SegOptions = {
      kind: 'LABELMAP',
      frames: (all) =>
        all.map((frame, n) => (n === 2 ? { ...frame, values: Array.from(frame.values, () => 9) } : frame)),
    }
    expect(await kindOf(read(segFile(GRID, segments, stray)))).toBe('PARSE_FAILED structure')
  })
})

describe('two territories on one pixel', () => {
  const [a, b] = [block(1, 1, 4, 4, [1]), block(4, 4, 4, 4, [1])]
  const two = (first: Partial<Segment>, second: Partial<Segment>) => [
    { number: 1, pixels: a, ...first },
    { number: 2, pixels: b, ...second },
  ]

  it('are refused by name, in one file or two', async () => {
    const error = await refusal(read(segFile(GRID, two({ label: 'LAD' }, { label: 'Left circumflex' }))))
    expect(error.message).toContain("segment 1 'LAD' of SEG.dcm (LAD) and segment 2 'Left circumflex' of SEG.dcm (LCX)")
    expect(error.details).toMatchObject({ kind: 'overlap', numbers: [1, 2], slice: 1, row: 4, column: 4 })
    const files = [
      source(segFile(GRID, [lad(a)]), 'a.dcm'),
      source(segFile(GRID, [{ number: 1, label: 'RCA', pixels: b }]), 'b.dcm'),
    ]
    expect((await refusal(readMasks(files, volumeOf(GRID)))).details).toMatchObject({ files: ['a.dcm', 'b.dcm'] })
  })

  it('apart from the coronaries are refused, too', async () => {
    expect(await kindOf(read(segFile(GRID, two({ label: 'LM' }, { label: 'Aorta' }))))).toBe(
      'TERRITORY_MISMATCH overlap',
    )
  })

  it('are one where both are the same, or one is left out', async () => {
    const same = await read(segFile(GRID, two({ label: 'LAD proximal' }, { label: 'mid LAD' })))
    expect(inside(same)).toEqual(a.map((one, i) => one | b[i]!))
    expect(same.mapping.sources.map(({ pixels }) => pixels)).toEqual([16, 16])
    expect(inside(await read(segFile(GRID, two({ label: 'LAD' }, { label: 'heart_myocardium' }))))).toEqual(a)
  })

  it('a pixel beside each other are fine', async () => {
    const masks = await read(segFile(GRID, [lad(a), { number: 2, label: 'RCA', pixels: block(1, 5, 4, 4, [1]) }]))
    expect([inside(masks), inside(masks, 'RCA')]).toEqual([a, block(1, 5, 4, 4, [1])])
  })
})

describe('the patient space', () => {
  const file = (edits: SegOptions['edits'] = {}) => segFile(GRID, [lad(noise(6))], { edits })
  const series = (uid: string) => ({ 0x00081115: { vr: 'SQ', value: [{ 0x0020000e: { vr: 'UI', value: uid } }] } })

  it('is that of the volume', async () => {
    expect(await kindOf(read(file({ 0x00200052: '1.2.3.33' })))).toBe('TERRITORY_MISMATCH frame-of-reference')
    const other = await read(file(series('1.2.3.99')))
    expect(other.mapping.notes).toEqual(['SEG.dcm: it was made on another series of the frame of reference'])
  })

  it('is known by the series where it is not said', async () => {
    expect((await read(file({ 0x00200052: null }))).mapping.notes).toEqual([])
    const unknown = { ...volumeOf(GRID), frameOfReferenceUid: null }
    expect((await read(file(), unknown)).mapping.notes).toEqual([])
    expect(await kindOf(read(file({ 0x00200052: null, ...series('1.2.3.99') })))).toBe(
      'TERRITORY_MISMATCH other-series',
    )
    const alone = ['SEG.dcm: that it belongs to the volume is known from its positions alone']
    expect((await read(file({ 0x00200052: null, 0x00081115: null }))).mapping.notes).toEqual(alone)
    expect((await read(file(), GRID)).mapping.notes).toEqual(alone)
  })
})

describe('the grid', () => {
  const seg = (grid: Geometry, pixels: readonly number[], options: SegOptions = {}) =>
    segFile(grid, [lad(pixels)], options)
  const moved = (dx: number, dy = 0, dz = 0): Geometry => ({
    ...GRID,
    positions: GRID.positions.map(([x, y, z]) => [x + dx, y + dy, z + dz] as const),
  })

  it('may have its axes swapped and turned round', async () => {
    const pixels = noise(7)
    const at = (k: number, row: number, column: number): number =>
      pixels[(k * GRID.rows + row) * GRID.columns + column]!
    const { rows, columns } = GRID
    for (const swap of [false, true])
      for (const flipX of [false, true])
        for (const flipY of [false, true]) {
          const [x, y] = [
            [flipX ? -1 : 1, 0, 0],
            [0, flipY ? -1 : 1, 0],
          ]
          const corner = (k: number): readonly [number, number, number] => {
            const [px, py, pz] = GRID.positions[k]!
            return [px + (flipX ? (columns - 1) * 0.4 : 0), py + (flipY ? (rows - 1) * 0.5 : 0), pz]
          }
          const own: Geometry = {
            ...GRID,
            rows: swap ? columns : rows,
            columns: swap ? rows : columns,
            pixelSpacingMm: swap ? [0.4, 0.5] : [0.5, 0.4],
            positions: GRID.positions.map((_, k) => corner(k)),
          }
          const values = Array.from({ length: PIXELS }, (_, i) => {
            const [c, r] = [i % own.columns, Math.floor(i / own.columns) % own.rows]
            const [row, column] = swap ? [c, r] : [r, c]
            return at(
              Math.floor(i / rows / columns),
              flipY ? rows - 1 - row : row,
              flipX ? columns - 1 - column : column,
            )
          })
          const masks = await read(seg(own, values, { orientation: (swap ? [y, x] : [x, y]).flat() as number[] }))
          expect(inside(masks)).toEqual(pixels)
          expect(masks.mapping.notes).toEqual([])
        }
  })

  it('off by less than half a pixel takes the nearest and says so, by one pixel is seen', async () => {
    const wide = gridOf([14, 12, 5], [0.5, 0.4, 3], [-20.4, -30.5, 100])
    const box = (row: number, column: number) => block(row, column, 3, 3, [1, 2], wide)
    const shifted = (pixels: number): Geometry => ({
      ...wide,
      positions: wide.positions.map(([x, y, z]) => [x + 0.4 * pixels, y, z] as const),
    })
    const expected = block(4, 4, 3, 3, [1, 2])
    const same = await read(seg(wide, box(5, 5)))
    expect([inside(same), same.mapping.notes]).toEqual([expected, []])
    for (const by of [0.4, -0.4, 0.02]) {
      const near = await read(seg(shifted(by), box(5, 5)))
      expect(inside(near)).toEqual(expected)
      expect(near.mapping.notes).toEqual([
        "SEG.dcm: its grid is parallel to the volume's but not the same; each pixel took the nearest label",
      ])
    }
    expect((await read(seg(shifted(0.005), box(5, 5)))).mapping.notes).toEqual([])
    expect(inside(await read(seg(shifted(1), box(5, 5))))).toEqual(block(4, 5, 3, 3, [1, 2]))
    // A centre midway between two pixels of the mask goes to the lower.
    expect(inside(await read(seg(shifted(0.5), box(5, 5))))).toEqual(block(4, 5, 3, 3, [1, 2]))
    expect(inside(await read(seg(shifted(-0.5), box(5, 5))))).toEqual(expected)
  })

  it('finer or coarser takes the nearest', async () => {
    const fine = gridOf([24, 20, 5], [0.25, 0.2, 3], [-20.1, -30.125, 100])
    const masks = await read(seg(fine, block(6, 4, 4, 6, [2], fine)))
    expect(inside(masks)).toEqual(block(3, 2, 2, 3, [2]))
    const coarse = gridOf([6, 5, 5], [1, 0.8, 3], [-19.8, -29.75, 100])
    expect(inside(await read(seg(coarse, block(2, 1, 2, 2, [2], coarse))))).toEqual(block(4, 2, 4, 4, [2]))
  })

  it('that does not cover the slices is refused', async () => {
    for (const [dx, dy] of [
      [0.4, 0],
      [-0.4, 0],
      [0, 0.5],
      [0, -0.5],
    ] as const) {
      expect(await kindOf(read(seg(moved(1.2 * dx, 1.2 * dy), noise(1))))).toBe('TERRITORY_MISMATCH not-covering')
    }
    const error = await refusal(read(seg(gridOf([6, 5, 5]), noise(1, gridOf([6, 5, 5])))))
    expect(error.message).toMatch(/6 x 5 pixels do not cover slice 0 of the volume, 12 x 10 pixels/)
  })

  it.each([
    ['turned in its plane', [Math.cos(0.02), Math.sin(0.02), 0, -Math.sin(0.02), Math.cos(0.02), 0]],
    ['tilted', [1, 0, 0, 0, Math.cos(0.05), Math.sin(0.05)]],
    ['coronal', [1, 0, 0, 0, 0, -1]],
    ['sagittal', [0, 1, 0, 0, 0, -1]],
  ])('that is %s is refused', async (_, orientation) => {
    expect(await kindOf(read(seg(GRID, noise(1), { orientation })))).toBe('TERRITORY_MISMATCH not-parallel')
  })

  it('that is no orientation, or not one, is refused', async () => {
    expect(await kindOf(read(seg(GRID, noise(1), { orientation: [1, 0, 0, 1, 0, 0] })))).toBe('PARSE_FAILED value')
    const turned = { 0x00209116: { vr: 'SQ', value: [{ 0x00200037: { vr: 'DS', value: '0\\1\\0\\-1\\0\\0' } }] } }
    const frames = (all: readonly FrameSpec[]) =>
      all.map((frame, n) => (n === 3 ? { ...frame, groups: turned } : frame))
    expect(await kindOf(read(seg(GRID, noise(1), { frames })))).toBe('TERRITORY_MISMATCH not-parallel')
  })

  it.each([
    ['nowhere', null, 'no-position'],
    ['high above', '-20\\-30\\1e308', 'empty'],
    ['far aside', '1e308\\-30\\103', 'not-covering'],
  ])('that lies %s is refused', async (_, position, kind) => {
    const value = position === null ? null : { vr: 'SQ', value: [{ 0x00200032: { vr: 'DS', value: position } }] }
    const frames = (all: readonly FrameSpec[]) => [{ ...all[1]!, groups: { 0x00209113: value } }]
    expect(await kindOf(read(seg(GRID, noise(1), { frames })))).toBe(`TERRITORY_MISMATCH ${kind}`)
  })

  it('without orientation or spacing is refused', async () => {
    for (const edits of [{ 0x52009229: null }, { 0x52009229: { vr: 'SQ', value: [] } }]) {
      expect(await kindOf(read(seg(GRID, noise(1), { edits })))).toBe('TERRITORY_MISMATCH no-position')
    }
  })

  it('shows a segment once a plane', async () => {
    const frames = (all: readonly FrameSpec[]) => [...all, all[0]!]
    expect(await kindOf(read(seg(GRID, noise(1), { frames })))).toBe('TERRITORY_MISMATCH duplicate')
  })
})

describe('planes', () => {
  const on = (z: number, slices = [0], grid = gridOf([12, 10, 1], [0.5, 0.4, 3], [-20, -30, z])) => ({
    grid,
    pixels: block(1, 1, 2, 2, slices, grid),
  })
  const at = async (z: number, options: SegOptions = {}): Promise<string> => {
    const { grid, pixels } = on(z)
    return read(segFile(grid, [lad(pixels)], options)).then(
      (masks) => slicesOf(masks).join(),
      (error: AgatstonError) => String(error.details['kind']),
    )
  }

  it.each([
    [103, '1'],
    [104.4, '1'],
    // Midway: the plane holds its upper end.
    [104.5, '2'],
    [104.6, '2'],
    [101.5, '1'],
    [98.5, '0'],
    [98.4, 'empty'],
    [113.4, '4'],
    [113.5, 'empty'],
    [200, 'empty'],
  ])('at %f mm mark slice %s', async (z, slices) => {
    expect(await at(z)).toBe(slices)
  })

  it('stand for their distance, or where it is not told for their thickness or the increment', async () => {
    expect(await at(106, { spacingBetweenMm: 6 })).toBe('2,3')
    expect(await at(106, { spacingBetweenMm: 6.1 })).toBe('1,2,3')
    expect(await at(107.4, { spacingBetweenMm: 1 })).toBe('empty')
    expect(await at(106, { spacingBetweenMm: null, thicknessMm: 9 })).toBe('1,2,3')
    expect(await at(107.4, { spacingBetweenMm: null, thicknessMm: 1 })).toBe('empty')
    expect(await at(107.4, { spacingBetweenMm: null, thicknessMm: null })).toBe('2')
  })

  it('of thinner slices: each slice takes the nearest, an absent plane is empty', async () => {
    const thin = gridOf([12, 10, 13], [0.5, 0.4, 1], [-20, -30, 100])
    const wide = block(1, 1, 2, 2, [0, 1, 2, 4, 5, 6, 7, 8], thin)
    const masks = await read(segFile(thin, [lad(wide)]))
    expect(slicesOf(masks)).toEqual([0, 2])
    expect(masks.mapping.notes[0]).toMatch(/nearest label/)
    const guessed = await read(segFile(thin, [lad(wide)], { spacingBetweenMm: null, thicknessMm: null }))
    expect(slicesOf(guessed)).toEqual([0, 2])
  })

  it('of thicker slices: each slice takes the nearest', async () => {
    const thick = gridOf([12, 10, 3], [0.5, 0.4, 6], [-20, -30, 100])
    const masks = await read(segFile(thick, [lad(block(1, 1, 2, 2, [0, 2], thick))]))
    // Slice 1 lies midway between a plane that marks and one that does not, slice 3 between one that does not and one that does.
    expect(slicesOf(masks)).toEqual([0, 1, 4])
  })

  it('beyond the volume are told by territory, and only where they mark something', async () => {
    const long = gridOf([12, 10, 9], [0.5, 0.4, 3], [-20, -30, 94])
    const parts = [
      { number: 1, label: 'LAD', pixels: block(1, 1, 2, 2, [1, 3], long) },
      { number: 2, label: 'RCA', pixels: block(5, 5, 2, 2, [3, 4], long) },
      { number: 3, label: 'heart', pixels: block(8, 8, 2, 2, [0, 8], long) },
    ]
    for (const options of [{}, { keepEmpty: true }, { kind: 'LABELMAP' as const }]) {
      const { mapping } = await read(segFile(long, parts, options))
      expect(mapping.notes).toEqual([
        'SEG.dcm: segment 1 (LAD) has 1 plane(s) beyond the first or last slice, which mark nothing',
      ])
      expect(JSON.stringify(mapping)).not.toContain('CANARY')
    }
  })

  it('beyond the volume mark nothing, and are told', async () => {
    const long = gridOf([12, 10, 9], [0.5, 0.4, 3], [-20, -30, 94])
    const masks = await read(segFile(long, [lad(block(1, 1, 2, 2, [0, 1, 2, 3, 8], long))]))
    expect(slicesOf(masks)).toEqual([0, 1])
    expect(masks.mapping.notes).toEqual([
      'SEG.dcm: segment 1 (LAD) has 3 plane(s) beyond the first or last slice, which mark nothing',
    ])
  })
})

describe('wrong arguments and hostile sizes', () => {
  it('are told apart', async () => {
    await expect(readMasks([], GRID)).rejects.toThrow(TypeError)
    await expect(readMasks([{ name: 'x' } as unknown as MaskSource], GRID)).rejects.toThrow(TypeError)
    await expect(readMasks([source(new Uint8Array(9))], GRID, { limits: { side: 0 } })).rejects.toThrow(RangeError)
    expect(await kindOf(readMasks([source(new Uint8Array(900), 'x.bin')], GRID))).toBe('TERRITORY_MISMATCH not-a-mask')
    const file = segFile(GRID, [lad(noise(1))])
    const limits = { ...DEFAULT_LIMITS, side: 11 }
    expect((await refusal(readMasks([source(file)], GRID, { limits }))).code).toBe('LIMIT_EXCEEDED')
  })

  it('cut anywhere the file is refused with a code', async () => {
    const file = segFile(GRID, [lad(noise(1))])
    for (let length = 0; length < file.length; length += 7) {
      expect((await refusal(read(file.subarray(0, length)))).code).toMatch(
        /PARSE_FAILED|TERRITORY_MISMATCH|PIXELS_|PIXEL_FORMAT/,
      )
    }
  })

  it('an absurd amount of painting is refused', () => {
    const canvas = new MaskCanvas(GRID)
    canvas.spend(2 ** 30, 'x')
    expect(() => canvas.spend(1, 'x')).toThrow(/many times over/)
    const crowded = new MaskCanvas(GRID)
    const part = { file: 'x', kind: 'seg', number: 1, label: null, code: null, by: 'label', territory: 'x' } as const
    for (let n = 0; n < 245; n++) crowded.enter(part, `own ${n}`)
    crowded.enter(part, 'LM')
    expect(() => crowded.enter(part, 'one more')).toThrow(/more than 245/)
  })
})

const DATA = dataFolder('seg_sr_rt')
describe.skipIf(DATA === null)('real segmentations', () => {
  const files = new Map((DATA === null ? [] : sourcesIn(DATA)).map((file) => [file.name, file]))
  const named = (name: string, names: Record<number, string | null> = { 1: 'LAD' }): MaskSource => ({
    ...files.get(name)!,
    names,
  })
  /** Marked pixels of each slice, and the sum of their indices within it: as pydicom and numpy have them. */
  const sums = ({ territories }: Masks, grid: Geometry): number[][] =>
    grid.positions.map((_, k) => {
      const size = grid.rows * grid.columns
      const slice = territories.scalarData.subarray(k * size, (k + 1) * size)
      let [count, sum] = [0, 0]
      slice.forEach((label, i) => label && ((count += 1), (sum += i)))
      return [count, sum]
    })
  const LIVER = [
    [36233, 4439751323],
    [35645, 4365966218],
    [35220, 4308577625],
  ]
  const liver = gridOf([512, 512, 3], [0.810547, 0.810547, 1], [-235.2, -226.8, -128.69])

  it.each(['liver.dcm', 'liver_expb.dcm'])('%s', async (name) => {
    expect(sums(await readMasks([named(name)], liver), liver)).toEqual(LIVER)
  })

  it('whose frames begin within a byte', async () => {
    const grid = gridOf([510, 510, 3], [0.810547, 0.810547, 1], [-235.2, -226.8, -128.69])
    expect(sums(await readMasks([named('liver_nonbyte_aligned.dcm')], grid), grid)).toEqual([
      [36233, 4422436621],
      [35645, 4348939324],
      [35220, 4291774677],
    ])
    expect(await kindOf(readMasks([named('liver_nonbyte_aligned.dcm')], liver))).toBe('TERRITORY_MISMATCH not-covering')
  })

  it.each(['liver_j2k.dcm', 'liver_deflate.dcm'])('%s, compressed', async (name) => {
    expect(sums(await readMasks([named(name)], liver), liver)).toEqual(LIVER)
  })

  it('of RLE with eight pixels in a byte, as no table of the standard has it, are refused', async () => {
    expect(await kindOf(readMasks([named('liver_rle.dcm')], liver))).toBe('PIXEL_FORMAT packed-bits')
  })

  it('of an organ are no territory', async () => {
    expect(await kindOf(readMasks([files.get('liver.dcm')!], liver))).toBe('TERRITORY_MISMATCH no-territory')
  })

  const small = gridOf([16, 16, 3], [0.488281, 0.488281, 1.25], [-125, -128.100006, 103.019997])
  const BINARY = [
    [127, 16010],
    [256, 32640],
    [255, 32637],
  ]
  it.each([
    ['seg_image_ct_binary.dcm', BINARY, false],
    ['seg_image_ct_binary_fractional.dcm', BINARY, false],
    ['seg_image_ct_true_fractional.dcm', BINARY, true],
  ])('%s', async (name, expected, fractions) => {
    const masks = await readMasks([named(name)], small)
    expect(sums(masks, small)).toEqual(expected)
    expect(masks.mapping.notes.some((note) => note.includes('fractions'))).toBe(fractions)
  })

  it('that overlap', async () => {
    const name = 'seg_image_ct_binary_overlap.dcm'
    expect(await kindOf(readMasks([named(name, { 1: 'LAD', 2: 'RCA' })], small))).toBe('TERRITORY_MISMATCH overlap')
    const first = await readMasks([named(name, { 1: 'LAD', 2: null })], small)
    expect(sums(first, small)).toEqual(Array.from({ length: 3 }, () => [16, 1496]))
    const second = await readMasks([named(name, { 1: null, 2: 'RCA' })], small)
    expect(sums(second, small)).toEqual(Array.from({ length: 3 }, () => [4, 442]))
    expect(second.mapping.notes.at(-1)).toMatch(/: segment 2 \(RCA\) has 1 plane\(s\) beyond/)
  })

  it('of one frame', async () => {
    const grid = gridOf([128, 128, 1], [0.661468, 0.661468, 5], [-158.135803, -179.035797, -75.699997])
    expect(sums(await readMasks([named('seg_image_ct_binary_single_frame.dcm')], grid), grid)).toEqual([
      [1832, 10988733],
    ])
  })

  it('on the CT they were made on', async () => {
    const accept = ['CONTRAST_GIVEN', 'NOT_HU', 'NOT_AXIAL'] as const
    const ct = await readSeries(
      ['01.dcm', '02.dcm', '03.dcm'].map((name) => files.get(name)!),
      { accept: [...accept] },
    )
    const own = { 1: 'LAD', 2: null, 3: null, 4: 'RCA', 5: 'LCX' }
    const masks = await readMasks([named('partial_overlaps.dcm', own)], ct)
    expect(masks.mapping.sources.map(({ territory, pixels }) => [territory, pixels])).toEqual([
      ['LAD', 9602],
      [null, 0],
      [null, 0],
      ['RCA', 6693],
      ['LCX', 4713],
    ])
    expect(masks.mapping.notes).toEqual([])
    expect(ct.frameOfReferenceUid).toMatch(/^1\.2\.392\./)
    const all = { 1: 'LAD', 2: 'RCA', 3: 'LCX', 4: 'LM', 5: 'PDA' }
    expect(await kindOf(readMasks([named('partial_overlaps.dcm', all)], ct))).toBe('TERRITORY_MISMATCH overlap')
    expect(await kindOf(readMasks([named('seg.dcm')], ct))).toBe('TERRITORY_MISMATCH frame-of-reference')
    expect(CT.frameOfReferenceUid).not.toBe(ct.frameOfReferenceUid)
  })
})
