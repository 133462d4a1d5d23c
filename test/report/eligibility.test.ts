/** The rules for CPT 75571: every state of each, from files, from facts, from a result; and no value of a file handed on. */
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectionJson, inspectionText } from '../../bindings/cli/inspection.js'
import { type Inspection, inspectSeries } from '../../bindings/dicom/index.js'
import { makePhantom } from '../../bindings/phantom/index.js'
import {
  type EligibilityRow,
  type EligibilitySeries,
  eligibility75571,
  buildReport,
  renderText,
  resultEligibility,
} from '../../bindings/report/index.js'
import type { Result } from '../../bindings/score/result.js'
import { type Edits, ctElements, ctSeries, encodeFile, enhancedElements, source } from '../dicom/make.js'
import { changed, score, territoriesOf } from './make.js'

const SERIES: EligibilitySeries = {
  seriesInstanceUid: '1.2.1',
  studyInstanceUid: '1.2',
  modality: 'CT',
  contrast: 'none',
  gated: 'evidence',
  anatomy: { region: 'heart', attribute: 'BodyPartExamined (0018,0015)' },
}
const CTA: EligibilitySeries = { ...SERIES, seriesInstanceUid: '1.2.2', contrast: 'recorded' }

const rowOf = (rows: readonly EligibilityRow[], rule: EligibilityRow['rule']): EligibilityRow =>
  rows.find((row) => row.rule === rule)!
const statesOf = (rows: readonly EligibilityRow[]): string[] => rows.map(({ state }) => state)

let coronary: Result
beforeAll(() => {
  coronary = score([450], { territories: territoriesOf(['LAD']) })
})

