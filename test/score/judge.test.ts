/** What scoring itself refuses or warns of: geometry nobody else checked, pixels that are no HU, a zero that says nothing. */
import '../../bindings/score/further/index.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type AgatstonError, REFUSAL_CODES } from '../../bindings/base/errors.js'
import { type Engine, createEngine } from '../../bindings/score/engine.js'
import type { ScoreOptions } from '../../bindings/score/options.js'
import type { Result } from '../../bindings/score/result.js'
import { fileExaminer } from '../../bindings/volume/examine.js'
import { VOLUME_CODES } from '../../bindings/score/judge.js'
import { type ArrayVolumeInput, arrayVolume } from '../../bindings/volume/array.js'
import type { SliceArray, Volume } from '../../bindings/volume/volume.js'
import { spying } from '../spy.js'
import { WHOLE, study, thrown } from './studies.js'

const ROWS = 16
const SIZE = ROWS * ROWS

/** 16 x 16 x 32 pixels of 0.4 x 0.4 x 3 mm with soft tissue, air and one block of calcium from slice 3 to 5. */
function chest(given: Partial<ArrayVolumeInput> = {}): ReturnType<typeof arrayVolume> {
  const scalarData = Int16Array.from({ length: SIZE * 32 }, (_, i) => {
    const [x, y, z] = [i % ROWS, Math.floor(i / ROWS) % ROWS, Math.floor(i / SIZE)]
    if (z >= 3 && z <= 5 && x > 3 && x < 8 && y > 3 && y < 8) return 350
    return x === 0 ? -900 : 20 + ((i * 7) % 60)
  })
  return arrayVolume({ scalarData, dimensions: [ROWS, ROWS, 32], spacing: [0.4, 0.4, 3], ...given })
}

const map = (label: (i: number) => number, names: Record<number, string>) => ({
  scalarData: Uint8Array.from({ length: SIZE * 32 }, (_, i) => label(i)),
  names,
})
const codes = (result: Result): string[] => result.warnings.map(({ code }) => code)

/** The same pixels as a file would bring them. */
const asFile = (volume: Volume): Volume => ({ ...volume, kind: 'nifti', examiner: () => fileExaminer(volume.geometry) })

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})

describe('geometry and acquisition of arrays', () => {
  const score = (given: Partial<ArrayVolumeInput>, options: ScoreOptions = {}): Result =>
    engine.scoreSync(chest(given), { ...WHOLE, ...options })
  const refused = (given: Partial<ArrayVolumeInput>): string => (thrown(() => score(given)) as AgatstonError).code

  it('an ordinary one draws no warning but that of its scope', () => {
    expect(codes(score({ thicknessMm: 3 }))).toEqual(['SCOPE_WHOLE_IMAGE'])
  })

  it('NOT_AXIAL beyond 30 degrees, unless accepted', () => {
    const tilted = (degrees: number): number[] => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
      return [1, 0, 0, 0, c, s, 0, -s, c]
    }
    expect(codes(score({ direction: tilted(29.9) }))).toEqual(['SCOPE_WHOLE_IMAGE'])
    expect(refused({ direction: tilted(30.1) })).toBe('NOT_AXIAL')
    expect(score({ direction: tilted(30.1) }, { accept: ['NOT_AXIAL'] }).accepted).toEqual(['NOT_AXIAL'])
  })

  it('increments outside 2.45 to 3.05 mm, overlap, gaps, short coverage', () => {
    const at = (mm: number, thicknessMm?: number): string[] =>
      codes(score({ spacing: [0.4, 0.4, mm], ...(thicknessMm === undefined ? {} : { thicknessMm }) }))
    for (const mm of [2.44, 3.06]) expect(at(mm)).toContain('THICKNESS_NOT_2_5_TO_3')
    for (const mm of [2.45, 3.05]) expect(at(mm)).not.toContain('THICKNESS_NOT_2_5_TO_3')
    expect(at(1.5, 3)).toContain('SLICES_OVERLAP')
    expect(at(3, 2.5)).toContain('SLICES_GAP')
    expect(at(90 / 32)).not.toContain('COVERAGE_SHORT')
    expect(at(89.9 / 32)).toContain('COVERAGE_SHORT')
  })

  it('facts: another tube voltage is warned of, contrast refused', () => {
    expect(codes(score({ facts: { kvp: 119.5 } }))).not.toContain('KVP_NOT_120')
    expect(codes(score({ facts: { kvp: 119.4 } }))).toContain('KVP_NOT_120')
    expect(refused({ facts: { contrast: 'recorded' } })).toBe('CONTRAST_GIVEN')
  })
})

