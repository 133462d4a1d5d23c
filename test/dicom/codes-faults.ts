/** Faults that are neither the input's nor the caller's, on a scan with calcium and on its twin without (see `codes`). */
import { unpack } from '../../bindings/engine/pack.js'
import { loadFontkit, loadPdfLib } from '../../bindings/report/pdf/library.js'
import type { FaultCode } from '../../bindings/base/errors.js'
import { DecodePool, type Lane } from '../../bindings/dicom/decoding/pool.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { MODULES } from '../engine/modules.js'
import { createEngine } from '../../bindings/score/engine.js'
import { spying, withoutMemory } from '../spy.js'
import { type NotYet, rleFile, territoriesOf } from './codes.js'
import { AMID, SLICES, type Twin, twinSeries } from './twins.js'

export interface FaultRow {
  readonly by: string
  /** Scores the twin under the fault. Must throw. */
  readonly score: (twin: Twin) => Promise<unknown>
}

async function scoreWith(twin: Twin, wasm?: Uint8Array<ArrayBuffer>, side = 64): Promise<unknown> {
  const volume = await readSeries(twinSeries(twin, side === 64 ? {} : { side, slices: 14 }))
  const engine = await createEngine(wasm ? { wasm } : {})
  return engine.score(volume, { territories: territoriesOf(volume) })
}

const aborted = AbortSignal.abort()

export const FAULTS: Readonly<Record<FaultCode, readonly FaultRow[] | NotYet>> = {
  TIMEOUT: [
    {
      by: 'a thread that never answers for one frame',
      score: async (twin) => {
        const pool = new DecodePool(async () => silentLane(), { workers: 1, secondsPerFrame: 0.01 })
        const files = twinSeries(twin).with(AMID, rleFile(twin))
        const volume = await readSeries(files, { decode: pool.decode })
        const engine = await createEngine()
        return engine.score(volume, { territories: territoriesOf(volume) }).finally(() => pool.destroy())
      },
    },
  ],
  CANCELLED: [
    { by: 'a signal before reading', score: (twin) => readSeries(twinSeries(twin), { signal: aborted }) },
    {
      by: 'a signal amid scoring',
      score: async (twin) => {
        const volume = await readSeries(twinSeries(twin))
        const control = new AbortController()
        const onProgress = (done: number): void => {
          if (done === SLICES - 1) control.abort()
        }
        const engine = await createEngine()
        return engine.score(volume, { territories: territoriesOf(volume), signal: control.signal, onProgress })
      },
    },
  ],
  OUT_OF_MEMORY: [{ by: 'no memory grows', score: (twin) => withoutMemory(() => scoreWith(twin, undefined, 256)) }],
  INTERNAL: [
    {
      by: 'a trap in the kernel',
      score: (twin) =>
        spying((_instances, faults) => {
          faults.set('threshold16', () => {
            throw new WebAssembly.RuntimeError('unreachable')
          })
          return scoreWith(twin)
        }),
    },
  ],
  WASM_UNSUPPORTED: [
    { by: 'a page in place of the module', score: (twin) => scoreWith(twin, new TextEncoder().encode('<html>')) },
  ],
  INTEGRITY_FAILED: [
    {
      by: 'one bit of the constants of the module',
      score: (twin) => scoreWith(twin, flipped()),
    },
  ],
  PACKAGE_MISSING: [
    {
      by: 'a PDF asked for where pdf-lib is not installed',
      score: () => loadPdfLib({ pdfLib: () => Promise.reject(new Error('not found')), fontkit: () => loadFontkit() }),
    },
  ],
}

/** Ready to decode, and then lost in thought. */
const silentLane = (): Lane => ({
  dead: false,
  ask: ({ task }) => (task === 'load' ? Promise.resolve({ done: 'loaded' }) : new Promise(() => {})),
  end: async () => {},
})

/** The module with one bit changed where it stays a module. */
function flipped(): Uint8Array<ArrayBuffer> {
  const bytes = unpack(MODULES.scalar)
  for (let at = bytes.length >> 1; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at]! ^= 1
    if (WebAssembly.validate(changed)) return changed
  }
  throw new Error('no bit of the module can be changed')
}
