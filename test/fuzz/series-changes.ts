/**
 * Changes of a series: of its files, and of what single headers say. Pixels are left as they are, since other pixels are another
 * scan; where a splice exchanges them, the change says so. What is edited is edited in one slice, since the same edit of all
 * slices is another sound scan.
 */
import { type Edits, type Elements, encodeElements } from '../dicom/make.js'
import { type Field, encodeElement, growAround, latin, putNumber, readFields, replaced, withValue } from './fields.js'
import { BYTES, ELEMENTS, mutate } from './mutate.js'
import type { Rng } from './random.js'
import type { SeriesSeed } from './series-seeds.js'
import { oddValue, text } from './values.js'
import type { Named } from './verdict.js'

/** A series while it is changed. */
export interface Changed {
  files: Named[]
  masks: Named[]
  /** Slices may hold the pixels of others. */
  exchanged: boolean
}

type Change = (series: Changed, rng: Rng, seed: SeriesSeed) => void

const PIXELS = 0x7fe00010
/** Everything a score hangs on, and what a reader holds against it. */
const SCORED: readonly number[] = [
  0x00080008, 0x00080016, 0x00080018, 0x00080060, 0x00180050, 0x00180060, 0x00180088, 0x00181210, 0x0020000d, 0x0020000e,
  0x00200012, 0x00200013, 0x00200032, 0x00200037, 0x00200052, 0x00201041, 0x00280002, 0x00280004, 0x00280010, 0x00280011,
  0x00280030, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280120, 0x00281052, 0x00281053, 0x00281054,
] // prettier-ignore

/** Elements a slice had not before. */
const INSERTED: readonly Elements[] = [
  { 0x00280120: { vr: 'US', value: [0] } },
  { 0x00280120: { vr: 'US', value: [1400] } },
  { 0x00280120: { vr: 'US', value: [1200] }, 0x00280121: { vr: 'US', value: [4095] } },
  { 0x00280120: { vr: 'SS', value: [-2000] }, 0x00280121: { vr: 'SS', value: [3000] } },
  { 0x00280120: { vr: 'SS', value: [300] }, 0x00280121: { vr: 'SS', value: [150] } },
  { 0x00280008: { vr: 'IS', value: '1' } },
  { 0x00280008: { vr: 'IS', value: '2' } },
  { 0x00283000: { vr: 'SQ', value: [{ 0x00283003: { vr: 'LO', value: 'TABLE' } }] } },
  { 0x00281054: { vr: 'LO', value: 'OD' } },
  { 0x00409096: { vr: 'SQ', value: [{ 0x004008ea: { vr: 'SQ', value: [{ 0x00080100: { vr: 'SH', value: 'mg/ml' } }] } }] } },
  { 0x00180010: { vr: 'LO', value: 'OMNIPAQUE' } },
  { 0x00282110: { vr: 'CS', value: '01' } },
  { 0x00282112: { vr: 'DS', value: '12.5' } },
  { 0x00200100: { vr: 'IS', value: '2' } },
  { 0x00181060: { vr: 'DS', value: '300' } },
  { 0x00201209: { vr: 'IS', value: '9' } },
  { 0x00201209: { vr: 'IS', value: '1' } },
  { 0x00187050: { vr: 'CS', value: 'TIN' } },
  { 0x00189302: { vr: 'CS', value: 'CONSTANT_ANGLE' } },
  { 0x00200052: { vr: 'UI', value: '1.2.3.4.5.6' } },
  { 0x7fe00008: { vr: 'OF', value: new Uint8Array(16) } },
] // prettier-ignore

/** Change one file, chosen by the stream; fewer than one there are none. */
function onOne(change: (file: Named, rng: Rng, series: Changed, at: number) => Named): Change {
  return (series, rng) => {
    const { files } = series
    if (files.length === 0) return
    const at = rng.below(files.length)
    files[at] = change(files[at]!, rng, series, at)
  }
}

const bytesOf = ({ name }: Named, bytes: Uint8Array): Named => ({ name, bytes })

/** First byte of the value of the pixels; the file's end where there are none. */
const pixelsAt = (bytes: Uint8Array): number =>
  readFields(bytes).fields.find(({ tag, depth }) => tag === PIXELS && depth === 0)?.valueAt ?? bytes.length

/** The same with other bytes before the pixels. */
function inHeader(bytes: Uint8Array, change: (head: Uint8Array) => Uint8Array): Uint8Array {
  const at = pixelsAt(bytes)
  const head = change(bytes.slice(0, at))
  return replaced(head, head.length, head.length, bytes.subarray(at))
}

function fieldsToEdit(bytes: Uint8Array, scored: boolean): readonly Field[] {
  const { fields } = readFields(bytes)
  return fields.filter(({ tag, vr }) => tag !== PIXELS && vr !== 'SQ' && (!scored || SCORED.includes(tag)))
}

