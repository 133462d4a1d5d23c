/** The reference against answers that do not come from it, and the vectors against the reference. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { STANDARDS } from '../../bindings/score/standards.js'
import { vectors, volumeOf } from '../vectors/load.js'
import { makeVectors } from '../vectors/make.js'
import { AGATSTON_130, FIVE, custom } from '../vectors/standards.js'
import { reference } from './score.js'
import type { Sums } from './types.js'

const byName = new Map(vectors.map((vector) => [`${vector.rule}: ${vector.name}`, vector]))

function scoreOf(name: string) {
  const vector = byName.get(name)
  if (!vector) throw new RangeError(`no vector is named ${name}`)
  return reference(vector.input, vector.standard)
}

/** Answers published elsewhere or worked out by hand; none was computed here. */
const KNOWN: readonly (readonly [name: string, answer: Partial<Sums>])[] = [
  ['published: 1a: 150 HU block [agatston-130]', { agatston: 4, volumeMm3: 12, pieces: 1, lesions: 1, pixels: 16 }],
  ['published: 1b: 500 HU block [agatston-130]', { agatston: 16, peakHu: 500 }],
  ['published: 1c: 250 HU block over three slices [agatston-130]', { agatston: 24, volumeMm3: 36, lesions: 1 }],
  [
    'published: 2: 150 HU under 350 HU [agatston-130]',
    { agatston: 16, pieces: 2, lesions: 1, peakHu: 350, meanHu: 250 },
  ],
  ['published: 3a: 130 HU counts [agatston-130]', { agatston: 4, densityScore: 1 }],
  ['published: 3b: 129 HU does not [agatston-130]', { agatston: 0, pieces: 0, peakHu: null, meanHu: null }],
  ['published: 3c: one pixel of 0.09 mm2 [agatston-130]', { agatston: 0, pieces: 0, lesions: 0 }],
  ['published: 3c: one pixel of 0.09 mm2 [siemens]', { agatston: 0.09, pieces: 1, lesions: 1 }],
  ['published: 4a: 3 x 3 block of 250 HU [agatston-130]', { agatston: 18, volumeMm3: 27 }],
  ['published: 4b: 3 x 3 block of 450 HU [agatston-130]', { agatston: 36, volumeMm3: 27 }],
  ['published: 4c: 3 x 3 block of 250 HU, 1.5 mm apart [agatston-130]', { agatston: 9 }],
  ['published: 4d: 3 x 3 block of 120 HU [agatston-130]', { agatston: 0, pieces: 0 }],
  ['published: 5: 350 HU block on two slices 2.5 mm apart [agatston-130]', { agatston: 45, pieces: 2, lesions: 1 }],
  ['published: 6: mask over a ladder of values [every-piece]', { agatston: 21, volumeMm3: 15.75, massMg: 3.45375 }],
  ['published: 6: mask over a ladder of values [siemens]', { agatston: 21, volumeMm3: 15.75, massMg: 3.45375 }],
  ['published: 7a: two columns of 400 HU [calciumscoring-jl-case]', { agatston: 16, volumeMm3: 2, pieces: 2 }],
  ['published: 7b: two columns of 400 HU, apart [calciumscoring-jl-case]', { agatston: 16, volumeMm3: 2, pieces: 4 }],

  ['trap: only the last component of a slice [agatston-130]', { agatston: 54, lesions: 3 }],
  ['trap: intercept with the wrong sign [agatston-130]', { agatston: 9, meanHu: 130 }],
  ['trap: intercept with the wrong sign, positive [agatston-130]', { agatston: 9, meanHu: 130 }],
  ['trap: multiplied by thickness in mm [agatston-130]', { agatston: 18 }],
  ['trap: integer bands lose 199.5 HU [agatston-130]', { agatston: 27, peakHu: 200 }],
  ['trap: each lesion rounded [agatston-130]', { agatston: 10, lesions: 12 }],
  ['trap: thickness used where slices overlap [agatston-130]', { agatston: 9, volumeMm3: 27 }],
  ['trap: 65,792 pieces in one slice [agatston-130]', { agatston: 65_795, pieces: 65_792, lesions: 65_792 }],
  ['trap: 65,885 pieces on a checkerboard [siemens]', { agatston: 65_886, pieces: 65_885, lesions: 65_885 }],
  ['trap: a calcium below one [agatston-130]', { agatston: 0.2, pieces: 1 }],
  ['trap: nothing at all [agatston-130]', { agatston: 0, massMg: 0, densityScore: null, pieces: 0 }],
  ['trap: single pixels under five rules [agatston-130]', { agatston: 10 }],
  ['trap: single pixels under five rules [fqm-python]', { agatston: 0 }],
  ['trap: single pixels under five rules [siemens]', { agatston: 10 }],
  ['trap: single pixels under five rules [ge]', { agatston: 10 }],
  ['trap: single pixels under five rules [canon]', { agatston: 0 }],

  ['threshold: 129, 130, 131 HU [agatston-130]', { agatston: 8, pieces: 2 }],
  ['threshold: above 130 HU [above-130]', { agatston: 4, pieces: 1 }],
  ['threshold: an upper limit [up-to-1500]', { agatston: 32, pieces: 2, peakHu: 1500 }],
  ['threshold: a hole above the upper limit [up-to-1500]', { agatston: 32, pieces: 1, pixels: 8 }],
  ['ladder: edges 200, 300, 400 HU [agatston-130]', { agatston: 96, pieces: 9 }],
  ['ladder: above 200, 300, 400 HU [ladder-above]', { agatston: 84, pieces: 9 }],
  ['ladder: one pixel decides [agatston-130]', { agatston: 36, meanHu: 160 }],
  ['ladder: every class in one piece [canon]', { agatston: 56, pixels: 14 }],
  ['ladder: other weights [other-weights]', { agatston: 40 }],
  ['ladder: a lower ladder [lower-ladder]', { agatston: 4 * (1 + 1 + 2 + 2 + 3 + 3 + 4), pieces: 7 }],

  ['minimum: pieces of 3, 4, 5 pixels of 0.5 x 0.5 mm [agatston-130]', { pieces: 2, agatston: 2.25 }],
  ['minimum: pieces of 3, 4, 5 pixels of 0.5 x 0.5 mm [fqm-python]', { pieces: 1, agatston: 1.25 }],
  ['minimum: pieces of 3, 4, 5 pixels of 0.5 x 0.5 mm [siemens]', { pieces: 3, agatston: 3 }],
  ['minimum: pieces of 3, 4, 5 pixels of 0.5 x 0.5 mm [ge]', { pieces: 2, agatston: 2.25 }],
  ['minimum: pieces of 3, 4, 5 pixels of 0.5 x 0.5 mm [canon]', { pieces: 3, agatston: 3 }],
  ['minimum: pieces of 2, 3, 4 pixels of 1 x 1 mm [canon]', { pieces: 2, agatston: 7 }],
  ['minimum: pieces of 1, 2 pixels of 0.25 x 4 mm [agatston-130]', { pieces: 2 }],
  ['minimum: pieces of 1, 2 pixels of 0.25 x 4 mm [fqm-python]', { pieces: 1 }],
  ['minimum: pieces of 99, 100, 101 pixels of 0.1 x 0.1 mm [agatston-130]', { pieces: 2 }],
  ['minimum: pieces of 99, 100, 101 pixels of 0.1 x 0.1 mm [fqm-python]', { pieces: 1 }],
  ['minimum: pieces of 99, 100, 101 pixels of 0.1 x 0.1 mm [ge]', { pieces: 2 }],
  ['minimum: pieces of 24, 25, 26 pixels of 0.2 x 0.2 mm [fqm-python]', { pieces: 1 }],
  ['minimum: pieces of 2, 3, 4 pixels of 0.7 x 0.7 mm [agatston-130]', { pieces: 2 }],
  ['minimum: pieces of 4, 5, 6 pixels of 0.488 x 0.488 mm [ge]', { pieces: 2 }],
  [`minimum: pieces of 2, 3, 4 pixels of ${Math.sqrt(1 / 3)} x ${Math.sqrt(1 / 3)} mm [ge]`, { pieces: 2 }],
  [`minimum: pieces of 3, 4, 5 pixels of ${0.25 * (1 - 5e-10)} x 1 mm [agatston-130]`, { pieces: 2 }],
  [`minimum: pieces of 3, 4, 5 pixels of ${0.25 * (1 - 2e-9)} x 1 mm [agatston-130]`, { pieces: 1 }],
  [`minimum: pieces of 3, 4, 5 pixels of ${0.25 * (1 + 5e-10)} x 1 mm [fqm-python]`, { pieces: 1 }],
  [`minimum: pieces of 3, 4, 5 pixels of ${0.25 * (1 + 2e-9)} x 1 mm [fqm-python]`, { pieces: 2 }],
  [`minimum: pieces of 3, 4, 5 pixels of ${0.25 * (1 - 5e-10)} x 1 mm [ge]`, { pieces: 2 }],
  [`minimum: pieces of 3, 4, 5 pixels of ${0.25 * (1 - 2e-9)} x 1 mm [ge]`, { pieces: 1 }],
  ['minimum: 2.2 pixels to 1 mm2, rounded [ge]', { pieces: 1 }],
  ['minimum: 2.2 pixels to 1 mm2, rounded [rounded]', { pieces: 2 }],
  ['minimum: pieces, not lesions, are measured [agatston-130]', { agatston: 0, lesions: 0 }],

  ['neighbours: two pixels at a corner, falling [agatston-130]', { agatston: 4, pieces: 1 }],
  ['neighbours: two pixels at a corner, falling [siemens]', { agatston: 3, pieces: 2, lesions: 2 }],
  ['neighbours: two pixels at a corner, rising [agatston-130]', { agatston: 4, pieces: 1 }],
  ['neighbours: two blocks at a corner [agatston-130]', { agatston: 32, pieces: 1 }],
  ['neighbours: two blocks at a corner [ge]', { agatston: 20, pieces: 2 }],
  ['neighbours: a U joins at its end [siemens]', { agatston: 42, pieces: 1, pixels: 21 }],
  ['neighbours: a W joins arm by arm [siemens]', { pieces: 1, lesions: 1 }],
  ['neighbours: a row does not run on into the next [every-piece]', { pieces: 2, lesions: 2 }],
  ['neighbours: a row does not run back into the one before [siemens]', { agatston: 5, pieces: 2, lesions: 2 }],
  ['neighbours: a slice does not run on into the next [every-piece]', { pieces: 2, lesions: 2 }],
  ['neighbours: a slice does not run back into the one before [siemens]', { pieces: 3, lesions: 2 }],
  ['neighbours: nested rings [siemens]', { pieces: 3, pixels: 52 + 28 + 4, agatston: 52 + 28 * 2 + 4 * 3 }],

  ['rescale: int16, HU = 0.5 x stored + -0.25 [siemens]', { pieces: 14, agatston: 128 }],
  ['rescale: neighbouring stored values of one HU [every-piece]', { pieces: 4, peakHu: 130 }],
  ['rescale: another rescale in each slice [agatston-130]', { agatston: 360, lesions: 4, meanHu: 300 }],
  ['rescale: slope of another sign in the second slice [agatston-130]', { agatston: 128, peakHu: 410 }],
  ['rescale: float32 fractions [canon]', { agatston: 4 * (1 + 1 + 2 + 3 + 4), pieces: 5 }],
  ['padding: a band inside the calcified range [agatston-130]', { agatston: 32, pieces: 2 }],
  ['padding: a single value [agatston-130]', { agatston: 28, pieces: 2 }],
  ['padding: splits a piece [agatston-130]', { agatston: 20, pieces: 2, peakHu: 150 }],
  ['padding: in stored values, under a negative slope [ge]', { agatston: 24, pieces: 2 }],
  ['padding: of the second slice alone [agatston-130]', { agatston: 72, pieces: 2, lesions: 2 }],
  ['padding: float32 [agatston-130]', { agatston: 32, pieces: 2 }],

  ['territories: label 0 is outside [agatston-130]', { agatston: 8 }],
  ['territories: two that touch [agatston-130]', { agatston: 40, pieces: 2, lesions: 1 }],
  ['territories: two that touch at a corner [agatston-130]', { pieces: 2, lesions: 1 }],
  ['territories: two that touch at a corner [siemens]', { pieces: 2, lesions: 2 }],
  ['territories: the border takes both below the minimum [agatston-130]', { agatston: 0, lesions: 0 }],
  ['territories: the border takes both below the minimum [siemens]', { agatston: 1, lesions: 1 }],
  ['territories: three in a row [agatston-130]', { agatston: 27 * 2 + 9 * 3, pieces: 4, lesions: 2 }],
  ['territories: a background gap of label 0 [agatston-130]', { pieces: 2, lesions: 2 }],
  ['territories: linked over slices [agatston-130]', { pieces: 2, lesions: 1 }],
  ['territories: checkerboard of labels [siemens]', { pieces: 36, lesions: 1 }],
  ['territories: checkerboard of labels [every-piece]', { pieces: 2, lesions: 1 }],

  ['lesions: overlap of one pixel [agatston-130]', { lesions: 1 }],
  ['lesions: no overlap [agatston-130]', { lesions: 2 }],
  ['lesions: side by side [agatston-130]', { lesions: 2 }],
  ['lesions: an empty slice between [agatston-130]', { lesions: 2 }],
  ['lesions: joined in the slice above [agatston-130]', { agatston: 54, lesions: 1, pieces: 3 }],
  ['lesions: joined in the slice below [agatston-130]', { agatston: 54, lesions: 1, pieces: 3 }],
  ['lesions: joined only in the last slice [agatston-130]', { agatston: 86, lesions: 2, pieces: 11 }],
  ['lesions: a staircase [agatston-130]', { agatston: 60, lesions: 1, pieces: 6 }],
  [
    'lesions: linked by a piece that does not count [agatston-130]',
    { agatston: 8, lesions: 1, pieces: 2, peakHu: 150 },
  ],
  ['lesions: none of its pieces counts [agatston-130]', { agatston: 4.5, lesions: 1, pieces: 1 }],

  ['geometry: rows 0.4, columns 0.7 mm apart [agatston-130]', { agatston: 5.04, volumeMm3: 7.56, massMg: 1.512 }],
  ['geometry: slices 0.625 mm apart [agatston-130]', { agatston: 7.5, volumeMm3: 22.5 }],
  ['geometry: slices 1.5 mm apart, 3 mm thick [agatston-130]', { agatston: 40.5 }],
  ['geometry: slices 1.5 mm apart, 3 mm thick [by-thickness]', { agatston: 81 }],
  ['geometry: slices 1.5 mm apart, 3 mm thick [unscaled]', { agatston: 81 }],
  ['geometry: mass [agatston-130]', { massMg: 5.4 }],
]

