/** What headers say against a standard score: each refusal and warning, with its edges. */
import { describe, expect, it } from 'vitest'
import type { AcceptableCode } from '../../bindings/base/errors.js'
import { type DicomSource, readSeries } from '../../bindings/dicom/index.js'
import { type Edits, type PerSlice, ctElements, ctSeries, encodeFile, source } from './make.js'
import { only, refusalsOf, warningsOf } from './outcome.js'

const warned = async (edits: PerSlice, code: string, count = 34): Promise<boolean> =>
  (await warningsOf(ctSeries(count, edits))).includes(code)
const refused = async (edits: PerSlice): Promise<string[]> => refusalsOf(ctSeries(34, edits))
const text = (vr: string, value: string): { vr: string; value: string } => ({ vr, value })

async function acceptable(edits: PerSlice, code: AcceptableCode): Promise<void> {
  expect(await refused(edits)).toEqual([code])
  const volume = await readSeries(ctSeries(34, edits), { accept: [code] })
  expect(volume.accepted).toEqual([code])
  expect(volume.warnings.filter((w) => w.code === 'ACCEPTED').map((w) => w.details['code'])).toEqual([code])
}

describe('one patient, one study', () => {
  it.each([
    ['PatientID', 0x00100020, 'LO'],
    ['PatientName', 0x00100010, 'PN'],
    ['PatientBirthDate', 0x00100030, 'DA'],
    ['StudyInstanceUID', 0x0020000d, 'UI'],
  ] as const)('PATIENT_MIXED by %s', async (name, tag, vr) => {
    const edits = (k: number): Edits => ({ [tag]: text(vr, k === 20 ? '1.2.3.7' : '1.2.3.8') })
    const { refusals } = await only(ctSeries(34, edits))
    expect(refusals).toMatchObject([{ code: 'PATIENT_MIXED' }])
    expect(JSON.stringify(refusals)).toContain(name)
    expect(JSON.stringify(refusals)).not.toContain('1.2.3.7')
  })

  it('PATIENT_MIXED by a localizer that is left out of the stack', async () => {
    const scout = {
      0x00080008: 'ORIGINAL\\PRIMARY\\LOCALIZER',
      0x00200037: '1\\0\\0\\0\\0\\-1',
      0x00080018: '1.2.3.4.99',
    }
    const with_ = (edits: Edits): DicomSource[] => [
      ...ctSeries(),
      source(encodeFile(ctElements(40, { ...scout, ...edits })), 'scout'),
    ]
    expect((await only(with_({}))).refusals).toEqual([])
    expect((await only(with_({ 0x00100020: 'SOMEONE ELSE' }))).refusals).toMatchObject([{ code: 'PATIENT_MIXED' }])
  })

  it('case, padding and absence do not make a patient', async () => {
    expect(await refused((k) => ({ 0x00100020: k % 2 ? 'canaryid ' : 'CANARYID' }))).toEqual([])
    expect(await refused((k) => ({ 0x00100020: k % 2 ? null : 'CANARYID' }))).toEqual([])
  })
})

describe('CONTRAST_GIVEN', () => {
  it.each(['', ' ', 'NO', 'no', 'None', 'NONE ', 'N', '0'])('agent %j is none', async (agent) => {
    expect(await refused({ 0x00180010: agent })).toEqual([])
    expect((await readSeries(ctSeries(34, { 0x00180010: agent }))).facts.contrast).toBe('none')
  })

  it.each(['APPLIED', 'IV', 'Iohexol', 'YES', 'NONE GIVEN?', '1'])('agent %j is contrast', async (agent) => {
    await acceptable({ 0x00180010: agent }, 'CONTRAST_GIVEN')
  })

  it('sequence and volume count, empty ones and 0 do not; one slice is enough', async () => {
    const sequence = (items: number): Edits => ({
      0x00180012: { vr: 'SQ', value: Array.from({ length: items }, () => ({})) },
    })
    expect(await refused(sequence(0))).toEqual([])
    expect(await refused(sequence(1))).toEqual(['CONTRAST_GIVEN'])
    for (const volume of ['0', '0.0', '']) expect(await refused({ 0x00181041: text('DS', volume) })).toEqual([])
    for (const volume of ['70', '0.1', 'some']) {
      expect(await refused({ 0x00181041: text('DS', volume) })).toEqual(['CONTRAST_GIVEN'])
    }
    const { refusals } = await only(ctSeries(34, (k) => (k === 33 ? { 0x00180010: 'X' } : {})))
    expect(refusals).toMatchObject([{ details: { evidence: ['ContrastBolusAgent (0018,0010)'], files: 1 } }])
  })
})

