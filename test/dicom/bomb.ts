/** A process of its own, so that its peak of memory is its own: reads a bomb, and says what became of it. */
import { deflateRawSync } from 'node:zlib'
import { AgatstonError } from '../../bindings/base/errors.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { encodeFile, join, source } from './make.js'

/** 1 GiB of zeros takes about 1 MB; made from the stream of one of 16 MiB, whose blocks repeat. */
function bomb(): Uint8Array {
  const chunk = deflateRawSync(new Uint8Array(2 ** 24), { finishFlush: 2 })
  return join([...Array.from({ length: 64 }, () => chunk), Uint8Array.of(3, 0)])
}

const file = join([encodeFile({}, { uid: '1.2.840.10008.1.2.1.99' }), bomb()])
const before = process.memoryUsage.rss() / 1024
try {
  await readSeries([source(file)])
} catch (error) {
  if (!(error instanceof AgatstonError)) throw error
  const grownMb = (process.resourceUsage().maxRSS - before) / 1024
  console.log(
    JSON.stringify({ code: error.code, limit: error.details['limit'], grownMb, fileMb: file.length / 2 ** 20 }),
  )
}
