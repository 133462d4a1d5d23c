/** The commands there are, each loaded when it is called: `--help` loads none of them. */
import type { Command } from './command.js'

interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly command: Command }>
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'score',
    summary: 'Reads one CT series, checks it, and scores its calcium',
    load: () => import('./commands/score.js'),
  },
  {
    name: 'inspect',
    summary: 'Lists the series of a folder and says of each whether it can be scored',
    load: () => import('./commands/inspect.js'),
  },
  {
    name: 'report',
    summary: 'Renders a stored result: text, page, PDF, tables, FHIR, DICOM',
    load: () => import('./commands/report.js'),
  },
  {
    name: 'standards',
    summary: 'Lists the scoring rules with their parameters and sources',
    load: () => import('./commands/standards.js'),
  },
  {
    name: 'phantom',
    summary: 'Writes a synthetic series whose true calcium is known',
    load: () => import('./commands/phantom.js'),
  },
  {
    name: 'conformance',
    summary: 'Scores the test vectors and tells pass and fail by rule',
    load: () => import('./commands/conformance.js'),
  },
]

/** Commands of later versions: refused by name, never taken for a path. */
export const LATER_COMMANDS = ['batch', 'enqueue', 'worker', 'collect', 'summarize', 'edge']
