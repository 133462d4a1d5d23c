/** Arguments of measures, checked: an argument nobody knows is an error, not a measure of something else. */

export function checkKeys(what: string, of: object, known: readonly string[]): void {
  if (typeof of !== 'object' || of === null) throw new TypeError(`${what} takes an object with ${known.join(', ')}`)
  for (const key of Object.keys(of)) {
    if (!known.includes(key)) throw new TypeError(`${what} takes no '${key}'; it takes ${known.join(', ')}`)
  }
}

/** A finite number. @throws TypeError, RangeError */
export function finite(name: string, value: number, unit: string): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, in ${unit}`)
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, in ${unit}, got ${value}`)
  return value
}

/** A finite number above 0. @throws TypeError, RangeError */
export function positive(name: string, value: number, unit: string): number {
  if (finite(name, value, unit) <= 0) throw new RangeError(`${name} must be above 0 ${unit}, got ${value}`)
  return value
}

/** A list of numbers: an array or a typed array. @throws TypeError for anything else, RangeError for an empty one */
export function list(name: string, values: ArrayLike<number>): ArrayLike<number> {
  const isTyped = ArrayBuffer.isView(values) && !(values instanceof DataView)
  if (!Array.isArray(values) && !isTyped) throw new TypeError(`${name} must be an array or typed array of numbers`)
  if (values.length === 0) throw new RangeError(`${name} is empty; at least one value is due`)
  return values
}

/** Value `i` of a list, a finite number. @throws TypeError, RangeError that name the place */
export function valueAt(name: string, values: ArrayLike<number>, i: number): number {
  const value = values[i]
  if (typeof value !== 'number') throw new TypeError(`${name}[${i}] is no number`)
  if (!Number.isFinite(value)) throw new RangeError(`${name}[${i}] is ${value}; every value must be finite`)
  return value
}

/**
 * A mask over a list: what is 0 lies outside.
 *
 * @throws TypeError for anything but bytes or numbers, RangeError for another length or a mask without a pixel
 */
export function mask(name: string, values: ArrayLike<number> | undefined, length: number): ArrayLike<number> | null {
  if (values === undefined) return null
  list(name, values)
  if (values.length !== length) {
    throw new RangeError(`${name} has ${values.length} values, the region has ${length}: one for each pixel is due`)
  }
  for (let i = 0; i < length; i++) if (values[i] !== 0) return values
  throw new RangeError(`${name} marks no pixel; at least one is due`)
}
