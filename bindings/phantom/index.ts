/**
 * `agatston/phantom`: synthetic calcium score scans whose answers are known. The same options give the same bytes in every
 * runtime: all arithmetic on the way to a stored value is exact or rounded as IEEE 754 says, and nothing comes from a clock.
 */
import { arrayVolume } from '../volume/array.js'
import type { TerritoryMap } from '../volume/territory.js'
import type { SyncVolume } from '../volume/volume.js'
import { writeNifti } from '../nifti/write.js'
import { GENERATOR_VERSION, INTERCEPT, KERNEL, MANUFACTURER, dicomFiles, phantomUids } from './files.js'
import { type Grid, centredGrid } from './grid.js'
import { type Lesion, MASS_FACTOR, hydroxyapatiteHu } from './lesions.js'
import { Noise } from './noise.js'
import { type CheckedOptions, type PhantomOptions, checkOptions } from './options.js'
import { RODS, ROD_DIAMETER_MM, qrmScene } from './qrm.js'
import { Renderer } from './render.js'
import type { Scene } from './scene.js'
import { labelCourses, labelLesion } from './territories.js'
import { torsoScene } from './torso.js'
import { NOISELESS_RULE, type Tally, type TerritoryTruth, type Truth, noiseless, scoreSlice } from './truth.js'

export type { PhantomKind, PhantomOptions } from './options.js'
export type { LesionTruth, Noiseless, TerritoryTruth, Truth } from './truth.js'
export type { WriteSyntax } from '../dicom/elements.js'
export { MASS_FACTOR } from './lesions.js'

export interface Phantom {
  /** Stored values (HU + 1024) as a volume to score. */
  readonly volume: SyncVolume
  readonly territories: TerritoryMap
  readonly truth: Truth
  /** The series as DICOM files, made one after another as they are taken. */
  dicomFiles(): Iterable<{ readonly name: string; readonly bytes: Uint8Array }>
  /** The territories as a NIfTI label map (`.nii.gz`). `truth.territoryNames` are its names. */
  labelMap(): Uint8Array
}

/**
 * Make a phantom.
 *
 * @throws TypeError or RangeError for options out of range.
 */
export function makePhantom(options: PhantomOptions = {}): Phantom {
  const checked = checkOptions(options)
  const grid = centredGrid(checked.rows, checked.columns, checked.slices, checked.spacingMm)
  const scene = checked.kind === 'torso' ? torsoScene(checked.seed) : qrmScene()
  const { stored, labels, truth } = paint(checked, grid, scene)
  const uids = phantomUids(checked)
  const volume = arrayVolume({
    scalarData: stored,
    dimensions: [grid.columns, grid.rows, grid.slices],
    spacing: grid.spacingMm,
    origin: grid.origin,
    rescale: { slope: 1, intercept: INTERCEPT },
    thicknessMm: grid.spacingMm[2],
    facts: {
      studyInstanceUid: uids.study,
      seriesInstanceUid: uids.series,
      kvp: 120,
      manufacturer: MANUFACTURER,
      kernel: KERNEL,
      contrast: 'none',
      gated: 'evidence',
    },
  })
  return Object.freeze({
    volume,
    territories: Object.freeze({ scalarData: labels, names: truth.territoryNames }),
    truth,
    dicomFiles: () => dicomFiles(checked, grid, volume),
    labelMap: () => writeNifti({ data: labels, geometry: volume.geometry, gzip: true }),
  })
}

/** Variance of the scanner's blur, in mm2, in each direction: about a millimetre full width at half maximum. */
const BLUR_MM2 = 0.16

