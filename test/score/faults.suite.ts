/**
 * When the runtime fails: a trap in the kernel, memory refused, an engine disposed in the middle. After each nothing
 * plausible is returned, the broken instance is never called again, and the next study scores right.
 */
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { Volume } from '../../bindings/volume/volume.js'
import type { Platform } from '../platforms.js'
import { spying, withoutMemory } from '../spy.js'
import { EIGHTEEN, EIGHTEEN_WIDE, WHOLE, study, thrown } from './studies.js'

const SHAPE = { rows: 8, columns: 8, pixelSpacingMm: [1, 1], orientation: [1, 0, 0, 0, 1, 0] } as const
const BLOCK = new Int16Array(64).fill(500)

const anyLeft = (memory: WebAssembly.Memory): boolean => new Uint8Array(memory.buffer).some((byte) => byte !== 0)

export function faultsSuite(platform: Platform): void {
  describe(`after a trap (${platform.name})`, () => {
    it('a real one, out of bounds: INTERNAL with the cause, a fresh instance for the next study', async () => {
      await spying(async (instances, faults) => {
        const engine = await platform.engine()
        // Two thousand million runs send `label` out of its memory.
        faults.set('threshold16', (real, _memory, args) => {
          real(...args)
          return 0x7fffffff
        })
        const error = thrown(() => engine.scoreSync(EIGHTEEN, WHOLE)) as AgatstonError
        expect(error).toBeInstanceOf(AgatstonError)
        expect(error.code).toBe('INTERNAL')
        expect(error.cause).toBeInstanceOf(WebAssembly.RuntimeError)
        expect(error.message).toMatch(/nothing was scored/)
        faults.clear()
        const callsOfDead = instances[0]!.calls.length
        expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
        expect((await engine.score(EIGHTEEN_WIDE, WHOLE)).total.agatston).toBe(18)
        expect(instances.length).toBe(2)
        expect(instances[0]!.calls.length).toBe(callsOfDead)
      })
    })

    it.each(['open', 'windowAt', 'runPiecesAt', 'threshold16', 'label16', 'link', 'touch'])('in %s', async (name) => {
      await spying(async (instances, faults) => {
        const engine = await platform.engine()
        const volume = study([8, 8, 3], (x, y) => (x === y ? 400 : 0))
        const labels = new Uint8Array(192).fill(1).fill(2, 100)
        const options = { territories: { scalarData: labels, names: { 1: 'LAD', 2: 'RCA' } } }
        const before = JSON.stringify(engine.scoreSync(volume, options))
        let calls = 0
        faults.set(name, (real, _memory, args) => {
          if (++calls < 2 && !['open', 'windowAt', 'touch'].includes(name)) return real(...args)
          throw new WebAssembly.RuntimeError('unreachable')
        })
        await expect(engine.score(volume, options)).rejects.toMatchObject({ code: 'INTERNAL', details: { call: name } })
        faults.clear()
        expect(JSON.stringify(engine.scoreSync(volume, options))).toBe(before)
        expect(instances.length).toBe(2)
      })
    })

    it('in a scan: the scan returns no result any more, and the engine scores on', async () => {
      await spying(async (instances, faults) => {
        const engine = await platform.engine()
        const scan = engine.begin(SHAPE, WHOLE)
        scan.addSlice({ position: [0, 0, 0], pixels: BLOCK })
        scan.addSlice({ position: [0, 0, 3], pixels: BLOCK })
        faults.set('label16', () => {
          throw new WebAssembly.RuntimeError('unreachable')
        })
        expect(thrown(() => scan.addSlice({ position: [0, 0, 6], pixels: BLOCK }))).toMatchObject({ code: 'INTERNAL' })
        faults.clear()
        expect(thrown(() => scan.end())).toBeInstanceOf(Error)
        expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
        expect(instances.length).toBe(2)
      })
    })

    it('in a scan whose slices held nothing before: still no zero is returned', async () => {
      await spying(async (_instances, faults) => {
        const engine = await platform.engine()
        const scan = engine.begin(SHAPE, WHOLE)
        scan.addSlice({ position: [0, 0, 0], pixels: new Int16Array(64) })
        scan.addSlice({ position: [0, 0, 3], pixels: new Int16Array(64) })
        faults.set('label16', () => {
          throw new WebAssembly.RuntimeError('unreachable')
        })
        expect(thrown(() => scan.addSlice({ position: [0, 0, 6], pixels: BLOCK }))).toMatchObject({ code: 'INTERNAL' })
        faults.clear()
        expect(thrown(() => scan.end())).toBeInstanceOf(Error)
      })
    })
  })

  describe(`where memory is refused (${platform.name})`, () => {
    it('OUT_OF_MEMORY with what was needed; the next study is right', async () => {
      const engine = await platform.engine()
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
      const error = await withoutMemory(() => thrown(() => engine.scoreSync(EIGHTEEN_WIDE, WHOLE)) as AgatstonError)
      expect(error.code).toBe('OUT_OF_MEMORY')
      expect(error.message).toMatch(/256 x 256 need \d+ MiB/)
      expect(error.details).toMatchObject({ rows: 256, columns: 256 })
      expect(error.cause).toBeInstanceOf(RangeError)
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
      expect(engine.scoreSync(EIGHTEEN_WIDE, WHOLE).total.agatston).toBe(18)
    })

    it('a small study scores even while memory is refused, and a scan says so too', async () => {
      const engine = await platform.engine()
      await withoutMemory(async () => {
        await expect(engine.score(EIGHTEEN_WIDE, WHOLE)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
        expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
        const scan = engine.begin({ ...SHAPE, rows: 256, columns: 256 }, WHOLE)
        const pixels = new Int16Array(65536)
        expect(thrown(() => scan.addSlice({ position: [0, 0, 0], pixels }))).toMatchObject({ code: 'OUT_OF_MEMORY' })
        scan.cancel()
      })
      expect(engine.scoreSync(EIGHTEEN_WIDE, WHOLE).total.agatston).toBe(18)
    })
  })

  describe(`dispose (${platform.name})`, () => {
    it('leaves no byte in wasm memory, and the engine unusable', async () => {
      await spying(async (instances) => {
        const engine = await platform.engine()
        engine.scoreSync(EIGHTEEN_WIDE, WHOLE)
        const scan = engine.begin(SHAPE, WHOLE)
        scan.addSlice({ position: [0, 0, 0], pixels: BLOCK })
        expect(instances.length).toBe(1)
        expect(anyLeft(instances[0]!.memory)).toBe(true)
        engine.dispose()
        expect(anyLeft(instances[0]!.memory)).toBe(false)
        engine.dispose()
        expect(thrown(() => engine.scoreSync(EIGHTEEN, WHOLE))).toBeInstanceOf(TypeError)
        await expect(engine.score(EIGHTEEN, WHOLE)).rejects.toThrow(TypeError)
        expect(thrown(() => engine.begin(SHAPE, WHOLE))).toBeInstanceOf(TypeError)
        expect(thrown(() => scan.addSlice({ position: [0, 0, 3], pixels: BLOCK }))).toBeInstanceOf(TypeError)
        expect(thrown(() => scan.end())).toBeInstanceOf(Error)
        expect(instances.length).toBe(1)
        expect(anyLeft(instances[0]!.memory)).toBe(false)
      })
    })

    it('leaves nothing of an instance that was dropped after a failure either', async () => {
      await spying(async (instances, faults) => {
        const engine = await platform.engine()
        faults.set('label16', () => {
          throw new WebAssembly.RuntimeError('unreachable')
        })
        thrown(() => engine.scoreSync(EIGHTEEN, WHOLE))
        faults.clear()
        engine.scoreSync(EIGHTEEN, WHOLE)
        engine.dispose()
        expect(instances.map(({ memory }) => anyLeft(memory))).toEqual([false, false])
      })
    })

    it('in the middle of a study: no result, and nothing left of the slice that came after', async () => {
      await spying(async (instances) => {
        const engine = await platform.engine()
        let release = (): void => {}
        const held = new Promise<void>((resolve) => (release = resolve))
        const slow: Volume = {
          ...study([8, 8, 2], () => 500),
          async readSlice(_k, into) {
            await held
            into.fill(500)
          },
        }
        const scoring = engine.score(slow, WHOLE)
        engine.dispose()
        release()
        await expect(scoring).rejects.toBeInstanceOf(Error)
        await held
        expect(anyLeft(instances[0]!.memory)).toBe(false)
      })
    })

    it('before anything was scored', async () => {
      const engine = await platform.engine()
      engine.dispose()
      expect(thrown(() => engine.scoreSync(EIGHTEEN, WHOLE))).toBeInstanceOf(TypeError)
    })
  })

  describe(`one study at a time (${platform.name})`, () => {
    it('throws on re-entry from any callback, and frees the engine afterwards', async () => {
      const engine = await platform.engine()
      const again = (): unknown => engine.scoreSync(EIGHTEEN, WHOLE)
      const inside: Volume = { ...EIGHTEEN, readSlice: () => void again() }
      await expect(engine.score(inside, WHOLE)).rejects.toThrow(/at work/)
      await expect(engine.score(inside, WHOLE)).rejects.toBeInstanceOf(TypeError)
      await expect(engine.score(EIGHTEEN, { ...WHOLE, onProgress: () => void again() })).rejects.toThrow(TypeError)
      expect(thrown(() => engine.scoreSync(EIGHTEEN, { ...WHOLE, onProgress: () => void again() }))).toBeInstanceOf(
        TypeError,
      )
      const first = engine.score(EIGHTEEN_WIDE, WHOLE)
      expect(thrown(() => engine.begin(SHAPE, WHOLE))).toBeInstanceOf(TypeError)
      await expect(engine.score(EIGHTEEN, WHOLE)).rejects.toThrow(TypeError)
      expect((await first).total.agatston).toBe(18)
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
    })

    it('a scan holds the engine until end or cancel, once, and never another scan', async () => {
      const engine = await platform.engine()
      const one = engine.begin(SHAPE, WHOLE)
      expect(thrown(() => engine.scoreSync(EIGHTEEN, WHOLE))).toBeInstanceOf(TypeError)
      one.cancel()
      const two = engine.begin(SHAPE, WHOLE)
      one.cancel() // frees nothing that is not its own
      expect(thrown(() => engine.scoreSync(EIGHTEEN, WHOLE))).toBeInstanceOf(TypeError)
      expect(thrown(() => one.addSlice({ position: [0, 0, 0], pixels: BLOCK }))).toBeInstanceOf(TypeError)
      expect(thrown(() => two.end())).toMatchObject({ code: 'TOO_FEW_SLICES' })
      expect(thrown(() => two.end())).toBeInstanceOf(TypeError)
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
      expect(() => engine.begin({ ...SHAPE, rows: 0 }, WHOLE)).toThrow(RangeError)
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
    })

    it('two engines score at once', async () => {
      const [a, b] = await Promise.all([platform.engine(), platform.engine()])
      const [x, y] = await Promise.all([a.score(EIGHTEEN_WIDE, WHOLE), b.score(EIGHTEEN, WHOLE)])
      expect([x.total.agatston, y.total.agatston]).toEqual([18, 18])
    })

    it('a reader that fails, or a caller that stops, frees the engine and leaves no result', async () => {
      const engine = await platform.engine()
      const broken: Volume = { ...EIGHTEEN, readSlice: () => Promise.reject(new Error('the disk is gone')) }
      await expect(engine.score(broken, WHOLE)).rejects.toThrow('the disk is gone')
      expect(
        thrown(() => engine.scoreSync({ ...EIGHTEEN, readSlice: () => Promise.resolve() as never }, WHOLE)),
      ).toBeInstanceOf(TypeError)
      const stop = new AbortController()
      const options = { ...WHOLE, signal: stop.signal, onProgress: () => stop.abort('enough') }
      await expect(engine.score(EIGHTEEN_WIDE, options)).rejects.toMatchObject({ code: 'CANCELLED', cause: 'enough' })
      expect(thrown(() => engine.scoreSync(EIGHTEEN_WIDE, options))).toMatchObject({ code: 'CANCELLED' })
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
    })

    it('tells of progress after each slice', async () => {
      const engine = await platform.engine()
      const told: unknown[] = []
      engine.scoreSync(EIGHTEEN_WIDE, { ...WHOLE, onProgress: (...args) => told.push(args) })
      expect(told).toEqual([[1, 2], [2, 2]]) // prettier-ignore
    })
  })
}
