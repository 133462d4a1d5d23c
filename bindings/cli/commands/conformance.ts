/** `agatston conformance`: the shipped vectors through both builds of this installation, passes and failures by rule. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConformanceReport, Failure } from '../../conformance/run.js'
import type { VectorSet } from '../../conformance/read.js'
import type { Build } from '../../engine/module.js'
import { codeOf } from '../../node/files.js'
import { type CommandSpec, type Parsed, oneOf, typedLine } from '../args.js'
import type { Command } from '../command.js'
import { EXIT } from '../exit.js'
import { type Io, lookOf } from '../terminal.js'
import { WrongUsage } from '../usage.js'

const BUILDS = ['simd', 'scalar'] as const

const spec: CommandSpec = {
  name: 'conformance',
  usage: '[options]',
  typed: '',
  summary: 'Scores the test vectors and tells pass and fail by rule',
  about: [
    'The vectors are small volumes with the scores they must give, under every shipped standard, in JSON that any language reads. Counts and stored values must be exact, other numbers within 1e-9 relative.',
    'It shows that this installation, on this machine, computes what the version it is computes elsewhere.',
  ],
  options: [
    { name: 'build', value: 'BUILD', help: 'Only one module of the engine: simd or scalar. Default: both.' },
    { name: 'vectors', value: 'DIR', help: 'A folder of other vectors. Default: those that come with the package.' },
    { name: 'json', help: 'Print the counts, versions, hashes and all failures as JSON (agatston.conformance/1).' },
  ],
  examples: [
    ['agatston conformance', 'A table of all rules.'],
    ['agatston conformance --json > conformance.json', 'The same for the record.'],
  ],
  exits: [
    ['0', 'every score is what it must be'],
    ['1', 'at least one is not, or the program failed'],
    ['2', 'wrong usage, a folder without readable vectors included'],
  ],
}

async function run(parsed: Parsed, io: Io): Promise<number> {
  if (parsed.positionals.length > 0) {
    throw new WrongUsage('conformance takes no path; a folder of vectors goes with --vectors', typedLine(spec))
  }
  const build = oneOf(spec, 'build', parsed.one('build'), BUILDS)
  const builds: readonly Build[] = build ? [build] : BUILDS
  const dir = parsed.one('vectors') ?? shippedFolder()
  const [{ readVectors, VectorFileError }, { runConformance }] = await Promise.all([
    import('../../conformance/read.js'),
    import('../../conformance/run.js'),
  ])
  let set: VectorSet
  try {
    set = await readVectors(filesOf(dir))
  } catch (error) {
    if (error instanceof VectorFileError) throw unusable(error.message, error)
    throw error
  }
  const isWatched = Boolean(io.stderr.isTTY) && !parsed.has('json')
  const report = await runConformance(set, builds, (done, of) => {
    if (isWatched) io.stderr.write(`\rScoring ${done} of ${of}`)
  })
  if (isWatched) io.stderr.write('\r\u001b[K')
  io.stdout.write(parsed.has('json') ? `${JSON.stringify(report, null, 2)}\n` : await reportText(report, io))
  return report.passed ? EXIT.done : EXIT.fault
}

const unusable = (message: string, cause?: unknown): WrongUsage =>
  new WrongUsage(message, 'agatston conformance --vectors DIR', { cause })

/** The JSON files of a folder, in order of name. @throws WrongUsage where there are none or one cannot be read */
function filesOf(dir: string): [name: string, bytes: Uint8Array][] {
  const shown = dir.split(/[\\/]/).findLast((part) => part !== '') ?? sep
  let names: string[]
  try {
    names = readdirSync(dir).filter((name) => name.endsWith('.json'))
  } catch (cause) {
    throw unusable(`the folder of vectors '${shown}' cannot be read (${codeOf(cause)})`, cause)
  }
  if (names.length === 0) throw unusable(`the folder '${shown}' holds no vectors: there is no .json file in it`)
  return names.sort().map((name) => {
    try {
      return [name, readFileSync(join(dir, name))]
    } catch (cause) {
      throw unusable(`${name} cannot be read (${codeOf(cause)})`, cause)
    }
  })
}

/** The vectors of the package this file is part of, be it a bundle, a compiled module or the source. @throws WrongUsage */
function shippedFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)), up = ''; at !== up; [at, up] = [dirname(at), at]) {
    if (!existsSync(join(at, 'package.json'))) continue
    const dir = join(at, 'test', 'vectors')
    if (existsSync(dir)) return dir
    break
  }
  throw unusable('this installation came without its vectors: install the package again, or name a folder of vectors')
}

/** Failures shown to people. */
const MOST_SHOWN = 10
/** Of the problems of one score. */
const MOST_PROBLEMS = 3

async function reportText(report: ConformanceReport, io: Io): Promise<string> {
  const { Paper } = await import('../../report/text/paper.js')
  const paper = new Paper(lookOf(io.stdout, io))
  const { total, rules, failures, builds, standards, vectors } = report
  paper.table(
    [
      { title: 'Rule' },
      { title: 'Cases', align: 'right', spare: 1 },
      { title: 'Scores', align: 'right' },
      { title: 'Passed', align: 'right' },
      { title: 'Failed', align: 'right' },
    ],
    [...rules, total].map(({ rule, cases, scores, passed, failed }) => ({
      cells: [rule, ...[cases, scores, passed, failed].map(String)],
      ...(failed > 0 ? { style: 'bad' as const } : {}),
      ...(rule === total.rule ? { ruled: true } : {}),
    })),
  )
  if (failures.length > 0) {
    paper.heading(failures.length === 1 ? 'The failure' : 'The first failures')
    for (const one of failures.slice(0, MOST_SHOWN)) paper.paragraph(failureText(one), undefined, '- ')
    if (failures.length > MOST_SHOWN) paper.line(`... and ${failures.length - MOST_SHOWN} more: --json lists all`)
  }
  paper.line()
  paper.fields([
    ['Version', `agatston ${report.engine.version}`],
    ...builds.map(({ build, wasmSha256 }): [string, string] => [`Module ${build}`, `SHA-256 ${wasmSha256}`]),
    [
      'Standards',
      `${standards.length === 0 ? 'none' : standards.join(', ')}; and ${report.otherRules} that exercise single fields`,
    ],
    ['Vectors', `${vectors.length} files`],
  ])
  paper.line()
  paper.line(report.passed ? 'PASSED: every score is what it must be' : `FAILED: ${total.failed} of ${total.scores} scores`, report.passed ? 'good' : 'bad') // prettier-ignore
  return paper.toString()
}

function failureText({ rule, file, case: name, standard, build, problems }: Failure): string {
  const by = [standard, build].filter((one) => one !== null).join(', ')
  const more = problems.length > MOST_PROBLEMS ? `; and ${problems.length - MOST_PROBLEMS} more` : ''
  return `${rule}: ${name}${by === '' ? '' : ` [${by}]`} in ${file}: ${problems.slice(0, MOST_PROBLEMS).join('; ')}${more}`
}

export const command: Command = { spec, run }
