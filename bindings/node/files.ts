/**
 * From paths to a list of files: which there are and how large, before a byte of them is read. The list is the same for the
 * same tree on every machine: names are sorted by code unit, a file reached twice (named twice, or through a link) stands once.
 */
import { type BigIntStats, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { AgatstonError } from '../base/errors.js'
import { baseName } from '../dicom/source.js'
import { UsageError } from './usage.js'

/** A file that was found. */
export interface FoundFile {
  readonly path: string
  /** Last part of the path, safe to print. */
  readonly name: string
  readonly bytes: number
}

export interface FileLimits {
  /** Most files of all paths together. */
  readonly files: number
  /** Most bytes of all files together. */
  readonly bytes: number
  /** Deepest nesting of folders. */
  readonly depth: number
}

/** A study of 4,000 slices with everything a scanner stores beside it stays far below. */
export const DEFAULT_FILE_LIMITS: FileLimits = Object.freeze({ files: 100_000, bytes: 4 * 2 ** 30, depth: 64 })

/**
 * Every file of these paths: a file stands for itself, a folder for all it holds, hidden files and linked folders included.
 * Sockets, pipes and devices are never opened. Nothing is read.
 *
 * @throws UsageError for a path that is not there; AgatstonError `LIMIT_EXCEEDED`, `PARSE_FAILED` (kind `read`) where a folder
 *   or a link inside cannot be read: a slice that is silently not seen would make a wrong score
 */
export function findFiles(paths: readonly string[], limits: FileLimits = DEFAULT_FILE_LIMITS): readonly FoundFile[] {
  const walk = new Walk(limits)
  for (const path of paths) walk.start(path)
  return walk.found
}

class Walk {
  readonly found: FoundFile[] = []
  /** Device and inode of all that was visited: a loop of links ends here. */
  private readonly seen = new Set<string>()
  private bytes = 0

  constructor(private readonly limits: FileLimits) {}

  start(path: string): void {
    const name = baseName(basename(resolve(path)) || path)
    let stats: BigIntStats
    try {
      stats = statSync(path, { bigint: true })
    } catch (cause) {
      throw cannotStart(name, cause)
    }
    if (!stats.isFile() && !stats.isDirectory()) throw new UsageError(`'${name}' is neither a file nor a folder`)
    this.visit(path, stats, 0)
  }

  private visit(path: string, stats: BigIntStats, depth: number): void {
    const identity = `${stats.dev}:${stats.ino}`
    if (this.seen.has(identity)) return
    this.seen.add(identity)
    if (stats.isDirectory()) this.folder(path, depth)
    else if (stats.isFile()) this.file(path, Number(stats.size))
  }

  private folder(path: string, depth: number): void {
    if (depth > this.limits.depth) {
      throw beyond('depth', this.limits.depth, `folders are nested more than ${this.limits.depth} deep`)
    }
    for (const name of namesIn(path)) {
      const inner = join(path, name)
      const stats = statInside(inner)
      if (stats) this.visit(inner, stats, depth + 1)
    }
  }

  private file(path: string, bytes: number): void {
    this.bytes += bytes
    const { limits } = this
    if (this.found.length >= limits.files)
      throw beyond('files', limits.files, `there are more than ${limits.files} files`)
    if (this.bytes > limits.bytes) {
      throw beyond('bytes', limits.bytes, `the files have more than ${limits.bytes} bytes together`)
    }
    this.found.push({ path, name: baseName(path), bytes })
  }
}

function cannotStart(name: string, cause: unknown): Error {
  const code = codeOf(cause)
  const missing = code === 'ENOENT' || code === 'ENOTDIR'
  const message = missing ? `there is no file or folder '${name}'` : `'${name}' cannot be opened (${code})`
  return new UsageError(message, { cause })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (cause) {
    throw unreadable(folder, cause)
  }
}

/**
 * What lies at a path inside a folder; null for a link that only leads to itself. A link that leads nowhere is refused: archives
 * that keep files elsewhere leave such links, and a slice would be missing without a word.
 */
function statInside(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true })
  } catch (cause) {
    if (codeOf(cause) === 'ELOOP') return null
    throw unreadable(path, cause)
  }
}

/** The refusal of a file or folder the system does not let us read. */
export function unreadable(path: string, cause: unknown): AgatstonError {
  const file = baseName(path)
  return new AgatstonError(
    'PARSE_FAILED',
    `${file}: cannot be read (${codeOf(cause)}), and may hold slices of the series. Allow reading it, or leave it out`,
    { kind: 'read', file, reason: codeOf(cause) },
    { cause },
  )
}

export function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  return typeof code === 'string' ? code : 'unknown reason'
}

function beyond(limit: keyof FileLimits, most: number, what: string): AgatstonError {
  const message = `${what}; the limit is ${most}. Name the folder of the one series that is to be scored`
  return new AgatstonError('LIMIT_EXCEEDED', message, { limit, most })
}
