/**
 * The third level: whole series, read and scored. The score is the clean one bit for bit, or there is a code; where it is another, a
 * warning must say what moved it, and the score must be the one that follows from what was read.
 */
import { createEngine } from '../../bindings/index.js'
import type { WarningCode } from '../../bindings/base/errors.js'
import {
  type DicomSource,
  type DicomVolume,
  inspectSeries,
  readMasks,
  readSeries,
  unzip,
} from '../../bindings/dicom/index.js'
import type { Engine } from '../../bindings/score/engine.js'
import type { Result } from '../../bindings/score/result.js'
import { DEFAULT_STANDARD } from '../../bindings/score/default.js'
import { reference } from '../reference/score.js'
import { Rng } from './random.js'
import { changeSeries } from './series-changes.js'
import { type SeriesSeed, seriesSeeds } from './series-seeds.js'
import {
  type Fuzzer,
  type Named,
  type Verdict,
  fine,
  judgeText,
  judgeThrown,
  withoutRetagged,
  wrong,
} from './verdict.js'

/** What was read and scored of one series. */
interface Portrait {
  readonly volume: DicomVolume
  readonly result: Result
  /** Everything scored, as text. */
  readonly score: string
}

interface Clean extends Portrait {
  readonly seed: SeriesSeed
  /** Stored values by SOP Instance UID, and for frames by place. */
  readonly pixels: readonly (Int16Array | Uint16Array)[]
}

/** In so many of the cases the caller knows how many slices there should be. */
const COUNTED = 0.5

export async function seriesFuzzer(): Promise<Fuzzer> {
  const engine = await createEngine()
  const cleans: Clean[] = []
  for (const seed of seriesSeeds()) {
    const portrait = await portraitOf(engine, seed, seed.files, seed.masks, undefined)
    const { slices, rows, columns } = portrait.volume.geometry
    const pixels: (Int16Array | Uint16Array)[] = []
    for (let k = 0; k < slices; k++) {
      const into =
        portrait.volume.pixelKind === 'int16' ? new Int16Array(rows * columns) : new Uint16Array(rows * columns)
      await portrait.volume.readSlice(k, into)
      pixels.push(into)
    }
    cleans.push({ ...portrait, seed, pixels })
  }
  return {
    level: 'series',
    make(seedNumber, n) {
      const rng = new Rng(seedNumber, 'series', n)
      const clean = rng.pick(cleans)
      const { seed } = clean
      const changed = changeSeries(seed, rng)
      const expected = rng.chance(COUNTED) ? clean.volume.geometry.slices : undefined
      const count = changed.files.length
      const judge = (files: readonly Named[]): Promise<Verdict> =>
        judgeSeries(engine, clean, files.slice(0, count), files.slice(count), expected, changed.exchanged).then(
          (verdict) => withoutRetagged(verdict, files),
        )
      const what = `${changed.what}${expected === undefined ? '' : ', counted'}`
      return { seed: seed.name, what, files: [...changed.files, ...changed.masks], judge }
    },
  }
}

const sourceOf = ({ name, bytes }: Named): DicomSource => ({ name, data: bytes })

async function* unzipped(files: readonly Named[]): AsyncGenerator<DicomSource> {
  for (const file of files) yield* unzip(sourceOf(file))
}

async function portraitOf(
  engine: Engine,
  seed: SeriesSeed,
  files: readonly Named[],
  masks: readonly Named[],
  expectedSlices: number | undefined,
): Promise<Portrait> {
  const options = expectedSlices === undefined ? {} : { expectedSlices }
  const volume = await readSeries(seed.zipped ? unzipped(files) : files.map(sourceOf), options)
  const scope =
    masks.length > 0
      ? { territories: (await readMasks(masks.map(sourceOf), volume)).territories }
      : ({ scope: 'whole-image' } as const)
  const result = await engine.score(volume, { ...scope, hash: false })
  return { volume, result, score: JSON.stringify([result.total, result.territories]) }
}

async function judgeSeries(
  engine: Engine,
  clean: Clean,
  files: readonly Named[],
  masks: readonly Named[],
  expected: number | undefined,
  exchanged: boolean,
): Promise<Verdict> {
  try {
    const portrait = await portraitOf(engine, clean.seed, files, masks, expected)
    const told = judgeText(JSON.stringify([portrait.result, portrait.volume.facts, portrait.volume.warnings]))
    if (told !== null) return wrong(told)
    if (portrait.score === clean.score) return fine('equal')
    return explain(clean, portrait, exchanged)
  } catch (error) {
    const verdict = judgeThrown(error)
    return verdict.failure !== null || clean.seed.zipped ? verdict : judgeInspection(files, verdict)
  }
}