/** A value near the old one, as a slip of a digit or a rounding makes it. */
function nearValue(field: Field, bytes: Uint8Array, rng: Rng): Uint8Array {
  const old = bytes.subarray(field.valueAt, field.end)
  if (old.length === 2 && (field.vr === 'US' || field.vr === 'SS')) {
    const out = old.slice()
    const at = field.bigEndian ? 1 : 0
    out[at]! += rng.pick([1, 255, 2, 254, 4, 8])
    return out
  }
  const parts = latin(old).trim().split('\\')
  const n = rng.below(parts.length)
  const value = Number(parts[n])
  if (!Number.isFinite(value)) return text(parts.toReversed().join('\\'))
  const step = rng.pick([1e-9, 1e-6, 1e-4, 0.001, 0.005, 0.009, 0.011, 0.02, 0.04, 0.06, 0.1, 0.5, 1, 3, 6, 24, 100]) // prettier-ignore
  const near = rng.pick([value + step, value - step, value * (1 + step / 100), -value, value * 2, value / 2, 100 + 3 * rng.between(-3, 11)]) // prettier-ignore
  parts[n] = String(Number(near.toPrecision(12)))
  return text(parts.join('\\'))
}

const EDITS: Readonly<Record<string, Change>> = {
  'a value near the old': onOne((file, rng) => editField(file, rng, nearValue)),
  'an odd value': onOne((file, rng) => editField(file, rng, oddValue)),
  'a value of another slice': onOne((file, rng, { files }) => {
    const fields = fieldsToEdit(file.bytes, rng.chance(0.8))
    const other = rng.pick(files)
    if (fields.length === 0) return file
    const field = rng.pick(fields)
    const theirs = readFields(other.bytes).fields.find(({ tag, depth }) => tag === field.tag && depth === field.depth)
    if (!theirs) return file
    const value = other.bytes.slice(theirs.valueAt, theirs.end)
    return bytesOf(file, withValue(file.bytes, field, value, readFields(file.bytes).fields))
  }),
  'an element swapped with another slice': (series, rng) => {
    const { files } = series
    if (files.length < 2) return
    const [a, b] = rng.shuffled([...files.keys()]) as [number, number]
    const [first, second] = [files[a]!, files[b]!]
    const fields = fieldsToEdit(first.bytes, rng.chance(0.8)).filter(({ depth }) => depth === 0)
    if (fields.length === 0) return
    const own = rng.pick(fields)
    const theirs = readFields(second.bytes).fields.find(({ tag, depth }) => tag === own.tag && depth === 0)
    if (!theirs) return
    const [mine, other] = [first.bytes.slice(own.at, own.end), second.bytes.slice(theirs.at, theirs.end)]
    files[a] = bytesOf(first, replaced(first.bytes, own.at, own.end, other))
    files[b] = bytesOf(second, replaced(second.bytes, theirs.at, theirs.end, mine))
  },
  'a VR': onOne((file, rng) =>
    bytesOf(
      file,
      inHeader(file.bytes, (head) => ELEMENTS['edit a VR'](head, rng, [])),
    ),
  ),
  'a length': onOne((file, rng) =>
    bytesOf(
      file,
      inHeader(file.bytes, (head) => ELEMENTS['edit a length'](head, rng, [])),
    ),
  ),
  'an element less': onOne((file, rng) => {
    const fields = fieldsToEdit(file.bytes, rng.chance(0.8))
    if (fields.length === 0) return file
    const field = rng.pick(fields)
    const out = replaced(file.bytes, field.at, field.end, new Uint8Array(0))
    growAround(out, field, field.at - field.end, readFields(file.bytes).fields)
    return bytesOf(file, out)
  }),
  'an element more': onOne((file, rng) => bytesOf(file, withElements(file.bytes, rng.pick(INSERTED)))),
  'an element twice': onOne((file, rng) =>
    bytesOf(
      file,
      inHeader(file.bytes, (head) => ELEMENTS['repeat an element'](head, rng, [])),
    ),
  ),
  'bytes before the pixels': onOne((file, rng) =>
    bytesOf(
      file,
      inHeader(file.bytes, (head) => mutate(head, rng, [head], HEADER_BYTES).bytes),
    ),
  ),
  'anything before the pixels': onOne((file, rng, { files }) => {
    const heads = [rng.pick(files), file].map(({ bytes }) => bytes.slice(0, pixelsAt(bytes)))
    return bytesOf(
      file,
      inHeader(file.bytes, (head) => mutate(head, rng, heads).bytes),
    )
  }),
}

const HEADER_BYTES = Object.entries(BYTES).filter(([name]) => name !== 'splice')

