/** Rules of one's own: checked field by field, so that a result is never stamped with what nobody meant. */
import { isLine } from '../../base/text.js'
import { portableHasher } from '../../base/sha256.js'
import { DEFAULT_STANDARD, deepFreeze } from '../default.js'
import type { Minimum, Standard, StandardRules } from '../standard.js'
import { CHECKED, STANDARDS } from './standards.js'

/** Rules as a caller writes them; `sha256` may be left out. */
export type StandardInput = StandardRules & { readonly sha256?: string | null }

/**
 * A standard of one's own, checked, hashed and frozen, to be given to `score`. It may not bear a shipped id unless it is that
 * standard; a result made with it carries the modifier `custom` and the hash.
 *
 * @throws TypeError for what is no object, RangeError that names the field
 */
export function customStandard(standard: StandardInput): Standard {
  if (typeof standard !== 'object' || standard === null)
    throw new TypeError('a standard must be an object of its rules')
  const shipped = STANDARDS.find(({ id }) => id === standard.id)
  if (shipped) {
    if (inKeyOrder(shipped) === inKeyOrder(standard)) return shipped
    throw new RangeError(`standard.id '${standard.id}' is a shipped standard with other rules: choose another id`)
  }
  checkFields(standard)
  const sha256 = hashOf(standard)
  if (standard.sha256 !== undefined && standard.sha256 !== null && standard.sha256 !== sha256)
    throw new RangeError(
      'standard.sha256 is not the hash of these rules: leave it out, or take the rules it was made of',
    )
  const checked = deepFreeze<Standard>({ ...structuredClone(standard), sha256 })
  CHECKED.add(checked)
  return checked
}

/**
 * A standard from its JSON file.
 *
 * @throws SyntaxError for what is no JSON; TypeError, RangeError as `customStandard`
 */
export const parseStandard = (text: string): Standard => customStandard(JSON.parse(text) as StandardInput)

/**
 * SHA-256 in hex of the rules as JSON, in UTF-8: keys in order at every depth, nothing between its signs, `sha256` left out. In Python
 * `json.dumps(rules, sort_keys=True, separators=(',', ':'), ensure_ascii=False)` writes the same, where whole numbers stand without a point.
 */
export function hashOf(standard: StandardInput): string {
  const hasher = portableHasher()
  hasher.update(new TextEncoder().encode(inKeyOrder(standard)))
  return hasher.hex() as string // this one hashes at once
}

const COMPARISONS: readonly unknown[] = ['>=', '>']
const WEIGHTS_FROM: readonly unknown[] = [
  'piece-peak',
  'lesion-peak-in-slice',
  'lesion-peak',
  'piece-pixels',
  'lesion-pixels-in-slice',
  'pixel',
]
const SLICE_FACTORS: readonly unknown[] = ['increment/3', 'thickness/3', 'increment/thickness', 'none']
const VOLUMES: readonly unknown[] = ['voxels', 'area-x-thickness', 'isotropic']

/** Largest weight: far above every published one (4), far below what a sum could not hold. */
const MOST_WEIGHT = 1000

/** Fields of each minimum, beside `by`. */
const MINIMUM_FIELDS: Readonly<Record<Minimum['by'], readonly string[]>> = {
  none: [],
  area: ['rule', 'mm2'],
  pixels: ['rule', 'pixels'],
  'pixels-of-area': ['rule', 'mm2', 'rounding'],
  volume: ['rule', 'mm3'],
}

