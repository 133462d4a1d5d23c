/** The segmentation of a result: read back by the reader of this package it is the same pixels in the same vessels. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readMasks } from '../../../bindings/dicom/index.js'
import type { MaskNames } from '../../../bindings/dicom/index.js'
import { segmentation } from '../../../bindings/report/dicom/index.js'
import {
  type Study,
  SIDE,
  enhancedStudy,
  expectedLabels,
  namedLabels,
  phantomStudy,
  setOf,
  slicesOf,
  stripes,
  studyOf,
} from './make.js'
import { encodeFile, source as file } from '../../dicom/make.js'

let torso: Study
beforeAll(async () => {
  torso = await phantomStudy()
}, 60_000)

const drawn = (study: Study) => segmentation(study.result, study.source, study.pixels)!

async function readBack(study: Study, names?: MaskNames): Promise<(string | null)[]> {
  const { territories, mapping } = await readMasks(
    [{ name: 'seg.dcm', data: drawn(study).bytes, ...(names ? { names } : {}) }],
    study.volume,
  )
  expect(mapping.notes).toEqual([])
  return namedLabels(territories)
}

const classic = (names: readonly (string | null)[], count = 34) =>
  studyOf(
    slicesOf(count).map((elements, k) => file(encodeFile(elements), `${k}.dcm`)),
    { territories: stripes(names, count) },
  )

describe('segmentation', () => {
  it('is read back as the same voxels: phantom', async () => {
    const labels = await readBack(torso)
    expect(labels).toEqual(expectedLabels(torso))
    expect(labels.filter((label) => label !== null)).not.toHaveLength(0)
    expect(torso.volume.geometry.rows * torso.volume.geometry.columns).not.toBe(0)
    expect((torso.volume.geometry.rows * torso.volume.geometry.columns) % 8).not.toBe(0)
  })

  it.each([
    ['vessels', ['LM', 'LAD', 'LCX', 'RCA']],
    ['branches and neighbours', ['RAMUS', 'PDA', 'AORTA', 'AORTIC_VALVE']],
    ['the rest', ['MITRAL_VALVE', 'OTHER', null, 'LAD']],
  ])('is read back as the same voxels: %s', async (_, names) => {
    for (const study of [await classic(names), await enhancedStudy(names)]) {
      const labels = await readBack(study)
      expect(labels).toEqual(expectedLabels(study))
      expect(new Set(labels.filter((label) => label !== null)).size).toBeGreaterThan(1)
    }
  })

  it('is read back with the names of a reader, where they are given', async () => {
    const study = await classic(['My graft', 'LAD'])
    expect(await readBack(study, { 1: 'My graft', 2: 'LAD' })).toEqual(expectedLabels(study))
  })

  it('is read back whatever counts (property)', async () => {
    const study = await classic(['LM', 'LAD', 'LCX', 'RCA'])
    const pieces = study.result.lesions.flatMap((lesion) => lesion.pieces).length
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: pieces, maxLength: pieces }), async (counts) => {
        fc.pre(counts.includes(true))
        let n = 0
        const lesions = study.result.lesions.map((lesion) => ({
          ...lesion,
          pieces: lesion.pieces.map((piece) => ({ ...piece, counted: counts[n++]! })),
        }))
        const changed = { ...study, result: { ...study.result, lesions } }
        expect(await readBack(changed)).toEqual(expectedLabels(changed))
      }),
      { numRuns: 15, seed: 5 },
    )
  })

  it('has a segment for each territory that counts, coded and tracked', () => {
    const set = setOf(drawn(torso))
    const segments = set.items(0x00620002)
    const code = (item: (typeof segments)[number], tag: number) => item.items(tag)[0]?.text(0x00080100)
    expect(
      segments.map((item) => [
        item.unsigned(0x00620004),
        item.text(0x00620005),
        code(item, 0x00620003),
        code(item, 0x0062000f),
        code(item, 0x00082218),
        item.text(0x00620008),
      ]),
    ).toEqual([
      [1, 'LM', '49755003', '18115005', '3227004', 'SEMIAUTOMATIC'],
      [2, 'LAD', '49755003', '18115005', '59438005', 'SEMIAUTOMATIC'],
      [3, 'LCX', '49755003', '18115005', '57396003', 'SEMIAUTOMATIC'],
      [4, 'RCA', '49755003', '18115005', '13647002', 'SEMIAUTOMATIC'],
      [5, 'AORTA', '49755003', '18115005', '15825003', 'SEMIAUTOMATIC'],
    ])
    expect(new Set(segments.map((item) => item.uid(0x00620021))).size).toBe(5)
    expect(set.uid(0x00200052)).toBe(torso.volume.frameOfReferenceUid)
  })

  /** Source object and frame of each frame. */
  const sources = (study: Study) =>
    setOf(drawn(study))
      .items(0x52009230)
      .map((frame) => {
        const [image] = frame.items(0x00089124)[0]!.items(0x00082112)
        const segment = frame.items(0x0062000a)[0]!.unsigned(0x0062000b)
        return [segment, image!.uid(0x00081155), image!.integer(0x00081160), image!.uid(0x00081150)] as const
      })

  it('refers to the image each frame was drawn on', () => {
    const { result, volume } = torso
    const expected = ['LM', 'LAD', 'LCX', 'RCA', 'AORTA'].flatMap((territory, n) => {
      const pieces = result.lesions.flatMap((lesion) => lesion.pieces).filter((piece) => piece.counted)
      const slices = new Set(pieces.filter((piece) => piece.territory === territory).map(({ slice }) => slice))
      return [...slices]
        .sort((a, b) => a - b)
        .map((k) => [n + 1, volume.sopInstanceUid(k), null, '1.2.840.10008.5.1.4.1.1.2'])
    })
    expect(sources(torso)).toEqual(expected)
  })

  it('refers to the frame of an enhanced object, which counts as the object does', async () => {
    const study = await enhancedStudy(['LM', 'LAD', 'LCX', 'RCA'])
    const found = sources(study)
    expect(new Set(found.map(([, uid]) => uid)).size).toBe(1)
    expect(new Set(found.map(([, , , sopClass]) => sopClass))).toEqual(new Set(['1.2.840.10008.5.1.4.1.1.2.1']))
    const slices = [...new Set(study.result.lesions.flatMap(({ pieces }) => pieces.map(({ slice }) => slice)))]
    // Frames were written from the last slice to the first.
    expect(new Set(found.map(([, , frame]) => frame))).toEqual(new Set(slices.map((k) => 34 - k)))
  })

  it('has nothing where nothing counts', async () => {
    const lesions = torso.result.lesions.map((lesion) => ({
      ...lesion,
      pieces: lesion.pieces.map((piece) => ({ ...piece, counted: false })),
    }))
    expect(segmentation({ ...torso.result, lesions }, torso.source, torso.pixels)).toBeNull()
  })

  it('says what was only proposed', () => {
    const object = segmentation({ ...torso.result, scope: 'candidates' }, torso.source, torso.pixels)!
    const [segment] = setOf(object).items(0x00620002)
    expect([segment!.text(0x00620008), segment!.text(0x00620006)]).toEqual([
      'AUTOMATIC',
      'Proposed by the software, not confirmed by a reader; agatston-130',
    ])
  })

  it('refuses what does not belong together', async () => {
    const { result, source, pixels } = torso
    const other = await classic(['LM', 'LAD'])
    const moved = { ...pixels, slice: (k: number) => pixels.slice(k).map((piece) => (piece > 0 ? piece + 1 : 0)) }
    const fewer = { ...pixels, slice: (k: number) => pixels.slice(k).fill(0, 0, 20_000) }
    for (const given of [moved, fewer, other.pixels, { ...pixels, slice: () => new Uint32Array(7) }]) {
      expect(() => segmentation(result, source, given)).toThrow(expect.objectContaining({ code: 'INTEGRITY_FAILED' }))
    }
    expect(() => segmentation(result, other.source, pixels)).toThrow(
      expect.objectContaining({ code: 'INTEGRITY_FAILED' }),
    )
    expect(() => segmentation({ ...result, scope: 'whole-image' }, source, pixels)).toThrow(
      expect.objectContaining({ code: 'SCOPE_MISSING' }),
    )
  })

  it('needs a frame of reference', async () => {
    const files = slicesOf(34, { 0x00200052: null }).map((elements, k) => file(encodeFile(elements), `${k}.dcm`))
    const study = await studyOf(files, { territories: stripes(['LM', 'LAD'], 34) })
    expect(() => drawn(study)).toThrow(expect.objectContaining({ code: 'GEOMETRY_MISSING' }))
    expect(SIDE).toBe(8)
  })
})
