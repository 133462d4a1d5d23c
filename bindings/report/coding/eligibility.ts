/**
 * What speaks for CPT 75571 (coronary calcium measured by CT of the heart without contrast), rule by rule, each
 * with the attribute it was read from. An aid to whoever codes; no legal or billing advice. The code's own words are the AMA's
 * and stand nowhere here.
 */
import type { Result } from '../../score/result.js'
import type { Anatomy } from '../../volume/volume.js'

/** What of a series is asked, as `inspectSeries` tells it. Nothing of the patient module. */
export interface EligibilitySeries {
  readonly seriesInstanceUid: string | null
  readonly studyInstanceUid: string | null
  readonly modality: string | null
  readonly contrast: 'none' | 'recorded' | null
  readonly gated: 'evidence' | 'no-evidence' | null
  readonly anatomy: Anatomy | null
}

export interface EligibilityFacts {
  readonly series: EligibilitySeries
  /** The other series of the input, those of other studies included; null: not known. */
  readonly others: readonly EligibilitySeries[] | null
}

export type EligibilityState = 'met' | 'not met' | 'unknown'

export interface EligibilityRow {
  readonly rule: 'ct' | 'heart-or-chest' | 'no-contrast' | 'quantitative' | 'stand-alone'
  readonly state: EligibilityState
  /** Name and tag of what was read. */
  readonly attribute: string
  /** Class of its value, never the value: `CT`, `heart`, `recorded`. */
  readonly value: string
  readonly note: string
}

const CONTRAST =
  'ContrastBolusAgent (0018,0010), ContrastBolusAgentSequence (0018,0012), ContrastBolusVolume (0018,1041)'

/**
 * The five rules for a series, in one order.
 *
 * @param result its score, where there is one
 */
export function eligibility75571({ series, others }: EligibilityFacts, result?: Result): readonly EligibilityRow[] {
  return Object.freeze([
    ctRow(series),
    anatomyRow(series),
    contrastRow(series, result),
    quantitativeRow(result),
    standAloneRow(series, others),
  ])
}

/** The series of a result, as the result itself knows it. */
export function seriesOf({ input, quality }: Result): EligibilitySeries {
  const modality = input.kind === 'dicom-series' ? 'CT' : null // no other modality is scored
  return { ...input, modality, gated: quality.gated }
}

/** The rows for a result by itself, which knows its own series and no other. */
export const resultEligibility = (result: Result): readonly EligibilityRow[] =>
  eligibility75571({ series: seriesOf(result), others: null }, result)

function ctRow({ modality }: EligibilitySeries): EligibilityRow {
  const row = { rule: 'ct', attribute: 'Modality (0008,0060)' } as const
  if (modality === null) return { ...row, state: 'unknown', value: 'not given', note: 'The modality is not known.' }
  if (modality === 'CT') return { ...row, state: 'met', value: 'CT', note: 'A CT series.' }
  return { ...row, state: 'not met', value: 'not CT', note: 'The series is of another modality.' }
}

const ANATOMY = {
  heart: { state: 'met', value: 'heart', note: 'The series says it shows the heart.' },
  chest: { state: 'met', value: 'chest', note: 'The series says it shows the chest, which holds the heart.' },
  other: { state: 'not met', value: 'another region', note: 'The series says it shows another part of the body.' },
  null: { state: 'unknown', value: 'not understood', note: 'The term is not one of the standard, or slices differ.' },
} as const

function anatomyRow({ anatomy }: EligibilitySeries): EligibilityRow {
  const rule = 'heart-or-chest'
  if (anatomy) return { rule, attribute: anatomy.attribute, ...ANATOMY[anatomy.region ?? 'null'] }
  const attribute = 'BodyPartExamined (0018,0015), AnatomicRegionSequence (0008,2218)'
  return { rule, attribute, state: 'unknown', value: 'not given', note: 'The part of the body is not recorded.' }
}

function contrastRow({ contrast }: EligibilitySeries, result: Result | undefined): EligibilityRow {
  const row = { rule: 'no-contrast', attribute: CONTRAST } as const
  switch (contrast) {
    case 'none': {
      if (result?.warnings.some(({ code }) => code === 'CONTRAST_RESIDUAL')) {
        const note = 'No contrast is recorded, and blood is as bright as with contrast: look whether any was given.'
        return { ...row, state: 'unknown', value: 'none recorded, blood bright', note }
      }
      const note = 'No contrast is recorded; some scanners do not record it when it was given.'
      return { ...row, state: 'met', value: 'none recorded', note }
    }
    case 'recorded':
      return { ...row, state: 'not met', value: 'recorded', note: 'Contrast is recorded: the code is not supported.' }
    case null:
      return {
        ...row,
        state: 'unknown',
        value: 'not given',
        note: 'The input does not say whether there was contrast.',
      }
  }
}

function quantitativeRow(result: Result | undefined): EligibilityRow {
  const row = { rule: 'quantitative', attribute: 'scope of the score' } as const
  if (!result) return { ...row, state: 'unknown', value: 'not scored', note: 'Nothing has been scored yet.' }
  const { scope, warnings } = result
  if (scope === 'whole-image' || scope === 'candidates') {
    const what = scope === 'candidates' ? 'No reader has confirmed the lesions.' : 'A whole image is no coronary score.'
    return { ...row, state: 'not met', value: scope, note: what }
  }
  if (warnings.some(({ code, details }) => code === 'ZERO_UNVERIFIED' && details['kind'] === 'no-coronary-territory')) {
    return { ...row, state: 'not met', value: scope, note: 'No coronary territory is marked: nothing was evaluated.' }
  }
  return { ...row, state: 'met', value: scope, note: 'A score of a confirmed scope.' }
}

/**
 * 75572, 75573 and 75574 are CT of the heart with contrast: beside one of them, in one session, 75571 is not reported. A session is
 * a study here. A contrast series of the chest without gating is left to a person: it may be a CT of the lungs.
 */
function standAloneRow(series: EligibilitySeries, others: readonly EligibilitySeries[] | null): EligibilityRow {
  const row = {
    rule: 'stand-alone',
    attribute: `StudyInstanceUID (0020,000D) and ${CONTRAST} of the other series`,
  } as const
  if (others === null || series.studyInstanceUid === null) {
    const note = 'The other series of the session are not known: inspect the whole study.'
    return { ...row, state: 'unknown', value: 'not known', note }
  }
  const session = others.filter(
    ({ studyInstanceUid, seriesInstanceUid, modality, contrast, anatomy }) =>
      studyInstanceUid === series.studyInstanceUid &&
      seriesInstanceUid !== series.seriesInstanceUid &&
      modality === 'CT' &&
      contrast === 'recorded' &&
      anatomy?.region !== 'other',
  )
  const cardiac = session.filter(({ anatomy, gated }) => anatomy?.region === 'heart' || gated === 'evidence').length
  if (cardiac > 0) {
    const note = 'The study holds CT of the heart with contrast, to which 75572, 75573 or 75574 belongs.'
    return { ...row, state: 'not met', value: `${cardiac} cardiac series with contrast`, note }
  }
  if (session.length > 0) {
    const note = 'The study holds CT of the chest with contrast: look whether it is one of the heart (75572 to 75574).'
    return { ...row, state: 'unknown', value: `${session.length} series with contrast`, note }
  }
  const note = 'No CT of the heart with contrast is among these files; other files of the session are not known.'
  return { ...row, state: 'met', value: 'none among these files', note }
}
