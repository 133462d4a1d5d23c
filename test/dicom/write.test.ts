import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import dicomParser from 'dicom-parser'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { decimalString, encodeElements } from '../../bindings/dicom/elements.js'
import { uidFromText } from '../../bindings/dicom/uid.js'
import { type CtSeries, type CtSlice, seriesUids, writeCtSlice } from '../../bindings/dicom/write.js'

const SERIES: CtSeries = {
  seed: 'test',
  patientName: 'PHANTOM^TEST',
  patientId: 'PHANTOM-TEST',
  date: '20200101',
  time: '120000',
  studyDescription: 'Synthetic calcium score',
  seriesDescription: 'CaSc 3.0',
  manufacturer: 'AGATSTON',
  modelName: 'PHANTOM',
  softwareVersion: '1',
  kvp: 120,
  kernel: 'SYNTHETIC-SOFT',
  scanOptions: ['ECG_GATED'],
  reconstructionDiameterMm: 204.8,
  thicknessMm: 3,
  incrementMm: 3,
  pixelSpacingMm: [0.5, 0.4],
  rowCosines: [1, 0, 0],
  columnCosines: [0, 1, 0],
  rescale: { slope: 1, intercept: -1024 },
  window: [40, 400],
}
const PIXELS = Uint16Array.from({ length: 35 }, (_, n) => n * 117)
const SLICE: CtSlice = {
  series: SERIES,
  instanceNumber: 3,
  rows: 5,
  columns: 7,
  pixels: PIXELS,
  positionMm: [-10.25, 1 / 3, 7],
}
const SYNTAXES = ['explicit-le', 'implicit-le', 'explicit-be'] as const
const series = (edit: Partial<CtSeries>): CtSlice => ({ ...SLICE, series: { ...SERIES, ...edit } })

describe('writeCtSlice', () => {
  it.each(SYNTAXES)('is read back by dicom-parser: %s', (syntax) => {
    const data = dicomParser.parseDicom(writeCtSlice({ ...SLICE, syntax }))
    expect(data.string('x00080060')).toBe('CT')
    expect(data.string('x00100010')).toBe('PHANTOM^TEST')
    expect([data.uint16('x00280010'), data.uint16('x00280011'), data.uint16('x00280103')]).toEqual([5, 7, 0])
    expect([data.uint16('x00280101'), data.uint16('x00280102')]).toEqual([12, 11])
    expect(data.string('x00280030')).toBe('0.5\\0.4')
    expect(data.string('x00200032')).toBe('-10.25\\0.33333333333333\\7')
    expect(data.string('x00281052')).toBe('-1024')
    expect(data.string('x0020000e')).toBe(seriesUids('test').series)
    expect(data.string('x00080018')).toBe(data.string('x00020003'))
    const { dataOffset, length } = data.elements['x7fe00010']!
    expect(length).toBe(70)
    const view = new DataView(data.byteArray.buffer, data.byteArray.byteOffset + dataOffset)
    expect(PIXELS.every((value, n) => view.getUint16(2 * n, syntax !== 'explicit-be') === value)).toBe(true)
  })

  it('writes signed pixels', () => {
    const pixels = Int16Array.from(PIXELS, (v) => v / 2 - 2000)
    const bytes = writeCtSlice({ ...SLICE, pixels })
    const data = dicomParser.parseDicom(bytes)
    expect(data.uint16('x00280103')).toBe(1)
    const start = data.elements['x7fe00010']!.dataOffset
    expect(new DataView(bytes.buffer).getInt16(start, true)).toBe(-2000)
  })

  it('makes the same bytes each time, and other UIDs from another seed, slice or study', () => {
    expect(writeCtSlice(SLICE)).toEqual(writeCtSlice(SLICE))
    const uid = (slice: CtSlice) => dicomParser.parseDicom(writeCtSlice(slice)).string('x00080018')
    const all = [uid(SLICE), uid({ ...SLICE, instanceNumber: 4 }), uid(series({ seed: 'other' }))]
    expect(new Set([...all, ...Object.values(seriesUids('test'))]).size).toBe(6)
  })

  it('refuses pixels the bits cannot hold, at the edge', () => {
    const of = (value: number, signed: boolean, bitsStored: number) => () =>
      writeCtSlice({
        ...series({ bitsStored }),
        pixels: signed ? new Int16Array(35).fill(value) : new Uint16Array(35).fill(value),
      })
    for (const [bad, good, signed, bits] of [
      [4096, 4095, false, 12],
      [2048, 2047, true, 12],
      [-2049, -2048, true, 12],
      [32768, 32767, false, 15],
    ] as const) {
      expect(of(good, signed, bits)).not.toThrow()
      expect(of(bad, signed, bits)).toThrow(RangeError)
    }
    expect(of(65535, false, 16)).not.toThrow()
    for (const bits of [8, 17, 12.5]) expect(of(0, false, bits)).toThrow(RangeError)
  })

  it.each([
    ['rows', { ...SLICE, rows: 0 }],
    ['columns', { ...SLICE, columns: 8 }],
    ['instance number', { ...SLICE, instanceNumber: 0 }],
    ['position', { ...SLICE, positionMm: [0, NaN, 0] as const }],
    ['syntax', { ...SLICE, syntax: 'jpeg' as never }],
    ['orientation', series({ columnCosines: [0.1, 1, 0] })],
    ['spacing', series({ pixelSpacingMm: [0, 1] })],
    ['slope', series({ rescale: { slope: 0, intercept: 0 } })],
    ['text that is not ASCII', series({ seriesDescription: 'K\u00f6rper' })],
    ['a backslash', series({ kernel: 'A\\B' })],
    ['a kernel too long', series({ kernel: 'K'.repeat(17) })],
    ['a line break', series({ modelName: 'A\nB' })],
  ])('refuses a wrong value: %s', (_, slice) => {
    expect(() => writeCtSlice(slice)).toThrow(RangeError)
  })

  it('refuses pixels of another type', () => {
    expect(() => writeCtSlice({ ...SLICE, pixels: new Float32Array(35) as never })).toThrow(TypeError)
  })
})

