/** Readers' clicks: which lesion they take, where it goes, and that the same clicks make the same result. */
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { ScoreOptions } from '../../bindings/score/request.js'
import type { Assignment, Result } from '../../bindings/score/result.js'
import { parseAssignments } from '../../bindings/score/further/index.js'
import type { SyncVolume } from '../../bindings/volume/volume.js'
import { platforms } from '../platforms.js'
import { plain, study, thrown } from './studies.js'

/** Two lesions of 3 x 3 pixels: A on slices 1 and 2 (rows and columns 2 to 4), B on slice 2 (rows and columns 8 to 10). */
const isIn = (n: number, from: number): boolean => n >= from && n < from + 3
const base = study([14, 14, 4], (x, y, z) => {
  if (isIn(x, 2) && isIn(y, 2) && (z === 1 || z === 2)) return 250
  return isIn(x, 8) && isIn(y, 8) && z === 2 ? 450 : 0
})
const uids = { ...base, sopInstanceUid: (k: number) => `1.2.${k}` } as SyncVolume
const [A, B] = [36, 36] // 9 mm2 x 2 on two slices, 9 mm2 x 4 on one
const ON_A = { slice: 1, row: 3, column: 3 }
const ON_B = { slice: 2, row: 9, column: 9 }

const mask = (label: (x: number, y: number, z: number) => number): Uint8Array =>
  Uint8Array.from({ length: 14 * 14 * 4 }, (_, i) => label(i % 14, Math.floor(i / 14) % 14, Math.floor(i / 196)))

