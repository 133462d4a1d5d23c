/** A small encoder of DICOM files for tests, written apart from the package's own: whatever a test needs wrong can be made wrong. */
import type { DicomSource } from '../../bindings/dicom/index.js'

export type Syntax = 'implicit' | 'explicit' | 'big'
export const UID: Record<Syntax, string> = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  big: '1.2.840.10008.1.2.2',
}

/** Text, 16-bit words (US, SS, OW), floats (FD, FL), 32-bit numbers (UL), raw bytes, or items of a sequence. */
export type Value = string | readonly number[] | Uint8Array | readonly Elements[]
export interface Element {
  readonly vr: string
  readonly value: Value
  /** Write undefined length and delimiters (sequences). */
  readonly open?: boolean
}
/** By tag, written in ascending order of tag. */
export type Elements = { readonly [tag: number]: Element }
/** Values to put in, by tag; null takes the element out; a bare value keeps the VR. */
export type Edits = { readonly [tag: number]: Element | Value | null }

const LONG = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ')

class Writer {
  readonly bytes: number[] = []
  constructor(readonly syntax: Syntax) {}

  u16(value: number): void {
    const [low, high] = [value & 255, (value >> 8) & 255]
    this.bytes.push(...(this.syntax === 'big' ? [high, low] : [low, high]))
  }

  u32(value: number): void {
    const [low, high] = [value & 0xffff, value >>> 16]
    if (this.syntax === 'big') this.u16(high)
    this.u16(low)
    if (this.syntax !== 'big') this.u16(high)
  }

  tag(tag: number): void {
    this.u16(tag >>> 16)
    this.u16(tag & 0xffff)
  }

  append(bytes: Iterable<number>): void {
    for (const byte of bytes) this.bytes.push(byte)
  }

  element(tag: number, { vr, value, open = false }: Element): void {
    const bytes = this.value(vr, value, open)
    this.tag(tag)
    const length = open ? 0xffffffff : bytes.length
    if (this.syntax === 'implicit') this.u32(length)
    else {
      this.bytes.push(vr.charCodeAt(0), vr.charCodeAt(1))
      if (LONG.includes(vr)) {
        this.u16(0)
        this.u32(length)
      } else this.u16(length)
    }
    this.append(bytes)
  }

  private value(vr: string, value: Value, open: boolean): ArrayLike<number> & Iterable<number> {
    if (value instanceof Uint8Array) return value
    const inner = new Writer(this.syntax)
    if (typeof value === 'string') {
      inner.append([...value].map((c) => c.charCodeAt(0) & 255))
      if (inner.bytes.length % 2) inner.bytes.push(vr === 'UI' ? 0 : 32)
    } else if (vr === 'SQ' || (vr === 'UN' && open)) inner.items(value as readonly Elements[], open)
    else for (const n of value as readonly number[]) inner.number(vr, n)
    return inner.bytes
  }

  private items(items: readonly Elements[], open: boolean): void {
    for (const item of items) {
      const inner = new Writer(this.syntax)
      inner.elements(item)
      this.tag(0xfffee000)
      this.u32(open ? 0xffffffff : inner.bytes.length)
      this.append(inner.bytes)
      if (open) this.delimiter(0xfffee00d)
    }
    if (open) this.delimiter(0xfffee0dd)
  }

  delimiter(tag: number): void {
    this.tag(tag)
    this.u32(0)
  }

  private number(vr: string, n: number): void {
    if (vr === 'FD' || vr === 'FL') {
      const bytes = new Uint8Array((vr === 'FD' ? new Float64Array([n]) : new Float32Array([n])).buffer)
      this.append(this.syntax === 'big' ? bytes.reverse() : bytes)
    } else if (vr === 'UL' || vr === 'SL') this.u32(n)
    else this.u16(n)
  }

  elements(elements: Elements): void {
    const tags = Object.keys(elements).map(Number)
    for (const tag of tags.sort((a, b) => a - b)) this.element(tag, elements[tag]!)
  }
}

export function encodeElements(elements: Elements, syntax: Syntax): Uint8Array {
  const writer = new Writer(syntax)
  writer.elements(elements)
  return Uint8Array.from(writer.bytes)
}

export interface FileOptions {
  readonly syntax?: Syntax
  /** Transfer syntax UID to write instead of the true one; null: none. */
  readonly uid?: string | null
  /** MediaStorageSOPClassUID and MediaStorageSOPInstanceUID of the meta information. */
  readonly sopClass?: string
  readonly instance?: string
  readonly preamble?: Uint8Array | null
  /** Bytes after the data set. */
  readonly tail?: Uint8Array
}

