/**
 * The pixels' own word on the scan: noise, air, padding, and whether they can be HU. Readers of files bring it along; a caller
 * with arrays asks for it (`agatston/quality`), since a part of a picture cannot be told from a bad one.
 */
import type { Objections } from '../base/verdict.js'
import type { Geometry } from './geometry.js'
import { Plausibility } from './plausible.js'
import { type Surveyed, Survey } from './survey.js'
import type { Examiner, Measured, Padding, Rescale, SliceArray, SyncVolume } from './volume.js'

/** What looks at a file: everything is measured, and what cannot be HU is refused. */
export function fileExaminer(geometry: Geometry): Examiner {
  return new Examination(new Survey(geometry), new Plausibility(geometry))
}

/**
 * What looks at an array or a stream of slices: noise and air. Air and padding draw no warning, since a crop may hold neither or
 * nothing else.
 */
export function arrayExaminer(shape: Pick<Geometry, 'rows' | 'columns' | 'pixelSpacingMm'>): Examiner {
  return new Examination(new Survey(shape), null)
}

/** The volume, to be measured while it is scored by `score` (by `scoreSync` nothing is). */
export function examined(volume: SyncVolume): SyncVolume {
  if (typeof volume?.readSlice !== 'function') throw new TypeError('examined takes a volume: make one with arrayVolume')
  return Object.freeze({ ...volume, examiner: () => arrayExaminer(volume.geometry) })
}

export type { Examiner, Measured } from './volume.js'

class Examination implements Examiner {
  readonly #survey: Survey
  readonly #plausibility: Plausibility | null

  constructor(survey: Survey, plausibility: Plausibility | null) {
    this.#survey = survey
    this.#plausibility = plausibility
  }

  add(pixels: SliceArray, rescale: Rescale, padding: Padding | null): void {
    this.#survey.add(pixels, rescale, padding)
    this.#plausibility?.add(pixels, rescale, padding)
  }

  finish(objections: Objections): Measured {
    this.#plausibility?.check(objections)
    const { noiseHu, airHu, padded } = this.#survey.measured()
    checkMeasured({ noiseHu, airHu, padded }, this.#plausibility !== null, objections)
    return { noiseHu, airHu }
  }
}

const NOISIEST = 30
/** HU by which air may lie off -1000. */
const AIR_OFF = 100

/**
 * What the pixels say against a score.
 *
 * @param isFile whole pictures; an array may be a part of one: all of it lung, or padded by its maker
 */
export function checkMeasured({ noiseHu, airHu, padded }: Surveyed, isFile: boolean, objections: Objections): void {
  if (noiseHu !== null && noiseHu > NOISIEST) {
    objections.warn('NOISE_HIGH', `soft tissue has a noise of ${noiseHu.toFixed(1)} HU, more than 30`, { noiseHu })
  }
  if (isFile && airHu !== null && Math.abs(airHu + 1000) > AIR_OFF) {
    const message = `air measures ${airHu} HU instead of -1000: check rescale and calibration`
    objections.warn('HU_CALIBRATION', message, { kind: 'air', airHu })
  }
  if (isFile && padded > 0) {
    const message = `padding lies inside the picture of ${padded} slice(s)`
    objections.warn('PADDING_IN_FIELD', message, { slices: padded })
  }
}
