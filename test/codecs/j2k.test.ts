/** JPEG 2000 and HTJ2K headers and packets, read without a decoder. */
import { describe, expect, it } from 'vitest'
import { readHtj2k } from '../../bindings/codecs/htj2k.js'
import { readJpeg2000 } from '../../bindings/codecs/jpeg-2000.js'
import { PacketBits, TagTree } from '../../bindings/codecs/j2k-tagtree.js'
import { Bytes } from '../../bindings/codecs/trouble.js'
import { changed, j2kSamples, without } from './encode.js'
import { outcome, shapeOf } from './own.js'

const samples = j2kSamples()
const named = (start: string) => samples.find(({ name }) => name.startsWith(start))!

/** Index of the first marker FF xx in a stream's main header. */
function markerAt(frame: Uint8Array, second: number, from = 0): number {
  for (let at = from; at < frame.length; at++) if (frame[at] === 0xff && frame[at + 1] === second) return at
  throw new Error(`no marker ${second}`)
}

describe('the facts of a JPEG 2000 stream', () => {
  it.each(samples.filter(({ name }) => !name.startsWith('region')))('$name', ({ frame, shape, lossy }) => {
    expect(readJpeg2000(frame, shape)).toEqual({ lossy, precision: shape.bitsStored, signed: shape.signed })
  })

  it('say lossy of a reversible wavelet whose passes were left out, though its header says nothing of it', () => {
    const whole = named('one row')
    const cut = named('5/3 wavelet, passes left out')
    expect(readJpeg2000(whole.frame, whole.shape).lossy).toBe(false)
    expect(readJpeg2000(cut.frame, cut.shape).lossy).toBe(true)
    const cod = markerAt(cut.frame, 0x52)
    expect(cut.frame[cod + 13]).toBe(1)
  })

  it('say lossy of one tile that is', () => {
    const { frame, shape } = named('9/7')
    expect(readJpeg2000(frame, shape).lossy).toBe(true)
  })
})

