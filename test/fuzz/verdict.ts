/** What becomes of a case, and the rules every outcome keeps whatever the input was: a known code, printable words, no patient. */
import { AgatstonError, FAULT_CODES, REFUSAL_CODES, type Refusal } from '../../bindings/base/errors.js'
import { isUnderAnotherTag, leaks } from './canary.js'

export interface Verdict {
  /** For counting: a code, or what a reading came to. */
  readonly outcome: string
  /** What is wrong with the package; null: nothing. */
  readonly failure: string | null
}

export interface Named {
  readonly name: string
  readonly bytes: Uint8Array
}

/** One input of one level, ready to be judged. */
export interface FuzzCase {
  /** Which seed and which changes. */
  readonly what: string
  /** Name of the seed. */
  readonly seed: string
  readonly files: readonly Named[]
  judge(files: readonly Named[]): Verdict | Promise<Verdict>
}

export interface Fuzzer {
  readonly level: 'object' | 'frame' | 'series'
  /** Case `n` of a seed; the same two numbers make the same case. */
  make(seed: number, n: number): FuzzCase
}

export const fine = (outcome: string): Verdict => ({ outcome, failure: null })
export const wrong = (failure: string): Verdict => ({ outcome: 'FAILED', failure })

const KNOWN: readonly string[] = [...REFUSAL_CODES, ...FAULT_CODES]
/** Codes a broken input must never end with. */
const OUR_FAULT: readonly string[] = [
  'INTERNAL',
  'OUT_OF_MEMORY',
  'WASM_UNSUPPORTED',
  'INTEGRITY_FAILED',
  'PACKAGE_MISSING',
  'CANCELLED',
]

/** Judge something thrown. */
export function judgeThrown(error: unknown): Verdict {
  if (!(error instanceof AgatstonError)) {
    const text = error instanceof Error ? `${error.name}: ${error.message} ${firstFrame(error)}` : String(error)
    return wrong(`untagged: ${text.slice(0, 300)}`)
  }
  const failure = judgeRefusal(error.toRefusal()) ?? judgeText(textOf(error))
  return failure === null ? fine(error.code) : wrong(failure)
}

/** What is wrong with a refusal; null: nothing. */
export function judgeRefusal({ code, message, details }: Refusal): string | null {
  if (!KNOWN.includes(code)) return `unknown code ${code}`
  if (OUR_FAULT.includes(code)) return `fault ${code}: ${message}`
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(message)) return `unprintable message: ${JSON.stringify(message)}`
  if (message.length > 1000) return `message of ${message.length} characters: ${message.slice(0, 100)}`
  return judgeText(message + JSON.stringify(details))
}

const TOLD = 'a patient value is told: '

/** Whether something said tells of the patient. */
export const judgeText = (text: string): string | null => (leaks(text) ? TOLD + text.slice(0, 500) : null)

/** No leak is what a file gives as the value of another attribute. */
export function withoutRetagged(verdict: Verdict, files: readonly Named[]): Verdict {
  if (!verdict.failure?.startsWith(TOLD) || !files.some(({ bytes }) => isUnderAnotherTag(bytes))) return verdict
  return fine('a patient value under another tag')
}

/** Everything an error says: its causes too, which a log prints. */
function textOf(error: unknown): string {
  let text = ''
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < 5; depth++) {
    if (!(at instanceof Error)) return text + String(at)
    text += `${at.message} ${at instanceof AgatstonError ? JSON.stringify([at.details, at.warnings]) : ''} `
    at = at.cause
  }
  return text
}

const firstFrame = ({ stack }: Error): string => /\n\s+at (.*?:\d+:\d+)/.exec(stack ?? '')?.[1] ?? ''
