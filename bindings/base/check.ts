/** Arguments, checked the same way everywhere: a `TypeError` for the wrong kind, a `RangeError` for the wrong value. */

export function checkObject(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} must be an object`)
}

/** So many finite numbers, in an array of any kind. */
export function checkNumbers(values: ArrayLike<number>, count: number, name: string): void {
  checkObject(values, name)
  if (values.length !== count || !Array.from(values).every(Number.isFinite))
    throw new RangeError(`${name} must be ${count} finite numbers, got [${String(values)}]`)
}

export function checkPositive(value: number | undefined, name: string): void {
  if (value !== undefined && !(Number.isFinite(value) && value > 0))
    throw new RangeError(`${name} must be above 0, got ${value}`)
}

/** An object with no keys but these; `undefined` is as good as absent. */
export function checkKeys(given: object, known: readonly string[], name = 'options'): void {
  checkObject(given, name)
  for (const key of Object.keys(given)) {
    if (!known.includes(key) && given[key as keyof typeof given] !== undefined)
      throw new TypeError(`There is no option '${key}'; there are ${known.join(', ')}`)
  }
}
