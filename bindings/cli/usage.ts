/** Wrong usage: what was typed, and the line to type instead. Exit code 2. */
import { UsageError } from '../node/usage.js'

export class WrongUsage extends UsageError {
  /** A line that works, for the terminal. */
  readonly instead: string

  constructor(message: string, instead: string, options: ErrorOptions = {}) {
    super(message, options)
    this.instead = instead
  }
}

/** The known name nearest to what was typed, or null where none is near. */
export function nearest(typed: string, known: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1
  for (const name of known) {
    const edits = name.startsWith(typed) && typed.length >= 3 ? 1 : distance(typed, name)
    if (edits < least) [best, least] = [name, edits]
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, known: readonly string[], prefix = ''): string {
  const name = nearest(typed, known)
  return name === null ? '' : `; did you mean ${prefix}${name}?`
}
