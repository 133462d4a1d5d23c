/** Small JSON files of the user's: clicks, standards, calibrations, facts about the patient, claims. */
import { readFileSync, statSync } from 'node:fs'
import { codeOf } from '../node/files.js'
import { type CommandSpec, typedLine } from './args.js'
import { WrongUsage } from './usage.js'

/** More than any reading or standard takes. */
const MOST_FILE_BYTES = 2 ** 22

/** What a small JSON file of the user's holds. @throws WrongUsage */
export function fromFile<T>(spec: CommandSpec, option: string, path: string, parse: (text: string) => T): T {
  try {
    const { size } = statSync(path)
    if (size > MOST_FILE_BYTES) throw new RangeError(`the file has ${size} bytes, more than ${MOST_FILE_BYTES}`)
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)))
  } catch (cause) {
    const code = codeOf(cause)
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : /^E[A-Z]+$/.test(code)
          ? `the file cannot be read (${code})`
          : messageOf(cause)
    throw new WrongUsage(`--${option}: ${why}`, typedLine(spec), { cause })
  }
}

const messageOf = (cause: unknown): string =>
  cause instanceof SyntaxError
    ? 'the file is no JSON'
    : cause instanceof Error
      ? cause.message
      : 'the file cannot be read'
