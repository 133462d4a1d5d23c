/**
 * What the sensitivity band costs: each case scored with and without it, in turn, the ratio of each pair. `npx tsx bench/band.ts
 * [PAIRS]`. Both must give the same score, that of the whole image the case's answer, or the run fails. The torso, bare and with a
 * map of territories, and the real scan where it is at hand.
 */
import { createEngine } from '../bindings/score/engine.js'
import { loadFurther } from '../bindings/score/load-further.js'
import type { ScoreOptions } from '../bindings/score/request.js'
import { type Case, scanCase, torsoCase, volumeOf } from './cases.js'

const pairs = Number(process.argv[2] ?? 25)
const [torso, scan, engine] = await Promise.all([torsoCase(), scanCase(), createEngine(), loadFurther()])

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Blocks of four vessels over the middle of every slice: about 2 % of all pixels. */
function territories({ data, rows, columns }: Case): NonNullable<ScoreOptions['territories']> {
  const scalarData = new Uint8Array(data.length)
  const [top, left, side] = [Math.floor(rows * 0.4), Math.floor(columns * 0.4), Math.floor(columns * 0.14)]
  for (let line = 0; line < data.length / columns; line++) {
    const row = line % rows
    if (row < top || row >= top + side) continue
    for (let x = left; x < left + side; x++) scalarData[line * columns + x] = 1 + ((x >> 4) & 3)
  }
  return { scalarData, names: { 1: 'LM', 2: 'LAD', 3: 'LCX', 4: 'RCA' } }
}

function compare(name: string, timed: Case, options: ScoreOptions): void {
  const volume = volumeOf(timed)
  let score: number | null = options.scope === 'whole-image' ? timed.answer.agatston : null
  const run = (sensitivity: boolean): number => {
    const start = performance.now()
    const { total } = engine.scoreSync(volume, { ...options, sensitivity })
    const ms = performance.now() - start
    score ??= total.agatston
    if (Math.abs(total.agatston - score) > 1e-6 * score)
      throw new Error(`scored ${total.agatston}, the answer is ${score}`)
    return ms
  }
  for (let n = 0; n < 3; n++) {
    run(false)
    run(true)
  }
  const [without, withBand]: [number[], number[]] = [[], []]
  for (let n = 0; n < pairs; n++) {
    // Which of the two comes first changes from pair to pair.
    if (n % 2 === 0) [without[n], withBand[n]] = [run(false), run(true)]
    else [withBand[n], without[n]] = [run(true), run(false)]
  }
  const ratios = without.map((ms, n) => withBand[n]! / ms)
  console.log(
    `${name}: ${median(without).toFixed(2)} ms without the band, ${median(withBand).toFixed(2)} ms with it; ` +
      `ratio ${median(ratios).toFixed(3)} (median of ${pairs} pairs, ${engine.build}, Node ${process.version})`,
  )
}

compare(torso.name, torso, { scope: 'whole-image' })
compare(`${torso.name}, with territories`, torso, { territories: territories(torso) })
if (scan) compare(scan.name, scan, { scope: 'whole-image' })
