/**
 * What reading costs beside reading: a series of uncompressed slices from disk to its result, hash aside, against Node reading the
 * same files and copying their pixels. Both in one process, in turn, warm.
 *
 *   npx tsx bench/reading.ts [FOLDER] [--band]
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../bindings/index.js'
import { scorePath } from '../bindings/node/index.js'

const [given] = process.argv.slice(2).filter((word) => word !== '--band')
const folder = given ?? fileURLToPath(new URL('../../shared/data/qrm_canon/dicom', import.meta.url))
const files = readdirSync(folder).sort()
const engine = await createEngine()
const pixels = new Uint8Array(512 * 512 * 2)

/** Read every file and copy its last half megabyte, which is its pixels. */
function plain(): number {
  let sum = 0
  for (const file of files) {
    const bytes = readFileSync(join(folder, file))
    pixels.set(bytes.subarray(bytes.length - pixels.length))
    sum += pixels[0]!
  }
  return sum
}

/** Hash and sensitivity band aside; `--band` times the default, with it. */
const sensitivity = process.argv.includes('--band')
const ours = async (): Promise<number> =>
  (await scorePath(folder, { scope: 'whole-image', hash: false, sensitivity, engine })).total.agatston

const ratios: number[] = []
const times: [number[], number[]] = [[], []]
for (let round = 0; round < 40; round++) {
  const start = performance.now()
  plain()
  const between = performance.now()
  await ours()
  const end = performance.now()
  if (round < 10) continue // what is compiled only after some rounds is compiled now
  times[0].push(between - start)
  times[1].push(end - between)
  ratios.push((end - between) / (between - start))
}
const median = (list: number[]): number => list.sort((a, b) => a - b)[list.length >> 1]!
console.log(`${files.length} files: reading and copying ${median(times[0]).toFixed(1)} ms`)
console.log(`scored from disk, hash aside: ${median(times[1]).toFixed(1)} ms`)
console.log(`ratio ${median(ratios).toFixed(2)} (goal: at most 1.8)`)
