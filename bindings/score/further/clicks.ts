/** A reader's clicks as data: checked, and read from the file they are saved in. */
import { isLine } from '../../base/text.js'
import { deepFreeze } from '../default.js'
import { checkedName } from '../../volume/territory.js'
import type { Assignment } from '../result.js'

/** The file of a reading: `agatston.assignments/1`. */
export interface AssignmentFile {
  readonly schema: 'agatston.assignments/1'
  readonly assignments: readonly Assignment[]
}

/** More clicks than any reader makes. */
const MOST = 10_000

/** @throws TypeError for the wrong kind, RangeError for the wrong value; both name the click */
export function checkAssignments(clicks: readonly Assignment[]): readonly Assignment[] {
  if (!Array.isArray(clicks)) throw new TypeError('assignments must be a list of clicks')
  if (clicks.length > MOST) throw new RangeError(`assignments holds ${clicks.length} clicks, more than ${MOST}`)
  return deepFreeze(clicks.map((click: unknown, n) => checkClick(click, `assignments: click ${n + 1}`)))
}

/**
 * The clicks of a file.
 *
 * @throws SyntaxError for what is no JSON; TypeError, RangeError for what is no list of clicks
 */
export function parseAssignments(text: string): readonly Assignment[] {
  const file = JSON.parse(text) as Partial<AssignmentFile> | null
  if (typeof file !== 'object' || file === null || file.schema !== 'agatston.assignments/1') {
    throw new TypeError('an assignment file is an object with "schema": "agatston.assignments/1" and "assignments"')
  }
  return checkAssignments(file.assignments as readonly Assignment[])
}

const PLACES = [['point'], ['sopInstanceUid', 'row', 'column'], ['slice', 'row', 'column']] as const
const WHAT = ['territory', 'exclude'] as const

function checkClick(click: unknown, name: string): Assignment {
  if (typeof click !== 'object' || click === null) throw new TypeError(`${name} must be an object`)
  const given = click as Record<string, unknown>
  const place = PLACES.find((keys) => keys.every((key) => key in given))
  if (!place) throw new TypeError(`${name} needs a point, or row and column with sopInstanceUid or slice`)
  const what = WHAT.filter((key) => key in given)
  if (what.length !== 1) throw new TypeError(`${name} needs either a territory or a reason to exclude`)
  const known: readonly string[] = [...place, what[0]!]
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new TypeError(`${name} holds '${key}', which no such click has`)
  }
  return { ...checkPlace(given, place, name), ...checkWhat(given, what[0]!, name) } as Assignment
}

function checkPlace(given: Record<string, unknown>, place: readonly string[], name: string): object {
  if (place[0] === 'point') {
    const { point } = given
    if (!Array.isArray(point) || point.length !== 3 || !point.every(Number.isFinite)) {
      throw new RangeError(`${name}: point must be three numbers, in mm`)
    }
    return { point: [...(point as number[])] }
  }
  const index = (key: string): number => {
    const value = given[key]
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
      throw new RangeError(`${name}: ${key} must be a whole number from 0`)
    return value
  }
  const pixel = { row: index('row'), column: index('column') }
  if (place[0] === 'slice') return { slice: index('slice'), ...pixel }
  const { sopInstanceUid } = given
  if (typeof sopInstanceUid !== 'string' || !/^[0-9.]{1,64}$/.test(sopInstanceUid))
    throw new RangeError(`${name}: sopInstanceUid must be digits and dots`)
  return { sopInstanceUid, ...pixel }
}

function checkWhat(given: Record<string, unknown>, what: (typeof WHAT)[number], name: string): object {
  const text = given[what]
  if (what === 'territory') return { territory: checkedName(text, `${name}: territory`) }
  if (!isLine(text, 200)) throw new RangeError(`${name}: exclude must be a reason of at most 200 signs on one line`)
  return { exclude: text.trim() }
}
