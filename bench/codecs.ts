/**
 * Our own decoders against others, on the real CT frames beside the repository:
 *
 *   npx tsx bench/codecs.ts
 *
 * Against jpeg-lossless-decoder-js in one process, call by call in turn. Against dcmtk's dcmdjpeg by slope: files of few and of
 * many frames, so that the start of the process does not count. Its slope holds reading and writing too; that of dcmconv, which
 * only copies the decoded file, is taken off. Every decoded frame is compared before it is timed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Decoder, FrameShape } from '../bindings/codecs/decoder.js'
import { loadJpegLossless } from '../bindings/codecs/jpeg-lossless.js'
import { loadRle } from '../bindings/codecs/rle.js'
import { DEFAULT_LIMITS } from '../bindings/dicom/limits.js'
import { openObject } from '../bindings/dicom/open.js'
import { TAG } from '../bindings/dicom/tags.js'
import { encapsulated } from '../test/dicom/encode.js'
import { ctElements, encodeFile } from '../test/dicom/make.js'

const DATA = fileURLToPath(new URL('../../shared/data/', import.meta.url))
const SYNTAXES = join(DATA, 'ct_all_transfer_syntaxes')
/** The package has no types that its exports lead to. */
const PEER: string = 'jpeg-lossless-decoder-js'
const { Decoder: Peer } = (await import(PEER)) as {
  Decoder: new () => { decompress(buffer: ArrayBufferLike, offset: number, length: number): ArrayBuffer }
}
const [FEW, MANY] = [4, 64]
const ROUNDS = 7

interface Frame {
  readonly name: string
  readonly shape: FrameShape
  readonly bytes: Uint8Array
}

function frameOf(path: string): Frame {
  const bytes = new Uint8Array(readFileSync(path))
  const { layout } = openObject(bytes, basename(path), DEFAULT_LIMITS)!
  const word = (tag: number): number => {
    const at = layout.elements.get(tag)!.valueOffset
    return bytes[at]! | (bytes[at + 1]! << 8)
  }
  const [offset, length] = [layout.fragments[2]!, layout.fragments[3]!]
  const shape = {
    rows: word(TAG.Rows),
    columns: word(TAG.Columns),
    bitsAllocated: 16,
    bitsStored: word(TAG.BitsStored),
    signed: word(TAG.PixelRepresentation) === 1,
    file: basename(path),
  } as const
  return { name: basename(path), shape, bytes: bytes.slice(offset, offset + length) }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
function timed(body: () => void): number {
  const start = performance.now()
  body()
  return performance.now() - start
}

/** Seconds of a program on a file; the least of some. */
function seconds(program: string, ...args: string[]): number {
  const once = (): number =>
    timed(() => {
      const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' })
      if (error || status !== 0) throw new Error(`${program}: ${stderr}`, { cause: error })
    })
  return Math.min(...Array.from({ length: ROUNDS }, once)) / 1000
}

/** ms a frame of dcmtk's decoder: slope from few to many frames, less that of copying what it writes. */
function dcmtkSlope({ shape, bytes }: Frame, uid: string, program: string, folder: string): readonly [number, number] {
  const file = (frames: number): readonly [string, string] => {
    const [coded, plain] = [join(folder, `${frames}.dcm`), join(folder, `${frames}.plain.dcm`)]
    const elements = ctElements(0, {
      0x00280008: { vr: 'IS', value: String(frames) },
      0x00280010: [shape.rows],
      0x00280011: [shape.columns],
      0x00280101: [shape.bitsStored],
      0x00280102: [shape.bitsStored - 1],
      0x00280103: [shape.signed ? 1 : 0],
      ...encapsulated(Array<Uint8Array>(frames).fill(bytes)),
    })
    writeFileSync(coded, encodeFile(elements, { uid }))
    seconds(program, coded, plain)
    return [coded, plain]
  }
  const [[fewCoded, fewPlain], [manyCoded, manyPlain]] = [file(FEW), file(MANY)]
  const out = join(folder, 'out.dcm')
  const slope = (few: number, many: number): number => ((many - few) / (MANY - FEW)) * 1000
  return [
    slope(seconds(program, fewCoded, out), seconds(program, manyCoded, out)),
    slope(seconds('dcmconv', fewPlain, out), seconds('dcmconv', manyPlain, out)),
  ]
}

function decodeMs(decoder: Decoder, { shape, bytes }: Frame, peer?: () => unknown): { ours: number; theirs: number } {
  const into = new Uint16Array(shape.rows * shape.columns)
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let i = 0; i < 60; i++) {
    times.ours.push(timed(() => void decoder.decode(bytes, shape, into)))
    if (peer) times.theirs.push(timed(peer))
  }
  return { ours: median(times.ours.slice(10)), theirs: peer ? median(times.theirs.slice(10)) : NaN }
}

