/**
 * The first level: one object. Read to its facts, or refused with a known code; whatever is read must lie within the file and be
 * finite, its pixels must come out whole, and nothing said may hold a value of the patient.
 */
import { DataSet } from '../../bindings/dicom/dataset.js'
import { type Image, Ordinals, readImages } from '../../bindings/dicom/image.js'
import { inspectSeries, readMasks, unzip } from '../../bindings/dicom/index.js'
import { DEFAULT_LIMITS } from '../../bindings/dicom/limits.js'
import { openObject } from '../../bindings/dicom/open.js'
import { readStored } from '../../bindings/dicom/stored.js'
import { readFields } from './fields.js'
import { HEAVY, mutate } from './mutate.js'
import { GRID, MASKED, type ObjectSeed, deflated, objectSeeds } from './object-seeds.js'
import { Rng } from './random.js'
import { type FuzzCase, type Fuzzer, type Named, type Verdict, fine, judgeRefusal, judgeText, judgeThrown, withoutRetagged, wrong } from './verdict.js' // prettier-ignore

/** One of so many cases is a flood. */
const HEAVY_EVERY = 5000
const HEAVIES = Object.entries(HEAVY)

export function objectFuzzer(heavyEvery = HEAVY_EVERY): Fuzzer {
  const seeds = objectSeeds()
  const others = seeds.map(({ bytes }) => bytes)
  return {
    level: 'object',
    make(seed, n) {
      const rng = new Rng(seed, 'object', n)
      const from = rng.pick(seeds)
      const heavy = rng.chance(1 / heavyEvery)
      const inside = from.plain !== undefined && rng.chance(0.5)
      const start = inside ? from.plain : from.bytes
      const changed = heavy ? mutate(start, rng, others, HEAVIES) : mutate(start, rng, others)
      const bytes = inside ? deflated(changed.bytes.slice(readFields(start).encoding.dataStart)) : changed.bytes
      const what = `${changed.what}${inside ? ', before deflation' : ''}`
      return caseOf(from.name, what, from.kind, bytes)
    },
  }
}

/** A case that reads one file as what it was. */
export function caseOf(seed: string, what: string, kind: ObjectSeed['kind'], bytes: Uint8Array): FuzzCase {
  return { seed, what, files: [{ name: 'IM1.dcm', bytes }], judge: (files) => judgeObject(kind, files[0]!) }
}

export function judgeObject(kind: ObjectSeed['kind'], file: Named): Verdict | Promise<Verdict> {
  if (kind === 'image') return withoutRetagged(judgeImage(file), [file])
  return judgeOther(kind, file).then((verdict) => withoutRetagged(verdict, [file]))
}

function judgeImage({ name, bytes }: Named): Verdict {
  try {
    const opened = openObject(bytes, name, DEFAULT_LIMITS)
    if (!opened) return fine('no DICOM')
    if (opened.failure) return judgeThrown(opened.failure)
    const source = { name, data: opened.bytes }
    const images = readImages(opened, DataSet.read(opened), {
      source,
      limits: DEFAULT_LIMITS,
      ordinals: new Ordinals(),
    })
    for (const image of images) {
      const failure = judgeFacts(image, opened.bytes.length)
      if (failure !== null) return wrong(failure)
    }
    const first = images[0]
    return fine(!first ? 'no image' : first.modality !== 'CT' ? 'other modality' : (first.refusals[0]?.code ?? 'read'))
  } catch (error) {
    return judgeThrown(error)
  }
}

/** What is wrong with the facts of an image; null: nothing. */
function judgeFacts(image: Image, fileBytes: number): string | null {
  for (const refusal of image.refusals) {
    const failure = judgeRefusal(refusal)
    if (failure !== null) return failure
  }
  const { words, format, placement, rescale, acquisition } = image
  const said = [acquisition.manufacturer, acquisition.kernel, acquisition.mappedUnit]
  const told = judgeText(
    JSON.stringify([said, image.seriesUid, image.studyUid, image.sopInstanceUid, acquisition.anatomy]),
  )
  if (told !== null) return told
  if (format && !(format.rows >= 1 && format.rows <= 4096 && format.columns >= 1 && format.columns <= 4096)) {
    return `rows x columns is ${format.rows} x ${format.columns}`
  }
  const numbers = [...(placement ? [...placement.position, ...placement.rowCosines, ...placement.columnCosines, ...placement.pixelSpacingMm] : []), ...(rescale ? [rescale.slope, rescale.intercept] : [])] // prettier-ignore
  if (!numbers.every(Number.isFinite)) return `a fact is no finite number: ${numbers.join(' ')}`
  if (rescale?.slope === 0) return 'slope 0 was read'
  if (!words) return null
  if (words.coding !== 'native') {
    const inside = words.fragments.every(({ offset, length }) => offset >= 0 && offset + length <= fileBytes)
    return inside ? null : 'a fragment lies beyond the file'
  }
  if (words.offset + words.byteLength > fileBytes) return 'pixels lie beyond the file'
  const into = words.signed ? new Int16Array(words.rows * words.columns) : new Uint16Array(words.rows * words.columns)
  const unused = readStored(image.source, words, neverDecoded, into)
  return unused instanceof Promise ? 'native pixels in memory were not read at once' : null
}

const neverDecoded = (): never => {
  throw new Error('native pixels were decoded')
}

async function judgeOther(kind: ObjectSeed['kind'], { name, bytes }: Named): Promise<Verdict> {
  const source = { name, data: bytes }
  try {
    if (kind === 'mask') {
      const volume = { geometry: GRID, facts: { seriesInstanceUid: MASKED.seriesInstanceUid } }
      const { territories, mapping } = await readMasks([source], {
        ...volume,
        frameOfReferenceUid: MASKED.frameOfReferenceUid,
      })
      const { scalarData, names } = territories
      const unnamed = [...new Set(scalarData)].find((label) => label !== 0 && names[label] === undefined)
      if (unnamed !== undefined) return wrong(`label ${unnamed} has no name`)
      const told = judgeText(JSON.stringify([names, mapping]))
      return told === null ? fine('read') : wrong(told)
    }
    const inspection = await inspectSeries(kind === 'zip' ? unzip(source) : [source])
    for (const refusal of [...inspection.unreadable, ...inspection.series.flatMap(({ refusals }) => refusals)]) {
      const failure = judgeRefusal(refusal)
      if (failure !== null) return wrong(failure)
    }
    const told = judgeText(JSON.stringify(inspection.series.map((series) => ({ ...series, volume: null }))))
    if (told !== null) return wrong(told)
    return fine(inspection.unreadable[0]?.code ?? (inspection.series.length > 0 ? 'read' : 'no series'))
  } catch (error) {
    return judgeThrown(error)
  }
}