function checkFields(standard: StandardInput): void {
  const wrong = (field: string, expected: string): never => {
    throw new RangeError(`standard.${field} must be ${expected}`)
  }
  const check = (field: string, isRight: boolean, expected: string): void => {
    if (!isRight) wrong(field, expected)
  }
  // Own names only: what every object inherits (`constructor`, `toString`) is no field either.
  for (const key of Object.keys(standard))
    if (!Object.hasOwn(DEFAULT_STANDARD, key)) wrong(key, 'left out: no standard has it')
  for (const key of Object.keys(DEFAULT_STANDARD)) {
    if (key !== 'sha256' && !Object.hasOwn(standard, key)) wrong(key, 'given')
  }
  const { ladderHu, weights, minimum, thresholdHu, upperHu, weightFrom, weightPixels, minimumOf, volume } = standard
  check(
    'id',
    isLine(standard.id, 64) && /^[a-z0-9][a-z0-9.-]*$/.test(standard.id),
    'lower-case letters, digits, dots and dashes',
  )
  check('title', isLine(standard.title, 200), 'a text of at most 200 signs on one line')
  check('citation', isLine(standard.citation, 1000), 'a text of at most 1,000 signs on one line')
  check('version', Number.isSafeInteger(standard.version) && standard.version >= 1, 'a whole number from 1')
  check('thresholdHu', Number.isFinite(thresholdHu), 'a finite number')
  check('thresholdRule', COMPARISONS.includes(standard.thresholdRule), "'>=' or '>'")
  check('ladderRule', COMPARISONS.includes(standard.ladderRule), "'>=' or '>'")
  check(
    'upperHu',
    upperHu === null || (Number.isFinite(upperHu) && upperHu >= thresholdHu),
    'null or at least the threshold',
  )
  check('connectivity', standard.connectivity === 4 || standard.connectivity === 8, '4 or 8')
  check('lesionConnectivity', [6, 18, 26].includes(standard.lesionConnectivity), '6, 18 or 26')
  check('ladderHu', isRising(ladderHu, thresholdHu), 'three edges in rising order from the threshold on')
  check(
    'weights',
    Array.isArray(weights) &&
      weights.length === 4 &&
      weights.every((weight) => typeof weight === 'number' && weight >= 0 && weight <= MOST_WEIGHT),
    `four numbers from 0 to ${MOST_WEIGHT}`,
  )
  check('weightFrom', WEIGHTS_FROM.includes(weightFrom), `one of ${WEIGHTS_FROM.join(', ')}`)
  const counts = weightFrom === 'piece-pixels' || weightFrom === 'lesion-pixels-in-slice'
  check('weightPixels', Number.isInteger(weightPixels) && weightPixels >= 1, 'a whole number from 1')
  check('weightPixels', counts || weightPixels === 1, '1 where weights do not come from numbers of pixels')
  check(
    'minimum',
    minimumIsValid(minimum),
    'none, an area, a volume, a number of pixels or pixels of an area, with its rule and no other field',
  )
  check('minimumOf', minimumOf === 'piece' || minimumOf === 'lesion', "'piece' or 'lesion'")
  check('sliceFactor', SLICE_FACTORS.includes(standard.sliceFactor), `one of ${SLICE_FACTORS.join(', ')}`)
  check('volume', VOLUMES.includes(volume), `one of ${VOLUMES.join(', ')}`)
  const { volumeThresholdHu } = standard
  const upper = upperHu ?? Infinity
  check(
    'volumeThresholdHu',
    volumeThresholdHu === null || (Number.isFinite(volumeThresholdHu) && volumeThresholdHu <= upper),
    'null or a finite number up to upperHu',
  )
  const isApart = volumeThresholdHu !== null
  check('volumeThresholdHu', !(isApart && minimumOf === 'lesion'), "null where minimumOf is 'lesion'")
  check('volumeThresholdHu', !(isApart && volume === 'isotropic'), "null where volume is 'isotropic'")
}

function isRising(ladder: unknown, thresholdHu: number): boolean {
  if (!Array.isArray(ladder) || ladder.length !== 3) return false
  return [thresholdHu, ...(ladder as number[])].every(
    (edge, n, all) => Number.isFinite(edge) && (n === 0 || edge >= all[n - 1]!),
  )
}

/** As text that does not depend on the order in which fields were written. */
function inKeyOrder({ sha256: _sha256, ...rules }: StandardInput): string {
  const sorted = (value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, own]) => [key, sorted(own)]),
        )
  return JSON.stringify(sorted(rules))
}

function minimumIsValid(minimum: Minimum): boolean {
  if (typeof minimum !== 'object' || minimum === null || !Object.hasOwn(MINIMUM_FIELDS, minimum.by)) return false
  // A field of another minimum would be a limit that nobody looks at.
  const fields = MINIMUM_FIELDS[minimum.by]
  if (!Object.keys(minimum).every((key) => key === 'by' || fields.includes(key))) return false
  if (minimum.by === 'none') return true
  if (minimum.rule !== '>=' && minimum.rule !== '>') return false
  if (minimum.by === 'pixels-of-area' && minimum.rounding !== 'ceil' && minimum.rounding !== 'round') return false
  const limit = minimum.by === 'volume' ? minimum.mm3 : minimum.by === 'pixels' ? minimum.pixels : minimum.mm2
  return Number.isFinite(limit) && limit >= 0
}