describe('eligibility75571', () => {
  it('is met in all five where all is well', () => {
    const rows = eligibility75571({ series: SERIES, others: [SERIES] }, coronary)
    expect(rows.map(({ rule }) => rule)).toEqual(['ct', 'heart-or-chest', 'no-contrast', 'quantitative', 'stand-alone'])
    expect(statesOf(rows)).toEqual(['met', 'met', 'met', 'met', 'met'])
    for (const { attribute, note } of rows) {
      expect(note).toMatch(/\.$/)
      expect(attribute).toMatch(/\([0-9A-F]{4},[0-9A-F]{4}\)|scope/)
    }
  })

  it('is unknown in all five where nothing is known', () => {
    const series = { seriesInstanceUid: null, studyInstanceUid: null, modality: null, contrast: null, gated: null, anatomy: null } // prettier-ignore
    const rows = eligibility75571({ series, others: null })
    expect(statesOf(rows)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown'])
    expect(statesOf(eligibility75571({ series, others: [CTA] })).at(-1)).toBe('unknown')
  })

  it.each([
    ['MR', 'not met'],
    ['CT', 'met'],
    [null, 'unknown'],
  ])('modality %s: %s', (modality, state) => {
    const row = rowOf(eligibility75571({ series: { ...SERIES, modality }, others: [] }), 'ct')
    expect(row.state).toBe(state)
    expect(row.value).not.toContain('MR')
  })

  it.each([
    ['heart', 'met'],
    ['chest', 'met'],
    ['other', 'not met'],
    [null, 'unknown'],
  ] as const)('region %s: %s', (region, state) => {
    const anatomy = { region, attribute: 'AnatomicRegionSequence (0008,2218)' }
    const row = rowOf(eligibility75571({ series: { ...SERIES, anatomy }, others: [] }), 'heart-or-chest')
    expect(row).toMatchObject({ state, attribute: anatomy.attribute })
  })

  it.each([
    ['none', 'met'],
    ['recorded', 'not met'],
    [null, 'unknown'],
  ] as const)('contrast %s: %s', (contrast, state) => {
    expect(rowOf(eligibility75571({ series: { ...SERIES, contrast }, others: [] }), 'no-contrast').state).toBe(state)
  })

  it('quantitative: a score of a confirmed scope, and no other', () => {
    const of = (result?: Result): EligibilityRow =>
      rowOf(eligibility75571({ series: SERIES, others: [] }, result), 'quantitative')
    expect(of()).toMatchObject({ state: 'unknown', value: 'not scored' })
    expect(of(coronary)).toMatchObject({ state: 'met', value: 'territories' })
    expect(of(changed(coronary, { scope: 'region' }))).toMatchObject({ state: 'met', value: 'region' })
    expect(of(changed(coronary, { scope: 'candidates' })).state).toBe('not met')
    expect(of(score([450], { scope: 'whole-image' })).state).toBe('not met')
    expect(of(score([450], { territories: territoriesOf(['AORTA']) })).state).toBe('not met')
    expect(of(score([], { territories: territoriesOf(['LAD']) })).state).toBe('met') // a zero is a score
  })

  it.each<[string, Partial<EligibilitySeries>, string]>([
    ['a CT angiogram of the heart', {}, 'not met'],
    ['one that is gated and names no part of the body', { anatomy: null }, 'not met'],
    ['one of the chest that is gated', { anatomy: { region: 'chest', attribute: '' } }, 'not met'],
    ['one of the heart without a word of gating', { gated: 'no-evidence' }, 'not met'],
    ['a contrast CT of the chest', { anatomy: { region: 'chest', attribute: '' }, gated: 'no-evidence' }, 'unknown'],
    ['a contrast CT of whatever', { anatomy: null, gated: null }, 'unknown'],
    ['a contrast CT of the abdomen', { anatomy: { region: 'other', attribute: '' } }, 'met'],
    ['another series without contrast', { contrast: 'none' }, 'met'],
    ['contrast in another study', { studyInstanceUid: '1.3' }, 'met'],
    ['contrast in an MR', { modality: 'MR' }, 'met'],
    ['itself', { seriesInstanceUid: '1.2.1' }, 'met'],
  ])('beside %s: stand-alone %s', (_what, change, state) => {
    const others = [SERIES, { ...CTA, ...change }]
    expect(rowOf(eligibility75571({ series: SERIES, others }), 'stand-alone').state).toBe(state)
  })

  it('uses no words of the code’s owner, and says it is no advice', () => {
    const text = renderText(buildReport(changed(coronary, { input: { ...coronary.input, kind: 'dicom-series' } })))
    expect(text).toMatch(/Eligibility for CPT 75571/)
    expect(text).toMatch(/No legal or billing advice/)
    expect(renderText(buildReport(coronary))).not.toMatch(/75571/)
  })

  it('of a result by itself: the other series are not known', () => {
    const { input } = coronary
    const anatomy = { region: 'chest', attribute: 'BodyPartExamined (0018,0015)' } as const
    const file = changed(coronary, { input: { ...input, kind: 'dicom-series', studyInstanceUid: '1.2', contrast: 'none', anatomy } }) // prettier-ignore
    expect(statesOf(resultEligibility(file))).toEqual(['met', 'met', 'met', 'met', 'unknown'])
    expect(statesOf(resultEligibility(coronary))).toEqual(['unknown', 'unknown', 'unknown', 'met', 'unknown'])
  })
})

describe('read from files', () => {
  const [BODY_PART, REGION, CODE, DESCRIPTION, AGENT] = [0x00180015, 0x00082218, 0x00080100, 0x00081030, 0x00180010]
  /** One series for each of these edits, in one study. */
  const inspect = async (...series: readonly Edits[]): Promise<Inspection> => {
    const own = (n: number, k: number): Edits => ({ 0x0020000e: `1.2.3.2.${n}`, 0x00080018: `1.2.3.4.${n}.${k}` })
    return inspectSeries(series.flatMap((edits, n) => ctSeries(34, (k) => ({ ...own(n, k), ...edits }))))
  }
  const anatomyRow = async (edits: Edits): Promise<EligibilityRow> => {
    const { series } = await inspect(edits)
    return rowOf(eligibility75571({ series: series[0]!, others: series }), 'heart-or-chest')
  }
  const region = (code: string): Edits => ({ [REGION]: { vr: 'SQ', value: [{ [CODE]: { vr: 'SH', value: code } }] } })
  const part = (term: string): Edits => ({ [BODY_PART]: { vr: 'CS', value: term } })

  it.each<[string, Edits, string, string]>([
    ['HEART', part('HEART'), 'met', 'heart'],
    ['CHEST', part('CHEST'), 'met', 'chest'],
    ['Chest, padded and in lower case', part('chest '), 'met', 'chest'],
    ['THORAX', part('THORAX'), 'met', 'chest'],
    ['CHEST_ABDOMEN', part('CHEST_ABDOMEN'), 'met', 'chest'],
    ['ABDOMEN', part('ABDOMEN'), 'not met', 'another region'],
    ['HEAD', part('HEAD'), 'not met', 'another region'],
    ['a name', part('MUSTERMANN'), 'unknown', 'not understood'],
    ['a code of the heart', region('80891009'), 'met', 'heart'],
    ['an older code of the heart', region('T-32000'), 'met', 'heart'],
    ['a code of the chest', region('51185008'), 'met', 'chest'],
    ['a code of the head', region('69536005'), 'not met', 'another region'],
    ['a code before the term', { ...part('HEAD'), ...region('80891009') }, 'met', 'heart'],
    ['an unknown code, and a term', { ...part('CHEST'), ...region('123') }, 'met', 'chest'],
    ['an unknown code', region('123'), 'unknown', 'not understood'],
    ['nothing', {}, 'unknown', 'not given'],
  ])('%s', async (_what, edits, state, value) => {
    expect(await anatomyRow(edits)).toMatchObject({ state, value })
  })

  it('in an enhanced object the anatomy stands with the frames', async () => {
    const frames = Array.from({ length: 34 }, (_, k) => ctElements(k))
    const anatomy = { [REGION]: { vr: 'SQ', value: [{ [CODE]: { vr: 'SH', value: '80891009' } }] } }
    const elements = enhancedElements(frames, { groups: (k, groups) => (k < 0 ? { ...groups, 0x00209071: [anatomy] } : groups) }) // prettier-ignore
    const { series } = await inspectSeries([source(encodeFile(elements))])
    const row = rowOf(eligibility75571({ series: series[0]!, others: series }), 'heart-or-chest')
    expect(row).toMatchObject({ state: 'met', value: 'heart' })
  })

  it('says which attribute decided', async () => {
    expect((await anatomyRow(part('HEART'))).attribute).toBe('BodyPartExamined (0018,0015)')
    expect((await anatomyRow(region('80891009'))).attribute).toBe('AnatomicRegionSequence (0008,2218)')
  })

  it('hands on nothing that a file may hold in these attributes', async () => {
    const canary = 'ZQXCANARY'
    const edits = { ...part(canary), [DESCRIPTION]: { vr: 'LO', value: canary } }
    const inspection = await inspect({ ...edits, ...region(canary) })
    expect(inspectionText(inspection, { width: 120 })).not.toContain(canary)
    expect(JSON.stringify(inspectionJson(inspection))).not.toContain(canary)
  })

  it('inspect shows the rows, for people and as JSON, and finds the angiogram beside the score', async () => {
    const inspection = await inspect(part('HEART'), { ...part('HEART'), [AGENT]: { vr: 'LO', value: 'X' } })
    const text = inspectionText(inspection, { width: 120 })
    expect(text.match(/Eligibility for CPT 75571/g)).toHaveLength(2)
    expect(text).toMatch(/Stands alone: not met\. The study holds CT of the heart with contrast/)
    expect(text).toMatch(/No contrast: not met/)
    const { series } = inspectionJson(inspection) as { series: { eligibility75571: EligibilityRow[] }[] }
    expect(series.map(({ eligibility75571: rows }) => statesOf(rows))).toEqual([
      ['met', 'met', 'met', 'unknown', 'not met'],
      ['met', 'met', 'not met', 'unknown', 'met'],
    ])
  })

  it('a phantom of ours says that it shows the chest', async () => {
    const phantom = makePhantom({ rows: 32, columns: 32, slices: 4, spacingMm: [3, 3, 3] })
    const sources = [...phantom.dicomFiles()].map(({ name, bytes }) => ({ name, data: bytes }))
    const { series } = await inspectSeries(sources)
    expect(statesOf(eligibility75571({ series: series[0]!, others: series }))).toEqual(['met', 'met', 'met', 'unknown', 'met']) // prettier-ignore
  })
})