/** A file: preamble, meta information, data set. */
export function encodeFile(elements: Elements, options: FileOptions = {}): Uint8Array {
  const { syntax = 'explicit', preamble = new Uint8Array(128), tail = new Uint8Array(0) } = options
  const uid = options.uid === undefined ? UID[syntax] : options.uid
  const meta: Elements = {
    0x00020001: { vr: 'OB', value: Uint8Array.of(0, 1) },
    0x00020002: { vr: 'UI', value: options.sopClass ?? '1.2.840.10008.5.1.4.1.1.2' },
    ...(options.instance === undefined ? {} : { 0x00020003: { vr: 'UI', value: options.instance } }),
    ...(uid === null ? {} : { 0x00020010: { vr: 'UI', value: uid } }),
  }
  const head =
    preamble === null ? [] : [preamble, Uint8Array.of(0x44, 0x49, 0x43, 0x4d), encodeElements(meta, 'explicit')]
  return join([...head, encodeElements(elements, syntax), tail])
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export const SIDE = 8

/** Elements of slice `k` of an ordinary calcium scan in miniature: 8 x 8 pixels, 3 mm, nothing to warn about but the count. */
export function ctElements(k = 0, edits: Edits = {}): Elements {
  const elements: Record<number, Element> = {
    0x00080008: { vr: 'CS', value: 'ORIGINAL\\PRIMARY\\AXIAL' },
    0x00080016: { vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.2' },
    0x00080018: { vr: 'UI', value: `1.2.3.4.${k + 1}` },
    0x00080060: { vr: 'CS', value: 'CT' },
    0x00080070: { vr: 'LO', value: 'SIEMENS' },
    0x00100010: { vr: 'PN', value: 'CANARY^NAME' },
    0x00100020: { vr: 'LO', value: 'CANARYID' },
    0x00180022: { vr: 'CS', value: 'ECG GATED' },
    0x00180050: { vr: 'DS', value: '3' },
    0x00180060: { vr: 'DS', value: '120' },
    0x00181210: { vr: 'SH', value: 'B35f' },
    0x0020000d: { vr: 'UI', value: '1.2.3.1' },
    0x0020000e: { vr: 'UI', value: '1.2.3.2' },
    0x00200012: { vr: 'IS', value: '1' },
    0x00200013: { vr: 'IS', value: `${k + 1}` },
    0x00200032: { vr: 'DS', value: `-100\\-100\\${decimal(100 + 3 * k)}` },
    0x00200037: { vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
    0x00200052: { vr: 'UI', value: '1.2.3.3' },
    0x00280002: { vr: 'US', value: [1] },
    0x00280004: { vr: 'CS', value: 'MONOCHROME2' },
    0x00280010: { vr: 'US', value: [SIDE] },
    0x00280011: { vr: 'US', value: [SIDE] },
    0x00280030: { vr: 'DS', value: '0.5\\0.5' },
    0x00280100: { vr: 'US', value: [16] },
    0x00280101: { vr: 'US', value: [16] },
    0x00280102: { vr: 'US', value: [15] },
    0x00280103: { vr: 'US', value: [1] },
    0x00281052: { vr: 'DS', value: '-1024' },
    0x00281053: { vr: 'DS', value: '1' },
    0x00281054: { vr: 'LO', value: 'HU' },
    0x7fe00010: { vr: 'OW', value: pixels(k) },
  }
  return edited(elements, edits)
}

/** These elements with edits put in; `elements` stay as they are. */
export function edited(given: Elements, edits: Edits): Elements {
  const elements: Record<number, Element> = { ...given }
  for (const key of Object.keys(edits)) {
    const tag = Number(key)
    const edit = edits[tag]
    if (edit === null || edit === undefined) delete elements[tag]
    else if (typeof edit === 'object' && 'vr' in edit) elements[tag] = edit
    else elements[tag] = { vr: elements[tag]?.vr ?? 'LO', value: edit as Value }
  }
  return elements
}

/** Stored values of slice `k`, as words. */
export const pixels = (k: number): number[] => Array.from({ length: SIDE * SIDE }, (_, i) => (i * 37 + k * 11) % 2000)

const decimal = (mm: number): string => String(Math.round(mm * 1e9) / 1e9).slice(0, 16)

export const source = (data: Uint8Array, name = 'slice.dcm'): DicomSource => ({ name, data })

export type PerSlice = Edits | ((k: number) => Edits)

/** A series of `count` slices; edits for all of them, or by slice. */
export function ctSeries(count = 34, edits: PerSlice = {}, options: FileOptions = {}): DicomSource[] {
  const editsOf = typeof edits === 'function' ? edits : () => edits
  return Array.from({ length: count }, (_, k) =>
    source(encodeFile(ctElements(k, editsOf(k)), options), `CT${String(k).padStart(4, '0')}.dcm`),
  )
}

/** Position of a slice at this height. */
export const at = (z: number, x = -100, y = -100): Edits => ({
  0x00200032: `${decimal(x)}\\${decimal(y)}\\${decimal(z)}`,
})

/** A repeatable stream of numbers in 0 .. 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function shuffled<T>(list: readonly T[], next: () => number): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}

/** Functional groups by the tag of their sequence; each value is the items of that sequence. */
export type Groups = { readonly [tag: number]: readonly Elements[] }

/** Where the attributes of a classic slice stand in an enhanced object: tags by macro. */
const MACROS: { readonly [sequence: number]: readonly number[] } = {
  0x00289110: [0x00280030, 0x00180050, 0x00180088],
  0x00209113: [0x00200032],
  0x00209116: [0x00200037],
  0x00289145: [0x00281052, 0x00281053, 0x00281054],
  0x00189325: [0x00180060, 0x00181160, 0x00187050, 0x00189351, 0x00189352],
  0x00189314: [0x00181210, 0x00181100],
}
/** What a converter has no macro for. */
const UNASSIGNED = [0x00180022, 0x00180010, 0x00181041, 0x00181060]
export const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1'
export const LEGACY_CT = '1.2.840.10008.5.1.4.1.1.2.2'

export interface EnhancedOptions {
  readonly sopClass?: string
  /** Macros written once for all frames; the others are written for each. Default: all but the position. */
  readonly shared?: readonly number[]
  /** Groups to change, given those of a frame (its number from 0) or, for -1, the shared ones. */
  readonly groups?: (k: number, groups: Groups) => Groups
  readonly edits?: Edits
}

/** These slices as one enhanced object: attributes of the first at the top, of each in functional groups, pixels in a row. */
export function enhancedElements(slices: readonly Elements[], options: EnhancedOptions = {}): Elements {
  const { sopClass = LEGACY_CT, groups: change = (_, groups) => groups, edits = {} } = options
  const sharedTags =
    options.shared ??
    Object.keys(MACROS)
      .map(Number)
      .filter((tag) => tag !== 0x00209113)
  const pick = (slice: Elements, tags: readonly number[]): Elements =>
    Object.fromEntries(tags.filter((tag) => slice[tag]).map((tag) => [tag, slice[tag]!]))
  const macro = (slice: Elements, sequence: number): Groups => {
    const item = pick(slice, MACROS[sequence]!)
    return Object.keys(item).length > 0 ? { [sequence]: [item] } : {}
  }
  const macros = (slice: Elements, wanted: (sequence: number) => boolean): Groups =>
    Object.assign(
      {},
      ...Object.keys(MACROS)
        .map(Number)
        .filter(wanted)
        .map((sequence) => macro(slice, sequence)),
    )
  const asItem = (groups: Groups): Elements =>
    Object.fromEntries(Object.entries(groups).map(([tag, items]) => [tag, { vr: 'SQ', value: items }]))

  const first = slices[0]!
  const shared: Groups = {
    ...macros(first, (tag) => sharedTags.includes(tag)),
    0x00189329: [{ 0x00089007: first[0x00080008]! }],
    0x00209170: [pick(first, UNASSIGNED)],
  }
  const frames = slices.map((slice, k) =>
    asItem(
      change(k, {
        ...macros(slice, (tag) => !sharedTags.includes(tag)),
        0x00209111: [{ 0x00209056: { vr: 'SH', value: '1' }, 0x00209157: { vr: 'UL', value: [1, k + 1] } }],
      }),
    ),
  )
  const moved = [...Object.values(MACROS).flat(), ...UNASSIGNED]
  const top = Object.fromEntries(Object.entries(first).filter(([tag]) => !moved.includes(Number(tag))))
  const elements: Record<number, Element> = {
    ...top,
    0x00080016: { vr: 'UI', value: sopClass },
    0x00280008: { vr: 'IS', value: String(slices.length) },
    0x52009229: { vr: 'SQ', value: [asItem(change(-1, shared))] },
    0x52009230: { vr: 'SQ', value: frames },
    0x7fe00010: { vr: 'OW', value: slices.flatMap((slice) => [...(slice[0x7fe00010]!.value as readonly number[])]) },
  }
  return edited(elements, edits)
}
