/** What others make of the objects: dicom3tools checks them, dcmtk reads the report, pydicom sees the same voxels. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  encapsulatedPdf,
  secondaryCapture,
  segmentation,
  structuredReport,
} from '../../../bindings/report/dicom/index.js'
import type { TerritoryMap } from '../../../bindings/volume/territory.js'
import { decimalString } from '../../../bindings/dicom/elements.js'
import { readSeries } from '../../../bindings/dicom/index.js'
import { dataFolder, sourcesIn } from '../../dicom/data.js'
import { type Study, enhancedStudy, expectedLabels, phantomStudy, studyOf } from './make.js'
import { has, hasPydicom, inCi } from './tools.js'

const validator = has('dciodvfy')
const dump = has('dsrdump')
const python = hasPydicom()
const canon = dataFolder('qrm_canon/dicom')

/** The rods of a real scan: every bright pixel is in one vessel or another, by the quarter it lies in. */
async function canonStudy(folder: string): Promise<Study> {
  const files = sourcesIn(folder)
  const { rows, columns, slices } = (await readSeries(files)).geometry
  const scalarData = new Uint8Array(rows * columns * slices)
  for (let i = 0; i < scalarData.length; i++) {
    const [row, column] = [Math.floor(i / columns) % rows, i % columns]
    scalarData[i] = 1 + (row < rows / 2 ? 0 : 2) + (column < columns / 2 ? 0 : 1)
  }
  const territories: TerritoryMap = { scalarData, names: { 1: 'LM', 2: 'LAD', 3: 'RCA', 4: 'AORTA' } }
  return studyOf(files, { territories })
}

