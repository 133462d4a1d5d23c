/**
 * Memory of the greediest inputs, each in a process of its own, so that the peak is its own: 256 MB and four times the input
 * may be taken, no more. Run as a program it reads one input and prints what that took.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { objectFuzzer } from './objects.js'

export interface Memory {
  readonly grownMb: number
  readonly inputMb: number
  readonly allowedMb: number
  readonly what: string
}

const MB = 2 ** 20
/** Heavy inputs tried. */
const INPUTS = 12

/** The heavy input that took most of what it may. */
export async function worstMemory(seed: number, inputs = INPUTS): Promise<Memory> {
  let worst: Memory = { grownMb: 0, inputMb: 0, allowedMb: 256, what: 'nothing' }
  for (let n = 0; n < inputs; n++) {
    const args = ['--import', 'tsx', fileURLToPath(import.meta.url), String(seed), String(n)]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`the memory of input ${n} of seed ${seed} was not measured: ${stderr}`)
    const met = JSON.parse(stdout) as Memory
    if (met.grownMb / met.allowedMb > worst.grownMb / worst.allowedMb) worst = met
  }
  return worst
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seed, n] = process.argv.slice(2).map(Number)
  const one = objectFuzzer(1).make(seed!, n!)
  const inputMb = one.files[0]!.bytes.length / MB
  const before = process.memoryUsage.rss() / MB
  const { outcome, failure } = await one.judge(one.files)
  const grownMb = process.resourceUsage().maxRSS / 1024 - before
  const what = `${one.seed}: ${one.what}, ${failure ?? outcome}`
  console.log(JSON.stringify({ grownMb, inputMb, allowedMb: 256 + 4 * inputMb, what }))
}