describe('answers known beforehand', () => {
  it.each(KNOWN)('%s', (name, answer) => {
    const { total } = scoreOf(name)
    for (const [key, value] of Object.entries(answer)) {
      const got = total[key as keyof Sums]
      if (value === null) expect(got, key).toBe(null)
      else expect(Math.abs(got! - value), `${key} ${got}, not ${value}`).toBeLessThanOrEqual(1e-12 * value)
    }
  })
})

describe('pieces and lesions', () => {
  it('measures what a hand measures', () => {
    const { pieces } = scoreOf('ladder: every class in one piece [agatston-130]')
    expect(pieces).toEqual([
      {
        slice: 0,
        territory: 0,
        lesion: 0,
        pixels: 14,
        peak: 450,
        sum: 300 + 750 + 1400 + 2250,
        bins: [2, 3, 4, 5],
        box: [1, 1, 1, 14],
        sumRow: 14,
        sumColumn: 105,
        weight: 4,
        counted: true,
      },
    ])
  })

  it('takes the lowest stored value as the peak under a negative slope', () => {
    const { pieces } = scoreOf('rescale: slope of another sign in the second slice [agatston-130]')
    expect(pieces.map((piece) => piece.peak)).toEqual([410, -410])
  })

  it('numbers pieces by first pixel and lesions by first piece', () => {
    const { pieces, lesions } = scoreOf('lesions: order [agatston-130]')
    expect(pieces.map(({ slice, box }) => [slice, box[0], box[1]])).toEqual([
      [0, 9, 6],
      [1, 2, 10],
      [1, 9, 1],
      [2, 2, 2],
      [2, 9, 1],
    ])
    expect(lesions.map((lesion) => lesion.members)).toEqual([[0], [1], [2, 4], [3]])
    expect(pieces.map((piece) => piece.lesion)).toEqual([0, 1, 2, 3, 2])
  })

  it('keeps the territory on the piece and counts a shared lesion once', () => {
    const { territories, pieces, lesions } = scoreOf('territories: two that touch [agatston-130]')
    expect(pieces.map((piece) => piece.territory)).toEqual([1, 2])
    expect([territories[1]!.agatston, territories[2]!.agatston]).toEqual([8, 32])
    expect([territories[1]!.lesions, territories[2]!.lesions, lesions.length]).toEqual([1, 1, 1])
  })

  it('lists a lesion that does not count, with nothing in it', () => {
    const { lesions, pieces } = scoreOf('lesions: none of its pieces counts [agatston-130]')
    expect(lesions.map(({ agatston, members }) => [agatston, members.length])).toEqual([
      [0, 2],
      [4.5, 1],
    ])
    expect(pieces.map((piece) => piece.counted)).toEqual([false, true, false])
  })

  it('takes NaN for no calcium', () => {
    const scan = { rows: 1, columns: 3, slices: 1, pixelSpacingMm: [1, 1], incrementMm: 3 } as const
    const pixels = new Float32Array([150, NaN, 150])
    const score = reference({ ...scan, pixels, rescale: () => ({ slope: 1, intercept: 0 }) }, AGATSTON_130)
    expect(score.pieces.map((piece) => piece.sum)).toEqual([150, 150])
  })

  it('refuses a standard that needs the thickness where there is none', () => {
    const scan = { rows: 1, columns: 1, slices: 1, pixelSpacingMm: [1, 1], incrementMm: 3 } as const
    const input = { ...scan, pixels: [150], rescale: () => ({ slope: 1, intercept: 0 }) }
    const standard = custom('needs-thickness', { sliceFactor: 'thickness/3' })
    expect(() => reference(input, standard)).toThrow(RangeError)
    expect(reference({ ...input, thicknessMm: 1.5 }, standard).total.agatston).toBe(0.5)
  })
})

