/** Pictures of a result: contours lie on the borders of the lesions, letters are those of the geometry, the same bytes each time. */
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { pngOf } from '../../../bindings/report/pictures/picture.js'
import { makePictures } from '../../../bindings/report/pictures/pictures.js'
import { axesOf, letterOf, orient, placed, turned } from '../../../bindings/report/pictures/orient.js'
import { LIGHT, bytesOf } from '../../../bindings/report/pictures/palette.js'
import { summaryPicture } from '../../../bindings/report/pictures/summary.js'
import type { Picture } from '../../../bindings/report/pictures/picture.js'
import { BLOCKS, type Direction, SIDE, SUBJECT, reportOf, sceneOf, wholeImageScene } from '../fixtures.js'

const scene = await sceneOf()
const pictures = await makePictures(scene.result, scene.volume, scene.pixels)
const keys = pictures.filter(({ kind }) => kind === 'key-image')

const pixel = ({ rgb, width }: Picture, x: number, y: number): readonly number[] => {
  const at = (Math.floor(y) * width + Math.floor(x)) * 3
  return [...rgb.subarray(at, at + 3)]
}

const isNear = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, n) => Math.abs(value - b[n]!) <= 12)

/** Compared byte by byte: a matcher would compare, and print, number by number. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

const count = (picture: Picture, colour: readonly number[]): number => {
  let n = 0
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) if (isNear(pixel(picture, x, y), colour)) n++
  return n
}

/** Pixels of the raster for a point of the slice, where 51.2 mm (64 columns of 0.8 mm) fill 560 pixels and 32 mm lie in the middle. */
const SCALE = 560 / (SIDE * 0.8)
const at = (column: number, row: number): readonly [number, number] => [
  column * 0.8 * SCALE,
  (row * 0.5 + (SIDE * 0.8 - SIDE * 0.5) / 2) * SCALE,
]

describe('pictures of a result', () => {
  it('are one key image for each territory with calcium, coronary first, and two overviews', () => {
    expect(pictures.map(({ kind, territory, slice }) => [kind, territory, slice])).toEqual([
      ['key-image', 'LAD', 3],
      ['key-image', 'RCA', 6],
      ['key-image', 'AORTA', 8],
      ['overview', null, null],
      ['overview', null, null],
    ])
    expect(pictures.map(({ title }) => title).slice(3)).toEqual(['Axial overview', 'Frontal overview'])
    for (const { rgb, width, height, alt, caption } of pictures) {
      expect(rgb.length).toBe(width * height * 3)
      expect(alt.length * caption.length).toBeGreaterThan(100)
    }
  })

  it('outline the lesion on its border, in the colour of its vessel, and leave its inside as it is', () => {
    const [key] = keys
    const { rows, columns } = BLOCKS[0]!
    const colour = bytesOf(LIGHT['vessel-lad'])
    const [left, top] = at(columns[0], rows[0])
    const [right, bottom] = at(columns[1] + 1, rows[1] + 1)
    for (const [x, y] of [
      [(left + right) / 2, top],
      [(left + right) / 2, bottom],
      [left, (top + bottom) / 2],
      [right, (top + bottom) / 2],
    ] as const)
      expect(isNear(pixel(key!, x, y), colour), `${x} ${y}: ${pixel(key!, x, y).join()}`).toBe(true)
    // 450 HU is beyond the window: white, where no contour lies.
    expect(pixel(key!, (left + right) / 2, (top + bottom) / 2)).toEqual([255, 255, 255])
    // Well outside there is soft tissue: 40 HU of -150 to 350.
    const grey = Math.round((190 / 500) * 255)
    expect(pixel(key!, left - 40, (top + bottom) / 2)).toEqual([grey, grey, grey])
    expect(count(key!, bytesOf(LIGHT['vessel-rca']))).toBe(0)
  })

  it('stay the same when the volume is made again, and as PNG are what they were', async () => {
    const again = await makePictures(scene.result, scene.volume, scene.pixels)
    for (const [n, picture] of pictures.entries()) {
      expect(isSame(again[n]!.rgb, picture.rgb)).toBe(true)
      const png = pngOf(picture)
      expect(isSame(pngOf(again[n]!), png)).toBe(true)
      const { width, height, channels, depth, data } = decode(png, { checkCrc: true })
      expect({ width, height, channels, depth }).toEqual({
        width: picture.width,
        height: picture.height,
        channels: 3,
        depth: 8,
      })
      expect(isSame(new Uint8Array(data), picture.rgb)).toBe(true)
    }
  })

  it('show each territory in the overviews in its own colour', () => {
    for (const overview of pictures.filter(({ kind }) => kind === 'overview')) {
      for (const ink of ['vessel-lad', 'vessel-rca'] as const)
        expect(count(overview, bytesOf(LIGHT[ink])), `${overview.title} ${ink}`).toBeGreaterThan(100)
    }
  })

  it('have pixels as large as they are: 12 slices of 3 mm are 36 of 51.2 mm across', () => {
    const frontal = pictures[4]!
    expect(frontal.height / frontal.width).toBeCloseTo(36 / 51.2, 2)
    const axial = pictures[3]!
    expect(axial.height / axial.width).toBeCloseTo(32 / 51.2, 2)
  })

  it('of a zero are two overviews without colour', async () => {
    const nothing = await sceneOf([{ ...BLOCKS[0]!, hu: 60 }])
    const made = await makePictures(nothing.result, nothing.volume, nothing.pixels)
    expect(made.map(({ kind }) => kind)).toEqual(['overview', 'overview'])
    for (const picture of made) {
      expect(picture.rgb.some((red, n) => n % 3 === 0 && red > picture.rgb[n + 2]!)).toBe(false)
      expect(picture.alt).toContain('no counted calcium')
    }
  })

  it('of a whole image show the largest calcification of no vessel', async () => {
    const whole = await wholeImageScene()
    const made = await makePictures(whole.result, whole.volume, whole.pixels)
    expect(made.map(({ kind, territory }) => [kind, territory])).toEqual([
      ['key-image', null],
      ['overview', null],
      ['overview', null],
    ])
    expect(made[1]!.caption).toContain('the whole volume')
  })

  it('are the same picture of the same patient, however the array runs', async () => {
    // Columns to the right of the patient and rows to the front: the array is turned half round.
    const turnedRound: Direction = [-1, 0, 0, 0, -1, 0, 0, 0, 1]
    const flipped = await sceneOf(
      BLOCKS.map(({ rows, columns, ...rest }) => ({
        ...rest,
        rows: [SIDE - 1 - rows[1], SIDE - 1 - rows[0]] as const,
        columns: [SIDE - 1 - columns[1], SIDE - 1 - columns[0]] as const,
      })),
      turnedRound,
    )
    const made = await makePictures(flipped.result, flipped.volume, flipped.pixels)
    for (const [n, picture] of pictures.entries()) expect(isSame(made[n]!.rgb, picture.rgb), picture.title).toBe(true)
  })
})

