/**
 * The reader of frame headers by coding. They are imported at once, unlike decoders: they are small, and every compressed file
 * meets one while it is indexed.
 */
import type { FrameReader } from '../codecs/decoder.js'
import { readHtj2k } from '../codecs/htj2k.js'
import { readJpeg2000 } from '../codecs/jpeg-2000.js'
import { readJpegExtended } from '../codecs/jpeg-extended.js'
import { readJpegLossless } from '../codecs/jpeg-lossless.js'
import { readJpegLs } from '../codecs/jpeg-ls.js'
import { readRle } from '../codecs/rle.js'
import type { FrameCoding } from './syntax.js'

export const FRAME_READERS: Readonly<Record<FrameCoding, FrameReader>> = Object.freeze({
  rle: readRle,
  jpeg: readJpegExtended,
  'jpeg-lossless': readJpegLossless,
  'jpeg-ls': readJpegLs,
  'jpeg-2000': readJpeg2000,
  htj2k: readHtj2k,
})
