/** Reports to be rendered: what the engine really makes of small arrays, built by `buildReport`, with what each case is about. */
import type { Result, TerritoryMap } from '../../bindings/index.js'
import { arrayVolume, createEngine } from '../../bindings/index.js'
import type { Subject } from '../../bindings/dicom/subject.js'
import { buildReport, lesionPixels } from '../../bindings/report/index.js'
import type { PatientFacts, Report, ReportOptions } from '../../bindings/report/index.js'
import type { LesionPixels } from '../../bindings/report/lesion-pixels.js'
import type { SyncVolume } from '../../bindings/volume/volume.js'

const engine = await createEngine()

export const FACTS: PatientFacts = {
  sex: 'male',
  ageYears: 62,
  race: 'white',
  systolicBpMmHg: 134,
  totalCholesterolMgDl: 214,
  hdlCholesterolMgDl: 46,
  onBpMedication: false,
  onStatin: false,
  onLipidMedication: false,
  smoker: false,
  diabetes: false,
  familyHistory: true,
  egfr: 84,
  bmi: 27,
}

export const SUBJECT: Subject = {
  name: 'Rossi-Andersson, Marguerite Élise',
  otherNames: [],
  id: '0048-2216',
  birthDate: '1964-03-11',
  sex: 'male',
  ageYears: 62,
  accessionNumber: 'A2026-118',
  studyDate: '2026-11-20',
  studyTime: '09:14:00',
  studyDescription: 'CT heart, calcium score',
  institution: 'City Hospital',
  referringPhysician: 'Okafor, N',
}

export const SIDE = 64
export const SLICES = 12

/** A block of one value: rows, columns and slices from .. to, inclusive. */
export interface Block {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  readonly slices: readonly [number, number]
  readonly hu: number
  readonly territory: string | null
}

export const BLOCKS: readonly Block[] = [
  { rows: [10, 13], columns: [20, 22], slices: [3, 4], hu: 450, territory: 'LAD' },
  { rows: [30, 31], columns: [40, 45], slices: [6, 6], hu: 250, territory: 'RCA' },
  { rows: [50, 52], columns: [5, 8], slices: [8, 8], hu: 150, territory: 'AORTA' },
]

/** How an array lies in the patient; left out: axial, as DICOM stores it. Left-handed arrays are mirrored by their reader. */
export type Direction = readonly number[]

export interface Scene {
  readonly volume: SyncVolume
  readonly territories: TerritoryMap
  readonly result: Result
  readonly pixels: LesionPixels
}

/** Blocks in soft tissue (40 HU), 0.8 mm across, 0.5 mm down, 3 mm from slice to slice. */
export async function sceneOf(
  blocks: readonly Block[] = BLOCKS,
  direction: Direction = [1, 0, 0, 0, 1, 0, 0, 0, 1],
  side = SIDE,
): Promise<Scene> {
  const scalarData = new Int16Array(side * side * SLICES).fill(40)
  const labels = new Uint8Array(scalarData.length)
  const names = [...new Set(blocks.map(({ territory }) => territory).filter((name) => name !== null))]
  for (const { rows, columns, slices, hu, territory } of blocks) {
    for (let k = slices[0]; k <= slices[1]; k++) {
      for (let row = rows[0]; row <= rows[1]; row++) {
        for (let column = columns[0]; column <= columns[1]; column++) {
          const at = (k * side + row) * side + column
          scalarData[at] = hu
          if (territory !== null) labels[at] = 1 + names.indexOf(territory)
        }
      }
    }
  }
  const volume = arrayVolume({
    scalarData,
    dimensions: [side, side, SLICES],
    spacing: [0.8, 0.5, 3],
    direction: [...direction],
    thicknessMm: 3,
    facts: { kvp: 120, gated: 'evidence', contrast: 'none' },
  })
  const territories = { scalarData: labels, names: Object.fromEntries(names.map((name, n) => [n + 1, name])) }
  const result = await engine.score(volume, { territories, sensitivity: true })
  return { volume, territories, result, pixels: await lesionPixels(result, volume, territories) }
}

/** The result as if it came from a series, so that eligibility is asked. */
export const asSeries = (result: Result): Result => ({ ...result, input: { ...result.input, kind: 'dicom-series' } })

export const reportOf = (result: Result, options: ReportOptions = { facts: FACTS, subject: SUBJECT }): Report =>
  buildReport(asSeries(result), options)

/** A sum over the whole image. */
export async function wholeImageScene(): Promise<Scene> {
  const { volume, territories } = await sceneOf()
  const result = await engine.score(volume, { scope: 'whole-image' })
  return { volume, territories, result, pixels: await lesionPixels(result, volume) }
}

/** As many lesions as asked for, of 2 x 2 pixels, in one vessel and its own names. */
export async function manyLesions(count: number, names: readonly string[]): Promise<Scene> {
  const side = 256
  const perRow = Math.floor(side / 4)
  const blocks = Array.from({ length: count }, (_, n): Block => {
    const [row, column] = [4 * Math.floor((n % (perRow * perRow)) / perRow), 4 * (n % perRow)]
    const slice = 2 * Math.floor(n / (perRow * perRow))
    return {
      rows: [row, row + 1],
      columns: [column, column + 1],
      slices: [slice, slice],
      hu: 140 + (n % 400),
      territory: names[n % names.length]!,
    }
  })
  return sceneOf(blocks, undefined, side)
}