describe('ImageType', () => {
  const type = (value: string): Edits => ({ 0x00080008: value })

  it.each([
    'ORIGINAL\\SECONDARY\\AXIAL',
    'DERIVED\\SECONDARY\\MPR',
    'DERIVED\\PRIMARY\\MIP',
    'DERIVED\\PRIMARY\\MINIP',
    'DERIVED\\PRIMARY\\PROJECTION IMAGE',
    'DERIVED\\PRIMARY\\AXIAL\\SUBTRACTION',
    'DERIVED\\PRIMARY\\AXIAL\\IODINE',
    'DERIVED\\PRIMARY\\AXIAL\\VNC',
    'DERIVED\\PRIMARY\\AXIAL\\VIRTUAL_NON_CONTRAST',
    'DERIVED\\PRIMARY\\AXIAL\\VMI_40KEV',
    'DERIVED\\PRIMARY\\AXIAL\\MONOENERGETIC 64 KEV',
    'DERIVED\\PRIMARY\\AXIAL\\MONOE\\76KEV',
    'DERIVED\\PRIMARY\\AXIAL\\VMI',
  ])('NOT_ORIGINAL: %s', async (value) => {
    expect(await refused(type(value))).toEqual(['NOT_ORIGINAL'])
    expect((await readSeries(ctSeries(34, type(value)), { accept: ['NOT_ORIGINAL'] })).accepted).toEqual([
      'NOT_ORIGINAL',
    ])
    expect(await refused((k) => (k === 30 ? type(value) : {}))).toEqual(['NOT_ORIGINAL'])
  })

  it.each([
    'DERIVED\\PRIMARY\\AXIAL',
    'DERIVED\\PRIMARY\\MPR',
    'DERIVED\\PRIMARY\\VOLUME',
    'DERIVED\\PRIMARY\\AXIAL\\CT_SOM5 MPR',
  ])('%s is ordinary: warned about', async (value) => {
    expect(await refused(type(value))).toEqual([])
    expect(await warned(type(value), 'NOT_ORIGINAL')).toBe(true)
  })

  it.each(['ORIGINAL\\PRIMARY\\AXIAL', 'ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI', 'ORIGINAL\\PRIMARY', null])(
    '%s says nothing',
    async (value) => {
      expect(await refused({ 0x00080008: value })).toEqual([])
      expect(await warned({ 0x00080008: value }, 'NOT_ORIGINAL')).toBe(false)
    },
  )

  it.each([
    ['65', true],
    ['70', true],
    ['75', true],
  ])('SPECTRAL: monoenergetic at %s keV', async (keV) => {
    const edits = type(`DERIVED\\PRIMARY\\AXIAL\\MONOE_${keV}KEV`)
    expect(await refused(edits)).toEqual([])
    expect(await warned(edits, 'SPECTRAL')).toBe(true)
    expect(await refusalsOf(ctSeries(34, edits), { strict: true })).toEqual(['SPECTRAL'])
  })

  it('tin filters are SPECTRAL', async () => {
    expect(await warned({ 0x00187050: text('CS', 'TIN') }, 'SPECTRAL')).toBe(true)
    expect(await warned({ 0x00181160: text('SH', 'SN 0.6') }, 'SPECTRAL')).toBe(true)
    expect(await warned({ 0x00187050: text('CS', 'ALUMINUM') }, 'SPECTRAL')).toBe(false)
    expect(await warned({ 0x00181160: text('SH', 'SNAPSHOT') }, 'SPECTRAL')).toBe(false)
    expect(await warningsOf(ctSeries(34, { 0x00180060: 'Sn100' }))).toEqual([
      'KVP_MISSING',
      'SPECTRAL',
      'COUNT_UNVERIFIED',
    ])
  })

  it('a secondary capture class is not original', async () => {
    expect(await refused({ 0x00080016: '1.2.840.10008.5.1.4.1.1.7' })).toEqual(['NOT_ORIGINAL'])
  })
})

