/** What a phantom is made of, whatever its kind. */
import type { Course } from './coronaries.js'
import type { Lesion } from './lesions.js'
import type { Field, Paint } from './render.js'

export interface Scene {
  /** Painted first: what is the same at every height. */
  readonly base: readonly Field[]
  /** In order: later over earlier. */
  readonly paints: readonly Paint[]
  readonly lesions: readonly Lesion[]
  /** Vessel courses whose surroundings are the territories. */
  readonly courses: readonly Course[]
  /** Territory names by label id. */
  readonly names: Readonly<Record<number, string>>
}