describe('a JPEG 2000 stream is refused', () => {
  const { frame, shape } = named('LRCP')
  const siz = markerAt(frame, 0x51)
  const sot = markerAt(frame, 0x90)
  const read = (bytes: Uint8Array, changes: object = {}) => outcome(() => readJpeg2000(bytes, { ...shape, ...changes }))

  it.each([
    ['rows, one more', { rows: shape.rows + 1 }, 'PIXELS_CORRUPT'],
    ['rows, one less', { rows: shape.rows - 1 }, 'PIXELS_CORRUPT'],
    ['columns, one more', { columns: shape.columns + 1 }, 'PIXELS_CORRUPT'],
    ['columns, one less', { columns: shape.columns - 1 }, 'PIXELS_CORRUPT'],
    ['fewer bits stored', { bitsStored: 11 }, 'PIXELS_CORRUPT'],
    ['fewer bits allocated', { bitsStored: 8, bitsAllocated: 8 }, 'PIXELS_CORRUPT'],
    ['more bits stored and another sign', { bitsStored: 13, signed: true }, 'PIXELS_CORRUPT'],
    ['more bits stored, the same sign', { bitsStored: 13 }, 'decoded'],
    ['another sign alone, which the caller weighs', { signed: true }, 'decoded'],
  ])('header: %s', (_, changes, code) => {
    expect(read(frame, changes)).toBe(code)
  })

  it.each([
    ['Part 2', siz + 4, 0x80, 'PIXEL_FORMAT'],
    ['three components, with the length of one', siz + 39, 3, 'PIXELS_CORRUPT'],
    ['17 bits', siz + 40, 16, 'PIXEL_FORMAT'],
    ['subsampling', siz + 41, 2, 'PIXEL_FORMAT'],
    ['tiles of no width', siz + 25, 0, 'PIXELS_CORRUPT'],
    ['a tile number beyond the last', sot + 5, 4, 'PIXELS_CORRUPT'],
    ['a tile-part one byte longer', sot + 9, frame[sot + 9]! + 1, 'PIXELS_CORRUPT'],
    ['a tile-part one byte shorter', sot + 9, frame[sot + 9]! - 1, 'PIXELS_CORRUPT'],
    ['a tile-part longer than the frame', sot + 7, 1, 'PIXELS_SHORT'],
    ['the second part first', sot + 10, 1, 'PIXELS_CORRUPT'],
    ['two parts announced', sot + 11, 2, 'PIXELS_SHORT'],
    ['the 9/7 wavelet without quantisation', markerAt(frame, 0x52) + 13, 0, 'PIXELS_CORRUPT'],
    ['a wavelet there is not', markerAt(frame, 0x52) + 13, 2, 'PIXELS_CORRUPT'],
    ['high-throughput blocks', markerAt(frame, 0x52) + 12, 0x40, 'PIXEL_FORMAT'],
    ['progression 5', markerAt(frame, 0x52) + 5, 5, 'PIXELS_CORRUPT'],
    ['no layer', markerAt(frame, 0x52) + 7, 0, 'PIXELS_CORRUPT'],
    ['a change of progression', markerAt(frame, 0x5c) + 1, 0x5f, 'PIXEL_FORMAT'],
  ])('stream: %s', (_, at, byte, code) => {
    expect(read(changed(frame, at, byte))).toBe(code)
  })

  it('where a piece is missing inside, its lengths notwithstanding', () => {
    for (let from = sot + 14; from < frame.length - 60; from += 97) {
      expect(read(without(frame, from, 50))).toMatch(/PIXELS_(SHORT|CORRUPT)/)
    }
  })

  it('where a tile is missing, with the tile-parts of the rest whole', () => {
    const length = frame[sot + 8]! * 256 + frame[sot + 9]!
    expect(read(without(frame, sot, length))).toBe('PIXELS_SHORT')
  })

  it('where what follows EOC is no padding', () => {
    const even = frame.length % 2 === 0
    const after = (...bytes: number[]) => read(Uint8Array.from([...frame, ...bytes]))
    expect(after(0)).toBe('decoded')
    expect(after(0, 0, 0)).toBe('decoded')
    expect(after(1)).toBe('PIXELS_CORRUPT')
    expect(after(0xff)).toBe(even ? 'PIXELS_CORRUPT' : 'decoded')
    expect(after(...frame)).toBe('PIXELS_CORRUPT')
  })

  it('where its lengths are right and its packets are not: a cut tile whose length was mended', () => {
    const single = named('three rows')
    const at = markerAt(single.frame, 0x90)
    const mended = without(single.frame, single.frame.length - 22, 20)
    const length = (mended[at + 8]! << 8) + mended[at + 9]! - 20
    mended[at + 8] = length >> 8
    mended[at + 9] = length & 255
    expect(outcome(() => readJpeg2000(mended, single.shape))).toMatch(/PIXELS_(SHORT|CORRUPT)/)
  })

  it('where its last tile-part has no length and EOC is not there', () => {
    const { frame: one, shape: its } = named('8 bits')
    const open = one.slice()
    const at = markerAt(one, 0x90)
    open.fill(0, at + 6, at + 10)
    expect(readJpeg2000(open, its).lossy).toBe(false)
    expect(readJpeg2000(Uint8Array.from([...open, 0, 0]), its).lossy).toBe(false)
    expect(outcome(() => readJpeg2000(open.slice(0, -1), its))).toBe('PIXELS_SHORT')
    expect(outcome(() => readJpeg2000(open.slice(0, -2), its))).toBe('PIXELS_SHORT')
  })

  it('with a region of interest', () => {
    const region = named('region')
    expect(outcome(() => readJpeg2000(region.frame, region.shape))).toBe('PIXEL_FORMAT')
  })

  it('by HTJ2K, and the boxes of JP2 with a palette', () => {
    expect(outcome(() => readHtj2k(frame, shape))).toBe('PIXEL_FORMAT')
    const boxed = named('in JP2')
    const palette = boxed.frame.slice()
    // The colour specification becomes a palette.
    const colr = Buffer.from(palette).indexOf('colr')
    expect(colr).toBeGreaterThan(0)
    palette.set(Buffer.from('pclr'), colr)
    expect(outcome(() => readJpeg2000(palette, boxed.shape))).toBe('PIXEL_FORMAT')
    for (let at = 0; at < 85; at++) {
      expect(outcome(() => readJpeg2000(boxed.frame.slice(0, at), boxed.shape))).toMatch(/PIXEL/)
    }
  })

  it('for more packets than bytes, before any precinct is made', () => {
    const big = shapeOf(4096, 4096, { bitsStored: 12 })
    const bytes = named('CPRL').frame.slice()
    const view = new DataView(bytes.buffer)
    const at = markerAt(bytes, 0x51)
    for (const [offset, value] of [[6, 4096], [10, 4096], [22, 4096], [26, 4096]] as const) view.setUint32(at + offset, value) // prettier-ignore
    bytes[at + 40] = 11
    expect(outcome(() => readJpeg2000(bytes, big))).toMatch(/PIXELS_(SHORT|CORRUPT)/)
  })
})

describe('tag trees', () => {
  it('give the values of the standard: B.10.2, figure B.12', () => {
    // Values 1 3 2 3 2 3 / 2 2 1 4 3 2 / 2 2 2 2 1 2; the first four leaves as the standard codes them.
    const code = '01111' + '001' + '101' + '001'
    const padded = code.padEnd(24, '0')
    const bytes = Uint8Array.from({ length: 3 }, (_, i) => parseInt(padded.slice(8 * i, 8 * i + 8), 2))
    const bits = new PacketBits(new Bytes(bytes, shapeOf(1, 1), 'JPEG 2000'))
    const tree = new TagTree(6, 3)
    expect(tree.read(bits, 0, 0, 9)).toBe(1)
    expect(tree.read(bits, 1, 0, 9)).toBe(3)
    expect(tree.read(bits, 2, 0, 9)).toBe(2)
    expect(tree.read(bits, 3, 0, 9)).toBe(3)
  })
})
