/** The reference against answers that do not come from it, and the vectors against the reference. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { vectors, volumeOf } from '../vectors/load.js'
import { makeVectors } from '../vectors/make.js'
import { AGATSTON_130, BAND, LITERATURE, SHIPPED, custom } from '../vectors/standards.js'
import { band } from './band.js'
import { KNOWN } from './known.js'
import { KNOWN_BY_RULE } from './known-rules.js'
import { reference } from './score.js'
import type { Sums } from './types.js'

const byName = new Map(vectors.map((vector) => [`${vector.rule}: ${vector.name}`, vector]))

function scoreOf(name: string) {
  const vector = byName.get(name)
  if (!vector) throw new RangeError(`no vector is named ${name}`)
  return reference(vector.input, vector.standard)
}

describe('answers known beforehand', () => {
  it.each([...KNOWN, ...KNOWN_BY_RULE])('%s', (name, answer) => {
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

  it('gives a lesion to one territory under the rule whole', () => {
    const of = (name: string) => Object.entries(scoreOf(`whole: ${name} [agatston-130]`).territories)
    expect(of('7 of 16 pixels').map(([label, sums]) => [label, sums.agatston])).toEqual([['2', 16]])
    expect(of('8 of 16 pixels').map(([label, sums]) => [label, sums.agatston])).toEqual([['1', 16]])
    expect(of('9 of 16 pixels').map(([label, sums]) => [label, sums.agatston])).toEqual([['1', 16]])
    expect(of('one labelled pixel of 16').map(([label, sums]) => [label, sums.agatston])).toEqual([['2', 16]])
    expect(of('most of it in the aorta').map(([label, sums]) => [label, sums.agatston])).toEqual([['7', 16]])
    expect(of('pieces that do not count have a say').map(([label]) => label)).toEqual(['2'])
    const { pieces } = scoreOf('whole: no labelled pixel [agatston-130]')
    expect(pieces.map(({ territory, counted }) => [territory, counted])).toEqual([[0, false], [2, true]]) // prettier-ignore
  })

  it('measures volume in the territory it lies in, also where nothing is scored', () => {
    const { territories } = scoreOf('volume: a rim in another territory [philips]')
    expect([territories[1]!.volumeMm3, territories[2]!.volumeMm3, territories[2]!.agatston]).toEqual([45, 30, 0])
    const whole = scoreOf('whole: a rim that leads into another territory [philips]').territories
    // What is scored decides whose it is: the rim goes with it.
    expect([whole[1]!.agatston, whole[1]!.volumeMm3, whole[2]]).toEqual([9, 72, undefined])
    const apart = scoreOf('territories: a lesion from the aorta into the LM [ai-cac]').territories
    expect([apart[1]!.agatston, apart[7]!.agatston]).toEqual([32, 32])
  })

  it("keeps a lesion's volume that of its own pieces", () => {
    const { lesions, total } = scoreOf('volume: a rim below 130 HU [philips]')
    expect([total.volumeMm3, lesions[0]!.volumeMm3, lesions[0]!.massMg]).toEqual([75, 27, 4.05])
    const ring = scoreOf('volume: a disc inside a ring [literature]')
    expect(ring.lesions.map((lesion) => lesion.volumeMm3)).toEqual([33, 9])
  })

  it('weighs a piece by the mean of its pixels where each has its own', () => {
    const { pieces } = scoreOf('weight: one bright pixel [weight-pixel]')
    expect(pieces.map(({ weight }) => weight)).toEqual([12 / 9])
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
    for (const change of [{ sliceFactor: 'increment/thickness' }, { volume: 'area-x-thickness' }] as const) {
      const needs = custom('needs-thickness', change)
      expect(() => reference({ ...input, pixels: [150] }, needs)).toThrow(/needs-thickness needs thicknessMm/)
    }
  })
})

describe('the band', () => {
  const scan = { rows: 1, columns: 9, slices: 1, pixelSpacingMm: [0.5, 0.5], incrementMm: 3 } as const
  const input = {
    ...scan,
    pixels: [450, 0, 450, 450, 0, 450, 450, 450, 0],
    rescale: () => ({ slope: 1, intercept: 0 }),
  }

  it('is the least and the greatest score under the standards given', () => {
    const wanted = { literature: 0, ge: 0, siemens: 6, philips: 5, canon: 3 }
    expect(band(input, BAND)).toEqual({ min: 0, max: 6, byStandard: wanted })
    expect(band(input, [LITERATURE])).toEqual({ min: 0, max: 0, byStandard: { literature: 0 } })
    expect(() => band(input, [])).toThrow(RangeError)
  })

  it('stands in the vectors that ask for it', () => {
    const found = new Map(vectors.flatMap(({ name, band: stored }) => (stored ? [[name.split(' [')[0], stored]] : [])))
    expect([...found].map(([name, { min, max }]) => [name, min, max])).toEqual([
      ['pieces of 1 to 5 pixels of 0.25 mm2', 9, 15],
      ['two blocks at a corner', 20, 20],
      ['across a category edge', 99, 101],
      ['nothing at all', 0, 0],
      ['in territories', 9, 15],
    ])
  })
})

describe('the reference itself', () => {
  const files = ['score.ts', 'pieces.ts', 'rules.ts', 'volumes.ts', 'band.ts', 'types.ts']
  const text = (file: string): string => readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')

  it.each(files)('%s is under 150 lines of 120 columns', (file) => {
    const lines = text(file).trimEnd().split('\n')
    expect(lines.length).toBeLessThan(150)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  it.each(files)('%s imports nothing of the engine but types', (file) => {
    const imports = text(file).match(/^\s*(import|export)\b.*\bfrom\b.*$/gm) ?? []
    const own = files.map((name) => `'./${name.replace('.ts', '.js')}'`)
    expect(
      imports.filter((line) => !line.startsWith('import type ') && !own.some((one) => line.endsWith(one))),
    ).toEqual([])
    expect(text(file)).not.toMatch(/\bimport\s*\(|\brequire\s*\(|^import\s+['"]/m)
  })
})

describe('the vectors', () => {
  const made = makeVectors()

  it('on disk are what the definitions and the reference give', () => {
    for (const [name, text] of made) {
      const stored = readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')
      expect(stored === text, `${name} is out of date: npx tsx test/vectors/make.ts`).toBe(true)
    }
  })

  it('stay below 3 MB', () => {
    const bytes = [...made.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    expect(bytes).toBeLessThan(3_000_000)
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

  it('are scored under the parameters of the shipped standards, of all of them', () => {
    expect(SHIPPED.map(({ id }) => id).sort()).toEqual(STANDARDS.map(({ id }) => id).sort())
    const scored = new Set(vectors.map(({ standard }) => standard.id))
    expect(SHIPPED.filter(({ id }) => !scored.has(id))).toEqual([])
    for (const ours of SHIPPED) {
      const shipped = STANDARDS.find((standard) => standard.id === ours.id)
      expect(shipped, ours.id).toEqual({ ...ours, title: shipped?.title, citation: shipped?.citation, sha256: null })
    }
  })

  it('cover every rule', () => {
    const rules = ['published', 'threshold', 'ladder', 'minimum', 'neighbours', 'rescale', 'padding', 'territories']
    const found = new Set(vectors.map((vector) => vector.rule))
    expect([...found].sort()).toEqual(
      [...rules, 'lesions', 'geometry', 'weight', 'volume', 'whole', 'sensitivity', 'trap', 'painted'].sort(),
    )
  })
})