describe('left out', () => {
  const scout = (edits: Edits, name: string): DicomSource =>
    source(encodeFile(ctElements(200, { 0x00080018: '1.7', ...edits })), name)
  const localizer = { 0x00080008: 'ORIGINAL\\PRIMARY\\LOCALIZER', 0x00200037: '1\\0\\0\\0\\0\\-1' }

  it.each([
    ['localizer', localizer],
    ['localizer', { ...localizer, 0x00200037: null, 0x00200032: null, 0x00280030: null, 0x00281053: null }],
    ['secondary capture', { 0x00080016: '1.2.840.10008.5.1.4.1.1.7', 0x00200032: null, 0x00280004: 'RGB' }],
    ['no position', { 0x00080008: 'DERIVED\\SECONDARY\\OTHER', 0x00200032: null, 0x00200037: null, 0x00280010: [4] }],
    ['orthogonal', { 0x00200037: '0\\1\\0\\0\\0\\-1', 0x00080008: null }],
  ] satisfies [string, Edits][])('a %s beside slices, first, middle or last', async (reason, edits) => {
    const sources = ctSeries(34)
    for (const place of [0, 17, 34]) {
      const list = sources.toSpliced(place, 0, scout(edits, 'scout'))
      const volume = await readSeries(list)
      expect(volume.geometry.slices).toBe(34)
      expect(volume.warnings[0]).toMatchObject({
        code: 'IMAGE_EXCLUDED',
        details: { images: 1, reasons: [reason], files: ['scout'] },
      })
    }
  })

  it('LOCALIZER_ONLY where nothing else is there', async () => {
    expect(await refused(localizer)).toEqual(['LOCALIZER_ONLY'])
  })

  it('slices across each other that are not plainly scouts are GEOMETRY_MIXED', async () => {
    const half = ctSeries(12, (k) => (k % 2 ? { 0x00200037: '1\\0\\0\\0\\0\\-1' } : {}))
    expect(await refusalsOf(half)).toEqual(['GEOMETRY_MIXED'])
    expect(await refusalsOf(ctSeries(12, (k) => (k < 3 ? { 0x00200037: '1\\0\\0\\0\\0\\-1' } : {})))).toEqual([])
    expect(await refusalsOf(ctSeries(11, (k) => (k < 3 ? { 0x00200037: '1\\0\\0\\0\\0\\-1' } : {})))).toEqual([
      'GEOMETRY_MIXED',
    ])
  })

  it('a slice without position that says nothing of itself is no screen', async () => {
    expect(await refused((k) => (k === 5 ? { 0x00200032: null } : {}))).toEqual(['GEOMETRY_MISSING'])
  })
})

describe('LOSSY', () => {
  it('now is refused, in the past is warned about', async () => {
    await acceptable({ 0x00282110: text('CS', '01') }, 'LOSSY')
    expect(await refused({ 0x00282110: text('CS', '00') })).toEqual([])
    expect(await warned({ 0x00282110: text('CS', '00') }, 'LOSSY')).toBe(false)
    expect(await warned({ 0x00282112: text('DS', '10') }, 'LOSSY')).toBe(true)
    expect(await warned({ 0x00282112: text('DS', '1') }, 'LOSSY')).toBe(false)
    expect(await warned({ 0x00080008: 'ORIGINAL\\PRIMARY\\AXIAL\\LOSSY' }, 'LOSSY')).toBe(true)
  })
})

