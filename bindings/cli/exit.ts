/** Exit codes, and how a failure is told: JSON for programs on stdout, words for people on stderr, never a stack trace. */
import { AgatstonError, type Refusal, type Warning, isAcceptable, isFault } from '../base/errors.js'
import { UsageError } from '../node/usage.js'
import { Paper, sentence } from '../report/text/paper.js'
import type { RefusalReport } from '../score/result.js'
import { type Io, lookOf } from './terminal.js'
import { WrongUsage } from './usage.js'

/** `partly`: some of a batch refused or failed. */
export const EXIT = Object.freeze({ done: 0, fault: 1, usage: 2, refused: 3, partly: 4 })

export interface FailureOptions {
  readonly json: boolean
  /** The line to type instead, where the error brings none. */
  readonly instead: string
}

/** Tell what went wrong. Returns the exit code. */
export async function tellFailure(error: unknown, io: Io, options: FailureOptions): Promise<number> {
  if (error instanceof UsageError) return tellUsage(error, io, options.instead)
  const known = asAgatstonError(error)
  if (options.json) io.stdout.write(`${JSON.stringify(refusalReport(known), null, 2)}\n`)
  else if (isFault(known.code)) await tellFault(known, io)
  else await tellRefusal(known, io)
  if (io.env['AGATSTON_DEBUG'] === '1') io.stderr.write(`${stackOf(known)}\n`)
  return isFault(known.code) ? EXIT.fault : EXIT.refused
}

/** Whatever was thrown, as an error with a code. What nobody foresaw is a fault of ours. */
function asAgatstonError(error: unknown): AgatstonError {
  if (error instanceof AgatstonError) return error
  if (error instanceof RangeError && /allocation failed|invalid array (buffer )?length/i.test(error.message)) {
    return new AgatstonError('OUT_OF_MEMORY', 'the machine has not enough memory for this input', {}, { cause: error })
  }
  // The message of a foreign error may hold a path or a value of the file: only its kind is told.
  const kind = error instanceof Error ? error.name : typeof error
  return new AgatstonError('INTERNAL', `an unforeseen ${kind} came up; there is no result`, {}, { cause: error })
}

/** `agatston.refusal/1` of whatever was thrown. */
export function refusalReport(thrown: unknown): RefusalReport {
  const error = asAgatstonError(thrown)
  return { schema: 'agatston.refusal/1', refusals: refusalsOf(error), warnings: error.warnings }
}

/** All refusals an error stands for, the one that matters most first. */
function refusalsOf(error: AgatstonError): readonly Refusal[] {
  const { refusals } = error.details
  return Array.isArray(refusals) && refusals.length > 0 ? (refusals as Refusal[]) : [error.toRefusal()]
}

function tellUsage(error: UsageError, io: Io, instead: string): number {
  const paper = new Paper(lookOf(io.stderr, io))
  paper.paragraph(sentence(error.message), 'bad', 'agatston: ')
  paper.paragraph(error instanceof WrongUsage ? error.instead : instead, undefined, 'Type: ')
  io.stderr.write(paper.toString())
  return EXIT.usage
}

async function tellFault(error: AgatstonError, io: Io): Promise<void> {
  const { REFUSAL_HELP } = await import('../report/refusals.js')
  const line = `agatston: ${sentence(error.message)} ${REFUSAL_HELP[error.code].next} [${error.code}]`
  io.stderr.write(`${line}\n`)
}

/** For people: what is wrong, what it would have done to the score, what to do next. */
async function tellRefusal(error: AgatstonError, io: Io): Promise<void> {
  const [{ REFUSAL_HELP }, { NONE, plain }] = await Promise.all([
    import('../report/refusals.js'),
    import('../report/numbers.js'),
  ])
  const paper = new Paper(lookOf(io.stderr, io))
  const refusals = refusalsOf(error)
  paper.line(refusals.length === 1 ? 'Not scored' : `Not scored, for ${refusals.length} reasons`, 'bad')
  for (const refusal of refusals.slice(0, MOST_SHOWN)) {
    const { effect, next } = REFUSAL_HELP[refusal.code]
    paper.line()
    paper.paragraph(`${sentence(refusal.message)} [${refusal.code}]`, 'bold')
    paper.fields([
      ['Effect', effect],
      ['Do', next],
      ...(isAcceptable(refusal.code) && refusal.details['final'] !== true ? [acceptField(refusal)] : []),
    ])
  }
  const { series } = error.details
  if (Array.isArray(series)) tellSeries(paper, series as readonly SeriesSummary[], NONE, plain)
  if (refusals.length > MOST_SHOWN) paper.line(`... and ${refusals.length - MOST_SHOWN} more: --json lists all`)
  tellWarnings(paper, error.warnings)
  io.stderr.write(paper.toString())
}

/** Reasons shown to people; a folder of a thousand broken files has one cause. */
const MOST_SHOWN = 5

const acceptField = ({ code }: Refusal): [string, string] => [
  'Override',
  `--accept ${code}${code === 'TOO_FEW_SLICES' ? ' --increment MM' : ''}, if you know better: it is stamped on the result, and the category is withheld.`,
]

interface SeriesSummary {
  readonly seriesInstanceUid: string
  readonly slices: number
  readonly incrementMm: number | null
  readonly kernel: string | null
}

function tellSeries(
  paper: Paper,
  series: readonly SeriesSummary[],
  none: string,
  plain: (value: number | null) => string,
): void {
  paper.heading('Series')
  paper.table(
    [
      { title: 'Series UID' },
      { title: 'Slices', align: 'right' },
      { title: 'Increment mm', align: 'right', spare: 2 },
      { title: 'Kernel', spare: 1 },
    ],
    series.map((one) => ({
      cells: [one.seriesInstanceUid, String(one.slices), plain(one.incrementMm), one.kernel ?? none],
    })),
  )
}

function tellWarnings(paper: Paper, warnings: readonly Warning[]): void {
  if (warnings.length === 0) return
  paper.heading('Also seen')
  for (const { code, message } of warnings) paper.paragraph(`${sentence(message)} [${code}]`, undefined, '- ')
}

function stackOf(error: AgatstonError): string {
  const lines = [error.stack ?? String(error)]
  for (let cause = error.cause; cause !== undefined && lines.length < 10;) {
    lines.push(`caused by ${cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause)}`)
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return lines.join('\n')
}
