/** The pixels of each piece, found again: on noise, with masks that cut through calcium, under every shipped standard. */
import { describe, expect, test } from 'vitest'
import { lesionPixels } from '../../bindings/report/lesion-pixels.js'
import { createEngine } from '../../bindings/score/engine.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import { random } from '../paint.js'

const [rows, columns, slices] = [23, 37, 5]

function noise(seed: number, density: number, falling = false) {
  const from = random(seed)
  const hu = Int16Array.from({ length: rows * columns * slices }, () =>
    from.next() < density ? 126 + from.below(400) : from.below(120),
  )
  const scalarData = falling ? hu.map((value) => 1000 - value) : hu.map((value) => value + 24)
  const rescale = falling ? { slope: -1, intercept: 1000 } : { slope: 1, intercept: -24 }
  const names = { 1: 'LAD', 2: 'RCA', 3: 'AORTA' }
  // Wide stripes: calcium lies across their borders.
  const labels = Uint8Array.from(hu, (_, i) => Math.floor((i % columns) / 10) % 4)
  const volume = arrayVolume({
    scalarData,
    dimensions: [columns, rows, slices],
    spacing: [0.7, 0.7, 3],
    thicknessMm: 3,
    rescale,
  })
  return { hu, volume, territories: { scalarData: labels, names } }
}

const engine = await createEngine()

describe.each(STANDARDS.map(({ id }) => id))('under %s', (standard) => {
  test.each([
    [1, 0.1, false],
    [2, 0.4, false],
    [3, 0.55, true],
  ])('every piece is found: seed %i, density %d', async (seed, density, falling) => {
    const { volume, territories, hu } = noise(seed, density, falling)
    for (const isMasked of [false, true]) {
      const options = isMasked ? { territories } : { scope: 'whole-image' as const }
      const result = await engine.score(volume, { standard, sensitivity: false, ...options })
      const found = await lesionPixels(result, volume, isMasked ? territories : undefined)
      const counts = new Uint32Array(found.pieces.length)
      for (const k of found.slices) {
        found.slice(k).forEach((value, at) => {
          if (value === 0) return
          const piece = found.pieces[value - 1]!
          counts[value - 1]!++
          expect(piece.slice).toBe(k)
          expect(hu[k * rows * columns + at]).toBeLessThanOrEqual(piece.peakHu)
          if (isMasked) {
            const label = territories.scalarData[k * rows * columns + at] as 1 | 2 | 3
            expect(piece.territory).toBe(territories.names[label])
          }
        })
      }
      expect([...counts]).toEqual(found.pieces.map(({ pixels }) => pixels))
      expect(found.pieces).toEqual(result.lesions.flatMap((lesion) => lesion.pieces))
      found.lesionOf.forEach((n, i) => expect(result.lesions[n]!.pieces).toContainEqual(found.pieces[i]))
    }
  })
})

describe('what is not the volume of the result', () => {
  const { volume, territories, hu } = noise(4, 0.3)

  test('one pixel less is noticed', async () => {
    const result = await engine.score(volume, { scope: 'whole-image' })
    const piece = result.lesions[0]!.pieces[0]!
    const scalarData = hu.slice()
    const [top, left, bottom, right] = piece.boxPx
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++)
        scalarData[piece.slice * rows * columns + row * columns + column] = 0
    }
    const other = arrayVolume({ scalarData, dimensions: [columns, rows, slices], spacing: [0.7, 0.7, 3] })
    await expect(lesionPixels(result, other)).rejects.toMatchObject({
      code: 'INTEGRITY_FAILED',
      details: { kind: 'piece', slice: piece.slice },
    })
  })

  test('pieces that a mask cut off are not found without it', async () => {
    const result = await engine.score(volume, { territories })
    await expect(lesionPixels(result, volume)).rejects.toMatchObject({ code: 'INTEGRITY_FAILED' })
  })

  test('another shape is noticed', async () => {
    const result = await engine.score(volume, { scope: 'whole-image' })
    const other = arrayVolume({
      scalarData: hu.slice(columns * rows),
      dimensions: [columns, rows, slices - 1],
      spacing: [0.7, 0.7, 3],
    })
    await expect(lesionPixels(result, other)).rejects.toMatchObject({ details: { kind: 'shape' } })
  })
})