function editField(file: Named, rng: Rng, make: typeof oddValue): Named {
  const fields = fieldsToEdit(file.bytes, rng.chance(0.85))
  if (fields.length === 0) return file
  const field = rng.pick(fields)
  const value = make(field, file.bytes, rng)
  return bytesOf(file, withValue(file.bytes, field, value, readFields(file.bytes).fields))
}

/** Elements put where they belong, or in place of those that are there. */
function withElements(bytes: Uint8Array, elements: Edits): Uint8Array {
  let out = bytes
  for (const [key, element] of Object.entries(elements as Elements)) {
    const { fields, encoding } = readFields(out)
    const tag = Number(key)
    const syntax = encoding.bigEndian ? 'big' : encoding.explicit ? 'explicit' : 'implicit'
    const encoded = encodeElements({ [tag]: element }, syntax)
    const top = fields.filter(({ depth }) => depth === 0)
    const own = top.find((field) => field.tag === tag)
    const next = top.find((field) => field.tag > tag)
    const at = own?.at ?? next?.at ?? out.length
    out = replaced(out, at, own?.end ?? at, encoded)
  }
  return out
}

const NAMES: readonly string[] = ['IM0001', 'x', 'notes.txt', '1.2.3.4', '../../etc/passwd', 'C:\\x\\y.dcm', 'DICOMDIR', '.dcm', 'a.nii', '\u202egnp.dcm', 'CT0001.dcm', '', 'a'.repeat(300)] // prettier-ignore

/** Another SOP Instance UID, as a copy gets one. */
function withUid(bytes: Uint8Array, uid: string): Uint8Array {
  const field = readFields(bytes).fields.find(({ tag }) => tag === 0x00080018)
  const value = Uint8Array.from([...uid].map((char) => char.charCodeAt(0)))
  return field ? withValue(bytes, field, value.length % 2 ? Uint8Array.from([...value, 0]) : value) : bytes
}

const FILES: Readonly<Record<string, Change>> = {
  'a file less': ({ files }, rng) => void files.splice(rng.below(files.length), 1),
  'files less at an end': ({ files }, rng) =>
    void files.splice(rng.chance(0.5) ? 0 : Math.max(0, files.length - 2), rng.between(1, 2)),
  'every other file': (series) => void (series.files = series.files.filter((_, n) => n % 2 === 0)),
  'a file twice': ({ files }, rng) => {
    const file = rng.pick(files)
    const name = rng.chance(0.5) ? file.name : `COPY${rng.below(9)}.dcm`
    files.push({ name, bytes: rng.chance(0.5) ? file.bytes : withUid(file.bytes, `1.2.3.99.${rng.below(1000)}`) })
  },
  'a file twice, once edited': (series, rng, seed) => {
    const { files } = series
    files.push({ name: 'COPY.dcm', bytes: rng.pick(files).bytes })
    const copy: Changed = { files: [files.pop()!], masks: [], exchanged: false }
    rng.pick(Object.values(EDITS))(copy, rng, seed)
    files.push(...copy.files)
  },
  'the series twice': (series, rng) => {
    const copies = series.files.map(({ name, bytes }) => ({ name: `B${name}`, bytes }))
    series.files = rng.shuffled([...series.files, ...copies])
  },
  'another order': (series, rng) => void (series.files = rng.shuffled(series.files)),
  'other names': (series, rng) =>
    void (series.files = series.files.map(({ bytes }) => ({ name: rng.pick(NAMES), bytes }))),
  'one other name': onOne((file, rng) => ({ name: rng.pick(NAMES), bytes: file.bytes })),
  'names exchanged': (series, rng) => {
    const names = rng.shuffled(series.files.map(({ name }) => name))
    series.files = series.files.map(({ bytes }, n) => ({ name: names[n]!, bytes }))
  },
  'a file cut': onOne((file, rng) =>
    bytesOf(
      file,
      file.bytes.slice(0, rng.chance(0.5) ? rng.below(pixelsAt(file.bytes)) : rng.below(file.bytes.length)),
    ),
  ),
  'a file without pixels': onOne((file) => {
    const field = readFields(file.bytes).fields.find(({ tag }) => tag === PIXELS)
    return field ? bytesOf(file, file.bytes.slice(0, field.at)) : file
  }),
  'a length of the pixels': onOne((file, rng) => {
    const field = readFields(file.bytes).fields.find(({ tag }) => tag === PIXELS)
    if (!field) return file
    const out = file.bytes.slice()
    const length = field.end - field.valueAt
    const odd = rng.pick([0, 1, 2, length - 2, length - 1, length + 1, length + 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2])
    putNumber(out, field.lengthAt, odd, field.lengthBytes, field.bigEndian)
    return bytesOf(file, out)
  }),
  'a file emptied': onOne((file, rng) => bytesOf(file, new Uint8Array(rng.pick([0, 1, 128, 132, 600])))),
  'a tail': onOne((file, rng) => bytesOf(file, BYTES['add a tail'](file.bytes, rng))),
  'a strange file': ({ files }, rng) => {
    const bytes = rng.pick([new Uint8Array(0), new Uint8Array(600), text('<html>nothing</html>'), rng.bytes(300)])
    files.splice(rng.below(files.length + 1), 0, { name: rng.pick(NAMES), bytes })
  },
  'two files spliced': (series, rng) => {
    const { files } = series
    if (files.length === 0) return
    const at = rng.below(files.length)
    const [own, other] = [files[at]!, rng.pick(files)]
    const tops = readFields(other.bytes).fields.filter(({ depth }) => depth === 0)
    const atBoundary = rng.chance(0.7) && tops.length > 0
    const cut = atBoundary ? rng.pick(tops).at : rng.below(other.bytes.length)
    const same = readFields(own.bytes).fields.find(
      ({ tag, depth }) => depth === 0 && tag === tops.find((f) => f.at === cut)?.tag,
    )
    const end = atBoundary && same ? same.at : cut
    files[at] = bytesOf(
      own,
      replaced(own.bytes, Math.min(end, own.bytes.length), own.bytes.length, other.bytes.slice(cut)),
    )
    series.exchanged = true
  },
}

