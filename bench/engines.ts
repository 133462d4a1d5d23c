/** What is timed against what, each with the answer it gives. A peer that is not installed says so and is listed as absent. */
import { createRequire } from 'node:module'
import { createEngine } from '../bindings/score/engine.js'
import type { Build } from '../bindings/engine/module.js'
import { type Answer, type Case, volumeOf } from './cases.js'
import { scorePlain } from './plain.js'

/** One timed call; what it returns is compared with the case's answer, field by field, where it gives the field. */
export type Call = () => Partial<Answer>

export interface BenchEngine {
  readonly name: string
  /** What exactly is timed. */
  readonly job: string
  /** A call ready to be timed, or the reason why there is none. */
  prepare(of: Case): Promise<Call | string>
}

/** What every engine is measured against: reading and writing the volume once. */
export const copy: BenchEngine = {
  name: 'copy',
  job: 'copy the volume',
  async prepare({ data }) {
    const into = new Int16Array(data.length)
    return () => {
      into.set(data)
      return {}
    }
  },
}

function ours(build: Build): BenchEngine {
  return {
    name: `agatston (${build})`,
    job: 'scoreSync: pieces, linking, totals',
    async prepare(of) {
      const engine = await createEngine({ build })
      const volume = volumeOf(of)
      const components = engine
        .scoreSync(volume, { scope: 'whole-image' })
        .lesions.reduce((sum, lesion) => sum + lesion.pieces.length, 0)
      return () => {
        const { total } = engine.scoreSync(volume, { scope: 'whole-image' })
        return { agatston: total.agatston, components }
      }
    },
  }
}

const plain: BenchEngine = {
  name: 'plain TypeScript',
  job: 'threshold, label, measure, sum; no linking',
  async prepare(of) {
    return () => scorePlain(of)
  },
}

/** The one function of opencv.js that is used: its types ask for the whole DOM. */
export interface OpenCv {
  readonly CV_8U: number
  readonly CV_32S: number
  matFromArray(rows: number, columns: number, type: number, data: ArrayLike<number>): Mat
  Mat: { new (): Mat; new (rows: number, columns: number, type: number): Mat }
  connectedComponentsWithStats(
    image: Mat,
    labels: Mat,
    stats: Mat,
    centroids: Mat,
    connectivity: number,
    type: number,
  ): number
  onRuntimeInitialized?: () => void
}
interface Mat {
  readonly data: Uint8Array
  readonly data32S: Int32Array
  delete(): void
}

const opencvWasm: BenchEngine = {
  name: 'OpenCV (wasm)',
  job: 'connectedComponentsWithStats of masks that are ready',
  async prepare({ data, rows, columns, slices }) {
    const loaded = await loadOpenCv()
    if (typeof loaded === 'string') return loaded
    const { cv } = loaded
    const size = rows * columns
    const masks = Array.from({ length: slices }, (_, k) =>
      cv.matFromArray(
        rows,
        columns,
        cv.CV_8U,
        Uint8Array.from(data.subarray(k * size, (k + 1) * size), (hu) => (hu >= 130 ? 1 : 0)),
      ),
    )
    const [labels, stats, centroids] = [new cv.Mat(), new cv.Mat(), new cv.Mat()]
    return () => {
      let components = 0
      let pixels = 0
      for (const mask of masks) {
        const count = cv.connectedComponentsWithStats(mask, labels, stats, centroids, 8, cv.CV_32S)
        components += count - 1
        for (let i = 1; i < count; i++) pixels += stats.data32S[i * 5 + 4]!
      }
      return { components, pixels }
    }
  },
}

/** In a box, since the module has a `then` that calls back with the module: awaited, imported or returned bare, it never settles. */
export async function loadOpenCv(): Promise<{ readonly cv: OpenCv } | string> {
  let cv: OpenCv
  try {
    cv = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv
  } catch {
    return '@techstark/opencv-js is not installed'
  }
  if (typeof cv.Mat !== 'function') await new Promise<void>((ready) => (cv.onRuntimeInitialized = ready))
  return { cv }
}

export const ENGINES: readonly BenchEngine[] = [copy, ours('simd'), ours('scalar'), plain, opencvWasm]
