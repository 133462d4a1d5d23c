/** Content items of a structured report (PS3.3 C.17.3): a tree of values, each with its name and its relation to the one above. */
import { decimalString, type Element } from '../../dicom/elements.js'
import { type Code, ascii, codeItem, codes } from './codes.js'
import { type ReferencedInstance, referenceItem } from './source.js'

type Relation = 'CONTAINS' | 'HAS CONCEPT MOD' | 'HAS OBS CONTEXT' | 'HAS ACQ CONTEXT' | 'INFERRED FROM'

/** A content item, encoded but for what hangs below it. */
export interface Content {
  readonly relation: Relation
  readonly elements: readonly Element[]
  readonly below: readonly Content[]
}

/** What stands below an item; null and empty lists are left out. */
export type Below = readonly (Content | null | readonly (Content | null)[])[]

const present = (below: Below): readonly Content[] => below.flat().filter((item) => item !== null) as Content[]

function item(
  relation: Relation,
  type: string,
  name: Code | null,
  elements: readonly Element[],
  below: Below,
): Content {
  return {
    relation,
    elements: [
      [0x0040a010, 'CS', [relation]],
      [0x0040a040, 'CS', [type]],
      ...(name === null ? [] : [codes(0x0040a043, name)]),
      ...elements,
    ],
    below: present(below),
  }
}

/** @param template TID of PS3.16 the container follows, where it names one */
export const container = (relation: Relation, name: Code, template: string | null, ...below: Below): Content =>
  item(
    relation,
    'CONTAINER',
    name,
    [[0x0040a050, 'CS', ['SEPARATE']], ...(template === null ? [] : [templateOf(template)])],
    below,
  )

export const coded = (relation: Relation, name: Code, value: Code, ...below: Below): Content =>
  item(relation, 'CODE', name, [codes(0x0040a168, value)], below)

/** Text in the default repertoire. */
export const text = (relation: Relation, name: Code, value: string): Content =>
  item(relation, 'TEXT', name, [[0x0040a160, 'UT', [ascii(value)]]], [])

export const uid = (relation: Relation, name: Code, value: string): Content =>
  item(relation, 'UIDREF', name, [[0x0040a124, 'UI', [value]]], [])

/**
 * A measurement: as a decimal string, and where its 16 characters do not hold it, as the very number beside it (C.18.1); null
 * where there is none.
 */
export function number(
  relation: Relation,
  name: Code,
  value: number | null,
  unit: Code,
  ...below: Below
): Content | null {
  if (value === null) return null
  const decimal = decimalString(value)
  const measured: readonly Element[] = [
    [0x004008ea, 'SQ', [codeItem(unit)]],
    [0x0040a30a, 'DS', [decimal]],
    ...(Number(decimal) === value ? [] : [[0x0040a161, 'FD', [value]] as const]),
  ]
  return item(relation, 'NUM', name, [[0x0040a300, 'SQ', [measured]]], below)
}

/** An image, or a segment of a segmentation. */
export const image = (
  relation: Relation,
  name: Code | null,
  instance: ReferencedInstance,
  segment: number | null = null,
): Content => {
  const reference: readonly Element[] = [
    ...referenceItem(instance),
    ...(segment === null ? [] : [[0x0062000b, 'US', [segment]] as const]),
  ]
  return item(relation, 'IMAGE', name, [[0x00081199, 'SQ', [reference]]], [])
}

/** A point in patient coordinates (LPS, mm; C.18.9), as 32-bit floats hold it. */
export const point = (
  relation: Relation,
  name: Code,
  place: readonly [number, number, number],
  frameOfReferenceUid: string,
): Content =>
  item(
    relation,
    'SCOORD3D',
    name,
    [
      [0x00700022, 'FL', place],
      [0x00700023, 'CS', ['POINT']],
      [0x30060024, 'UI', [frameOfReferenceUid]],
    ],
    [],
  )

const templateOf = (identifier: string): Element => [
  0x0040a504,
  'SQ',
  [
    [
      [0x00080105, 'CS', ['DCMR']],
      [0x00080118, 'UI', ['1.2.840.10008.8.1.1']],
      [0x0040db00, 'CS', [identifier]],
    ],
  ],
]

/** The elements of an item with all below it. The document itself is an item without a relation. */
export function encodeContent({ elements, below }: Content, isRoot = false): readonly Element[] {
  return [
    ...(isRoot ? elements.filter(([tag]) => tag !== 0x0040a010) : elements),
    ...(below.length === 0 ? [] : [[0x0040a730, 'SQ', below.map((one) => encodeContent(one))] as const]),
  ]
}
