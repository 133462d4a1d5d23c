/**
 * Patient and study modules of one object for another that is derived from it (PS3.3 C.7.1.1, C.7.1.3, C.7.2.1 to C.7.2.3): values
 * are the same bytes under the same character set, never decoded and written anew. An archive files the derived object by them, and
 * a name that changed on the way is another patient.
 */
import type { DataSet } from './dataset.js'
import type { CopiedValue, Element } from './elements.js'

/** `gggg,eeee VR` in lines, by module. The VR counts where the source has none (implicit). */
const table = (rows: string): ReadonlyMap<number, string> =>
  new Map(
    rows.split(/\s*\n\s*/).flatMap((line) =>
      line
        .trim()
        .split(' ')
        .filter((cell) => cell !== '')
        .map((cell): [number, string] => [Number.parseInt(cell.slice(0, 8), 16), cell.slice(9)]),
    ),
  )

/** What the texts and times below are written in: SOP Common (C.12.1). */
const COMMON = table(`00080005:CS 00080201:SH`)

/** Who: all of it goes where identity is left out. */
const PATIENT = table(`
  00081120:SQ 00100010:PN 00100020:LO 00100021:LO 00100022:CS 00100024:SQ 00100026:SQ 00100027:SQ 00100030:DA 00100032:TM
  00100033:LO 00100034:LO 00100035:CS 00100040:CS 00100200:CS 00101000:LO 00101001:PN 00101002:SQ 00102160:SH 00102161:SQ
  00102201:LO 00102202:SQ 00102292:LO 00102293:SQ 00102294:SQ 00102297:PN 00102298:CS 00102299:LO 00104000:LT
  00120010:LO 00120020:LO 00120021:LO 00120022:LO 00120030:LO 00120031:LO 00120032:LO 00120040:LO 00120041:LO 00120042:LO
  00120043:LO 00120062:CS 00120063:LO 00120064:SQ 00120081:LO 00120082:LO 00120086:SQ 00120087:SQ
`)
const STUDY = table(`
  0020000d:UI 00080020:DA 00080030:TM 00080050:SH 00080051:SQ 00080090:PN 00080096:SQ 0008009c:PN 0008009d:SQ 00081030:LO
  00081032:SQ 00081048:PN 00081049:SQ 00081060:PN 00081062:SQ 00081110:SQ 00200010:SH 00321033:LO 00321034:SQ 00401012:SQ
  00081080:LO 00081084:SQ 00101010:AS 00101020:DS 00101021:SQ 00101022:DS 00101023:DS 00101024:DS 00101030:DS 00102000:LO
  00102110:LO 00102180:SH 001021a0:CS 001021b0:LT 001021c0:US 001021d0:DA 00102203:CS 00321066:UT 00321067:SQ 00380010:LO
  00380014:SQ 00380060:LO 00380062:LO 00380064:SQ 00380500:LO
  00120050:LO 00120051:ST 00120052:FD 00120053:CS 00120054:LO 00120083:SQ
`)

/** What stands in the sequences of these modules, for sources without VRs. */
const NESTED = table(`
  00080100:SH 00080102:SH 00080103:SH 00080104:LO 00080105:CS 00080106:DT 00080107:DT 00080109:SQ 0008010b:CS 0008010c:UI
  0008010d:UI 0008010f:CS 00080115:ST 00080119:UC 00080120:UR 00080080:LO 00080081:ST 00080082:SQ 00081040:LO 00081041:LO
  00081150:UI 00081155:UI 00100020:LO 00100021:LO 00100022:CS 00100024:SQ 00400031:UT 00400032:UT 00400033:CS 00401101:SQ
  00401102:ST 00401103:LO 0040a170:SQ 00400035:CS 00400036:SQ 00400039:SQ 0040003a:SQ 00081115:SQ 00081199:SQ
`)

/** Attributes a derived object must have, empty where nothing is known (type 2): patient's and study's. */
const REQUIRED = [
  0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00200010,
]
const ALL: ReadonlyMap<number, string> = new Map([...COMMON, ...PATIENT, ...STUDY])

/** Patient and study of `source`, as explicit little endian writes them, and their required attributes that it lacks, empty. */
export function copyModules(source: DataSet): readonly Element[] {
  const found = source.tags().filter((tag) => ALL.has(tag))
  const absent = REQUIRED.filter((tag) => !found.includes(tag))
  return [...found.flatMap((tag) => copyElement(source, tag, ALL) ?? []), ...absent.map(empty)]
}

/** The same without anybody in it: the study by its UID alone, the rest empty (PS3.15 E.1: type 2 attributes with no value). */
export function anonymousModules(source: DataSet): readonly Element[] {
  return [
    ...REQUIRED.map(empty),
    ...(copyElement(source, 0x0020000d, STUDY) ?? []),
    [0x00120062, 'CS', ['YES']],
    [0x00120063, 'LO', ['Identity left out, UIDs kept']],
  ]
}

/** One attribute under its own tag, or another; nothing where it is absent. */
export function copyValue(source: DataSet, tag: number, to = tag): readonly Element[] {
  return (copyElement(source, tag, ALL) ?? []).map((element) => [to, element[1], element[2]] as Element)
}

const empty = (tag: number): Element => [tag, 'copy', { vr: ALL.get(tag)!, bytes: new Uint8Array(0) }]

function copyElement(set: DataSet, tag: number, vrs: ReadonlyMap<number, string>): readonly Element[] | null {
  if (!set.has(tag)) return null
  const told = set.vr(tag)
  const vr = told ?? vrs.get(tag) ?? 'UN'
  if (vr === 'SQ' && !set.isExplicitLittle) {
    return [[tag, 'SQ', set.items(tag).map((item) => item.tags().flatMap((at) => copyElement(item, at, NESTED) ?? []))]]
  }
  const bytes = set.value(tag) ?? new Uint8Array(0)
  // A sequence of undefined length gets the length it has; one that hides in VR UN has to end as it did.
  if (vr === 'UN' && set.isOpen(tag)) return [[tag, 'copy', { vr, bytes, undefinedLength: true }]]
  return [[tag, 'copy', asLittle({ vr, bytes }, set.isBigEndian)]]
}

/** Bytes of a number. */
const WIDTHS: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  AT: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  FD: 8,
  OD: 8,
}

function asLittle({ vr, bytes }: CopiedValue, bigEndian: boolean): CopiedValue {
  const width = WIDTHS[vr]
  if (!bigEndian || width === undefined || bytes.length % width !== 0) return { vr, bytes }
  const turned = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) turned[i] = bytes[i - (i % width) + (width - 1 - (i % width))]!
  return { vr, bytes: turned }
}