describe('tube voltage', () => {
  it.each(['120', '119.5', '120.5', '1.2E2', ' 120 '])('%s kV is 120', async (kvp) => {
    expect(await warningsOf(ctSeries(34, { 0x00180060: kvp }))).toEqual(['COUNT_UNVERIFIED'])
  })

  it.each(['119.4', '120.6', '70', '80', '100', '110', '130', '140'])('KVP_NOT_120 at %s kV', async (kvp) => {
    expect(await warned({ 0x00180060: kvp }, 'KVP_NOT_120')).toBe(true)
    expect((await only(ctSeries(34, { 0x00180060: kvp }))).kvp).toBe(Number(kvp))
  })

  it.each([null, '', '0', '-1', '12O', '120\\100'])('KVP_MISSING for %j', async (kvp) => {
    expect(await warned({ 0x00180060: kvp }, 'KVP_MISSING')).toBe(true)
    expect((await only(ctSeries(34, { 0x00180060: kvp }))).kvp).toBeNull()
    expect(await refusalsOf(ctSeries(34, { 0x00180060: kvp }), { strict: true })).toEqual(['KVP_MISSING'])
  })
})

describe('kernel', () => {
  it.each([
    ['SIEMENS', 'B50f', true],
    ['SIEMENS', 'B49f', false],
    ['Siemens Healthineers', 'Br59d\\3', true],
    ['SIEMENS', 'Qr36d', false],
    ['SIEMENS', 'Sa36f', false],
    ['GE MEDICAL SYSTEMS', 'LUNG', true],
    ['GE MEDICAL SYSTEMS', 'BONEPLUS', true],
    ['GE MEDICAL SYSTEMS', 'STANDARD', false],
    ['TOSHIBA', 'FC12', false],
    ['TOSHIBA', 'FC30', true],
    ['Canon Medical Systems', 'FC86', true],
    ['Philips', 'YC', true],
    ['Philips', 'XCB', false],
    ['Nobody', 'B70f', false],
  ])('%s %s: %s', async (manufacturer, kernel, sharp) => {
    expect(await warned({ 0x00080070: manufacturer, 0x00181210: kernel }, 'KERNEL_SHARP')).toBe(sharp)
  })
})

describe('gating', () => {
  const bare = { 0x00180022: null }

  it.each([
    ['ScanOptions', { 0x00180022: text('CS', 'RETRO_GATED') }],
    ['ScanOptions', { 0x00180022: text('CS', 'HELICAL MODE\\CARDIAC') }],
    ['HeartRate', { 0x00181088: text('IS', '60') }],
    ['TriggerTime', { 0x00181060: text('DS', '700') }],
    ['NominalInterval', { 0x00181062: text('IS', '900') }],
    ['LowRRValue', { 0x00181081: text('IS', '900') }],
    ['HighRRValue', { 0x00181082: text('IS', '900') }],
    ['CardiacSynchronizationTechnique', { 0x00189037: text('CS', 'PROSPECTIVE') }],
    ['NominalPercentageOfCardiacPhase', { 0x00209241: { vr: 'FD', value: [75] } }],
  ] satisfies [string, Edits][])('%s is evidence', async (_, edits) => {
    expect(await warned({ ...bare, ...edits }, 'NOT_GATED')).toBe(false)
    expect((await readSeries(ctSeries(34, { ...bare, ...edits }))).facts.gated).toBe('evidence')
  })

  it.each([
    {},
    { 0x00180022: text('CS', 'HELICAL MODE') },
    { 0x00180022: text('CS', 'NON_GATED') },
    { 0x00180022: text('CS', 'NO_ECG') },
    { 0x00180022: text('CS', 'WITHOUT_CARDIAC') },
    { 0x00181088: text('IS', '0') },
    { 0x00189037: text('CS', 'NONE') },
  ] satisfies Edits[])('%j is none', async (edits) => {
    expect(await warned({ ...bare, ...edits }, 'NOT_GATED')).toBe(true)
    expect((await readSeries(ctSeries(34, { ...bare, ...edits }))).facts.gated).toBe('no-evidence')
  })
})

