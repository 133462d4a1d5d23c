/**
 * What the sensitivity band costs: the torso case scored with and without it, in turn, the ratio of each pair. `npx tsx bench/band.ts
 * [PAIRS]`. Both must give the same score, or the run fails.
 */
import { createEngine } from '../bindings/score/engine.js'
import { loadFurther } from '../bindings/score/load-further.js'
import { torsoCase, volumeOf } from './cases.js'

const pairs = Number(process.argv[2] ?? 25)
const [torso, engine] = await Promise.all([torsoCase(), createEngine(), loadFurther()])
const volume = volumeOf(torso)

function timed(sensitivity: boolean): number {
  const start = performance.now()
  const { total } = engine.scoreSync(volume, { scope: 'whole-image', sensitivity })
  const ms = performance.now() - start
  if (Math.abs(total.agatston - torso.answer.agatston) > 1e-6 * torso.answer.agatston)
    throw new Error(`scored ${total.agatston}, the answer is ${torso.answer.agatston}`)
  return ms
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

for (let n = 0; n < 3; n++) {
  timed(false)
  timed(true)
}
const [without, withBand]: [number[], number[]] = [[], []]
for (let n = 0; n < pairs; n++) {
  // Which of the two comes first changes from pair to pair.
  if (n % 2 === 0) [without[n], withBand[n]] = [timed(false), timed(true)]
  else [withBand[n], without[n]] = [timed(true), timed(false)]
}
const ratios = without.map((ms, n) => withBand[n]! / ms)
console.log(
  `${torso.name}: ${median(without).toFixed(2)} ms without the band, ${median(withBand).toFixed(2)} ms with it; ` +
    `ratio ${median(ratios).toFixed(3)} (median of ${pairs} pairs, ${engine.build}, Node ${process.version})`,
)
