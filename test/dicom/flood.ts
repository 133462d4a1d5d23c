/** A process of its own, so that its peak of memory is its own: reads as many elements as a file of its size may have. */
import { AgatstonError } from '../../bindings/base/errors.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { DEFAULT_LIMITS, mostElements } from '../../bindings/dicom/limits.js'
import { ctElements, encodeElements, encodeFile, join, source } from './make.js'
import { SINGLE } from './outcome.js'

const MEGABYTES = Number(process.argv[2])
const MORE = Number(process.argv[3])

/** Private elements without a value, in items of `each`, then private bytes up to the size. */
function flood(bytes: number, elements: number): Uint8Array {
  const each = 1000
  const items: Uint8Array[] = []
  for (let left = elements; left > 0; left -= each) {
    const count = Math.min(each, left)
    const item = new Uint8Array(8 + 8 * count)
    const view = new DataView(item.buffer)
    view.setUint32(0, 0xe000fffe, true)
    view.setUint32(4, 8 * count, true)
    for (let n = 0; n < count; n++) {
      view.setUint16(8 + 8 * n, 0x0009, true)
      view.setUint16(10 + 8 * n, n, true)
      item.set([0x43, 0x53], 12 + 8 * n)
    }
    items.push(item)
  }
  const value = join(items)
  const { 0x7fe00010: image, ...rest } = ctElements()
  const head = join([
    Uint8Array.of(0x40, 0, 0x55, 5, 0x53, 0x51, 0, 0),
    new Uint8Array(Uint32Array.of(value.length).buffer),
  ])
  const tail = encodeElements({ 0x7fe00010: image! }, 'explicit')
  const start = join([encodeFile(rest), head, value])
  const filler = new Uint8Array(bytes - start.length - tail.length)
  filler.set([0x01, 0x61, 0, 0, 0x4f, 0x42, 0, 0])
  new DataView(filler.buffer).setUint32(8, filler.length - 12, true)
  return join([start, filler, tail])
}

const size = MEGABYTES * 2 ** 20
const own = Object.keys(ctElements()).length + 3 + 2
const file = flood(size, mostElements(DEFAULT_LIMITS, size) - own + MORE)
let code = 'read'
try {
  await readSeries([source(file)], SINGLE)
} catch (error) {
  if (!(error instanceof AgatstonError)) throw error
  code = error.code
}
// All of it: the program, the file and what it was joined from included.
console.log(JSON.stringify({ code, peakMb: process.resourceUsage().maxRSS / 1024 }))