describe('size', () => {
  const thick = (mm: string): Edits => ({ 0x00180050: mm })
  const step = (mm: number, thickness = mm): [number, PerSlice] => [
    Math.ceil(90 / mm),
    (k) => ({ 0x00200032: `0\\0\\${(mm * k).toFixed(4)}`, ...thick(String(thickness)) }),
  ]
  const codesAt = async (mm: number, thickness?: number): Promise<string[]> =>
    warningsOf(ctSeries(...step(mm, thickness)))

  it('THICKNESS_NOT_2_5_TO_3 outside 2.45 to 3.05 mm', async () => {
    for (const mm of [2.45, 2.5, 3, 3.05]) expect(await codesAt(mm)).toEqual(['COUNT_UNVERIFIED'])
    for (const mm of [2.44, 3.06, 1, 5]) expect(await codesAt(mm)).toContain('THICKNESS_NOT_2_5_TO_3')
  })

  it('SLICES_OVERLAP and SLICES_GAP beyond 2 %', async () => {
    for (const thickness of [3, 3.06, 2.95]) expect(await codesAt(3, thickness)).toEqual(['COUNT_UNVERIFIED'])
    for (const thickness of [3.07, 5, 6]) expect(await codesAt(3, thickness)).toContain('SLICES_OVERLAP')
    for (const thickness of [2.94, 1]) expect(await codesAt(3, thickness)).toContain('SLICES_GAP')
    expect(await refusalsOf(ctSeries(...step(3, 1)), { strict: true })).toEqual(['SLICES_GAP'])
    expect(await refusalsOf(ctSeries(...step(3, 6)), { strict: true })).toEqual([])
    expect(await warningsOf(ctSeries(34, thick('')))).toEqual(['COUNT_UNVERIFIED'])
  })

  it('a thickness that differs between slices is no thickness', async () => {
    const mixed = await readSeries(ctSeries(34, (k) => thick(k < 10 ? '3' : '4')))
    expect(mixed.geometry.thicknessMm).toBeNull()
    expect(mixed.warnings.map((w) => w.code)).toContain('SLICES_OVERLAP')
  })

  it('COVERAGE_SHORT under 90 mm', async () => {
    expect(await warned({}, 'COVERAGE_SHORT', 29)).toBe(true)
    expect(await warned({}, 'COVERAGE_SHORT', 30)).toBe(false)
    expect(await warned({}, 'COVERAGE_SHORT', 31)).toBe(false)
  })

  it('FOV_WIDE above 300 mm, by the scanner’s own figure where it fits', async () => {
    const field = (spacing: string, diameter?: string): Edits => ({
      0x00280030: `${spacing}\\${spacing}`,
      ...(diameter ? { 0x00181100: text('DS', diameter) } : {}),
    })
    expect(await warned(field('37.5'), 'FOV_WIDE')).toBe(false)
    expect(await warned(field('37.51'), 'FOV_WIDE')).toBe(true)
    expect(await warned(field('37.51', '300'), 'FOV_WIDE')).toBe(false)
    expect(await warned(field('37.5', '301'), 'FOV_WIDE')).toBe(true)
    expect(await warned(field('37.51', '250'), 'FOV_WIDE')).toBe(true)
  })

  it('PIXELS_LARGE above 1 mm, in either direction', async () => {
    expect(await warned({ 0x00280030: '1\\1' }, 'PIXELS_LARGE')).toBe(false)
    expect(await warned({ 0x00280030: '1.001\\1' }, 'PIXELS_LARGE')).toBe(true)
    expect(await warned({ 0x00280030: '0.5\\1.001' }, 'PIXELS_LARGE')).toBe(true)
  })
})