if (!existsSync(SYNTAXES)) throw new Error('../shared/data is not there: this bench needs its frames')
const found = (part: string): string =>
  join(
    SYNTAXES,
    readdirSync(SYNTAXES).find((name) => name.includes(part))!,
  )
const hasDcmtk = spawnSync('dcmdjpeg', ['--version']).error === undefined
const folder = mkdtempSync(join(tmpdir(), 'agatston-codecs-'))
console.log(
  `${cpus()[0]!.model}, Node ${process.version}. Medians in ms a frame; dcmtk: slope of ${FEW} to ${MANY} frames.\n`,
)
try {
  const lossless = await loadJpegLossless({})
  console.log(
    '| frame | MB/s | ours | jpeg-lossless-decoder-js | ratio | dcmdjpeg less copying | copying | ours / dcmdjpeg |',
  )
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |')
  for (const [path, uid] of [
    [found('4.70.dcm'), '1.2.840.10008.1.2.4.70'],
    [found('4.57.dcm'), '1.2.840.10008.1.2.4.57'],
    [join(DATA, 'malformed/pydicom/bad_sequence.dcm'), '1.2.840.10008.1.2.4.70'],
  ] as const) {
    const frame = frameOf(path)
    const { bytes, shape } = frame
    const into = new Uint16Array(shape.rows * shape.columns)
    lossless.decode(bytes, shape, into)
    const peer = (): Uint16Array => new Uint16Array(new Peer().decompress(bytes.buffer, 0, bytes.length))
    const differing = peer().filter((word, i) => word !== into[i]).length
    const { ours, theirs } = decodeMs(lossless, frame, peer)
    const [slope, copying] = hasDcmtk ? dcmtkSlope(frame, uid, 'dcmdjpeg', folder) : [NaN, NaN]
    const native = slope - copying
    const rate = into.byteLength / 1e3 / ours
    const cells = [frame.name.replace('CTImage.dcm_', ''), rate.toFixed(0), ours.toFixed(2), theirs.toFixed(2), (theirs / ours).toFixed(1), native.toFixed(2), copying.toFixed(2), (ours / native).toFixed(2)] // prettier-ignore
    console.log(`| ${cells.join(' | ')} |`)
    if (differing > 0) console.log(`  (jpeg-lossless-decoder-js differs in ${differing} of ${into.length} words)`)
  }

  const rle = await loadRle({})
  const frame = frameOf(found('RLELossless'))
  const { ours } = decodeMs(rle, frame)
  const [slope, copying] = hasDcmtk ? dcmtkSlope(frame, '1.2.840.10008.1.2.5', 'dcmdrle', folder) : [NaN, NaN]
  const rate = (frame.shape.rows * frame.shape.columns * 2) / 1e3 / ours
  console.log(
    `\nRLE: ${ours.toFixed(2)} ms a frame, ${rate.toFixed(0)} MB/s of words; dcmdrle less copying ${(slope - copying).toFixed(2)} ms`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
