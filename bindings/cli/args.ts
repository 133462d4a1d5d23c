/**
 * Arguments of one command, read strictly: nothing that was typed is ignored. `node:util` splits the line; what it would let
 * pass (unknown options, missing values, an option twice) is refused here with the line to type instead.
 */
import { parseArgs } from 'node:util'
import { WrongUsage, didYouMean } from './usage.js'

export interface OptionSpec {
  readonly name: string
  /** Placeholder of its value; without one the option is a switch. */
  readonly value?: string
  /** May be given several times. */
  readonly many?: boolean
  /** Whether a word after its value is another value of it, so that `--accept A B` is read as it looks. */
  readonly takesMore?: (word: string) => boolean
  readonly help: string
}

export interface CommandSpec {
  readonly name: string
  /** Line after the command's name: `PATH... [options]`. */
  readonly usage: string
  /** The same with only what is needed, as a line to type: what wrong usage is answered with. */
  readonly typed: string
  readonly summary: string
  readonly about: readonly string[]
  readonly options: readonly OptionSpec[]
  /** Options of the same command in later versions: refused by name, never ignored. */
  readonly later?: readonly string[]
  readonly examples: readonly (readonly [line: string, what: string])[]
  /** Exit codes in the command's own words. */
  readonly exits: readonly (readonly [code: string, when: string])[]
}

export interface Parsed {
  readonly positionals: readonly string[]
  /** Whether a switch was given. */
  has(name: string): boolean
  /** The one value of an option, or undefined. */
  one(name: string): string | undefined
  /** All values of an option. */
  all(name: string): readonly string[]
}

/** A line that shows how the command is used. */
export const usageLine = (spec: CommandSpec): string => `agatston ${spec.name} ${spec.usage}`.trim()

/** A line that works once its words in capitals are replaced. */
export const typedLine = (spec: CommandSpec): string => `agatston ${spec.name} ${spec.typed}`.trim()

const HELP: OptionSpec = { name: 'help', help: 'Show this help.' }
const JSON_OPTION = 'json'

/** Options of a command with `--help`, as they are listed. */
export const allOptions = (spec: CommandSpec): readonly OptionSpec[] => [...spec.options, HELP]

/** Whether help was asked for: looked at before anything can be wrong. */
export const wantsHelp = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '--help' || word === '-h')
}

/** Whether the answer is to be JSON, for errors that come before the options are read. */
export const wantsJson = (argv: readonly string[]): boolean => argv.includes(`--${JSON_OPTION}`)

/** @throws WrongUsage with the line to type instead */
export function parseCommand(spec: CommandSpec, argv: readonly string[]): Parsed {
  const options = allOptions(spec)
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      options.map(({ name, value }) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  let open: OptionSpec | null = null
  for (const token of tokens) {
    if (token.kind === 'option-terminator') open = null
    else if (token.kind === 'positional') {
      if (open?.takesMore?.(token.value)) values.get(open.name)!.push(token.value)
      else positionals.push(token.value)
    } else {
      const option = known(spec, options, token.rawName)
      const given = values.get(option.name)
      if (given && !option.many) throw wrong(spec, `${token.rawName} was given twice`)
      values.set(option.name, [...(given ?? []), valueOf(spec, option, token)])
      open = option
    }
  }
  return {
    positionals,
    has: (name) => values.has(name),
    one: (name) => values.get(name)?.[0],
    all: (name) => values.get(name) ?? [],
  }
}

const wrong = (spec: CommandSpec, message: string): WrongUsage => new WrongUsage(message, typedLine(spec))

function known(spec: CommandSpec, options: readonly OptionSpec[], rawName: string): OptionSpec {
  const name = rawName.replace(/^--?/, '')
  const option = rawName.startsWith('--') ? options.find((one) => one.name === name) : undefined
  if (option) return option
  if (spec.later?.includes(name)) throw wrong(spec, `--${name} is not available in this version`)
  const names = options.map((one) => one.name)
  throw wrong(spec, `there is no option ${rawName}${didYouMean(name, names, '--')}`)
}

interface OptionToken {
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

/** The value of an option, or '' for a switch. */
function valueOf(spec: CommandSpec, option: OptionSpec, { rawName, value, inlineValue }: OptionToken): string {
  if (option.value === undefined) {
    if (value !== undefined) throw wrong(spec, `${rawName} is a switch and takes no value`)
    return ''
  }
  // `-1` is a number that is out of range, not an option.
  const isOption = !inlineValue && value !== undefined && /^-(?![\d.]+$)/.test(value)
  const missing = value === undefined || value === '' || isOption
  if (missing) throw wrong(spec, `${rawName} needs a value: ${rawName} ${option.value}`)
  return value
}

/** A number above 0 in plain decimals; nothing else is let through. @throws WrongUsage */
export function positiveNumber(spec: CommandSpec, name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = /^(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(Number.isFinite(value) && value > 0)) throw wrong(spec, `--${name} must be a number above 0`)
  return value
}

/** A whole number from `least`, to `most` where there is one. @throws WrongUsage */
export function wholeNumber(
  spec: CommandSpec,
  name: string,
  text: string | undefined,
  least: number,
  most: number = Infinity,
): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw wrong(spec, `--${name} must be a whole number from ${least}${most === Infinity ? '' : ` to ${most}`}`)
}

/** One of a few words. @throws WrongUsage */
export function oneOf<T extends string>(
  spec: CommandSpec,
  name: string,
  text: string | undefined,
  words: readonly T[],
): T | undefined {
  if (text === undefined) return undefined
  const found = words.find((word) => word === text)
  if (found === undefined) throw wrong(spec, `--${name} must be ${words.join(' or ')}${didYouMean(text, words)}`)
  return found
}
