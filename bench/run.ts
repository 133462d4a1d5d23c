/**
 * `npm run bench`: times every engine on every case, fails on a wrong answer, prints one table with ratios, and with
 * `--record` writes bench/record. `--quick` takes fewer cases and less time.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Bench } from 'tinybench'
import { type Answer, type Case, noiseCase, scanCase, shareOf, torsoCase } from './cases.js'
import { timeCommands } from './commands.js'
import { ENGINES, copy } from './engines.js'
import { goalsOf } from './goals.js'
import { about } from './machine.js'
import { timeNative } from './native.js'
import { type PairRow, ratioInTurn } from './pairs.js'
import { type Row, markdown } from './table.js'

const quick = process.argv.includes('--quick')
const record = process.argv.includes('--record')
const BUDGET_MS = quick ? 300 : 600

async function allCases(): Promise<Case[]> {
  const scan = await scanCase()
  if (scan === null) process.stderr.write('skipped: the real scan (../shared/data is not at hand)\n')
  const noise = quick
    ? [noiseCase(0.5, 1)]
    : [0.1, 0.3, 0.5].flatMap((density) => [1, 4].map((grain) => noiseCase(density, grain, 8)))
  return [await torsoCase(64), await torsoCase(16), ...(scan ? [scan] : []), ...noise]
}

/** Whether what an engine gave is the answer, as far as it gives one. */
function check(engine: string, of: Case, given: Partial<Answer>): void {
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b))
  for (const [field, value] of Object.entries(given) as [keyof Answer, number][]) {
    if (!close(value, of.answer[field])) {
      throw new Error(`WRONG ANSWER: ${engine} on '${of.name}': ${field} is ${value}, should be ${of.answer[field]}`)
    }
  }
}

async function timeHere(of: Case): Promise<Row[]> {
  const bench = new Bench({ time: BUDGET_MS, warmupTime: BUDGET_MS / 3, iterations: 5 })
  const absent: Row[] = []
  let sink: Partial<Answer> = {} // what is computed is kept, so that no compiler may leave it out
  for (const engine of ENGINES) {
    const call = await engine.prepare(of)
    if (typeof call === 'string') {
      absent.push({ case: of.name, engine: engine.name, job: call, median: null, min: null })
      continue
    }
    check(engine.name, of, call())
    bench.add(engine.name, () => {
      sink = call()
    })
  }
  await bench.run()
  check('the last call', of, sink)
  const rows = bench.tasks.map((task): Row => {
    const { result } = task
    if (!('latency' in result)) throw new Error(`${task.name} failed on '${of.name}'`, { cause: result })
    const job = ENGINES.find(({ name }) => name === task.name)!.job
    return { case: of.name, engine: task.name, job, median: result.latency.p50, min: result.latency.min }
  })
  return [...rows, ...absent]
}

/** The engines against copying, in turn. */
async function timePairs(of: Case): Promise<PairRow[]> {
  const against = await copy.prepare(of)
  if (typeof against === 'string') throw new Error(against)
  const pairs: PairRow[] = []
  for (const engine of ENGINES.filter(({ name }) => name.startsWith('agatston'))) {
    const call = await engine.prepare(of)
    if (typeof call === 'string') throw new Error(call)
    const rounds = quick ? 40 : 150
    pairs.push({
      case: of.name,
      engine: engine.name,
      against: copy.name,
      ratio: ratioInTurn(call, against, rounds),
      rounds,
    })
  }
  return pairs
}

const cases = await allCases()
const rows: Row[] = []
const pairs: PairRow[] = []
for (const of of cases) {
  process.stderr.write(`${of.name} (${(100 * shareOf(of)).toFixed(1)} % calcified)\n`)
  rows.push(...(await timeHere(of)))
  if (of === cases[0]) pairs.push(...(await timePairs(of)))
}
const native = timeNative(cases, BUDGET_MS / 1000)
if (native.length === 0) process.stderr.write('absent: OpenCV native, scipy (no python3 with numpy and either)\n')
for (const { answer, ...row } of native) {
  check(
    row.engine,
    cases.find(({ name }) => name === row.case)!,
    answer,
  )
  rows.push(row)
}
const commands = timeCommands(quick ? 3 : 5)
const machine = about()
const text = markdown(machine, cases, rows, pairs, commands, goalsOf(cases, rows, pairs, commands))
process.stdout.write(text)
if (record) {
  const slug = machine.processor
    .replace(/\(R\)|\(TM\)/g, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()
  const base = fileURLToPath(new URL(`record/${machine.date}-${slug}`, import.meta.url))
  writeFileSync(`${base}.md`, text)
  writeFileSync(`${base}.json`, `${JSON.stringify({ about: machine, rows, pairs, commands }, null, 2)}\n`)
}
