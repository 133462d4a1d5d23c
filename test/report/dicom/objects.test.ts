/** Structured report, captures and documents: what they say, of whom, and that the same input is the same object. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { DataSet } from '../../../bindings/dicom/dataset.js'
import {
  type DicomObject,
  encapsulatedPdf,
  openSource,
  secondaryCapture,
  segmentation,
  structuredReport,
} from '../../../bindings/report/dicom/index.js'
import { readSeries } from '../../../bindings/dicom/index.js'
import { MOST_LESIONS } from '../../../bindings/report/dicom/groups.js'
import type { Result } from '../../../bindings/score/result.js'
import { encodeFile, source as file } from '../../dicom/make.js'
import { type Study, enhancedStudy, phantomStudy, setOf, slicesOf, stripes, studyOf } from './make.js'

let torso: Study
let named: Study
const NAME = '<b>M\xfcller</b>^"; DROP\x1b[31m'
beforeAll(async () => {
  torso = await phantomStudy()
  const edits = {
    0x00080005: { vr: 'CS', value: 'ISO_IR 100' },
    0x00100010: { vr: 'PN', value: NAME },
    0x00100030: { vr: 'DA', value: '19650215' },
    0x00081030: { vr: 'LO', value: 'CaSc of M\xfcller' },
    0x00080090: { vr: 'PN', value: 'REFERRER^R' },
  }
  const files = slicesOf(34, edits).map((elements, k) => file(encodeFile(elements), `MULLER${k}.dcm`))
  named = await studyOf(files, { territories: stripes(['LM', 'LAD', 'LCX', 'RCA'], 34) })
}, 60_000)

/** A content item and those below it, as text. */
interface Item {
  readonly relation: string | null
  readonly type: string
  readonly name: string | null
  readonly value: string | null
  readonly set: DataSet
  readonly below: readonly Item[]
}
const meaning = (set: DataSet, tag: number) => set.items(tag)[0]?.text(0x00080104) ?? null
function itemOf(set: DataSet): Item {
  const measured = set.items(0x0040a300)[0]
  const value =
    set.text(0x0040a160) ??
    set.text(0x0040a124) ??
    meaning(set, 0x0040a168) ??
    (measured ? `${measured.text(0x0040a30a)} ${measured.items(0x004008ea)[0]!.text(0x00080100)}` : null)
  return {
    relation: set.text(0x0040a010),
    type: set.text(0x0040a040)!,
    name: meaning(set, 0x0040a043),
    value,
    set,
    below: set.items(0x0040a730).map(itemOf),
  }
}
const tree = (object: DicomObject) => itemOf(setOf(object))
const all = (item: Item): readonly Item[] => [item, ...item.below.flatMap(all)]
const groups = (object: DicomObject) => all(tree(object)).filter(({ name }) => name === 'Measurement Group')
const group = (object: DicomObject, id: string) =>
  groups(object).find(({ below }) => below.some(({ name, value }) => name === 'Tracking Identifier' && value === id))!
const valueOf = ({ below }: Item, name: string) => below.find((item) => item.name === name)?.value
const report = (study: Study, change: Partial<Result> = {}, options = {}) =>
  structuredReport({ ...study.result, ...change }, study.source, options)
const picture = (shade: number) => ({ width: 5, height: 3, rgb: new Uint8Array(45).fill(shade) })
const PDF = new TextEncoder().encode('%PDF-1.7\n%odd\n')
const everyKind = ({ result, source, pixels }: Study, identity = true): readonly DicomObject[] => [
  structuredReport(result, source, { identity }),
  segmentation(result, source, pixels, { identity })!,
  secondaryCapture(picture(1), result, source, { identity, burnedInAnnotation: false }),
  secondaryCapture([picture(1), picture(2)], result, source, { identity, burnedInAnnotation: false }),
  encapsulatedPdf(PDF, result, source, { identity, burnedInAnnotation: false }),
]

