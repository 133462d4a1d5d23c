import { describe, expect, it } from 'vitest'
import { AHEAD_BYTES, ReadAhead } from '../../bindings/dicom/decoding/ahead.js'

/** A reader whose slices are settled by hand, and a record of what was begun and given up. */
function reader(plan: { slices?: readonly number[]; frames?: number; bytes?: number } = {}) {
  const { slices = [...Array(20).keys()], frames = 4, bytes = 1 } = plan
  const begun: number[] = []
  const givenUp: number[] = []
  const settle = new Map<number, { done: (value: string) => void; fail: (error: Error) => void }>()
  const ahead = new ReadAhead<string>(
    (k, signal) =>
      new Promise((done, fail) => {
        begun.push(k)
        settle.set(k, { done, fail })
        signal?.addEventListener('abort', () => givenUp.push(k))
      }),
    { slices, frames, bytesOf: () => bytes },
  )
  const take = (k: number): Promise<string> => {
    const result = ahead.take(k)
    settle.get(k)!.done(`slice ${k}`)
    return result
  }
  return { ahead, begun, givenUp, settle, take }
}

describe('reading ahead', () => {
  it('begins the slice asked for, then those that follow, each once', async () => {
    const { take, begun, givenUp } = reader()
    for (let k = 0; k < 20; k++) {
      expect(await take(k)).toBe(`slice ${k}`)
      expect(Math.max(...begun)).toBe(Math.min(k + 4, 19))
    }
    expect(begun).toEqual([...Array(20).keys()])
    expect(givenUp).toEqual([])
  })

  it('without threads begins only what is asked for', async () => {
    const { take, begun } = reader({ frames: 0 })
    for (const k of [0, 1, 2, 2, 7]) expect(await take(k)).toBe(`slice ${k}`)
    expect(begun).toEqual([0, 1, 2, 2, 7])
  })

  it('reads a slice again when it is asked for again, and goes on from there', async () => {
    const { take, begun, givenUp } = reader({ frames: 2 })
    for (const k of [0, 1, 1, 2]) expect(await take(k)).toBe(`slice ${k}`)
    expect(begun).toEqual([0, 1, 2, 3, 1, 4])
    expect(givenUp).toEqual([])
  })

  it('gives up everything at a jump, and waits for order before it goes on', async () => {
    const { take, begun, givenUp } = reader()
    await take(0)
    await take(9)
    expect(givenUp).toEqual([1, 2, 3, 4])
    expect(begun).toEqual([0, 1, 2, 3, 4, 9])
    await take(8)
    await take(7)
    expect(begun.slice(6)).toEqual([8, 7])
    await take(8)
    expect(begun.slice(8)).toEqual([8, 9, 10, 11, 12])
  })

  it('begins in the middle where someone begins there', async () => {
    const { take, begun } = reader()
    await take(5)
    expect(begun).toEqual([5, 6, 7, 8, 9])
  })

  it('counts only slices of the plan', async () => {
    const { take, begun } = reader({ slices: [0, 3, 4, 9], frames: 2 })
    await take(0)
    expect(begun).toEqual([0, 3, 4])
    await take(3)
    expect(begun).toEqual([0, 3, 4, 9])
    await take(5)
    expect(begun).toEqual([0, 3, 4, 9, 5])
  })

  it.each([
    [AHEAD_BYTES / 3 + 1, 2],
    [AHEAD_BYTES / 3, 3],
    [AHEAD_BYTES / 3 - 1, 3],
    [AHEAD_BYTES, 1],
    [AHEAD_BYTES + 1, 0],
  ])('holds no more than its bytes: %d a slice, %d ahead', async (bytes, count) => {
    const { take, begun } = reader({ bytes })
    await take(0)
    expect(begun).toHaveLength(1 + count)
    await take(1)
    expect(begun).toHaveLength(2 + count)
  })

  it('tells an error where its slice is asked for, not before, and gives up the rest', async () => {
    const { ahead, take, begun, givenUp, settle } = reader({ frames: 3 })
    await take(0)
    settle.get(2)!.fail(new Error('slice 2 is damaged'))
    expect(await take(1)).toBe('slice 1')
    await expect(ahead.take(2)).rejects.toThrow('slice 2 is damaged')
    expect(givenUp).toEqual([3, 4, 5])
    begun.length = 0
    expect(await take(2)).toBe('slice 2')
    expect(begun).toEqual([2, 3, 4, 5])
  })
})