const makers: readonly (readonly [name: string, skip: boolean, make: () => Promise<Study>])[] = [
  ['phantom torso', false, () => phantomStudy()],
  ['phantom of inserts', false, () => phantomStudy({ kind: 'qrm', spacingMm: [1.1, 1.1, 3] })],
  ['enhanced multi-frame', false, () => enhancedStudy(['LM', 'LAD', 'RAMUS', 'OTHER'])],
  ['../shared/data/qrm_canon', canon === null, () => canonStudy(canon!)],
]

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'agatston-report-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(makers.filter(([, skip]) => !skip))('objects of the %s', (_, __, make) => {
  let study: Study
  const kinds = ['sr', 'seg', 'sc', 'pages', 'pdf'] as const
  const path = (kind: string): string => join(folder, `${kind}.dcm`)
  beforeAll(async () => {
    study = await make()
    const { result, source, pixels } = study
    const rgb = Uint8Array.from({ length: 40 * 30 * 3 }, (_value, n) => n % 251)
    const page = { width: 40, height: 30, rgb }
    const pdf = new TextEncoder().encode('%PDF-1.7\n%%EOF\n')
    for (const identity of [true, false]) {
      const options = { identity, burnedInAnnotation: identity }
      const seg = segmentation(result, source, pixels, options)!
      const made = {
        sr: structuredReport(result, source, { ...options, segmentation: seg }),
        seg,
        sc: secondaryCapture(page, result, source, options),
        pages: secondaryCapture([page, page], result, source, options),
        pdf: encapsulatedPdf(pdf, result, source, options),
      }
      for (const kind of kinds) writeFileSync(path(identity ? kind : `${kind}-anonymous`), made[kind].bytes)
    }
  }, 120_000)

  it.skipIf(!validator && !inCi)('(dciodvfy, needed on CI) have no errors', () => {
    const NAMES = ['Comprehensive3DSR', 'Segmentation', 'SCImage', 'MultiframeTrueColorSCImage', 'EncapsulatedPDF']
    kinds.forEach((kind, n) => {
      for (const file of [kind, `${kind}-anonymous`]) {
        const { stderr } = spawnSync('dciodvfy', [path(file)], { encoding: 'utf8' })
        const lines = stderr.trim().split('\n')
        expect(lines, file).toContain(NAMES[n])
        expect(
          lines.filter((line) => line.startsWith('Error')),
          file,
        ).toEqual([])
        // What is left out, and what the source leaves open, is all that is warned about.
        const warnings = lines.filter((line) => line.startsWith('Warning')).filter((line) => !EXPECTED.test(line))
        expect(warnings, file).toEqual([])
      }
    })
  })

  it.skipIf(!dump && !inCi)('(dsrdump, needed on CI) read as a report', () => {
    for (const file of ['sr', 'sr-anonymous']) {
      const { stdout, stderr, status } = spawnSync('dsrdump', ['-Ph', path(file)], { encoding: 'utf8' })
      expect([status, stderr.replace(/^W: .*\n/gm, '').trim()]).toEqual([0, ''])
      expect(stdout).toContain('"Imaging Measurement Report"')
      const agatston = decimalString(study.result.total.agatston)
      expect(stdout).toContain(`"Coronary artery calcium score")="${agatston}" (1,UCUM,"no units")`)
      expect(stdout.match(/"Calcium score"\)=|"Coronary artery calcium score"\)=/g)!.length).toBeGreaterThan(2)
    }
  })

  it.skipIf(!python && !inCi)('(pydicom, needed on CI) show the same voxels', () => {
    const out = execFileSync('/usr/bin/python3', ['-c', VOXELS, path('seg')], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    const frames = JSON.parse(out) as {
      label: string
      uid: string
      frame: number | null
      sha256: string
      z: number[]
    }[]
    const { geometry } = study.volume
    const size = geometry.rows * geometry.columns
    const labels = expectedLabels(study)
    const expected = new Map<string, string>()
    for (let k = 0; k < geometry.slices; k++) {
      const slice = labels.slice(k * size, (k + 1) * size)
      const { sopInstanceUid, frame } = study.volume.reference(k)
      for (const label of new Set(slice)) {
        if (label === null) continue
        const mask = Uint8Array.from(slice, (one) => (one === label ? 1 : 0))
        const key = `${label} ${sopInstanceUid} ${frame} ${geometry.positions[k]!.map((mm) => mm.toFixed(6)).join(' ')}`
        expected.set(key, createHash('sha256').update(mask).digest('hex'))
      }
    }
    const found = frames.map(
      ({ label, uid, frame, z, sha256 }) =>
        [`${label} ${uid} ${frame} ${z.map((mm) => mm.toFixed(6)).join(' ')}`, sha256] as const,
    )
    expect(new Map(found)).toEqual(expected)
    expect(found).toHaveLength(expected.size)
    expect(found.length).toBeGreaterThan(3)
  })
})

/** Warnings that stand for what they say: identity left out, and values of the source's own patient and study modules. */
const EXPECTED = /would be needed to build DICOMDIR|Patient's Name .* Retired Person Name form/

/** Frames of a segmentation: label, source image and frame, position, and the hash of the pixels, one byte each. */
const VOXELS = `
import sys, json, hashlib
import numpy, pydicom
ds = pydicom.dcmread(sys.argv[1])
bits = numpy.unpackbits(numpy.frombuffer(ds.PixelData, dtype=numpy.uint8), bitorder='little')
array = ds.pixel_array.reshape((int(ds.NumberOfFrames), ds.Rows, ds.Columns))
assert (bits[:array.size].reshape(array.shape) == array).all()
labels = {s.SegmentNumber: s.SegmentLabel for s in ds.SegmentSequence}
out = []
for n, frame in enumerate(ds.PerFrameFunctionalGroupsSequence):
    image = frame.DerivationImageSequence[0].SourceImageSequence[0]
    out.append({
        'label': labels[frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber],
        'uid': image.ReferencedSOPInstanceUID,
        'frame': int(image.ReferencedFrameNumber) if 'ReferencedFrameNumber' in image else None,
        'z': [float(v) for v in frame.PlanePositionSequence[0].ImagePositionPatient],
        'sha256': hashlib.sha256(array[n].astype(numpy.uint8).tobytes()).hexdigest(),
    })
print(json.dumps(out))
`