describe('structuredReport', () => {
  it('is an Imaging Measurement Report: one group for the total, each territory, each counted lesion', () => {
    const object = report(torso)
    const root = tree(object)
    expect([root.type, root.name, root.relation]).toEqual(['CONTAINER', 'Imaging Measurement Report', null])
    expect(root.below.map(({ name }) => name)).toEqual([
      'Language of Content Item and Descendants',
      'Observer Type',
      'Device Observer UID',
      'Device Observer Name',
      'Device Observer Manufacturer',
      'Device Observer Model Name',
      'Device Observer Serial Number',
      'Procedure reported',
      'Image Library',
      'Imaging Measurements',
      'Qualitative Evaluations',
    ])
    const { lesions, territories } = torso.result
    expect(groups(object).map((one) => valueOf(one, 'Tracking Identifier'))).toEqual([
      'Total coronary calcium',
      ...Object.keys(territories).map((name) => `${name} calcium`),
      ...lesions.filter(({ counted }) => counted).map(({ id }) => `Lesion ${id}`),
    ])
    const uids = groups(object).map((one) => valueOf(one, 'Tracking Unique Identifier'))
    expect(new Set(uids).size).toBe(uids.length)
  })

  it('has the numbers of the result, with method and unit', () => {
    const { total, territories } = torso.result
    const object = report(torso)
    const one = group(object, 'Total coronary calcium')
    expect(valueOf(one, 'Coronary artery calcium score')).toBe(`${total.agatston} 1`)
    expect(valueOf(one, 'Calcium Volume')).toBe(`${total.volumeMm3} mm3`)
    expect(valueOf(one, 'Calcium Mass')).toBe(`${Number(total.massMg!.toPrecision(14))} mg`)
    expect(valueOf(one, 'Number of calcifications')).toBe(`${total.lesions} 1`)
    expect(valueOf(one, 'Agatston Score Threshold')).toBe("130 [hnsf'U]")
    expect(valueOf(one, 'Finding Site')).toBe('Coronary Artery')
    const score = one.below.find(({ name }) => name === 'Coronary artery calcium score')!
    expect(score.below.map(({ name, value }) => [name, value])).toEqual([
      ['Measurement Method', 'Agatston scoring method'],
    ])
    for (const [name, { agatston }] of Object.entries(territories)) {
      const concept = name === 'AORTA' ? 'Calcium score' : 'Coronary artery calcium score'
      expect(valueOf(group(object, `${name} calcium`), concept)).toBe(`${agatston} 1`)
    }
    expect(valueOf(one, 'Algorithm Name')).toBe('agatston, standard agatston-130 version 1')
    expect(valueOf(one, 'Algorithm Version')).toBe(torso.result.engine.version)
  })

  it('gives the very number beside a decimal string that does not hold it', () => {
    const massMg = 1 / 3
    const object = report(torso, { total: { ...torso.result.total, massMg } })
    const measured = group(object, 'Total coronary calcium').below.find(({ name }) => name === 'Calcium Mass')!
    const [value] = measured.set.items(0x0040a300)
    expect(value!.text(0x0040a30a)).toBe('0.33333333333333')
    const exact = value!.value(0x0040a161)!
    expect(new DataView(exact.buffer, exact.byteOffset).getFloat64(0, true)).toBe(massMg)
    const none = report(torso, { total: { ...torso.result.total, massMg: null } })
    expect(valueOf(group(none, 'Total coronary calcium'), 'Calcium Mass')).toBeUndefined()
  })

  it('refers from each lesion to its images and its centre', async () => {
    const lesion = torso.result.lesions.find(({ counted }) => counted)!
    const one = group(report(torso), `Lesion ${lesion.id}`)
    const score = one.below.find(({ name }) => name === 'Calcium score')!
    const images = score.below
      .filter(({ type }) => type === 'IMAGE')
      .map(({ set }) => set.items(0x00081199)[0]!.uid(0x00081155))
    const expected = lesion.pieces.filter(({ counted }) => counted).map(({ sopInstanceUid }) => sopInstanceUid)
    expect(images).toEqual([...new Set(expected)])
    const centre = one.below.find(({ type }) => type === 'SCOORD3D')!.set
    expect(centre.floats(0x00700022, 3)).toEqual(lesion.centroidMm.map(Math.fround))
    expect(centre.uid(0x30060024)).toBe(torso.volume.frameOfReferenceUid)
    const enhanced = await enhancedStudy(['LM', 'LAD', 'LCX', 'RCA'])
    const { lesions } = enhanced.result
    const frames = all(group(report(enhanced), `Lesion ${lesions.find(({ counted }) => counted)!.id}`))
      .filter(({ type }) => type === 'IMAGE')
      .map(({ set }) => set.items(0x00081199)[0]!.text(0x00081160)!.split('\\').map(Number))
    const slices = new Set(
      lesions
        .find(({ counted }) => counted)!
        .pieces.filter((p) => p.counted)
        .map((p) => p.slice),
    )
    expect(frames).toEqual([[...slices].map((k) => 34 - k).sort((a, b) => a - b)])
  })

  it('lists every object it refers to as evidence', () => {
    const { result, source, pixels } = torso
    const seg = segmentation(result, source, pixels)!
    const object = report(torso, {}, { segmentation: seg })
    const evidence = setOf(object)
      .items(0x0040a375)
      .flatMap((study) => study.items(0x00081115))
      .flatMap((series) => series.items(0x00081199).map((item) => item.uid(0x00081155)))
    const referred = all(tree(object))
      .filter(({ type }) => type === 'IMAGE')
      .map(({ set }) => set.items(0x00081199)[0]!.uid(0x00081155))
    expect(new Set(evidence)).toEqual(new Set([...referred, seg.sopInstanceUid]))
    expect(evidence).toHaveLength(new Set(evidence).size)
    const lad = group(object, 'LAD calcium')
    const segment = lad.below.find(({ name }) => name === 'Referenced Segment')!.set.items(0x00081199)[0]!
    const [number, uid] = [segment.unsigned(0x0062000b), segment.uid(0x00081155)]
    expect([number, uid]).toEqual([2, seg.sopInstanceUid])
    const tracked = setOf(seg).items(0x00620002)[1]!.uid(0x00620021)
    expect(valueOf(lad, 'Tracking Unique Identifier')).toBe(tracked)
  })

  it('is complete and unverified; partial and preliminary where it is not confirmed', () => {
    const flags = (object: DicomObject) => [0x0040a491, 0x0040a493, 0x0040a496].map((tag) => setOf(object).text(tag))
    expect(flags(report(torso))).toEqual(['COMPLETE', 'UNVERIFIED', null])
    const proposed = report(torso, { scope: 'candidates', category: null })
    expect(flags(proposed)).toEqual(['PARTIAL', 'UNVERIFIED', 'PRELIMINARY'])
    expect(setOf(proposed).text(0x0040a492)).toContain('not confirmed')
    expect(group(proposed, 'Total coronary calcium (candidates, not confirmed)')).toBeDefined()
    expect(flags(report(torso, { accepted: ['LOSSY'] }))).toEqual(['PARTIAL', 'UNVERIFIED', 'PRELIMINARY'])
  })

  it('never makes numbers of a whole image', () => {
    expect(() => report(torso, { scope: 'whole-image' })).toThrow(expect.objectContaining({ code: 'SCOPE_MISSING' }))
  })

  it('has no total where no coronary vessel was marked', () => {
    const { AORTA } = torso.result.territories
    const object = report(torso, { territories: { AORTA: AORTA! }, category: null })
    expect(groups(object).some((one) => valueOf(one, 'Tracking Identifier')?.startsWith('Total'))).toBe(false)
    expect(all(tree(object)).some(({ value }) => value === 'Not marked, so not scored: LM, LAD, LCX, RCA')).toBe(true)
  })

  it.each([-1, 0, 1])('lists at most so many lesions, the largest, and says so: %i', (more) => {
    const [first] = torso.result.lesions.filter(({ counted }) => counted)
    const lesions = Array.from({ length: MOST_LESIONS + more }, (_, n) => ({ ...first!, id: n + 1, agatston: 500 - n }))
    const object = report(torso, { lesions: lesions.reverse() })
    const ids = groups(object).map((one) => valueOf(one, 'Tracking Identifier'))
    expect(ids.filter((id) => id?.startsWith('Lesion'))).toHaveLength(Math.min(MOST_LESIONS, MOST_LESIONS + more))
    expect(ids).toContain('Lesion 1')
    const said = all(tree(object)).some(({ value }) => value?.startsWith('1 more lesions'))
    expect(said).toBe(more > 0)
  })
})

