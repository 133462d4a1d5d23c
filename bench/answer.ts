/** The answer to a case, found the plainest way: a flood fill a slice, 8 neighbours, 130 HU, 1 mm2. Nothing here is timed. */
import type { Answer } from './cases.js'

export interface Hu {
  readonly data: Int16Array
  readonly columns: number
  readonly rows: number
  readonly slices: number
  readonly spacing: readonly [number, number, number]
}

export function answerOf({ data, columns, rows, slices, spacing }: Hu): Answer {
  const size = rows * columns
  const area = spacing[0] * spacing[1]
  const seen = new Uint8Array(data.length)
  let [pixels, components, weighted] = [0, 0, 0]
  for (let start = 0; start < size * slices; start++) {
    if (seen[start] || data[start]! < 130) continue
    const base = start - (start % size)
    const stack = [start]
    seen[start] = 1
    let [count, peak] = [0, -32768]
    while (stack.length > 0) {
      const at = stack.pop()!
      const [y, x] = [Math.floor((at - base) / columns), (at - base) % columns]
      count++
      peak = Math.max(peak, data[at]!)
      for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, rows - 1); row++) {
        for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, columns - 1); column++) {
          const next = base + row * columns + column
          if (seen[next] || data[next]! < 130) continue
          seen[next] = 1
          stack.push(next)
        }
      }
    }
    pixels += count
    components++
    if (count * area >= 1 - 1e-9) weighted += count * (peak >= 400 ? 4 : peak >= 300 ? 3 : peak >= 200 ? 2 : 1)
  }
  return { pixels, components, agatston: weighted * area * (spacing[2] / 3) }
}