describe('territories that say nothing of the coronaries', () => {
  it.each([
    ['only the aorta', map((i) => (i % 3 ? 1 : 0), { 1: 'AORTA' })],
    ['nothing at all', map(() => 0, { 1: 'LAD' })],
    ['names, but on no pixel', map(() => 2, { 1: 'LAD', 2: 'OTHER' })],
  ])('%s: no category, ZERO_UNVERIFIED', (_what, territories) => {
    const result = engine.scoreSync(chest(), { territories })
    expect([result.total.agatston, result.category]).toEqual([0, null])
    expect(codes(result)).toContain('ZERO_UNVERIFIED')
  })

  it('one pixel of a vessel is enough for a category, and a zero there is still told to be unverified', () => {
    const result = engine.scoreSync(chest(), { territories: map((i) => (i === 0 ? 1 : 0), { 1: 'LAD' }) })
    expect(result.category).toEqual({ classic: 'zero', cacDrs: 'A0/N0', accAha2026: 'absent' })
    expect(codes(result)).toContain('ZERO_UNVERIFIED')
  })

  it('known names are known however they are written; others stay as they are', () => {
    const names = { 1: 'lad', 2: 'Aortic valve', 3: 'aorta', 4: 'Stent 1' }
    const thirds = map((i) => 1 + Math.floor(((i % SIZE) * 4) / SIZE), names)
    const result = engine.scoreSync(chest(), { territories: thirds })
    expect(Object.keys(result.territories)).toEqual(['LAD', 'AORTIC_VALVE', 'AORTA', 'Stent 1'])
    expect(result.total.agatston).toBe(result.territories.LAD!.agatston + result.territories['Stent 1']!.agatston)
    expect(result.territories.AORTIC_VALVE!.agatston).toBeGreaterThan(0)
  })

  it('own names only: a category without N', () => {
    const result = engine.scoreSync(chest(), { territories: map(() => 1, { 1: 'L_HD' }) })
    expect(result.category!.cacDrs).toMatch(/^A[123]$/)
  })

  it('COVERAGE_SHORT by the lesion, though its piece on the end slice is too small to count', () => {
    const volume = study([8, 8, 40], (x, y, z) => (x === 2 && y === 2 && z < 2 ? 300 : x === 3 && z === 1 ? 300 : 0))
    const territories = { scalarData: new Uint8Array(64 * 40).fill(1), names: { 1: 'LAD' } }
    const canon = engine.scoreSync(volume, { territories, standard: 'canon' })
    expect(canon.lesions[0]!.pieces.map(({ counted }) => counted)).toEqual([false, true])
    expect(codes(canon)).toContain('COVERAGE_SHORT')
  })
})

