/** What was written to a folder, told on stderr: names of ours, never a path. */
import type { Omitted } from '../node/renderings.js'
import { Paper } from '../report/text/paper.js'
import { type Io, lookOf } from './terminal.js'

export function tellWritten(io: Io, names: readonly string[], omitted: readonly Omitted[]): void {
  const paper = new Paper(lookOf(io.stderr, io))
  paper.paragraph(`Written: ${names.join(', ')}.`)
  for (const { format, reason } of omitted) paper.paragraph(`Not made: ${format}, since ${reason}.`, 'dim')
  io.stderr.write(paper.toString())
}
