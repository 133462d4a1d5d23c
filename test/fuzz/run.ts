/**
 * `npm run fuzz`: mutated files, frames and series, until the time is over.
 *
 *   npm run fuzz -- --seconds 600 --level object --seed 7 --keep FOLDER
 *
 * Without --level the time is shared by all three. Every failure prints the line that makes it again; with --keep the input,
 * made small, is written into a folder of its own. --from N begins at case N, --count N stops after so many.
 * Exit code 1 where anything failed.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fuzzerOf, LEVELS, type Level } from './levels.js'
import { worstMemory } from './memory.js'
import { minimise } from './minimise.js'
import { type Failure, Tally, kindOf } from './tally.js'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    level: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    count: { type: 'string' },
    keep: { type: 'string' },
    memory: { type: 'boolean', default: false },
  },
})
const seed = values.seed === undefined ? Math.floor(Date.now() / 1000) : wholeNumber('seed', values.seed)
const from = wholeNumber('from', values.from)
const count = values.count === undefined ? Infinity : wholeNumber('count', values.count)
const levels = values.level === undefined ? LEVELS : LEVELS.filter((level) => level === values.level)
if (levels.length === 0) usage(`--level is one of ${LEVELS.join(', ')}`)
const seconds = Number(values.seconds)
if (!(seconds > 0)) usage('--seconds is a number above 0')

// Millions of refusals are made; the place of one is enough.
Error.stackTraceLimit = 2

/** Of one kind of failure only the first few are kept. */
const MOST_KEPT = 3
const kept = new Map<string, number>()
let failed = 0
for (const level of levels) await runLevel(level, seconds / levels.length)
if (values.memory) await checkMemory()
process.exitCode = failed > 0 ? 1 : 0

async function runLevel(level: Level, share: number): Promise<void> {
  const tally = new Tally(await fuzzerOf(level), seed)
  const start = performance.now()
  let told = start
  for (let n = from; n < from + count && performance.now() - start < 1000 * share; n++) {
    const before = tally.failures.length
    await tally.run(n)
    if (tally.failures.length > before) await report(tally.failures.pop()!)
    if (performance.now() - told < 30_000) continue
    told = performance.now()
    console.error(`${level}: ${tally.cases} cases, ${failed} failed`)
  }
  const took = (performance.now() - start) / 1000
  console.log(`${level}: ${tally.cases} cases in ${took.toFixed(0)} s, seed ${seed}, from ${from}`)
  for (const [outcome, times] of tally.counted()) console.log(`  ${String(times).padStart(10)}  ${outcome}`)
  const { ms, n, bytes, what } = tally.slowest
  console.log(`  slowest ${ms.toFixed(1)} ms: case ${n}, ${bytes} bytes, ${what}`)
  console.log(
    `  largest input ${tally.largest} bytes; the process peaked at ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  )
}

async function report(failure: Failure): Promise<void> {
  failed++
  const kind = kindOf(failure.failure)
  const times = (kept.get(kind) ?? 0) + 1
  kept.set(kind, times)
  if (times > MOST_KEPT) return
  console.log(`FAILED ${failure.what}: ${failure.failure}`)
  console.log(`  again: npm run fuzz -- --level ${failure.level} --seed ${failure.seed} --from ${failure.n} --count 1`)
  if (values.keep === undefined) return
  const folder = join(values.keep, `${failure.level}-${failure.seed}-${failure.n}`)
  mkdirSync(folder, { recursive: true })
  const files = await minimise(failure)
  files.forEach(({ name, bytes }, n) => writeFileSync(join(folder, `${n}-${name.replace(/[^\w.]/g, '_')}`), bytes))
  writeFileSync(
    join(folder, 'failure.txt'),
    `${failure.what}\n${failure.failure}\nseed ${failure.seed} case ${failure.n}\n`,
  )
}

async function checkMemory(): Promise<void> {
  const { grownMb, allowedMb, inputMb, what } = await worstMemory(seed)
  const over = grownMb > allowedMb
  if (over) failed++
  console.log(`memory: ${over ? 'FAILED, ' : ''}${grownMb.toFixed(0)} MB for ${inputMb.toFixed(1)} MB (${what}), allowed ${allowedMb.toFixed(0)} MB`) // prettier-ignore
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) usage(`--${name} is a whole number`)
  return number
}

function usage(what: string): never {
  console.error(`${what}. Type: npm run fuzz -- --seconds 60 --level object --seed 1`)
  process.exit(2)
}
