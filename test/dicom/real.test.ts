/** Real files: the anchor phantom, encodings of one image, geometry known to be bad, files known to be broken. */
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { inspectSeries, readSeries } from '../../bindings/dicom/index.js'
import { dataFolder, sourcesIn } from './data.js'
import { random, shuffled } from './make.js'
import { SINGLE, failure, only, portrait, valuesOf } from './outcome.js'

const qrm = dataFolder('qrm_canon/dicom')
describe.skipIf(!qrm)('the QRM phantom', () => {
  it('is read: 47 slices, eligible, nothing wrong but what is', async () => {
    const volume = await readSeries(sourcesIn(qrm!))
    expect(volume.geometry).toMatchObject({
      rows: 512,
      columns: 512,
      slices: 47,
      pixelSpacingMm: [0.488, 0.488],
      incrementMm: 3,
      thicknessMm: 3,
      normal: [0, 0, 1],
    })
    expect(volume.geometry.positions[0]).toEqual([-128.5058, -106.00581, 534.875])
    expect(volume.geometry.positions[46]![2]).toBe(672.875)
    expect(volume.facts).toMatchObject({ kvp: 120, manufacturer: 'TOSHIBA', kernel: 'FC12', contrast: 'none' })
    expect(volume.warnings.map((w) => w.code)).toEqual(['NOT_ORIGINAL', 'NOT_GATED', 'COUNT_UNVERIFIED'])
    const values = (await valuesOf(volume)).flat()
    let [low, high] = [Infinity, -Infinity]
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)]
    expect(low).toBe(-2048)
    expect(high).toBeGreaterThan(400)
  }, 30_000)

  it('is the same in any order, and with foreign files beside it', async () => {
    const sources = sourcesIn(qrm!)
    const next = random(1)
    const geometry = (await readSeries(sources)).geometry
    for (let i = 0; i < 5; i++) {
      const text = { name: 'readme', data: new TextEncoder().encode('not an image'.repeat(100)) }
      const volume = await readSeries(shuffled([...sources, text], next))
      expect(volume.geometry).toEqual(geometry)
    }
  }, 30_000)

  it('misses any slice that is taken out of the middle', async () => {
    const sources = sourcesIn(qrm!)
    const names = [...sources.keys()].filter((k) => k % 9 === 4)
    for (const k of names) {
      const { refusals, slices } = await only(sources.toSpliced(k, 1))
      const end = slices === 46 && refusals.length === 0
      if (!end) expect(refusals.map((r) => r.code)).toEqual(['SLICES_MISSING'])
    }
  }, 30_000)
})

const variants = dataFolder('ct_encapsulation_variants')
describe.skipIf(!variants)('one image, little and big endian', () => {
  const accept = { ...SINGLE, accept: ['TOO_FEW_SLICES', 'CONTRAST_GIVEN'] as const }
  const named = (name: string) => sourcesIn(variants!).filter((source) => source.name === name)

  it('reads to the same values', async () => {
    const [implicit, big] = await Promise.all(
      ['CT1_UNC.implicit_little_endian.dcm', 'CT1_UNC.explicit_big_endian.dcm'].map(async (name) =>
        portrait(await readSeries(named(name), accept)),
      ),
    )
    expect(big).toEqual(implicit)
    expect(implicit!['slices']).toMatchObject([{ padding: { low: -2000, high: -2000 } }])
  })

  it('is one image, whichever file it comes from', async () => {
    const both = [...named('CT1_UNC.implicit_little_endian.dcm'), ...named('CT1_UNC.explicit_big_endian.dcm')]
    const volume = await readSeries(both, accept)
    expect(volume.geometry.slices).toBe(1)
    expect(volume.warnings.map((w) => w.code)).toContain('SLICES_IDENTICAL_DROPPED')
  })
})

const syntaxes = dataFolder('ct_all_transfer_syntaxes')
describe.skipIf(!syntaxes)('another image in three encodings', () => {
  it('reads to the same values', async () => {
    const raw = sourcesIn(syntaxes!).filter(({ name }) =>
      /(BigEndianExplicit|LittleEndian(Ex|Im)plicit)Transfer/.test(name),
    )
    const all = await Promise.all(
      raw.filter(({ name }) => !name.includes('Deflated')).map((s) => readSeries([s], SINGLE)),
    )
    expect(all).toHaveLength(3)
    const values = await Promise.all(all.map(valuesOf))
    expect(values[1]).toEqual(values[0])
    expect(values[2]).toEqual(values[0])
  })
})

const geometry = dataFolder('geometry_fail')
describe.skipIf(!geometry)('series that are no even stack', () => {
  it.each([
    ['sliceincrement/001', ['SLICES_MISSING', 'NOT_ORIGINAL']],
    ['sliceincrement/002', ['SLICES_MISSING', 'GANTRY_TILT']],
    ['notavolume/001', ['SLICES_DUPLICATE', 'TOO_FEW_SLICES']],
    ['gantrytilting/001', ['GANTRY_TILT']],
    ['dcm_qa_ct_GE', ['SPACING_IRREGULAR', 'GANTRY_TILT']],
  ])('%s: %j', async (folder, codes) => {
    const { refusals } = await only(sourcesIn(`${geometry}/${folder}`))
    expect(refusals.map((r) => r.code)).toEqual(codes)
  })
})

const everything = [
  'malformed',
  'enhanced_multiframe',
  'seg_sr_rt',
  'pydicom_small',
  'ct_all_transfer_syntaxes',
  'htj2k',
]
for (const set of everything) {
  const folder = dataFolder(set)
  describe.skipIf(!folder)(`every file of ${set}`, () => {
    it('is read, or refused with a code', async () => {
      for (const source of sourcesIn(folder!)) {
        try {
          const volume = await readSeries([source], SINGLE)
          expect(await valuesOf(volume)).toHaveLength(volume.geometry.slices)
        } catch (error) {
          expect(error, source.name).toBeInstanceOf(AgatstonError)
          expect((error as AgatstonError).code, source.name).not.toBe('INTERNAL')
        }
      }
    }, 30_000)

    it('all at once', async () => {
      const sources = sourcesIn(folder!)
      const inspection = await inspectSeries(sources)
      expect(inspection.files).toBe(sources.length)
    })
  })
}

const chest = dataFolder('chest_acrin_flt_013')
describe.skipIf(!chest)('a chest scan', () => {
  it('is refused for its loss, and readable when that is accepted', async () => {
    const volume = await readSeries(sourcesIn(chest!), { accept: ['LOSSY'] })
    expect(volume.geometry).toMatchObject({ slices: 34, incrementMm: 4, thicknessMm: 5 })
    expect(volume.accepted).toEqual(['LOSSY'])
    expect((await failure(sourcesIn(chest!))).code).toBe('LOSSY')
  })
})
