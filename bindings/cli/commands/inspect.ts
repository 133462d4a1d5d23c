/** `agatston inspect`: what a folder holds, and whether it can be scored; scores nothing. */
import { noDicom } from '../../dicom/foreign.js'
import type { Inspection } from '../../dicom/index.js'
import type { CommandSpec, Parsed } from '../args.js'
import type { Command } from '../command.js'
import { EXIT } from '../exit.js'
import { Progress } from '../progress.js'
import { READING_EXITS, READING_OPTIONS, pathsOf, readingOptions, workersOf } from '../reading.js'
import { type Io, lookOf } from '../terminal.js'

const spec: CommandSpec = {
  name: 'inspect',
  usage: 'PATH... [options]',
  typed: 'FOLDER',
  summary: 'Lists the series of a folder and says of each whether it can be scored',
  about: ['Every reason against a series and every warning is told in plain words. Nothing is scored.'],
  options: [
    ...READING_OPTIONS,
    { name: 'json', help: 'Print the list as JSON (agatston.inspection/1).' },
    { name: 'quiet', help: 'No progress on the terminal.' },
  ],
  examples: [
    ['agatston inspect ./scan', 'The series of a study, and which of them can be scored.'],
    ['agatston inspect ./scan --strict --json', 'The same for a program, warnings that may move the number included.'],
  ],
  exits: [['0', 'at least one series can be scored'], ...READING_EXITS.slice(0, 2), ['3', 'none can be scored']],
}

async function run(parsed: Parsed, io: Io): Promise<number> {
  const paths = pathsOf(spec, parsed)
  const options = readingOptions(spec, parsed)
  const workers = workersOf(spec, parsed)
  const progress = new Progress(io.stderr, parsed.has('quiet'))
  const [{ inspectPath }, { createPool }, { inspectionJson, inspectionText }] = await Promise.all([
    import('../../node/path.js'),
    import('../../node/pool.js'),
    import('../inspection.js'),
  ])
  // Frames are decoded where two slices lie at one place, and have to be compared.
  const pool = workers === 0 ? null : createPool(workers === undefined ? {} : { workers })
  let inspection: Inspection
  try {
    const onProgress = (...told: Parameters<Progress['update']>): void => progress.update(...told)
    inspection = await inspectPath(paths, { ...options, onProgress, ...(pool ? { pool } : {}) })
  } finally {
    progress.end()
    await pool?.destroy()
  }
  const { files, notDicom, archives, series } = inspection
  if (files === notDicom) throw noDicom(files, notDicom, archives)
  io.stdout.write(
    parsed.has('json')
      ? `${JSON.stringify(inspectionJson(inspection), null, 2)}\n`
      : inspectionText(inspection, lookOf(io.stdout, io)),
  )
  return series.some((one) => one.eligible) ? EXIT.done : EXIT.refused
}

export const command: Command = { spec, run }
