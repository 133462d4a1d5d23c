/** Broken and hostile files: each ends in an AgatstonError of the right code, soon and without a large allocation. */
import { gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { AgatstonError } from '../../bindings/base/errors.js'
import { crc32, gunzip } from '../../bindings/nifti/gunzip.js'
import { readLabelMap, readNiftiVolume } from '../../bindings/nifti/index.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import { DT, type MakeOptions, makeNifti } from './make.js'

const SFORM = [
  [-1, 0, 0, 0],
  [0, -1, 0, 0],
  [0, 0, 3, 0],
]
const BASE: MakeOptions = { dims: [4, 3, 2], type: DT.int16, values: Array(24).fill(1), sform: SFORM }
const { geometry } = arrayVolume({ scalarData: new Int16Array(24), dimensions: [4, 3, 2], spacing: [1, 1, 3] })

const outcome = (file: Uint8Array): string => {
  try {
    readNiftiVolume(file)
    return 'read'
  } catch (error) {
    if (error instanceof AgatstonError) return error.code
    throw error
  }
}

/** A file with some bytes set. */
const edited = (version: 1 | 2, edit: (view: DataView) => void): Uint8Array => {
  const file = makeNifti({ ...BASE, version })
  edit(new DataView(file.buffer))
  return file
}

describe('headers', () => {
  it.each([
    ['no bytes', new Uint8Array(0), 'PARSE_FAILED'],
    ['one byte short of a header', makeNifti(BASE).subarray(0, 347), 'PARSE_FAILED'],
    ['a header alone', makeNifti(BASE).subarray(0, 352), 'PARSE_FAILED'],
    ['one byte of voxels short', makeNifti(BASE).subarray(0, 352 + 47), 'PARSE_FAILED'],
    ['whole', makeNifti(BASE), 'read'],
    ['a byte more', Uint8Array.from([...makeNifti(BASE), 0]), 'read'],
    ['no magic', edited(1, (v) => v.setUint8(344, 0)), 'PARSE_FAILED'],
    ['a pair', edited(1, (v) => v.setUint8(345, 0x69)), 'PARSE_FAILED'],
    ['a pair, version 2', edited(2, (v) => v.setUint8(5, 0x69)), 'PARSE_FAILED'],
    ['no dimensions', edited(1, (v) => v.setInt16(40, 0, true)), 'PARSE_FAILED'],
    ['eight dimensions', edited(1, (v) => v.setInt16(40, 8, true)), 'PARSE_FAILED'],
    ['a dimension of 0', edited(1, (v) => v.setInt16(42, 0, true)), 'PARSE_FAILED'],
    ['a negative dimension', edited(1, (v) => v.setInt16(42, -4, true)), 'PARSE_FAILED'],
    ['too many columns', edited(1, (v) => v.setInt16(42, 4097, true)), 'LIMIT_EXCEEDED'],
    ['too many slices', edited(1, (v) => v.setInt16(46, 4001, true)), 'LIMIT_EXCEEDED'],
    ['2^62 columns', edited(2, (v) => v.setBigInt64(24, 1n << 62n, true)), 'LIMIT_EXCEEDED'],
    ['bits that contradict the type', edited(1, (v) => v.setInt16(72, 8, true)), 'PARSE_FAILED'],
    ['voxels inside the header', edited(1, (v) => v.setFloat32(108, 351, true)), 'PARSE_FAILED'],
    ['voxels at a fraction', edited(1, (v) => v.setFloat32(108, 352.5, true)), 'PARSE_FAILED'],
    ['voxels nowhere', edited(1, (v) => v.setFloat32(108, NaN, true)), 'PARSE_FAILED'],
    ['voxels at infinity', edited(1, (v) => v.setFloat32(108, Infinity, true)), 'PARSE_FAILED'],
    ['voxels before the start', edited(2, (v) => v.setBigInt64(168, -544n, true)), 'PARSE_FAILED'],
    ['voxels far beyond', edited(2, (v) => v.setBigInt64(168, 1n << 60n, true)), 'PARSE_FAILED'],
  ])('%s', (_, file, expected) => expect(outcome(file)).toBe(expected))

  it('does not follow extension lengths: a negative one would never end', () => {
    const file = makeNifti({ ...BASE, offset: 400 })
    const view = new DataView(file.buffer)
    view.setUint8(348, 1)
    view.setInt32(352, -16, true)
    expect(outcome(file)).toBe('read')
  })

  it('ends in a result or an AgatstonError whatever bytes are changed', () => {
    let state = 20240611
    const random = (n: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state % n
    }
    const seeds = [makeNifti(BASE), makeNifti({ ...BASE, version: 2 }), gzipSync(makeNifti(BASE))]
    const codes = new Set<string>()
    for (let run = 0; run < 6000; run++) {
      const file = seeds[run % 3]!.slice(0, run % 7 ? undefined : random(seeds[run % 3]!.length))
      for (let n = random(6) + 1; n > 0 && file.length; n--) file[random(file.length)] = random(256)
      codes.add(outcome(file))
      try {
        readLabelMap(file, geometry)
      } catch (error) {
        if (!(error instanceof AgatstonError)) throw error
      }
    }
    expect(codes.size).toBeGreaterThan(3)
    expect(codes).not.toContain('INTERNAL')
  })
})

describe('gzip', () => {
  const packed = gzipSync(makeNifti(BASE))
  it('refuses every truncation', () => {
    for (let length = 2; length < packed.length; length++) {
      expect(outcome(packed.subarray(0, length)), String(length)).toMatch(/PARSE_FAILED|LIMIT_EXCEEDED/)
    }
  })

  it('never reads another value after any single changed bit behind the header', () => {
    for (let bit = 80; bit < packed.length * 8; bit++) {
      const file = packed.slice()
      file[bit >> 3]! ^= 1 << (bit & 7)
      // Some bits of a code table are never used: then the data, proved by the checksum, is what it was.
      if (outcome(file) !== 'read') continue
      expect(gunzip(file, 0, {}), String(bit)).toEqual(makeNifti(BASE))
    }
  })

  it('refuses a claimed size beyond the limit before allocating, and a false claim below it', () => {
    const claim = (size: number) => {
      const file = packed.slice()
      new DataView(file.buffer).setUint32(file.length - 4, size, true)
      return outcome(file)
    }
    expect(claim(0xffffffff)).toBe('LIMIT_EXCEEDED')
    expect(claim(64 * 2 ** 20 + 1)).toBe('LIMIT_EXCEEDED')
    expect(claim(64 * 2 ** 20)).toBe('PARSE_FAILED')
    expect(claim(0)).toBe('PARSE_FAILED')
  })

  it('lets a caller who knows the grid unpack more, and one who does not no more than twentyfold', () => {
    const size = 65 * 2 ** 20
    const bomb = gzipSync(new Uint8Array(size), { level: 9 })
    expect(() => gunzip(bomb, 0, {})).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }))
    expect(() => gunzip(bomb, size - 1, {})).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }))
    expect(gunzip(bomb, size, {})).toHaveLength(size)
  })

  it('refuses two members in one file, reserved flags and endless header fields', () => {
    expect(outcome(Uint8Array.from([...packed, ...gzipSync(new Uint8Array(9))]))).toBe('PARSE_FAILED')
    for (const [flag, expected] of [
      [0xe0, 'PARSE_FAILED'],
      [0x04, 'PARSE_FAILED'],
      [0x08, 'PARSE_FAILED'],
    ] as const) {
      const file = packed.slice()
      file[3] = flag
      if (flag === 0x04) file[10] = file[11] = 0xff
      if (flag === 0x08) file.fill(1, 10)
      expect(outcome(file)).toBe(expected)
    }
  })

  it('computes the CRC-32 of the standard check string', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})