for (const platform of platforms) {
  describe(`clicks (${platform.name})`, async () => {
    const engine = await platform.engine()
    await engine.score(base, { assignments: [] }) // brings what the core does without
    const score = (assignments: readonly Assignment[], more: ScoreOptions = {}, volume: SyncVolume = uids): Result =>
      engine.scoreSync(volume, { assignments, ...more })
    const missed = (assignments: readonly Assignment[], more: ScoreOptions = {}, volume = uids): AgatstonError => {
      const error = thrown(() => score(assignments, more, volume)) as AgatstonError
      expect(error.code).toBe('ASSIGNMENT_MISSED')
      return error
    }

    it.each([
      ['pixel', ON_A],
      ['other slice of the lesion', { ...ON_A, slice: 2 }],
      ['image', { sopInstanceUid: '1.2.2', row: 2, column: 4 }],
      ['point', { point: [3, 3, 3] as const }],
    ])('take the whole lesion across slices, by %s', (_name, place) => {
      const result = score([{ ...place, territory: 'LAD' }])
      expect(result.scope).toBe('territories')
      expect(result.total).toMatchObject({ agatston: A, pieces: 2, lesions: 1, volumeMm3: 54 })
      expect(Object.keys(result.territories)).toEqual(['LAD'])
      expect(result.lesions.map(({ territories, slices }) => [territories, slices])).toEqual([[['LAD'], [1, 2]]])
      expect(result.category).toMatchObject({ classic: 'mild', cacDrs: 'A1/N1' })
    })

    it('take the nearest pixel of a point: edges of pixels and half increments', () => {
      const at = (x: number, y: number, z: number): Assignment => ({ point: [x, y, z], territory: 'LAD' })
      for (const x of [1.501, 3, 4.499])
        for (const y of [1.501, 4.499]) expect(score([at(x, y, 3)]).total.agatston).toBe(A)
      for (const [x, y] of [[1.499, 3], [4.501, 3], [3, 1.499], [3, 4.501]] as const) missed([at(x, y, 3)]) // prettier-ignore
      for (const z of [1.501, 4.499, 4.501, 7.499]) expect(score([at(3, 3, z)]).total.agatston, `z ${z}`).toBe(A)
      for (const z of [1.499, 7.501]) missed([at(3, 3, z)])
      // Beyond the first and the last slice half an increment is still theirs.
      expect(missed([at(0, 0, -1.5)]).message).toMatch(/on no calcified pixel/)
      expect(missed([at(0, 0, -1.51)]).message).toMatch(/outside the scan/)
      expect(missed([at(0, 0, 10.5)]).message).toMatch(/on no calcified pixel/)
      expect(missed([at(0, 0, 10.51)]).message).toMatch(/outside the scan/)
      for (const [x, y] of [[-0.51, 0], [13.51, 0], [0, -0.51], [0, 13.51]] as const)
        expect(missed([at(x, y, 0)]).message).toMatch(/outside the scan/) // prettier-ignore
      expect(missed([at(-0.49, 13.49, 0)]).message).toMatch(/on no calcified pixel/)
    })

    it('at every pixel of the slice: calcified ones take, all others are missed', () => {
      for (let row = 0; row < 14; row++) {
        for (let column = 0; column < 14; column++) {
          const click = { slice: 2, row, column, territory: 'RCA' }
          const onA = isIn(row, 2) && isIn(column, 2)
          if (onA || (isIn(row, 8) && isIn(column, 8))) expect(score([click]).total.agatston).toBe(onA ? A : B)
          else expect(missed([click]).details).toMatchObject({ click: 1, as: 'RCA', slice: 2, row, column })
        }
      }
    })

    it('of several on one lesion the last decides', () => {
      const result = score([
        { ...ON_A, territory: 'LAD' },
        { ...ON_B, territory: 'RCA' },
        { ...ON_A, slice: 2, territory: 'LCX' },
      ])
      expect(result.territories).toMatchObject({ LAD: { agatston: 0 }, LCX: { agatston: A }, RCA: { agatston: B } })
      const back = score([
        { ...ON_A, exclude: 'stent' },
        { ...ON_A, territory: 'LAD' },
      ])
      expect([back.total.agatston, back.lesions[0]!.pieces[0]!.excluded]).toEqual([A, null])
    })

    it.each([
      ['agatston-130', 27],
      ['philips', 27],
      ['literature', undefined],
    ])('exclude with a reason, volume and mass too: %s', (standard, volume) => {
      const clicks = [
        { ...ON_A, exclude: ' stent ' },
        { ...ON_B, territory: 'RCA' },
      ]
      const result = score(clicks, { standard, massFactor: 7e-4 })
      const alone = score([clicks[1]!], { standard, massFactor: 7e-4 })
      expect(result.total).toEqual(alone.total)
      expect(result.total).toMatchObject({ agatston: B, pieces: 1, lesions: 1 })
      if (volume !== undefined) expect(result.total.volumeMm3).toBe(volume)
      const [out, kept] = result.lesions
      expect(out).toMatchObject({ counted: false, agatston: 0, volumeMm3: 0, massMg: 0, territories: [] })
      expect(out!.pieces.map(({ counted, excluded }) => [counted, excluded])).toEqual([[false, 'stent'], [false, 'stent']]) // prettier-ignore
      expect(kept!.pieces.map(({ excluded }) => excluded)).toEqual([null])
    })

    it('without a territory never score the whole image', () => {
      for (const clicks of [[], [{ ...ON_A, exclude: 'stent' }]]) {
        const result = score(clicks)
        expect(result.total).toMatchObject({ agatston: 0, pieces: 0 })
        expect([result.scope, result.category]).toEqual(['territories', null])
        expect(result.warnings.map(({ code }) => code)).toContain('ZERO_UNVERIFIED')
        expect(result.lesions.length).toBe(clicks.length)
      }
    })

    it('name branches, valves and vessels of one’s own', () => {
      const result = score([
        { ...ON_A, territory: 'ramus' },
        { ...ON_B, territory: 'PDA' },
      ])
      expect(Object.keys(result.territories)).toEqual(['RAMUS', 'PDA'])
      expect(result.total).toMatchObject({ agatston: A + B, diffusivity: 0.5 })
      expect(result.category!.cacDrs).toBe('A1/N2')
      for (const name of ['AORTA', 'aortic valve', 'MITRAL_VALVE', 'OTHER']) {
        const apart = score([
          { ...ON_A, territory: name },
          { ...ON_B, territory: 'LAD' },
        ])
        expect(apart.total).toMatchObject({ agatston: B, lesions: 1, diffusivity: 0 })
        expect(Object.values(apart.territories).map(({ agatston }) => agatston)).toEqual([A, B])
        const only = score([{ ...ON_A, territory: name }])
        expect([only.total.pieces, only.category]).toEqual([0, null])
      }
      const own = score([
        { ...ON_A, territory: 'Graft 1' },
        { ...ON_B, territory: 'LAD' },
      ])
      expect(own.total.agatston).toBe(A + B)
      expect(own.territories['Graft 1']!.agatston).toBe(A)
    })

    it('count the left main into LAD, with masks and without', () => {
      const clicks = [
        { ...ON_A, territory: 'LM' },
        { ...ON_B, territory: 'LAD' },
      ]
      expect(score(clicks).category!.cacDrs).toBe('A1/N2')
      const into = score(clicks, { lmIntoLad: true })
      expect(Object.keys(into.territories)).toEqual(['LAD'])
      expect(into).toMatchObject({ total: { agatston: A + B, diffusivity: 0 }, modifiers: ['lm-into-lad'] })
      expect(into.category!.cacDrs).toBe('A1/N1')
      const territories = { scalarData: mask((x) => (x < 6 ? 1 : 2)), names: { 1: 'LM', 2: 'LAD' } }
      const masked = engine.scoreSync(uids, { territories, lmIntoLad: true })
      expect(Object.keys(masked.territories)).toEqual(['LAD'])
      expect([masked.total.agatston, masked.category!.cacDrs]).toEqual([A + B, 'A1/N1'])
    })

    it('count the left main into LAD as it was scored: the border of the two still cuts', () => {
      // A lies across the border: columns 2 and 3 are LM, column 4 is LAD. Philips' volume has a rim of its own in LM alone.
      const rim = study([14, 14, 4], (x, y, z) => (x === 12 && y > 5 && y < 9 && z === 2 ? 120 : 0))
      for (const names of [
        { 1: 'LM', 2: 'LAD' },
        { 1: 'LM', 2: 'RCA' },
      ] as const) {
        for (const standard of ['agatston-130', 'philips', 'literature']) {
          for (const volume of [base, rim]) {
            const territories = { scalarData: mask((x) => (x < 4 || x > 11 ? 1 : 2)), names }
            const asked = { territories, standard, sensitivity: true, massFactor: 0.001 }
            const apart = engine.scoreSync(volume, asked)
            const into = engine.scoreSync(volume, { ...asked, lmIntoLad: true })
            expect({ ...into.total, diffusivity: null }).toEqual({ ...apart.total, diffusivity: null })
            expect(into.sensitivity!.byStandard).toEqual(apart.sensitivity!.byStandard)
            expect(Object.keys(into.territories)).not.toContain('LM')
            for (const key of ['agatston', 'volumeMm3', 'massMg', 'pixels'] as const) {
              const sum = apart.territories['LM']![key]! + (apart.territories['LAD']?.[key] ?? 0)
              expect(into.territories['LAD']![key], `${standard} ${key}`).toBeCloseTo(sum, 9)
            }
          }
        }
      }
    })

    it('name at most 255 territories', () => {
      const clicks = (n: number): Assignment[] =>
        Array.from({ length: n }, (_, i) => ({ ...ON_A, territory: `Graft ${i}` }))
      expect(score(clicks(255)).territories['Graft 254']!.agatston).toBe(A)
      expect(thrown(() => score(clicks(256)))).toBeInstanceOf(RangeError)
    })

    it('have only slices of what is claimed read again, where volume is interpolated', () => {
      // A lesion on slice 2; bone, which nobody claims, from slice 5 on.
      const scan = study([14, 14, 12], (x, y, z) => (isIn(x, 2) && isIn(y, 2) && (z === 2 || z > 4) ? 250 : 0))
      const read: number[] = []
      const watched = {
        ...scan,
        readSlice: (k: number, into: Parameters<SyncVolume['readSlice']>[1]) => {
          read.push(k)
          scan.readSlice(k, into)
        },
      } as SyncVolume
      score([{ slice: 2, row: 3, column: 3, territory: 'LAD' }], { standard: 'literature' }, watched)
      expect(read.slice(12)).toEqual([1, 2, 3])
    })

    it('move lesions out of the vessels of masks', () => {
      const territories = { scalarData: mask((x) => (x < 6 ? 2 : 4)), names: { 2: 'LAD', 4: 'RCA' } }
      const result = score(
        [
          { ...ON_A, territory: 'LCX' },
          { ...ON_B, exclude: 'rib' },
        ],
        { territories },
      )
      expect(result.territories).toMatchObject({ LAD: { agatston: 0 }, RCA: { agatston: 0 }, LCX: { agatston: A } })
      expect(result.total.agatston).toBe(A)
      // Under clip only what lies in a mask is there to be clicked on; under whole everything is.
      const some = { scalarData: mask((x) => (x < 6 ? 2 : 0)), names: { 2: 'LAD' } }
      expect(missed([{ ...ON_B, territory: 'RCA' }], { territories: some }).message).toMatch(/inside a mask/)
      const whole = score([{ ...ON_B, territory: 'RCA' }], { territories: some, regionRule: 'whole' })
      expect(whole.total.agatston).toBe(A + B)
      expect(whole.modifiers).toEqual(['region-whole'])
    })

    it('a lesion that spans two masks: pieces under clip, the larger share under whole, of equals the lower id', () => {
      const names = { 2: 'LAD', 4: 'RCA' }
      const at = (border: number, swap = false): object => ({
        territories: { scalarData: mask((x) => (x < border !== swap ? 2 : 4)), names },
      })
      const clip = engine.scoreSync(uids, at(3))
      expect(clip.territories).toMatchObject({
        LAD: { agatston: 12, lesions: 1 },
        RCA: { agatston: 24 + B, lesions: 2 },
      })
      expect(clip.total).toMatchObject({ agatston: A + B, lesions: 2, pieces: 5 })
      const whole = engine.scoreSync(uids, { ...at(3), regionRule: 'whole' })
      expect(whole.territories).toMatchObject({ LAD: { agatston: 0 }, RCA: { agatston: A + B, pieces: 3 } })
      expect(engine.scoreSync(uids, { ...at(4), regionRule: 'whole' }).territories['LAD']!.agatston).toBe(A)
      const bySlice = { scalarData: mask((_x, _y, z) => (z === 1 ? 4 : 2)), names } // nine pixels each
      const tie = engine.scoreSync(uids, { territories: bySlice, regionRule: 'whole' })
      expect(tie.territories).toMatchObject({ LAD: { agatston: A + B }, RCA: { agatston: 0 } })
      // One click takes both parts.
      expect(score([{ ...ON_A, territory: 'LM' }], at(3)).territories['LM']).toMatchObject({ agatston: A, lesions: 1 })
    })

    it('only exclude from a whole image', () => {
      const result = score([{ ...ON_B, exclude: 'rod' }], { scope: 'whole-image' })
      expect([result.total.agatston, result.scope, result.category]).toEqual([A, 'whole-image', null])
      expect(thrown(() => score([{ ...ON_B, territory: 'LAD' }], { scope: 'whole-image' }))).toBeInstanceOf(RangeError)
      // No vessels, no left main: a stamp would tell of what was not done.
      const more: ScoreOptions = { scope: 'whole-image', lmIntoLad: true }
      expect(thrown(() => score([{ ...ON_B, exclude: 'rod' }], more))).toBeInstanceOf(RangeError)
      expect(thrown(() => engine.scoreSync(uids, more))).toBeInstanceOf(RangeError)
    })

    it('replay to the identical result', () => {
      const clicks: Assignment[] = [
        { territory: 'lad', point: [3, 3, 3] } as Assignment,
        { exclude: ' rib ', row: 9, column: 9, sopInstanceUid: '1.2.2' } as Assignment,
      ]
      const more: ScoreOptions = { sensitivity: true, massFactor: 7e-4 }
      const result = score(clicks, more)
      const saved = JSON.stringify({ schema: 'agatston.assignments/1', assignments: result.input.assignments })
      expect(JSON.stringify(score(parseAssignments(saved), more))).toBe(JSON.stringify(result))
      expect(plain(score(result.input.assignments!, more))).toEqual(plain(result))
    })

    it('name the click that is missed, or whose image is not said for sure', () => {
      const good = { ...ON_A, territory: 'LAD' }
      const error = missed([good, { slice: 0, row: 3, column: 3, exclude: 'x' }])
      expect(error.message).toMatch(/^Click 2 \(exclude\) is on no calcified pixel/)
      expect(missed([{ slice: 4, row: 3, column: 3, territory: 'LAD' }]).message).toMatch(/outside the scan/)
      expect(missed([{ sopInstanceUid: '1.2.9', row: 3, column: 3, territory: 'LAD' }]).message).toMatch(
        /not in the series/,
      )
      const frames = { ...base, sopInstanceUid: () => '1.2.3' } as SyncVolume
      expect(missed([{ sopInstanceUid: '1.2.3', row: 3, column: 3, territory: 'LAD' }], {}, frames).message).toMatch(
        /4 slices/,
      )
    })

    it('leave no category without confirmed vessels, and doubt a zero of small pieces', () => {
      const speck = study([8, 8, 3], (x, y, z) => (x === 4 && y === 4 && z === 1 ? 300 : 0))
      const small = { ...speck, geometry: { ...speck.geometry, pixelSpacingMm: [0.5, 0.5] as const } } as SyncVolume
      const result = score([{ slice: 1, row: 4, column: 4, territory: 'LAD' }], {}, small)
      expect(result.total).toMatchObject({ agatston: 0, pieces: 0 })
      const zero = result.warnings.find(({ code }) => code === 'ZERO_UNVERIFIED')!
      expect(zero.details['failed']).toEqual(expect.arrayContaining(['LCX not marked', 'RCA not marked']))
    })
  })
}

