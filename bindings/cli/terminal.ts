/** Where the command writes, and what can be shown there: width, colour and signs follow the terminal; pipes get plain text. */
import type { PaperOptions } from '../report/text/paper.js'

/** A place to write to: `process.stdout`, or a test's own. */
export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface Io {
  readonly stdout: Stream
  readonly stderr: Stream
  readonly env: Readonly<Record<string, string | undefined>>
  /** As `process.platform`; decides only which signs a terminal shows. */
  readonly platform?: string
}

/** How to set text for a stream. */
export function lookOf(stream: Stream, { env, platform }: Io): Required<PaperOptions> {
  return { width: widthOf(stream, env), color: hasColor(stream, env), unicode: hasUnicode(env, platform) }
}

const DEFAULT_WIDTH = 80

function widthOf({ columns, isTTY }: Stream, env: Io['env']): number {
  if (isTTY && columns) return columns
  const told = Number(env['COLUMNS'])
  return Number.isInteger(told) && told > 0 ? told : DEFAULT_WIDTH
}

/** FORCE_COLOR decides where it is set, then NO_COLOR (no-color.org), then whether a terminal listens. */
function hasColor({ isTTY }: Stream, env: Io['env']): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  if (env['NO_COLOR']) return false
  return Boolean(isTTY) && env['TERM'] !== 'dumb'
}

function hasUnicode(env: Io['env'], platform: string | undefined): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG']
  if (locale) return /utf-?8/i.test(locale)
  return platform === 'win32' || platform === 'darwin'
}