describe('every object', () => {
  it('is the same to the byte for the same input, read again', async () => {
    const again = await openSource(await readSeries([...torso.files].reverse()))
    const result = JSON.parse(JSON.stringify(torso.result)) as Result
    const objects = everyKind({ ...torso, result, source: again })
    everyKind(torso).forEach((object, n) => expect(objects[n]!.bytes).toEqual(object.bytes))
  })

  it('has UIDs of its own, and others where anything differs', () => {
    const { result, source } = torso
    const created = { date: '20270101', time: '000000' }
    const objects = [
      ...everyKind(torso),
      ...everyKind(torso, false),
      ...everyKind(named),
      structuredReport(result, source, { created }),
      structuredReport(result, source, { seriesNumber: 7 }),
      structuredReport({ ...result, modifiers: ['x'] }, source),
      secondaryCapture(picture(2), result, source, { burnedInAnnotation: false }),
      secondaryCapture(picture(1), { ...result, modifiers: ['x'] }, source, { burnedInAnnotation: false }),
    ]
    const uids = objects.flatMap(({ sopInstanceUid, seriesInstanceUid }) => [sopInstanceUid, seriesInstanceUid])
    expect(new Set(uids).size).toBe(uids.length)
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/)
    for (const object of objects) {
      const set = setOf(object)
      expect(set.uid(0x00080018)).toBe(object.sopInstanceUid)
      expect(set.uid(0x0020000e)).toBe(object.seriesInstanceUid)
      expect(set.uid(0x00080016)).toBe(object.sopClassUid)
    }
  })

  it('belongs to the patient and study of the source, byte for byte', () => {
    const head = named.source.head
    for (const object of everyKind(named)) {
      const set = setOf(object)
      for (const tag of [0x00080005, 0x00100010, 0x00100020, 0x00100030, 0x00080050, 0x00081030, 0x0020000d]) {
        expect(set.value(tag)).toEqual(head.value(tag))
      }
      expect([set.text(0x00080023), set.text(0x00080033)]).toEqual(['20260214', '091500'])
    }
  })

  it('names nobody where identity is left out', () => {
    for (const object of everyKind(named, false)) {
      const set = setOf(object)
      const text = Array.from(object.bytes, (byte) => String.fromCharCode(byte)).join('')
      expect(text).not.toMatch(/ller|DROP|CANARYID|A-17|19650215|20260214|REFERRER|MULLER/)
      for (const tag of [0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00080020, 0x00080030, 0x00080050]) {
        expect([set.has(tag), set.value(tag)]).toEqual([true, null])
      }
      expect(set.codes(0x00120062)).toEqual(['YES'])
      expect(set.uid(0x0020000d)).toBe('1.2.3.1')
    }
  })

  it('refuses another series', () => {
    expect(() => everyKind({ ...torso, source: named.source })).toThrow(
      expect.objectContaining({ code: 'INTEGRITY_FAILED' }),
    )
    expect(() => secondaryCapture(picture(1), torso.result, named.source, { burnedInAnnotation: false })).toThrow()
    expect(() => encapsulatedPdf(PDF, torso.result, named.source, { burnedInAnnotation: false })).toThrow()
  })

  it.each([
    { created: { date: '20260229', time: '000000' } },
    { created: { date: '2026-02-1', time: '000000' } },
    { created: { date: '20260228', time: '240000' } },
    { seriesNumber: -1 },
    { seriesNumber: 1.5 },
    { seriesNumber: 2 ** 31 },
  ])('refuses options that are none: %j', (options) => {
    expect(() => report(torso, {}, options)).toThrow(RangeError)
  })

  it.each([{ created: { date: '20240229', time: '235959' } }, { seriesNumber: 0 }, { seriesNumber: 2 ** 31 - 1 }])(
    'takes options: %j',
    (options) => {
      expect(report(torso, {}, options).bytes.length).toBeGreaterThan(0)
    },
  )

  it('bears a dummy date where the source has none', async () => {
    const files = slicesOf(34, { 0x00080020: null, 0x00080030: null }).map((elements, k) =>
      file(encodeFile(elements), `${k}`),
    )
    const study = await studyOf(files, { territories: stripes(['LM', 'LAD'], 34) })
    expect(setOf(report(study)).text(0x00080023)).toBe('19000101')
    const series = { 0x00080020: null, 0x00080030: null, 0x00080021: { vr: 'DA', value: '20250101' } }
    const later = slicesOf(34, series).map((elements, k) => file(encodeFile(elements), `${k}`))
    const dated = await studyOf(later, { territories: stripes(['LM', 'LAD'], 34) })
    expect(setOf(report(dated)).text(0x00080023)).toBe('20250101')
  })
})