describe('the file of clicks', () => {
  const file = (assignments: unknown): string => JSON.stringify({ schema: 'agatston.assignments/1', assignments })
  const good = { slice: 0, row: 1, column: 2, territory: 'LAD' }
  it.each([
    ['no object', 7, TypeError],
    ['no place', { territory: 'LAD' }, TypeError],
    ['half a place', { slice: 1, row: 2, territory: 'LAD' }, TypeError],
    ['two places', { ...good, point: [1, 2, 3] }, TypeError],
    ['two kinds', { ...good, exclude: 'x' }, TypeError],
    ['no kind', { slice: 0, row: 1, column: 2 }, TypeError],
    ['a field too many', { ...good, note: 'x' }, TypeError],
    ['a row below 0', { ...good, row: -1 }, RangeError],
    ['half a row', { ...good, row: 1.5 }, RangeError],
    ['a row as text', { ...good, row: '1' }, RangeError],
    ['a point of two', { point: [1, 2], territory: 'LAD' }, RangeError],
    ['a point of text', { point: [1, 2, '3'], territory: 'LAD' }, RangeError],
    ['a UID of letters', { sopInstanceUid: '1.a', row: 1, column: 2, territory: 'LAD' }, RangeError],
    ['an empty name', { ...good, territory: '' }, RangeError],
    ['a name of signs', { ...good, territory: 'L<D' }, RangeError],
    ['an empty reason', { slice: 0, row: 1, column: 2, exclude: '  ' }, RangeError],
    ['a long reason', { slice: 0, row: 1, column: 2, exclude: 'x'.repeat(201) }, RangeError],
    ['a reason of two lines', { slice: 0, row: 1, column: 2, exclude: 'a\nb' }, RangeError],
    ['a reason that steers a terminal', { slice: 0, row: 1, column: 2, exclude: 'a\u009b31m' }, RangeError],
    ['a reason that turns around', { slice: 0, row: 1, column: 2, exclude: 'a\u202eb' }, RangeError],
  ])('%s is refused, and the click named', (_name, click, kind) => {
    const error = thrown(() => parseAssignments(file([good, click]))) as Error
    expect(error).toBeInstanceOf(kind)
    expect(error.message).toMatch(/click 2\b/)
  })

  it('reads what is right, and nothing else', () => {
    expect(parseAssignments(file([good]))).toEqual([good])
    expect(parseAssignments(file([{ slice: 0, row: 1, column: 2, exclude: 'x'.repeat(200) }])).length).toBe(1)
    expect(() => parseAssignments('{')).toThrow(SyntaxError)
    for (const text of [
      'null',
      '[]',
      '{}',
      file({}),
      file(undefined),
      '{"schema":"agatston.assignments/2","assignments":[]}',
    ])
      expect(() => parseAssignments(text)).toThrow(TypeError)
    expect(() => parseAssignments(file(Array.from({ length: 10_001 }, () => good)))).toThrow(/10001 clicks/)
  })
})
