/**
 * Decoding on threads: 256 slices of JPEG lossless, as the torso phantom has them, with pools that are warm.
 *
 *   npx tsx bench/threads.ts [SLICES] [ROUNDS]
 *
 * One round reads, and scores, the same series in this thread, with one worker and with two, in turn; ratios are of one round.
 * Every score is compared before its time counts. Two workers are worth at most what the processor has idle: the load of the
 * machine is printed too.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { type DecodeFrame, type DicomSource, type DicomVolume, readSeries } from '../bindings/dicom/index.js'
import { createEngine } from '../bindings/index.js'
import { createPool, nodeHasher } from '../bindings/node/index.js'
import { makePhantom } from '../bindings/phantom/index.js'
import { encapsulated } from '../test/dicom/encode.js'
import { at, ctElements, encodeFile } from '../test/dicom/make.js'
import { encodeLossless } from '../test/reference/jpeg-lossless.js'

const [slices, rounds] = [Number(process.argv[2] ?? 256), Number(process.argv[3] ?? 9)]
/** Slices of the phantom that are made; the series repeats them, each place with other noise than its neighbours. */
const MADE = 16
const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70'

function series(): DicomSource[] {
  const { volume } = makePhantom({ slices: MADE })
  const { rows, columns } = volume.geometry
  const frames = Array.from({ length: MADE }, (_, k) => {
    const words = new Uint16Array(rows * columns)
    volume.readSlice(k, words)
    return encodeLossless(words, { rows, columns, precision: 12, selection: 1 })
  })
  return Array.from({ length: slices }, (_, k) => {
    const elements = ctElements(k, {
      ...at(0.5 * k),
      0x00180050: '0.5',
      0x00280010: [rows],
      0x00280011: [columns],
      0x00280101: [12],
      0x00280102: [11],
      0x00280103: [0],
      ...encapsulated([frames[k % MADE]!]),
    })
    return { name: `CT${String(k).padStart(4, '0')}.dcm`, data: encodeFile(elements, { uid: JPEG_LOSSLESS }) }
  })
}

async function readAll(volume: DicomVolume): Promise<number> {
  const { rows, columns } = volume.geometry
  const into = new Uint16Array(rows * columns)
  let sum = 0
  for (let k = 0; k < slices; k++) {
    await volume.readSlice(k, into)
    sum = (Math.imul(sum, 31) + into[(rows >> 1) * columns + (columns >> 1)]!) | 0
  }
  return sum
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
async function timed<T>(body: () => Promise<T>): Promise<readonly [number, T]> {
  const start = performance.now()
  const result = await body()
  return [performance.now() - start, result]
}

const sources = series()
const engine = await createEngine()
const file = new URL('../test/node/worker.mjs', import.meta.url)
const pools = [createPool({ workers: 1, file }), createPool({ workers: 2, file })]
const ways = ['in this thread', 'one worker', 'two workers'] as const
const volumes: DicomVolume[] = []
for (const decode of [undefined, ...pools.map((pool) => pool.decode)] satisfies (DecodeFrame | undefined)[]) {
  volumes.push(await readSeries(sources, decode ? { decode } : {}))
}

console.log(
  `${cpus()[0]!.model}, ${availableParallelism()} at once, Node ${process.version}; ${slices} slices, medians of ${rounds} rounds`,
)
const jobs = {
  reading: readAll,
  'scoring, with hash': async (volume: DicomVolume) =>
    (await engine.score(volume, { scope: 'whole-image', hash: nodeHasher })).input.pixelSha256,
  'scoring, without': async (volume: DicomVolume) =>
    (await engine.score(volume, { scope: 'whole-image', hash: false })).total.agatston,
}
console.log(`| job | ${ways.join(' ms | ')} ms | two / one | two / in this thread | load |`)
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
for (const [name, job] of Object.entries(jobs)) {
  const times: number[][] = ways.map(() => [])
  const expected = await job(volumes[0]!)
  for (const volume of volumes) if ((await job(volume)) !== expected) throw new Error(`${name}: another result`)
  for (let round = 0; round < rounds; round++) {
    for (const [way, volume] of volumes.entries()) {
      const [ms, met] = await timed<unknown>(() => job(volume))
      if (met !== expected) throw new Error(`${name}, ${ways[way]}: another result`)
      times[way]!.push(ms)
    }
  }
  const ratio = (a: number, b: number): string => median(times[a]!.map((ms, n) => ms / times[b]![n]!)).toFixed(2)
  const cells = [...times.map((each) => median(each).toFixed(0)), ratio(2, 1), ratio(2, 0), loadavg()[0]!.toFixed(1)]
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}
await Promise.all(pools.map((pool) => pool.destroy()))
