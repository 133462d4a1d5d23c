/**
 * `--out DIR`: the folder tells the last run that came to a result or a refusal, and nothing else. Nothing in it is touched
 * before that: wrong usage leaves an earlier result where it is. A scan that is refused never stands beside another scan's
 * score, and a file appears whole or not at all.
 */
import { closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AgatstonError } from '../base/errors.js'
import { codeOf } from '../node/files.js'
import { UsageError } from '../node/usage.js'
import { checkFolder, makeFolder } from './folder.js'

/** A file's content: at once, or as text in chunks. */
export type Content = string | Uint8Array | Iterable<string>

/** Names a run may write, and so may take away when a later run does not write them. Nothing else in the folder is touched. */
const OURS =
  /^(result\.json|refusal\.json|report\.(txt|html|pdf|json|fhir\.json)|(territories|lesions)\.csv|(sr|seg|sc)\.dcm|(overview|key)[-A-Za-z0-9_.]*\.png)$/

export class OutFolder {
  private constructor(private readonly dir: string) {}

  /** @throws UsageError where the folder cannot be made or written to; changes nothing */
  static prepare(dir: string): OutFolder {
    try {
      checkFolder(dir)
    } catch (cause) {
      throw new UsageError(`--out: the folder cannot be written to (${codeOf(cause)})`, { cause })
    }
    return new OutFolder(dir)
  }

  /**
   * Write these files and take away those of an earlier run they do not replace.
   *
   * @throws AgatstonError `INTERNAL` where the disk does not take it: then files of an earlier run are as they were
   */
  write(files: Readonly<Record<string, Content>>): void {
    const names = Object.keys(files)
    const temporary = (name: string): string => join(this.dir, `.${name}.${process.pid}`)
    let at = names[0]!
    try {
      makeFolder(this.dir)
      for (const name of names) writeContent(temporary((at = name)), files[name]!)
      const stale = readdirSync(this.dir).filter((name) => OURS.test(name) && !names.includes(name))
      for (const name of stale) rmSync(join(this.dir, name), { force: true })
      for (const name of names) renameSync(temporary((at = name)), join(this.dir, name))
    } catch (cause) {
      for (const name of names) rmSync(temporary(name), { force: true })
      const message = `${at} could not be written (${codeOf(cause)}); what stands in the folder is not the result of this run`
      throw new AgatstonError('INTERNAL', message, {}, { cause })
    }
  }

  /** What was refused or failed. Wrong usage came to nothing, and leaves the folder alone. */
  writeRefusal(error: unknown, report: (error: unknown) => object): void {
    if (!(error instanceof UsageError)) this.write({ 'refusal.json': [`${JSON.stringify(report(error), null, 2)}\n`] })
  }
}

function writeContent(path: string, content: Content): void {
  const file = openSync(path, 'w')
  try {
    const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
    for (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    }
  } finally {
    closeSync(file)
  }
}