/** Slice by slice: tissues, calcifications, blur, what is true of it, noise, and whole numbers in 12 bits. */
function paint(
  options: CheckedOptions,
  grid: Grid,
  scene: Scene,
): { stored: Uint16Array; labels: Uint8Array; truth: Truth } {
  const size = grid.rows * grid.columns
  const stored = new Uint16Array(size * grid.slices)
  const labels = new Uint8Array(size * grid.slices)
  const lesions = scene.lesions.filter((lesion) => isInside(lesion, grid))
  const rendered = lesions.map(() => 0)
  const tallies = new Map<number, Tally>()
  const renderer = new Renderer(grid, scene.base, scene.paints)
  const { hu } = renderer
  const noise = new Noise(grid.rows, grid.columns)
  const scratch = new Float32Array(size)
  // One pass of 1 2 1 has a variance of half a pixel squared.
  const blurPasses = Math.round(BLUR_MM2 / (0.5 * grid.spacingMm[0] * grid.spacingMm[1]))
  for (let k = 0; k < grid.slices; k++) {
    const labelled = labels.subarray(k * size, (k + 1) * size)
    renderer.paintSlice(k)
    labelCourses(labelled, scratch, grid, k, scene.courses)
    lesions.forEach((lesion, n) => {
      const touched: number[] = []
      rendered[n]! += renderer.paintLesion(k, lesion, (pixel) => touched.push(pixel))
      labelLesion(labelled, grid, touched, lesion.label, blurPasses + 1)
    })
    renderer.blur(blurPasses)
    scoreSlice(hu, labelled, grid, tallies)
    noise.add(hu, options.noiseHu, options.seed, k)
    for (let p = 0, q = k * size; p < size; p++, q++) {
      const value = Math.floor(hu[p]! + 0.5) - INTERCEPT
      stored[q] = value < 0 ? 0 : value > 4095 ? 4095 : value
    }
  }
  return { stored, labels, truth: truthOf(options, grid, scene, lesions, rendered, tallies, blurPasses) }
}

/** A calcification counts only where all of it is in the picture, so that its truth is whole. */
function isInside({ shape: { box } }: Lesion, grid: Grid): boolean {
  return ([0, 1, 2] as const).every((axis) => {
    const half = ([grid.columns, grid.rows, grid.slices][axis]! * grid.spacingMm[axis]) / 2
    return box[2 * axis]! >= -half && box[2 * axis + 1]! <= half
  })
}

function truthOf(
  options: CheckedOptions,
  grid: Grid,
  scene: Scene,
  lesions: readonly Lesion[],
  rendered: readonly number[],
  tallies: ReadonlyMap<number, Tally>,
  blurPasses: number,
): Truth {
  const territories: Record<string, TerritoryTruth> = {}
  const mass = ({ shape, densityMgPerMl }: Lesion) => (shape.volumeMm3 * densityMgPerMl) / 1000
  for (const [key, name] of Object.entries(scene.names)) {
    const label = Number(key)
    const own = lesions.filter((lesion) => lesion.label === label)
    territories[name] = {
      label,
      lesions: own.length,
      volumeMm3: own.reduce((sum, { shape }) => sum + shape.volumeMm3, 0),
      massMg: own.reduce((sum, lesion) => sum + mass(lesion), 0),
      noiseless: noiseless(tallies.get(label), grid, MASS_FACTOR),
    }
  }
  return {
    schema: 'agatston.phantom/1',
    generator: { name: 'agatston phantom', version: GENERATOR_VERSION },
    kind: options.kind,
    seed: options.seed,
    dimensions: { columns: grid.columns, rows: grid.rows, slices: grid.slices },
    spacingMm: grid.spacingMm,
    originMm: grid.origin,
    noiseHu: options.noiseHu,
    blurPasses,
    massFactor: MASS_FACTOR,
    noiselessRule: NOISELESS_RULE,
    lesions: lesions.map((lesion, n) => ({
      id: lesion.id,
      territory: lesion.territory,
      shape: lesion.description,
      centreMm: lesion.centreMm,
      volumeMm3: lesion.shape.volumeMm3,
      renderedVolumeMm3: rendered[n]!,
      massMg: mass(lesion),
      densityMgPerMl: lesion.densityMgPerMl,
      hu: lesion.hu,
    })),
    territories,
    territoryNames: scene.names,
    calibration:
      options.kind === 'torso'
        ? []
        : RODS.map(({ name, mgPerMl, centreMm }) => ({
            name,
            densityMgPerMl: mgPerMl,
            hu: hydroxyapatiteHu(mgPerMl),
            centreMm,
            diameterMm: ROD_DIAMETER_MM,
          })),
  }
}
