/** What the edition of 2026 makes of a calcium score, as data. It was read in secondary sources only, and says so. */
import { ASCVD, type GuidelineRule, type Population, RULE, UNCONFIRMED, frozenEdition } from './edition.js'

const PREFERENCE = 'what the patient prefers'
const FAMILIAL = 'no familial hypercholesterolaemia'

// No upper age was found; above 75 years the edition has a recommendation of its own, which is taken to stand in its place.
const SCAN_2026: Population = Object.freeze({
  text: 'men from 40 and women from 45 to 75 years at intermediate or selected borderline risk (PREVENT-ASCVD 3 to below 10 % in 10 years) where the decision is uncertain',
  ageFrom: Object.freeze({ male: 40, female: 45 }),
  ageTo: 75,
  risk: Object.freeze({ model: 'preventAscvd', from: 0.03, below: 0.1 }),
})
const ADULTS: Population = Object.freeze({
  text: 'adults with coronary calcium',
  ageFrom: Object.freeze({ male: 18, female: 18 }),
  ageMayBeUnknown: true,
})
const OLDER: Population = Object.freeze({
  text: 'adults above 75 years whose life expectancy is 2.5 years or more',
  ageFrom: Object.freeze({ male: 76, female: 76 }),
})
const RULES_2026: readonly GuidelineRule[] = [
  {
    ...RULE,
    id: '2026-zero',
    when: 'Score 0, and no condition of high risk',
    anyOf: [{ score: 'zero' }],
    population: SCAN_2026,
    absent: ['diabetes', 'smoking', 'family history', 'severe hypercholesterolaemia'],
    classOfRecommendation: '2a',
    levelOfEvidence: 'B-NR',
    section: '4.2.3.6, recommendation 2',
    consider:
      'Deferring lipid-lowering therapy is reasonable to consider if the patient prefers it, with another scan later.',
    confirm: [PREFERENCE, FAMILIAL, ASCVD],
    rescanYears: [3, 7],
  },
  {
    ...RULE,
    id: '2026-calcium',
    when: 'Score above 0',
    anyOf: [{ score: { from: 0, below: null } }],
    population: SCAN_2026,
    classOfRecommendation: '1',
    levelOfEvidence: 'B-NR',
    section: '4.2.3.6, recommendation 3',
    consider: 'Beginning lipid-lowering therapy is to be considered.',
    emphasis: [
      { text: 'more so from a score of 100', scoreFrom: 100 },
      { text: 'more so from the 75th percentile', percentileFrom: 75 },
    ],
  },
  {
    ...RULE,
    id: '2026-mild',
    when: 'Score above 0 and below 100, and below the 75th percentile',
    anyOf: [{ score: { from: 0, below: 100 }, percentile: 'below 75' }],
    population: ADULTS,
    beginsTherapy: false,
    classOfRecommendation: '2a',
    levelOfEvidence: 'B-R',
    section: '4.2.7, recommendation 4',
    consider:
      'A statin of moderate intensity is reasonable to consider: LDL-C lower by 30 to 49 %; goals LDL-C below 100 and non-HDL-C below 130 mg/dL.',
  },
  {
    ...RULE,
    id: '2026-moderate',
    when: 'Score 100 to below 300, or above 0 at the 75th percentile and above',
    // From 300 the next two rules take over, whose goals are the same or lower.
    anyOf: [{ score: { from: 100, below: 300 } }, { score: { from: 0, below: 300 }, percentile: '75 and above' }],
    population: ADULTS,
    beginsTherapy: false,
    classOfRecommendation: '1',
    levelOfEvidence: 'B-R',
    section: '4.2.7, recommendation 3',
    consider: 'LDL-C lower by 50 % or more is to be considered; goals LDL-C below 70 and non-HDL-C below 100 mg/dL.',
  },
  {
    ...RULE,
    id: '2026-severe',
    when: 'Score 300 to below 1000',
    anyOf: [{ score: { from: 300, below: 1000 } }],
    population: ADULTS,
    beginsTherapy: false,
    classOfRecommendation: '1',
    levelOfEvidence: 'B-R',
    section: '4.2.7, recommendation 2',
    consider: 'LDL-C lower by 50 % or more is to be considered; goals LDL-C below 70 and non-HDL-C below 100 mg/dL.',
  },
  {
    ...RULE,
    id: '2026-severe-more',
    when: 'Score 300 to below 1000, optional',
    anyOf: [{ score: { from: 300, below: 1000 } }],
    population: ADULTS,
    beginsTherapy: false,
    classOfRecommendation: '2a',
    levelOfEvidence: 'B-NR',
    section: '4.2.7, recommendation 5',
    consider:
      'Intensifying is reasonable to consider (ezetimibe, a PCSK9 antibody or bempedoic acid added); goals LDL-C below 55 and non-HDL-C below 85 mg/dL.',
  },
  {
    ...RULE,
    id: '2026-extensive',
    when: 'Score 1000 and above',
    anyOf: [{ score: { from: 1000, below: null } }],
    population: ADULTS,
    beginsTherapy: false,
    classOfRecommendation: '1',
    levelOfEvidence: 'B-NR',
    section: '4.2.7, recommendation 1',
    consider: 'LDL-C lower by 50 % or more is to be considered; goals LDL-C below 55 and non-HDL-C below 85 mg/dL.',
  },
  {
    ...RULE,
    id: '2026-older',
    when: 'Above 75 years, score 0 to 10',
    anyOf: [{ score: 'zero' }, { score: { from: 0, below: 10, inclusive: true } }],
    population: OLDER,
    classOfRecommendation: '2b',
    levelOfEvidence: 'B-NR',
    section: '4.2.8.3, recommendation 4',
    consider: 'Doing without lipid-lowering therapy may be considered.',
    confirm: ['a life expectancy of 2.5 years or more', PREFERENCE, ASCVD],
  },
  {
    ...RULE,
    id: '2026-incidental',
    when: 'Coronary calcium found on a CT that was not made for the heart',
    anyOf: [{ score: { from: 0, below: null } }],
    basis: 'incidental',
    population: ADULTS,
    beginsTherapy: false,
    classOfRecommendation: '1',
    levelOfEvidence: 'B-NR',
    section: 'recommendation 5, the section is not given where it was read',
    consider: 'The calcium is to be considered when lipid-lowering therapy is decided.',
  },
  {
    ...RULE,
    id: '2026-visual-mild',
    when: 'A visual grade of mild on a CT that was not made for the heart',
    anyOf: [],
    basis: 'visual',
    population: ADULTS,
    classOfRecommendation: '2a',
    levelOfEvidence: 'B-NR',
    section: '4.2.7, recommendation 6',
    consider: 'A statin of moderate intensity is reasonable to consider.',
  },
  {
    ...RULE,
    id: '2026-visual-more',
    when: 'A visual grade of moderate or severe on a CT that was not made for the heart',
    anyOf: [],
    basis: 'visual',
    population: ADULTS,
    classOfRecommendation: '2a',
    levelOfEvidence: 'B-NR',
    section: '4.2.7, recommendation 6',
    consider: 'A statin of high intensity is reasonable to consider; goal LDL-C below 70 mg/dL.',
  },
]

export const ACC_AHA_2026 = frozenEdition({
  id: 'acc-aha-2026',
  name: 'ACC/AHA 2026, management of dyslipidemia',
  replacedBy: null,
  indication:
    'Adults at intermediate or selected borderline risk whose decision on lipid-lowering therapy is uncertain, men from 40 and women from 45 years (class 1, level B-R, section 4.2.3.6, recommendation 1).',
  source:
    '2026 ACC/AHA multisociety guideline on the management of dyslipidemia. Circulation 2026;153:e1154-e1276, doi 10.1161/CIR.0000000000001423.',
  readIn: 'Unrelated summaries of the guideline; classes and levels in one of them that names the pages.',
  verification: UNCONFIRMED,
  rules: RULES_2026,
})