describe('orientation', () => {
  const geometry = scene.volume.geometry
  const letters = (rowCosines: Vec, columnCosines: Vec, normal: Vec) => {
    const { column, row, slice } = axesOf({ ...geometry, rowCosines, columnCosines, normal })
    return orient(column, row, slice)
  }
  type Vec = readonly [number, number, number]

  it('axial as from the feet: R left, A above; also for arrays that run the other way or transposed', () => {
    const expected = { left: 'R', right: 'L', top: 'A', bottom: 'P' }
    expect(letters([1, 0, 0], [0, 1, 0], [0, 0, 1]).letters).toEqual(expected)
    expect(letters([-1, 0, 0], [0, -1, 0], [0, 0, 1])).toMatchObject({
      letters: expected,
      flipAcross: true,
      flipDown: true,
    })
    expect(letters([-1, 0, 0], [0, 1, 0], [0, 0, -1])).toMatchObject({
      letters: expected,
      flipAcross: true,
      flipDown: false,
    })
    const transposed = letters([0, 1, 0], [1, 0, 0], [0, 0, -1])
    expect(transposed).toMatchObject({ letters: expected })
    expect(transposed.across.of).toBe('row')
  })

  it('frontal: R left, head above; sagittal: front left, head above', () => {
    expect(letters([1, 0, 0], [0, 0, -1], [0, 1, 0])).toMatchObject({
      kind: 'frontal',
      letters: { left: 'R', right: 'L', top: 'H', bottom: 'F' },
    })
    expect(letters([0, 1, 0], [0, 0, 1], [1, 0, 0])).toMatchObject({
      kind: 'sagittal',
      flipDown: true,
      letters: { left: 'A', right: 'P', top: 'H', bottom: 'F' },
    })
  })

  it('has a second letter from 22.5 degrees on', () => {
    const of = (degrees: number): string => {
      const angle = (degrees * Math.PI) / 180
      return letterOf([Math.cos(angle), Math.sin(angle), 0])
    }
    expect([of(0), of(22), of(23), of(67), of(68), of(90)]).toEqual(['L', 'L', 'LP', 'PL', 'P', 'P'])
  })

  it('turns values as it places points', () => {
    const { column, row, slice } = axesOf({
      ...geometry,
      columns: 3,
      rows: 2,
      rowCosines: [0, -1, 0],
      columnCosines: [-1, 0, 0],
      normal: [0, 0, -1],
    })
    const orientation = orient(column, row, slice)
    const plane = turned(Uint32Array.of(1, 2, 3, 4, 5, 6), column, orientation)
    expect([plane.width, plane.height, ...plane.values]).toEqual([2, 3, 6, 3, 5, 2, 4, 1])
    for (let r = 0; r < 2; r++) {
      for (let c = 0; c < 3; c++) {
        const [x, y] = placed(orientation, { row: r, column: c })
        expect(plane.values[Math.floor(y) * 2 + Math.floor(x)]).toBe(1 + r * 3 + c)
      }
    }
  })
})

describe('the summary picture', () => {
  const report = reportOf(scene.result, { subject: SUBJECT })

  it('is one raster, the same each time, and bears a name only where it is asked to', () => {
    const summary = summaryPicture(report, pictures)
    expect(summary.rgb.length).toBe(summary.width * summary.height * 3)
    expect(isSame(summaryPicture(report, pictures).rgb, summary.rgb)).toBe(true)
    expect(isSame(summaryPicture({ ...report, subject: null }, pictures).rgb, summary.rgb)).toBe(true)
    expect(summaryPicture(report, pictures, { identity: true }).height).toBeGreaterThan(summary.height)
    expect(JSON.stringify({ ...summary, rgb: null })).not.toContain('Rossi')
  })

  it('says first that a sum is no coronary score', async () => {
    const whole = await wholeImageScene()
    const plain = summaryPicture({ ...report, status: { ...report.status, statement: null }, first: [], notMarked: [] })
    const made = summaryPicture(reportOf(whole.result, {}))
    expect(made.alt).toContain('NOT a coronary calcium score')
    expect(count(made, [0x33, 0x26, 0x0f])).toBeGreaterThan(10_000)
    expect(count(plain, [0x33, 0x26, 0x0f])).toBeLessThan(100) // edges of letters may come near
  })

  it('sets names of any length', () => {
    const subject = { ...SUBJECT, name: `${'W'.repeat(64)} 山田\u202e\u0007` }
    expect(() => summaryPicture({ ...report, subject }, pictures, { identity: true })).not.toThrow()
  })
})
