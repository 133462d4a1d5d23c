/**
 * A calibration on file, `agatston.calibration/1`: what a phantom with rods measured on one scanner, so that its scans have a mass.
 * A calibration holds for the voltage, scanner and kernel it was made with, and can be held against those of a scan.
 *
 *     { "schema": "agatston.calibration/1", "date": "2026-03-14", "rodHu": 277.4, "waterHu": 0.4, "kvp": 120 }
 */
import { isLine } from '../base/text.js'
import { factorOfRods } from '../volume/mass-factors.js'
import type { InputFacts } from '../volume/volume.js'

export interface Calibration {
  readonly schema: 'agatston.calibration/1'
  /** Day of the calibration scan, YYYY-MM-DD. */
  readonly date: string
  /** Mean HU of the rod of calcium hydroxyapatite. */
  readonly rodHu: number
  /** Mean HU of the rod of water. */
  readonly waterHu: number
  /** Density of the rod, mg/mL; default 200. */
  readonly rodMgPerMl: number
  /** What it was made with; null: not said, and not compared. */
  readonly manufacturer: string | null
  readonly model: string | null
  readonly kernel: string | null
  readonly kvp: number | null
  /** The mass factor that follows, mg/(mm3 HU). */
  readonly mgPerMm3Hu: number
}

const SCHEMA = 'agatston.calibration/1'
const KEYS = ['schema', 'date', 'rodHu', 'waterHu', 'rodMgPerMl', 'manufacturer', 'model', 'kernel', 'kvp'] as const
type Key = (typeof KEYS)[number]
type Fields = Readonly<Partial<Record<Key, unknown>>>

/** No calibration is longer; a scan given by mistake is. */
const MOST_CHARACTERS = 65536
const ROD_DENSITY = { low: 50, high: 1000, usual: 200 }
const KVP = { low: 50, high: 200 }

/**
 * Read a calibration file.
 *
 * @param text the file as text: a JSON object with `schema`, `date`, `rodHu`, `waterHu`, and perhaps `rodMgPerMl`, `manufacturer`,
 *   `model`, `kernel`, `kvp`
 * @returns the calibration, frozen, with its mass factor
 * @throws TypeError where `text` is none; RangeError that names the field where it is no calibration: no JSON, a field that is
 *   missing, unknown or given twice, a value of the wrong kind, rods that give a factor no scanner has
 */
export function parseCalibration(text: string): Calibration {
  if (typeof text !== 'string') throw new TypeError('parseCalibration takes the text of a calibration file')
  const fields = fieldsOf(text)
  if (fields.schema !== SCHEMA) throw wrong('schema', `must be "${SCHEMA}"`)
  const rodMgPerMl =
    fields.rodMgPerMl === undefined
      ? ROD_DENSITY.usual
      : numberOf(fields, 'rodMgPerMl', 'mg/mL', ROD_DENSITY.low, ROD_DENSITY.high)
  const rodHu = numberOf(fields, 'rodHu', 'HU')
  const waterHu = numberOf(fields, 'waterHu', 'HU')
  return Object.freeze({
    schema: SCHEMA,
    date: dateOf(fields),
    rodHu,
    waterHu,
    rodMgPerMl,
    manufacturer: textOf(fields, 'manufacturer'),
    model: textOf(fields, 'model'),
    kernel: textOf(fields, 'kernel'),
    kvp: fields.kvp === undefined ? null : numberOf(fields, 'kvp', 'kV', KVP.low, KVP.high),
    mgPerMm3Hu: factorOfRods({ name: 'rodHu', hu: rodHu, mgPerMl: rodMgPerMl }, { name: 'waterHu', hu: waterHu }),
  })
}

/** What a calibration and a scan were made with, where it is not the same. */
export interface CalibrationMismatch {
  readonly field: 'manufacturer' | 'model' | 'kernel' | 'kvp'
  readonly calibration: string | number
  /** Null: the scan does not say. */
  readonly scan: string | number | null
}

/**
 * Hold a calibration against a scan.
 *
 * @param facts of the volume to be scored
 * @returns every field the calibration gives that is another in the scan, or that the scan does not give; empty: nothing speaks
 *   against the factor. Texts are compared without case and repeated spaces.
 */
export function compareCalibration(
  calibration: Calibration,
  facts: Pick<InputFacts, 'manufacturer' | 'model' | 'kernel' | 'kvp'>,
): readonly CalibrationMismatch[] {
  const plain = (value: string | number | null): string | number | null =>
    typeof value === 'string' ? value.trim().replace(/\s+/g, ' ').toUpperCase() : value
  return (['manufacturer', 'model', 'kernel', 'kvp'] as const).flatMap((field) => {
    const [own, scan] = [calibration[field], facts[field]]
    return own === null || plain(own) === plain(scan) ? [] : [{ field, calibration: own, scan }]
  })
}

const wrong = (field: string, what: string): RangeError =>
  new RangeError(`calibration: ${field} ${what}. See agatston.calibration/1`)

function fieldsOf(text: string): Fields {
  if (text.length > MOST_CHARACTERS) {
    throw new RangeError(`calibration: ${text.length} characters are no calibration; it has at most ${MOST_CHARACTERS}`)
  }
  let fields: unknown
  try {
    fields = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    // The parser's own words would quote the file.
    throw new RangeError(`calibration: the text is no JSON. Give an object with schema "${SCHEMA}"`)
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new RangeError(`calibration: the JSON is no object. Give an object with schema "${SCHEMA}"`)
  }
  const keys = Object.keys(fields)
  for (const key of keys) {
    if ((KEYS as readonly string[]).includes(key)) continue
    const shown = /^[A-Za-z0-9_-]{1,32}$/.test(key) ? `'${key}'` : 'with a name that is none'
    throw new RangeError(`calibration: there is no field ${shown}; there are ${KEYS.join(', ')}`)
  }
  // A name twice would leave it to the parser which value counts: as many texts must stand before a colon as there are names.
  const texts = text.match(/"(?:[^"\\]|\\.)*"(?:\s*:)?/g) ?? []
  if (texts.filter((one) => one.endsWith(':')).length !== keys.length) {
    throw new RangeError('calibration: a field is given twice, or holds fields of its own. Give each field once')
  }
  return fields
}

/** @throws RangeError that names the field */
function numberOf(fields: Fields, key: Key, unit: string, low = -Infinity, high = Infinity): number {
  const value = fields[key]
  if (value === undefined) throw wrong(key, `is missing; give a number in ${unit}`)
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(key, `must be a number in ${unit}`)
  if (value < low || value > high) throw wrong(key, `must be from ${low} to ${high} ${unit}, got ${value}`)
  return value
}

function textOf(fields: Fields, key: Key): string | null {
  const value = fields[key]
  if (value === undefined) return null
  if (!isLine(value, 64)) throw wrong(key, 'must be a text of 1 to 64 characters, or left out')
  return value
}

/** A day of the calendar. */
function dateOf(fields: Fields): string {
  const value = fields.date
  if (value === undefined) throw wrong('date', 'is missing; give the day of the calibration scan as "YYYY-MM-DD"')
  const day = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null
  if (day === null || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value) {
    throw wrong('date', 'must be a day written "YYYY-MM-DD"')
  }
  return value
}
