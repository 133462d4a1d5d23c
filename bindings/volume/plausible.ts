/** Whether the pixels of a file can be HU at all: a look at some of every slice. */
import type { Objections } from '../base/verdict.js'
import type { Geometry } from './geometry.js'
import type { Padding, Rescale, SliceArray } from './volume.js'

/** About how many pixels are looked at in all, and at least in a slice: enough to see a share of 1 %, too few to cost time. */
const LOOKS = 2 ** 17
const LEAST_LOOKS = 1024
const AIR_BELOW = -300
const SOFT_TISSUE = { from: -200, to: 200 }
const BONE_ABOVE = 300
const LEAST_SHARE = 0.01
/** Shares of the pixels of a chest: no rescale but the right one keeps all three. */
const LEAST_SOFT = 0.03
const MOST_BONE = 0.2
/** A label map has few values, all small and none negative. */
const LABELS = { fewerThan: 32, to: 255 }

/** Whether the pixels of a file can be HU: a label map is not, nor is a picture without air and soft tissue. */
export class Plausibility {
  #looked = 0
  #air = 0
  #soft = 0
  #bone = 0
  #beyondLabels = false
  readonly #values = new Set<number>()
  readonly #looks: number

  constructor({ slices }: Pick<Geometry, 'slices'>) {
    this.#looks = Math.max(LEAST_LOOKS, LOOKS / slices)
  }

  /** Look at one slice. */
  add(pixels: SliceArray, { slope, intercept }: Rescale, padding: Padding | null): void {
    const { low, high } = padding ?? { low: 1, high: 0 }
    const stride = Math.floor(pixels.length / this.#looks) | 1 // odd, so that no column is favoured
    let [looked, air, soft, bone] = [0, 0, 0, 0]
    for (let i = 0; i < pixels.length; i += stride) {
      const value = pixels[i]!
      if (value >= low && value <= high) continue
      const hu = slope * value + intercept
      looked++
      if (hu < AIR_BELOW) air++
      else if (hu >= SOFT_TISSUE.from && hu <= SOFT_TISSUE.to) soft++
      else if (hu > BONE_ABOVE) bone++
    }
    this.#looked += looked
    this.#air += air
    this.#soft += soft
    this.#bone += bone
    // Of CT the first few pixels tell: a loop of its own keeps the other one short.
    for (let i = 0; i < pixels.length && !this.#beyondLabels; i += stride) {
      const value = pixels[i]!
      if (!(value >= low && value <= high)) this.#noteValue(slope * value + intercept)
    }
  }

  #noteValue(hu: number): void {
    this.#values.add(hu)
    this.#beyondLabels = hu < 0 || hu > LABELS.to || this.#values.size >= LABELS.fewerThan
  }

  check(objections: Objections): void {
    if (!this.#beyondLabels) {
      const message = `the pixels have ${this.#values.size} values between 0 and ${LABELS.to} only: a label map or a picture, no CT`
      objections.refuse('NOT_HU', message, { kind: 'labels', values: this.#values.size })
      return
    }
    const share = (count: number): number => Number((count / this.#looked).toPrecision(3))
    const details = { kind: 'tissue', air: share(this.#air), softTissue: share(this.#soft), bone: share(this.#bone) }
    const least = LEAST_SHARE * this.#looked
    if (this.#air < least && this.#soft < least) {
      const message = 'neither air nor soft tissue is in 1 % of the pixels: no HU. Check the rescale'
      objections.refuse('NOT_HU', message, details)
    } else if (this.#air < least || this.#soft < LEAST_SOFT * this.#looked || this.#bone > MOST_BONE * this.#looked) {
      const message = 'hardly any air or soft tissue, or too much bone: no chest, or a wrong rescale'
      objections.warn('HU_CALIBRATION', message, details)
    }
  }
}