describe('the reference itself', () => {
  const text = readFileSync(new URL('./score.ts', import.meta.url), 'utf8')

  it('is under 150 lines of 120 columns', () => {
    const lines = text.trimEnd().split('\n')
    expect(lines.length).toBeLessThan(150)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  it('imports nothing but types', () => {
    const imports = text.match(/^\s*(import|export)\b.*\bfrom\b.*$/gm) ?? []
    expect(imports.length).toBeGreaterThan(0)
    expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([])
    expect(text).not.toMatch(/\bimport\s*\(|\brequire\s*\(|^import\s+['"]/m)
  })
})

describe('the vectors', () => {
  it('on disk are what the definitions and the reference give', () => {
    for (const [name, made] of makeVectors()) {
      const stored = readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')
      expect(stored === made, `${name} is out of date: npx tsx test/vectors/make.ts`).toBe(true)
    }
  })

  it('stay below 300 kB', () => {
    const bytes = [...makeVectors().values()].reduce((sum, made) => sum + Buffer.byteLength(made), 0)
    expect(bytes).toBeLessThan(300_000)
  })

  it('decode to volumes that read slice by slice what the reference scores', () => {
    for (const { input, kind, name } of vectors) {
      const volume = volumeOf(input)
      expect(volume.pixelKind, name).toBe(kind)
      const size = input.rows * input.columns
      const k = input.slices - 1
      const into = input.pixels.slice(0, size).fill(7)
      void volume.readSlice(k, into)
      expect(into, name).toEqual(input.pixels.subarray(k * size))
    }
  })

  it('are scored under the parameters of the shipped standards', () => {
    for (const ours of FIVE) {
      const shipped = STANDARDS.find((standard) => standard.id === ours.id)
      expect(shipped, ours.id).toEqual({ ...ours, title: shipped?.title, citation: shipped?.citation })
    }
  })

  it('cover every rule', () => {
    const rules = ['published', 'threshold', 'ladder', 'minimum', 'neighbours', 'rescale', 'padding', 'territories']
    const found = new Set(vectors.map((vector) => vector.rule))
    expect([...found].sort()).toEqual([...rules, 'lesions', 'geometry', 'trap', 'painted'].sort())
  })
})
