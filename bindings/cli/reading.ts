/** Options that `score` and `inspect` share: which series, and what about it is accepted. */
import { ACCEPTABLE_CODES, type AcceptableCode, isAcceptable } from '../base/errors.js'
import type { ReadPathOptions } from '../node/path.js'
import { type CommandSpec, type OptionSpec, type Parsed, positiveNumber, typedLine, wholeNumber } from './args.js'
import { WrongUsage, didYouMean } from './usage.js'

export const READING_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'accept',
    value: 'CODE',
    many: true,
    takesMore: isAcceptable,
    help: `Override a refusal by its code. It is stamped on the result and withholds the category. Possible: ${ACCEPTABLE_CODES.join(', ')}.`,
  },
  { name: 'strict', help: 'Refuse where a warning may move the number.' },
  {
    name: 'increment',
    value: 'MM',
    help: 'Distance between slices, for a single slice; only together with --accept TOO_FEW_SLICES.',
  },
  { name: 'expect-slices', value: 'N', help: 'How many slices there must be at least; fewer are refused.' },
  {
    name: 'workers',
    value: 'N',
    help: 'Threads that decode compressed images; default: as many as the machine runs at once. 0: none, and no time limit for a frame.',
  },
]

/** Most threads of a pool. */
export const MOST_WORKERS = 256

/** Threads asked for. @throws WrongUsage */
export const workersOf = (spec: CommandSpec, parsed: Parsed): number | undefined =>
  wholeNumber(spec, 'workers', parsed.one('workers'), 0, MOST_WORKERS)

/** @throws WrongUsage */
export function readingOptions(spec: CommandSpec, parsed: Parsed): ReadPathOptions {
  const incrementMm = positiveNumber(spec, 'increment', parsed.one('increment'))
  const expectedSlices = wholeNumber(spec, 'expect-slices', parsed.one('expect-slices'), 1)
  const accept = parsed.all('accept').map((code) => acceptable(spec, code))
  if (incrementMm !== undefined && !accept.includes('TOO_FEW_SLICES')) {
    const message = '--increment is for a single slice: a series has its increment from its positions'
    throw new WrongUsage(message, `${typedLine(spec)} --accept TOO_FEW_SLICES --increment 3`)
  }
  return {
    accept,
    strict: parsed.has('strict'),
    ...(incrementMm === undefined ? {} : { incrementMm }),
    ...(expectedSlices === undefined ? {} : { expectedSlices }),
  }
}

function acceptable(spec: CommandSpec, code: string): AcceptableCode {
  if (isAcceptable(code)) return code
  const hint = didYouMean(code.toUpperCase(), ACCEPTABLE_CODES)
  const message = `--accept ${code} cannot be overridden${hint || `; possible are ${ACCEPTABLE_CODES.join(', ')}`}`
  throw new WrongUsage(message, typedLine(spec))
}

/** The paths of a command that needs some. @throws WrongUsage */
export function pathsOf(spec: CommandSpec, parsed: Parsed): readonly string[] {
  const { positionals } = parsed
  if (positionals.length === 0) throw new WrongUsage('no path was given', typedLine(spec))
  // A variable of a script that is not set: never the current folder.
  if (positionals.includes('')) throw new WrongUsage('a path is empty', typedLine(spec))
  return positionals
}

/** Exit codes of commands that read. */
export const READING_EXITS = [
  ['1', 'a fault of the software'],
  ['2', 'wrong usage'],
  ['3', 'the input is refused'],
] as const