/** What is told of a refused series by inspection must not tell of the patient either. */
async function judgeInspection(files: readonly Named[], verdict: Verdict): Promise<Verdict> {
  try {
    const { series, unreadable } = await inspectSeries(files.map(sourceOf))
    const told = judgeText(JSON.stringify([series.map((one) => ({ ...one, volume: null })), unreadable]))
    return told === null ? verdict : wrong(told)
  } catch (error) {
    return judgeThrown(error)
  }
}

/** Why a score is another one: an allowed reason, or a failure. */
async function explain(clean: Clean, { volume, result }: Portrait, exchanged: boolean): Promise<Verdict> {
  const warned = (code: WarningCode): boolean => result.warnings.some((warning) => warning.code === code)
  const before = clean.volume
  const [a, b] = [before.geometry, volume.geometry]
  const show = (what: string): Verdict =>
    wrong(`unexplained: ${what}; total ${clean.result.total.agatston} became ${result.total.agatston}, warnings ${result.warnings.map(({ code }) => code).join(' ')}`) // prettier-ignore
  const order = await pixelsFrom(clean, volume)
  if (order === null) {
    if (exchanged) return fine('other: pixels of another slice')
    return show('the pixels of a slice are not those of any')
  }
  if (new Set(order).size !== order.length) {
    return exchanged ? fine('other: pixels of another slice') : show('the pixels of one slice count twice')
  }
  if (!isWhatFollows(clean, volume, result, order)) return show('the score does not follow from what was read')
  if (b.slices < a.slices)
    return warned('COUNT_UNVERIFIED') ? fine('other: slices less, COUNT_UNVERIFIED') : show('slices are lost')
  if (b.slices > a.slices) return show('there are more slices')
  const rescaled = order.some((from, k) => !same(before.rescale(from), volume.rescale(k)))
  const padded = order.some((from, k) => !same(before.padding(from), volume.padding(k)))
  if (rescaled && clean.seed.single) return fine('other: another scan (rescale of all frames)')
  if (rescaled) return warned('RESCALE_VARIES') ? fine('other: rescale, RESCALE_VARIES') : show('a rescale changed')
  if (padded)
    return warned('PADDING_IN_FIELD') ? fine('other: padding, PADDING_IN_FIELD') : show('a padding value changed')
  const [mmA, mmB] = [a.pixelSpacingMm, b.pixelSpacingMm]
  if (mmA.some((mm, n) => mm !== mmB[n])) {
    if (mmA.every((mm, n) => Math.abs(mm / mmB[n]! - 1) <= 2e-4)) return fine('other: pixel spacing within rounding')
    return clean.seed.single ? fine('other: another scan (spacing of all frames)') : show('the pixel spacing changed')
  }
  if (a.incrementMm !== b.incrementMm) {
    if (warned('SPACING_JITTER')) return fine('other: increment, SPACING_JITTER')
    // One end within 0.01 mm of where it was.
    if (Math.abs(a.incrementMm - b.incrementMm) <= 0.011 / (a.slices - 1))
      return fine('other: increment within rounding')
    return show('the increment changed')
  }
  if (order.some((from, k) => from !== k) && clean.seed.masks.length > 0) {
    return warned('SPACING_TAG_MISMATCH') ? fine('other: order, SPACING_TAG_MISMATCH') : show('slices changed places')
  }
  return show('nothing that was read is different')
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Which clean slice the pixels of each slice are; null where they are of none. */
async function pixelsFrom({ pixels }: Clean, volume: DicomVolume): Promise<readonly number[] | null> {
  const { slices, rows, columns } = volume.geometry
  const from: number[] = []
  for (let k = 0; k < slices; k++) {
    const into = volume.pixelKind === 'int16' ? new Int16Array(rows * columns) : new Uint16Array(rows * columns)
    await volume.readSlice(k, into)
    const match = pixels.findIndex(
      (clean) => clean.length === into.length && clean.every((value, i) => value === into[i]),
    )
    if (match < 0) return null
    from.push(match)
  }
  return from
}

/** The score of the naive reference, from the clean pixels and what was read of their meaning. Masks it does not know. */
function isWhatFollows(clean: Clean, volume: DicomVolume, result: Result, order: readonly number[]): boolean {
  if (clean.seed.masks.length > 0) return true
  const { rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm } = volume.geometry
  const pixels = order.flatMap((from) => [...clean.pixels[from]!])
  const { total } = reference(
    {
      pixels,
      rows,
      columns,
      slices,
      pixelSpacingMm,
      incrementMm,
      thicknessMm,
      rescale: (k) => volume.rescale(k),
      padding: (k) => volume.padding(k),
    },
    DEFAULT_STANDARD,
  )
  const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x))
  return near(total.agatston, result.total.agatston) && total.pixels === result.total.pixels
}
