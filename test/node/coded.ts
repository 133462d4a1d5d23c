/** A small scan in every coding that tests can make: what threads decode must be what one thread decodes. */
import { type WriteSyntax, makePhantom } from '../../bindings/phantom/index.js'
import { htj2kEncoder, jpegLsEncoder } from '../codecs/encode.js'
import { encapsulated, rle } from '../dicom/encode.js'
import { type Edits, at, ctElements, encodeFile } from '../dicom/make.js'
import { encodeLossless } from '../reference/jpeg-lossless.js'

const SIDE = 96
const ROOT = '1.2.840.10008.1.2'
const syntax: WriteSyntax = 'explicit-le'

type Coding = readonly [uid: string, encode: (words: Uint16Array) => Uint8Array]

/** Files of a torso, 12 bits of 16, unsigned; slice after slice in another coding, every seventh as it is. */
export async function codedFiles(slices = 35): Promise<Map<string, Uint8Array>> {
  const [jpegLs, htj2k] = await Promise.all([jpegLsEncoder(), htj2kEncoder()])
  const shape = { rows: SIDE, columns: SIDE, bitsAllocated: 16, bitsStored: 12, signed: false, file: '' } as const
  const lossless = (selection: number) => (words: Uint16Array) =>
    encodeLossless(words, { rows: SIDE, columns: SIDE, precision: 12, selection })
  const codings: readonly (Coding | null)[] = [
    [`${ROOT}.5`, rle],
    [`${ROOT}.4.70`, lossless(1)],
    [`${ROOT}.4.57`, lossless(6)],
    [`${ROOT}.4.80`, (words) => jpegLs(words, shape)],
    [`${ROOT}.4.201`, (words) => htj2k(words, shape)],
    [`${ROOT}.5`, rle],
    null,
  ]
  const { volume } = makePhantom({ rows: SIDE, columns: SIDE, slices, spacingMm: [2, 2, 3], syntax })
  const words = new Uint16Array(SIDE * SIDE)
  return new Map(
    Array.from({ length: slices }, (_, k) => {
      volume.readSlice(k, words)
      const coding = codings[k % codings.length]
      const pixels: Edits = coding ? encapsulated([coding[1](words.slice())]) : { 0x7fe00010: [...words] }
      const edits: Edits = {
        ...at(3 * k),
        0x00280010: [SIDE],
        0x00280011: [SIDE],
        0x00280030: '2\\2',
        0x00280101: [12],
        0x00280102: [11],
        0x00280103: [0],
        ...pixels,
      }
      const name = `CT${String(k).padStart(4, '0')}.dcm`
      return [name, encodeFile(ctElements(k, edits), coding ? { uid: coding[0] } : {})] as const
    }),
  )
}