/** What makes a mask the mask it is: changed, it is another one. The pixels of a segmentation belong to it. */
const CONTENT: readonly number[] = [
  PIXELS, 0x00200032, 0x00200037, 0x00280030, 0x00180050, 0x00180088, 0x00280008, 0x00280010, 0x00280011, 0x00280100,
  0x00620001, 0x00620004, 0x00620005, 0x0062000b, 0x0062000e, 0x00620010, 0x00080100, 0x00080102, 0x00080104, 0x30060022,
  0x30060026, 0x30060042, 0x30060046, 0x30060050, 0x30060084, 0x300600a4, 0x00080016, 0x00020010,
] // prettier-ignore

const MASKS: Readonly<Record<string, Change>> = {
  'the mask, beside what it marks': ({ masks }, rng) => {
    const [mask] = masks
    if (!mask) return
    const { fields } = readFields(mask.bytes)
    const holds = (field: Field): boolean =>
      fields.some(({ tag, at }) => CONTENT.includes(tag) && at >= field.at && at < field.end)
    const free = fields.filter((field) => !holds(field))
    if (free.length === 0) return
    masks[0] = bytesOf(mask, changedField(mask.bytes, rng.pick(free), fields, rng))
  },
  'the mask cut': ({ masks }, rng) => {
    const [mask] = masks
    if (mask) masks[0] = bytesOf(mask, mask.bytes.slice(0, rng.below(mask.bytes.length)))
  },
}

function changedField(bytes: Uint8Array, field: Field, fields: readonly Field[], rng: Rng): Uint8Array {
  const out = bytes.slice()
  switch (rng.below(5)) {
    case 0:
      return withValue(bytes, field, oddValue(field, bytes, rng), fields)
    case 1:
      out[rng.between(field.valueAt, Math.max(field.valueAt, field.end - 1))]! ^= 1 << rng.below(8)
      return out
    case 2: {
      const less = replaced(bytes, field.at, field.end, new Uint8Array(0))
      growAround(less, field, field.at - field.end, fields)
      return less
    }
    case 3:
      putNumber(out, field.lengthAt, rng.pick([0, 1, 2, 65535, 2 ** 32 - 1, bytes.length]), field.lengthBytes, field.bigEndian) // prettier-ignore
      return out
    default: {
      const element = encodeElement(field.tag, 'LO', text('VALUE'), readFields(bytes).encoding)
      const more = replaced(bytes, field.at, field.at, element)
      growAround(more, field, element.length, fields)
      return more
    }
  }
}

const ARCHIVES: Readonly<Record<string, Change>> = {
  'the archive': onOne((file, rng) =>
    bytesOf(file, mutate(file.bytes, rng, [file.bytes], Object.entries(BYTES)).bytes),
  ),
}

/** One change, or two; with what they are called. */
export function changeSeries(seed: SeriesSeed, rng: Rng): Changed & { readonly what: string } {
  const series: Changed = { files: [...seed.files], masks: [...seed.masks], exchanged: false }
  const names: string[] = []
  for (let left = rng.chance(0.7) ? 1 : 2; left > 0 && series.files.length > 0; left--) {
    const tables = seed.zipped ? [ARCHIVES] : [EDITS, EDITS, FILES, ...(seed.masks.length > 0 ? [MASKS, MASKS] : [])]
    const [name, change] = rng.pick(Object.entries(rng.pick(tables)))
    change(series, rng, seed)
    names.push(name)
  }
  return { ...series, what: names.join(', ') }
}
