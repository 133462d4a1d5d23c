/**
 * What the walk over a data set leaves behind (PS3.5 section 7): where each element of the top level lies. And what the walk is
 * inside of while it goes.
 */

/** Tags of items and their delimiters, and the length that says a delimiter ends the value (PS3.5 7.5). */
export const ITEM = 0xfffee000
export const ITEM_END = 0xfffee00d
export const SEQUENCE_END = 0xfffee0dd
export const UNDEFINED = 0xffffffff

/** One element of the top level. Offsets count from the start of the file. */
export interface ElementSpan {
  readonly tag: number
  /** Value representation; null where the encoding is implicit. */
  readonly vr: string | null
  /** First byte of the tag. */
  readonly offset: number
  /** First byte of the value. */
  readonly valueOffset: number
  /** Bytes of the value, delimiters not counted. */
  length: number
  readonly undefinedLength: boolean
}

export interface Layout {
  /** Every element of the top level, as they lie in the file. */
  readonly spans: ElementSpan[]
  /** The same by tag; of a private element that occurs twice the last. */
  readonly elements: Map<number, ElementSpan>
  /** Offset and length of each fragment of the encapsulated pixel data, the offset table first: flat pairs. */
  readonly fragments: number[]
  /** Bytes dicom-parser must see otherwise to find what this walk found; their meaning for this reader is the same. */
  readonly patches: Patch[]
  /** Tags of the top level do not ascend. */
  outOfOrder: boolean
  /** First byte after the last element; trailing zeros may follow. */
  end: number
}

export interface Patch {
  readonly offset: number
  readonly bytes: readonly number[]
}

export interface Encoding {
  readonly explicit: boolean
  readonly bigEndian: boolean
  /** Pixel data of undefined length is a sequence of fragments. */
  readonly encapsulated: boolean
}

/** What the walk is inside of: a data set (elements follow) or a sequence (items follow). */
export interface Level {
  readonly items: boolean
  /** No byte at or after this belongs to it. */
  readonly end: number
  /** Ends by a delimiter, not by its length. */
  readonly open: boolean
  readonly explicit: boolean
  readonly bigEndian: boolean
  /** The element a sequence is, whose length is noted when it closes. */
  readonly span: ElementSpan | null
  /** Of a data set: how many tags were on the list when it began, and the highest since. */
  readonly base: number
  last: number
  /** Its tags, from the first one out of order on. */
  seen: Set<number> | null
}

/** The walk needs bytes that were not read yet: only the beginning of the file is there. Never leaves the reader. */
export class NotRead extends Error {}
