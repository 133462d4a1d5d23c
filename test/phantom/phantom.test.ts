import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import dicomParser from 'dicom-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readLabelMap, readNiftiVolume, writeNifti } from '../../bindings/nifti/index.js'
import { Noise } from '../../bindings/phantom/noise.js'
import { MASS_FACTOR, type Phantom, type PhantomOptions, makePhantom } from '../../bindings/phantom/index.js'
import { checkTerritoryMap } from '../../bindings/volume/territory.js'

/** Every stored value, slice after slice. */
function storedOf({ volume }: Phantom): Uint16Array {
  const { rows, columns, slices } = volume.geometry
  const stored = new Uint16Array(rows * columns * slices)
  for (let k = 0; k < slices; k++) volume.readSlice(k, stored.subarray(k * rows * columns, (k + 1) * rows * columns))
  return stored
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const littleEndian = (stored: Uint16Array) => {
  const bytes = new Uint8Array(stored.length * 2)
  const view = new DataView(bytes.buffer)
  stored.forEach((v, n) => view.setUint16(2 * n, v, true))
  return bytes
}

/** The heart at 0.8 mm, 24 slices; the nine cylinders at 0.976 mm, 9 slices. */
const SMALL: PhantomOptions = { kind: 'torso', rows: 256, columns: 256, slices: 24, spacingMm: [0.8, 0.8, 3] }
const SMALL_QRM: PhantomOptions = { kind: 'qrm', rows: 256, columns: 256, slices: 9, spacingMm: [0.976, 0.976, 3] }

describe('the same options', () => {
  // Raise GENERATOR_VERSION with every change of these.
  it.each([
    [
      SMALL,
      '61856048ea826517a74914623f6ade2b1a5c51552bdf6f2f14ce568b9aaf31f3',
      '0cb33f986b166e1fcd5ce648c35ecc037a8e4c8573540d67a9ba18889488d629',
    ],
    [
      SMALL_QRM,
      'c0bae16226d554fed81d43e7e6ae01b072e2d47bc021a25c4625bfb7855ac14a',
      'd2d1ac44e5e509f309c9ecc9c6c0f5d35f7028e1399c09b3879bdfdf7a55483d',
    ],
  ])('give the same stored values and labels on every machine', (options, values, map) => {
    const phantom = makePhantom(options)
    expect(sha256(littleEndian(storedOf(phantom)))).toBe(values)
    expect(sha256(phantom.territories.scalarData)).toBe(map)
  })

  it('give the same files and truth; another seed gives others', () => {
    const tiny = { ...SMALL, rows: 64, columns: 64, slices: 3, spacingMm: [3.2, 3.2, 3] as const }
    const files = (seed: number) => [...makePhantom({ ...tiny, seed }).dicomFiles()].map(({ bytes }) => sha256(bytes))
    expect(files(1)).toEqual(files(1))
    expect(files(1).some((hash) => files(2).includes(hash))).toBe(false)
    expect(makePhantom(tiny).truth).toEqual(makePhantom({ ...tiny, seed: 1 }).truth)
  })
})

describe('the torso', () => {
  let clean: Phantom
  let hu: Int16Array
  beforeAll(() => {
    clean = makePhantom({ noiseHu: 0 })
    hu = Int16Array.from(storedOf(clean), (v) => v - 1024)
  }, 60_000)

  const at = (x: number, y: number, z: number): number => {
    const { columns, rows, positions, pixelSpacingMm, incrementMm } = clean.volume.geometry
    const [ox, oy, oz] = positions[0]!
    const [i, j, k] = [(x - ox) / pixelSpacingMm[1], (y - oy) / pixelSpacingMm[0], (z - oz) / incrementMm]
    return Math.round(i) + columns * (Math.round(j) + rows * Math.round(k))
  }

  it('is 512 x 512 x 48 at 0.4 and 3 mm, about the origin', () => {
    expect(clean.volume.geometry).toMatchObject({ rows: 512, columns: 512, slices: 48, pixelSpacingMm: [0.4, 0.4] })
    expect(clean.volume.geometry.positions[0]!.map((v) => +v.toFixed(9))).toEqual([-102.2, -102.2, -70.5])
    expect(clean.volume.geometry.normal).toEqual([0, 0, 1])
    expect(clean.volume.facts).toMatchObject({ kvp: 120, gated: 'evidence', contrast: 'none' })
  })

  it('has the organs where a radiologist looks for them', () => {
    const places: readonly [string, number, number, number, number, number][] = [
      ['air in front', 0, -101, 0, -1000, -990],
      ['right lung', -80, 20, 0, -870, -780],
      ['left lung', 80, 20, 0, -870, -780],
      ['left ventricle', 22, 0, -14, 38, 50],
      ['right ventricle', -2, -27, -17, 38, 55],
      ['descending aorta, left of the spine', 8, 48, -20, 38, 50],
      ['vertebral body, behind', -18, 68, 1, 140, 200],
      ['sternum, in front', -18, -70, 0, 90, 150],
      ['liver, right and below', -60, 20, -69, 50, 65],
      ['ascending aorta', -25, -17, 52, 38, 50],
      ['windpipe', -19, 24, 68, -1000, -900],
      ['fat before the great vessels', -16, -48, 60, -110, -80],
    ]
    for (const [what, x, y, z, low, high] of places) {
      expect(hu[at(x, y, z)], what).toBeGreaterThanOrEqual(low)
      expect(hu[at(x, y, z)], what).toBeLessThanOrEqual(high)
    }
  })

  it('has calcifications of every vessel, painted with the volume they have', () => {
    expect(new Set(clean.truth.lesions.map((l) => l.territory))).toEqual(new Set(['LM', 'LAD', 'LCX', 'RCA', 'AORTA']))
    for (const lesion of clean.truth.lesions) {
      expect(lesion.renderedVolumeMm3 / lesion.volumeMm3, lesion.shape).toBeCloseTo(1, 2)
      expect(lesion.massMg).toBeCloseTo((lesion.volumeMm3 * lesion.densityMgPerMl) / 1000, 9)
      expect(lesion.hu).toBeCloseTo(lesion.densityMgPerMl / 0.72, 9)
    }
    const volumes = clean.truth.lesions.map((l) => l.volumeMm3)
    expect(Math.min(...volumes)).toBeLessThan(1)
    expect(Math.max(...volumes)).toBeGreaterThan(40)
  })

  it('holds the mass of each calcification in its pixels, blur and partial volume and all', () => {
    // Pixels above soft tissue within 7 mm: what fat takes from the rim, the rim of soft tissue gives back, within a few per cent.
    const { rows, columns, slices, pixelSpacingMm, incrementMm } = clean.volume.geometry
    const lesion = clean.truth.lesions.find((l) => l.territory === 'RCA' && l.volumeMm3 > 40)!
    const voxel = pixelSpacingMm[0] * pixelSpacingMm[1] * incrementMm
    let bright = 0
    for (let k = 0, p = 0; k < slices; k++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++, p++) {
          const [x, y, z] = [column * 0.4 - 102.2, row * 0.4 - 102.2, k * 3 - 70.5]
          const [a, b, c] = lesion.centreMm
          if ((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 < 49 && hu[p]! > 60) bright += hu[p]!
        }
    expect((MASS_FACTOR * bright * voxel) / lesion.massMg).toBeGreaterThan(0.93)
    expect((MASS_FACTOR * bright * voxel) / lesion.massMg).toBeLessThan(1.05)
  })

  it('labels every calcified pixel near a calcification with its vessel, and no bone', () => {
    const { rows, columns, slices } = clean.volume.geometry
    const labels = clean.territories.scalarData
    checkTerritoryMap(clean.territories, rows * columns * slices)
    expect(clean.territories.names).toEqual({ 1: 'LM', 2: 'LAD', 3: 'LCX', 4: 'RCA', 7: 'AORTA' })
    let [inside, outside] = [0, 0]
    for (let k = 0, p = 0; k < slices; k++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++, p++) {
          if (hu[p]! < 130) continue
          const [x, y, z] = [column * 0.4 - 102.2, row * 0.4 - 102.2, k * 3 - 70.5]
          const near = clean.truth.lesions.filter(
            ({ centreMm: [a, b, c] }) => (x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 < 49,
          )
          if (labels[p]) {
            inside++
            const name = clean.territories.names[labels[p]!]!
            if (!near.some((l) => l.territory === name))
              expect.fail(`pixel ${column} ${row} ${k} in ${name} is calcified`)
          } else if (near.length) outside++
        }
    expect(inside).toBeGreaterThan(300)
    expect(outside).toBe(0)
  })

  it('says what the picture before noise scores', () => {
    const { territories, lesions } = clean.truth
    for (const [name, t] of Object.entries(territories)) {
      const own = lesions.filter((l) => l.territory === name)
      expect(t.lesions).toBe(own.length)
      expect(t.massMg).toBeCloseTo(
        own.reduce((sum, l) => sum + l.massMg, 0),
        9,
      )
      expect(t.noiseless.massMg).toBeLessThan(t.massMg)
      expect(t.noiseless.massMg).toBeGreaterThan(t.massMg * 0.4)
    }
    // Counted again, the simple way: pixels of 130 HU and more under each label bound the volume.
    const count = new Map<number, number>()
    clean.territories.scalarData.forEach((label, p) => {
      if (label && hu[p]! >= 130) count.set(label, (count.get(label) ?? 0) + 1)
    })
    for (const t of Object.values(territories)) {
      expect(t.noiseless.volumeMm3).toBeLessThanOrEqual(count.get(t.label)! * 0.48 + 1e-9)
      expect(t.noiseless.volumeMm3).toBeGreaterThan(count.get(t.label)! * 0.48 * 0.8)
      expect(t.noiseless.agatston).toBeGreaterThanOrEqual((t.noiseless.volumeMm3 / 3) * (1 - 1e-9))
      expect(t.noiseless.agatston).toBeLessThanOrEqual(4 * (t.noiseless.volumeMm3 / 3) * (1 + 1e-9))
    }
  })

  it('has noise of 20 HU in soft tissue, in grains', () => {
    const noisy = makePhantom({ slices: 3, spacingMm: [0.4, 0.4, 3] })
    const plain = makePhantom({ slices: 3, spacingMm: [0.4, 0.4, 3], noiseHu: 0 })
    const values: number[] = []
    const next: number[] = []
    const [a, b] = [storedOf(noisy), storedOf(plain)]
    // Inside the heart.
    for (let k = 0; k < 3; k++)
      for (let row = 200; row < 290; row++)
        for (let column = 230; column < 330; column++) {
          const p = column + 512 * (row + 512 * k)
          values.push(a[p]! - b[p]!)
          next.push(a[p + 1]! - b[p + 1]!)
        }
    const mean = values.reduce((s, v) => s + v, 0) / values.length
    const sd = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length)
    expect(Math.abs(mean)).toBeLessThan(1)
    expect(sd).toBeGreaterThan(19)
    expect(sd).toBeLessThan(21)
    const together = values.reduce((s, v, n) => s + v * next[n]!, 0) / values.length / sd ** 2
    expect(together).toBeGreaterThan(0.7) // binomial of order 4: 56 / 70
    expect(together).toBeLessThan(0.9)
  })

  it('leaves calcifications out that are not wholly in the picture', () => {
    const { truth } = makePhantom({ slices: 4, rows: 128, columns: 128, spacingMm: [1.6, 1.6, 3] })
    expect(truth.lesions.length).toBeGreaterThan(0)
    expect(truth.lesions.length).toBeLessThan(12)
    for (const { renderedVolumeMm3, volumeMm3 } of truth.lesions)
      expect(renderedVolumeMm3 / volumeMm3).toBeCloseTo(1, 1)
    expect(truth.territories['AORTA']).toBeDefined()
  })

  it('keeps territories and calcifications apart for many seeds', () => {
    for (let seed = 0; seed < 12; seed++) {
      const p = makePhantom({ ...SMALL, seed, noiseHu: 0, slices: 30 })
      const stored = storedOf(p)
      for (const lesion of p.truth.lesions) {
        const [a, b, c] = lesion.centreMm
        const index =
          Math.round((a + 102) / 0.8) + 256 * (Math.round((b + 102) / 0.8) + 256 * Math.round((c + 43.5) / 3))
        expect(p.territories.names[p.territories.scalarData[index]!], `seed ${seed} lesion ${lesion.id}`).toBe(
          lesion.territory,
        )
      }
      const bright = p.territories.scalarData.reduce((n, label, i) => n + (label && stored[i]! >= 1154 ? 1 : 0), 0)
      expect(bright).toBeLessThan(600)
    }
  }, 60_000)
})

describe('the QRM phantom', () => {
  it('has nine cylinders of true mass, and a calibration that gives the mass factor', () => {
    const { truth, volume, territories } = makePhantom({ kind: 'qrm', noiseHu: 0 })
    expect(volume.geometry).toMatchObject({ rows: 512, columns: 512, slices: 47, pixelSpacingMm: [0.488, 0.488] })
    expect(truth.lesions.map((l) => `${l.territory} ${l.massMg.toFixed(3)}`)).toEqual([
      'L_HD 78.540',
      'M_HD 16.965',
      'S_HD 0.628',
      'L_MD 39.270',
      'M_MD 8.482',
      'S_MD 0.314',
      'L_LD 19.635',
      'M_LD 4.241',
      'S_LD 0.157',
    ])
    for (const l of truth.lesions) expect(l.renderedVolumeMm3 / l.volumeMm3, l.territory).toBeCloseTo(1, 1.5)
    const slice = new Uint16Array(512 * 512)
    volume.readSlice(23, slice)
    const [rod, water] = truth.calibration.map(({ centreMm: [x, y] }) => {
      const [column, row] = [x, y].map((mm) => Math.round(mm / 0.488 + 255.5)) as [number, number]
      return slice[row * 512 + column]! - 1024
    })
    expect([rod, water]).toEqual([278, 0])
    expect(0.2 / (rod! - water!)).toBeCloseTo(MASS_FACTOR, 5)
    expect(truth.territories['L_HD']!.noiseless.massMg / 78.54).toBeCloseTo(1, 1)
    expect(truth.territories['S_LD']!.noiseless.agatston).toBe(0)
    expect(Object.keys(territories.names)).toEqual(['11', '12', '13', '14', '15', '16', '17', '18', '19'])
    volume.readSlice(0, slice)
    expect(slice.every((v) => v === 24)).toBe(true)
  })
})

describe('files', () => {
  const options: PhantomOptions = { rows: 64, columns: 80, slices: 5, spacingMm: [3, 3.2, 3] }
  const phantom = makePhantom(options)

  it('hold the volume, in every syntax', () => {
    for (const syntax of ['explicit-le', 'implicit-le', 'explicit-be'] as const) {
      const files = [...makePhantom({ ...options, syntax }).dicomFiles()]
      expect(files.map((f) => f.name)).toEqual([1, 2, 3, 4, 5].map((n) => `torso-00${n}.dcm`))
      files.forEach(({ bytes }, k) => {
        const data = dicomParser.parseDicom(bytes)
        const expected = new Uint16Array(64 * 80)
        phantom.volume.readSlice(k, expected)
        const view = new DataView(bytes.buffer, data.elements['x7fe00010']!.dataOffset)
        expect(expected.every((v, n) => view.getUint16(2 * n, syntax !== 'explicit-be') === v)).toBe(true)
        expect(data.string('x00200032')!.split('\\').map(Number)).toEqual(phantom.volume.geometry.positions[k])
        expect(data.string('x00280030')).toBe('3.2\\3')
        expect(data.string('x00100010')).toBe('PHANTOM^TORSO')
        expect(data.string('x0020000e')).toBe(phantom.volume.facts.seriesInstanceUid)
      })
    }
  })

  it('give back the territories and the grid', () => {
    const map = readLabelMap(phantom.labelMap(), phantom.volume.geometry)
    expect(map.scalarData).toEqual(phantom.territories.scalarData)
    const data = new Int16Array(64 * 80 * 5)
    const { geometry } = readNiftiVolume(writeNifti({ data, geometry: phantom.volume.geometry }))
    expect({ ...geometry, thicknessMm: 3 }).toEqual(phantom.volume.geometry)
    const qrm = makePhantom({ ...SMALL_QRM, slices: 3 })
    const names = qrm.truth.territoryNames
    expect(readLabelMap(qrm.labelMap(), qrm.volume.geometry, { names })).toMatchObject(qrm.territories)
    expect(() => readLabelMap(qrm.labelMap(), qrm.volume.geometry)).toThrow(
      expect.objectContaining({ code: 'TERRITORY_MISMATCH' }),
    )
  })

  it('carry a truth that is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(phantom.truth))).toEqual(phantom.truth)
  })

  const inCi = process.env['CI'] === 'true'
  const validator = spawnSync('dciodvfy', ['--version']).error === undefined
  const folder = mkdtempSync(join(tmpdir(), 'agatston-phantom-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  it.skipIf(!validator && !inCi)('(dciodvfy, needed on CI) pass the conformance checker without a warning', () => {
    for (const kind of ['torso', 'qrm'] as const) {
      for (const { name, bytes } of makePhantom({ ...options, kind }).dicomFiles()) {
        const file = join(folder, name)
        writeFileSync(file, bytes)
        expect(spawnSync('dciodvfy', [file], { encoding: 'utf8' }).stderr.trim(), name).toBe('CTImage')
      }
    }
  })
})

describe('options', () => {
  it.each([
    ['kind', { kind: 'head' as never }],
    ['seed below 0', { seed: -1 }],
    ['seed above 2^32 - 1', { seed: 2 ** 32 }],
    ['seed of a half', { seed: 0.5 }],
    ['rows', { rows: 15 }],
    ['columns', { columns: 2049 }],
    ['slices', { slices: 1 }],
    ['slices of text', { slices: '9' as never }],
    ['too many pixels', { rows: 2048, columns: 2048, slices: 65 }],
    ['no spacing', { spacingMm: [0.4, 0.4, 0] as const }],
    ['wide spacing', { spacingMm: [0.4, 10.1, 3] as const }],
    ['NaN spacing', { spacingMm: [NaN, 0.4, 3] as const }],
    ['noise', { noiseHu: -1 }],
    ['syntax', { syntax: 'jpeg' as never }],
  ])('out of range are refused: %s', (_, options) => expect(() => makePhantom(options)).toThrow(RangeError))

  it('of the wrong kind are refused', () => {
    expect(() => makePhantom({ spacingMm: [1, 1] as never })).toThrow(TypeError)
  })

  it('at the edges are taken', () => {
    const edge = makePhantom({ seed: 2 ** 32 - 1, rows: 16, columns: 16, slices: 2, spacingMm: [10, 10, 10] })
    expect(edge.volume.geometry.slices).toBe(2)
  })
})

describe('noise', () => {
  it('does not hang on the slices made before', () => {
    const noise = new Noise(20, 30)
    const once = new Float32Array(600)
    noise.add(once, 20, 5, 7)
    const again = new Float32Array(600)
    noise.add(new Float32Array(600), 20, 5, 6)
    noise.add(again, 20, 5, 7)
    expect(again).toEqual(once)
  })
})