describe('pixels of files that are no HU', () => {
  const file = (hu: (i: number) => number): Volume =>
    asFile(chest({ scalarData: Int16Array.from({ length: SIZE * 32 }, (_, i) => hu(i)) }))
  const verdict = async (volume: Volume, options: ScoreOptions = WHOLE): Promise<string | readonly string[]> =>
    engine.score(volume, options).then(
      ({ accepted }) => accepted,
      (error: AgatstonError) => error.code,
    )

  it('a label map handed over as the CT is refused, with 31 values but not with 32', async () => {
    expect(await verdict(file((i) => i % 5))).toBe('NOT_HU')
    expect(await verdict(file((i) => (i * 3) % 31))).toBe('NOT_HU')
    expect(await verdict(file((i) => (i * 3) % 32))).toEqual([])
    expect(await verdict(file(() => 0))).toBe('NOT_HU')
  })

  it('neither air nor soft tissue in 1 % of the pixels is refused, unless accepted', async () => {
    expect(await verdict(file((i) => 1000 + (i % 500)))).toBe('NOT_HU')
    expect(
      await verdict(
        file((i) => 1000 + (i % 500)),
        { ...WHOLE, accept: ['NOT_HU'] },
      ),
    ).toEqual(['NOT_HU'])
    expect(await verdict(file((i) => (i % 50 === 0 ? -900 : 1000 + (i % 500))))).toEqual([])
    expect(await verdict(asFile(chest()))).toEqual([])
  })

  it('arrays are taken at their word', () => {
    expect(
      engine.scoreSync(
        study([8, 8, 2], () => 3),
        WHOLE,
      ).total.agatston,
    ).toBe(0)
  })
})

describe('what a reader and a caller may do meanwhile', () => {
  it('a slice a reader leaves unfilled scores nothing, not the slice before it', async () => {
    const full = chest()
    const lazy: Volume = {
      ...asFile(full),
      readSlice: (k: number, into: SliceArray) => (k === 3 || k % 2 === 0 ? full.readSlice(k, into) : undefined),
    }
    const result = await engine.score(lazy, WHOLE)
    expect(result.lesions.flatMap(({ pieces }) => pieces.map(({ slice }) => slice))).toEqual([3, 4])
  })

  it('dispose from within scoreSync: CANCELLED, and no pixel stays', async () => {
    await spying(async (instances) => {
      const own = await createEngine()
      const call = (): Result => own.scoreSync(chest(), { ...WHOLE, onProgress: (done) => done === 2 && own.dispose() })
      expect(thrown(call)).toMatchObject({ code: 'CANCELLED' })
      expect(new Uint8Array(instances[0]!.memory.buffer).some((byte) => byte !== 0)).toBe(false)
    })
  })

  it('a scan keeps its own copy of the spacing', () => {
    const pixelSpacingMm: [number, number] = [1, 1]
    const scan = engine.begin({ rows: 4, columns: 4, pixelSpacingMm, orientation: [1, 0, 0, 0, 1, 0] }, WHOLE)
    for (const z of [0, 3]) scan.addSlice({ position: [0, 0, z], pixels: new Int16Array(16).fill(250) })
    pixelSpacingMm[0] = 5
    expect(scan.end().total.agatston).toBe(64)
  })

  it('options that are undefined are as good as absent; unknown ones are not', () => {
    const options = { ...WHOLE, assignments: undefined } as unknown as ScoreOptions
    expect(engine.scoreSync(chest(), options).scope).toBe('whole-image')
    expect(thrown(() => engine.scoreSync(chest(), { ...WHOLE, sensitive: true } as ScoreOptions))).toBeInstanceOf(
      TypeError,
    )
  })
})

describe('the codes of volumes', () => {
  it('stand in the order of all codes, and leave out none that scoring or a volume refuses with', () => {
    expect(VOLUME_CODES).toEqual(REFUSAL_CODES.filter((code) => VOLUME_CODES.includes(code)))
    const refused = ['score', 'score/further', 'volume'].flatMap((name) => {
      const folder = fileURLToPath(new URL(`../../bindings/${name}/`, import.meta.url))
      const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
      return files.flatMap((file) => {
        const source = readFileSync(folder + file, 'utf8')
        return [...source.matchAll(/objections\.refuse\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!)
      })
    })
    expect(new Set(refused)).toEqual(new Set(VOLUME_CODES))
  })
})
