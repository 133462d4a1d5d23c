/**
 * `--out DIR`: the folder always tells the last run and nothing else. Files of an earlier run are taken away before reading, so
 * that a scan that is refused never stands beside another scan's score; a file appears whole or not at all.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AgatstonError } from '../base/errors.js'
import { codeOf } from '../node/files.js'
import { UsageError } from '../node/usage.js'
import type { RefusalReport } from '../score/result.js'

const FILES = ['result.json', 'report.txt', 'refusal.json'] as const
type OutFile = (typeof FILES)[number]

export class OutFolder {
  private constructor(private readonly dir: string) {}

  /** @throws UsageError where the folder cannot be made or written to */
  static prepare(dir: string): OutFolder {
    try {
      mkdirSync(dir, { recursive: true })
      for (const name of FILES) rmSync(join(dir, name), { force: true })
      const probe = join(dir, `.agatston-${process.pid}`)
      writeFileSync(probe, '')
      rmSync(probe)
    } catch (cause) {
      throw new UsageError(`--out: the folder cannot be written to (${codeOf(cause)})`, { cause })
    }
    return new OutFolder(dir)
  }

  /** @throws AgatstonError `INTERNAL` where the disk does not take it; no file is left half written */
  write(files: Partial<Record<OutFile, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const temporary = join(this.dir, `.${name}.${process.pid}`)
      try {
        writeFileSync(temporary, text)
        renameSync(temporary, join(this.dir, name))
      } catch (cause) {
        for (const file of [...FILES.map((one) => join(this.dir, one)), temporary]) rmSync(file, { force: true })
        throw new AgatstonError(
          'INTERNAL',
          `${name} could not be written (${codeOf(cause)}); there is no result in the folder`,
          {},
          { cause },
        )
      }
    }
  }

  /** What was refused, where a refusal it is. */
  writeRefusal(error: unknown, report: (error: AgatstonError) => RefusalReport): void {
    if (error instanceof AgatstonError) this.write({ 'refusal.json': `${JSON.stringify(report(error), null, 2)}\n` })
  }
}