describe('elements', () => {
  it('are sorted, padded and nested', () => {
    const bytes = encodeElements(
      [
        [0x00091002, 'SQ', [[[0x00080060, 'CS', ['CT']]], []]],
        [0x00080018, 'UI', ['1.2.3']],
        [0x00280010, 'US', [1, 515]],
        [0x00281052, 'DS', ['-5']],
      ],
      'explicit-be',
    )
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
    expect(hex).toBe(
      '000800185549' + '0006' + '312e322e3300' +
        '000910025351' + '0000' + '0000001a' + 'fffee000' + '0000000a' + '00080060' + '4353' + '0002' + '4354' +
        'fffee000' + '00000000' +
        '002800105553' + '0004' + '00010203' +
        '002810524453' + '0002' + '2d35',
    ) // prettier-ignore
  })

  it('refuse a tag given twice and numbers that do not fit', () => {
    const twice = () => encodeElements([[0x00280010, 'US', [1]], [0x00280010, 'US', [2]]], 'explicit-le') // prettier-ignore
    expect(twice).toThrow('(0028,0010)')
    for (const bad of [-1, 65536, 0.5, NaN]) {
      expect(() => encodeElements([[0x00280010, 'US', [bad]]], 'explicit-le')).toThrow(RangeError)
    }
  })
})

describe('decimalString', () => {
  it('is at most 16 characters and as close as they allow', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((v) => v === 0 || Math.abs(v) > 1e-300),
        (value) => {
          const text = decimalString(value)
          expect(text.length).toBeLessThanOrEqual(16)
          expect(text).toMatch(/^-?\d+(\.\d+)?(E[+-]?\d+)?$/)
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8)
        },
      ),
      { seed: 3, numRuns: 2000 },
    )
    expect(decimalString(Number.MAX_VALUE)).toBe('1.79769313E+308')
    expect(decimalString(-0)).toBe('0')
    expect(() => decimalString(NaN)).toThrow(RangeError)
  })
})

describe('uidFromText', () => {
  it('is a version 8 UUID under 2.25', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const uid = uidFromText(text)
        expect(uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/)
        const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0')
        const hash = createHash('sha256').update(text).digest('hex').slice(0, 32)
        expect(hex[12]).toBe('8')
        expect('89ab').toContain(hex[16])
        expect(hex.slice(0, 12) + hex.slice(13, 16) + hex.slice(17)).toBe(
          hash.slice(0, 12) + hash.slice(13, 16) + hash.slice(17),
        )
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})

const has = (tool: string) => spawnSync(tool, ['--version']).error === undefined
const inCi = process.env['CI'] === 'true'

describe('a conformance checker', () => {
  const validator = has('dciodvfy')
  let folder: string
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'agatston-write-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.skipIf(!validator && !inCi)('(dciodvfy, needed on CI) finds neither errors nor warnings', () => {
    for (const syntax of SYNTAXES) {
      const file = join(folder, `${syntax}.dcm`)
      writeFileSync(file, writeCtSlice({ ...SLICE, syntax }))
      const { stderr, status } = spawnSync('dciodvfy', [file], { encoding: 'utf8' })
      expect(stderr.trim(), syntax).toBe('CTImage')
      expect(status).toBe(0)
    }
  })

  it.skipIf(!has('dcmdump') && !inCi)('(dcmdump, needed on CI) reads every element', () => {
    for (const syntax of SYNTAXES) {
      const file = join(folder, `${syntax}.dcm`)
      writeFileSync(file, writeCtSlice({ ...SLICE, syntax }))
      const dump = execFileSync('dcmdump', [file], { encoding: 'utf8' })
      expect(dump).toContain('(0018,0022) CS [ECG_GATED]')
      expect(dump).not.toMatch(/[EW]: |Unknown Tag/)
    }
  })
})
