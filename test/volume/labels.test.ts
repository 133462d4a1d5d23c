/** Labels of a map: each one that occurs is seen, wherever it stands in a word, in memory and in the map. */
import { describe, expect, it } from 'vitest'
import { checkLabels, nameTable } from '../../bindings/volume/territory.js'

const names = nameTable({ 1: 'LAD', 2: 'RCA', 7: 'AORTA' })

describe('labels of a map', () => {
  it('one pixel anywhere, in maps of any length at any offset', () => {
    for (const offset of [0, 1, 2, 3, 4]) {
      for (let length = 1; length <= 21; length++) {
        // What lies beside the map in memory is no label of it.
        const map = new Uint8Array(length + offset + 5)
          .fill(255)
          .subarray(offset, offset + length)
          .fill(0)
        expect(checkLabels(map, names)).toEqual([])
        for (let at = 0; at < length; at++) {
          map[at] = 2
          expect(checkLabels(map, names), `${at} of ${length} from ${offset}`).toEqual(['RCA'])
          map[at] = 9
          expect(() => checkLabels(map, names)).toThrow(/label 9 occurs/)
          map[at] = 0
        }
      }
    }
  })

  it('in a Buffer of Node, whose own slice copies nothing', () => {
    for (const offset of [0, 1, 2, 3]) {
      const map = Buffer.alloc(12).subarray(offset, offset + 8)
      map[5] = 1
      expect(checkLabels(map, names), `from ${offset}`).toEqual(['LAD'])
    }
  })

  it('side by side, after zeros and before them', () => {
    for (let at = 0; at < 12; at++) {
      const map = new Uint8Array(16)
      map.set([2, 7, 1], at)
      expect(checkLabels(map, names)).toEqual(['LAD', 'RCA'])
    }
    expect(checkLabels(new Uint8Array(0), names)).toEqual([])
  })
})