describe('secondaryCapture', () => {
  const capture = (pictures: Parameters<typeof secondaryCapture>[0], options = {}) =>
    secondaryCapture(pictures, torso.result, torso.source, { burnedInAnnotation: true, ...options })

  it('holds the picture as it is', () => {
    const rgb = Uint8Array.from({ length: 45 }, (_, n) => n * 5)
    const set = setOf(capture({ width: 5, height: 3, rgb }))
    expect(set.value(0x7fe00010)).toEqual(Uint8Array.of(...rgb, 0))
    expect([set.unsigned(0x00280010), set.unsigned(0x00280011), set.unsigned(0x00280002)]).toEqual([3, 5, 3])
    expect([set.text(0x00080064), set.text(0x00280301), set.text(0x00280004)]).toEqual(['WSD', 'YES', 'RGB'])
    expect(setOf(capture(picture(1), { burnedInAnnotation: false })).text(0x00280301)).toBe('NO')
  })

  it('holds several as pages', () => {
    const set = setOf(capture([picture(1), picture(2), picture(3)]))
    expect(set.integer(0x00280008)).toBe(3)
    expect(set.text(0x00182001)).toBe('1\\2\\3')
    expect(set.value(0x7fe00010)!.filter((_, n) => n % 45 === 0)).toEqual(Uint8Array.of(1, 2, 3, 0))
  })

  it('is made of a whole image, too: a picture is no coded number', () => {
    const whole = { ...torso.result, scope: 'whole-image' as const }
    expect(secondaryCapture(picture(1), whole, torso.source, { burnedInAnnotation: true }).modality).toBe('OT')
  })

  it('refuses what is no picture, and a name in the pixels of an object without identity', () => {
    const wrong = [
      [],
      [picture(1), { ...picture(1), width: 3, height: 5 }],
      { ...picture(1), rgb: new Uint8Array(44) },
      { width: 0, height: 3, rgb: new Uint8Array(0) },
      { width: 65536, height: 1, rgb: new Uint8Array(65536 * 3) },
      { width: 1.5, height: 2, rgb: new Uint8Array(9) },
    ]
    for (const pictures of wrong) expect(() => capture(pictures)).toThrow(RangeError)
    expect(() => capture(picture(1), { identity: false })).toThrow(RangeError)
    expect(() => capture(picture(1), { burnedInAnnotation: undefined })).toThrow(TypeError)
  })
})

describe('encapsulatedPdf', () => {
  it('holds the file, and how long it is', () => {
    const odd = new TextEncoder().encode('%PDF-1.7\nxyz')
    for (const pdf of [odd, odd.subarray(0, 11)]) {
      const options = { burnedInAnnotation: true, title: 'Größe ≥ 1' }
      const set = setOf(encapsulatedPdf(pdf, torso.result, torso.source, options))
      expect(set.long(0x00420015)).toBe(pdf.length)
      expect(set.value(0x00420011)!.subarray(0, pdf.length)).toEqual(pdf)
      expect(set.text(0x00420010)).toBe('Gr??e >= 1')
    }
  })

  it('refuses what is no PDF', () => {
    const make = (pdf: Uint8Array) => encapsulatedPdf(pdf, torso.result, torso.source, { burnedInAnnotation: true })
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode('<html>')])
      expect(() => make(bytes)).toThrow(RangeError)
  })
})
