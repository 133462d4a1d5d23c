/** What the editions of 2018 (cholesterol) and 2019 (primary prevention) make of a calcium score, as data. Secondary sources only. */
import { ASCVD, type GuidelineRule, type Population, RULE, UNCONFIRMED, frozenEdition } from './edition.js'

const SCAN_2018: Population = Object.freeze({
  text: 'adults of 40 to 75 years with LDL-C 70 to 189 mg/dL at intermediate or selected borderline risk (pooled cohort equations 5 to below 20 % in 10 years) where the decision is uncertain',
  ageFrom: Object.freeze({ male: 40, female: 40 }),
  ageTo: 75,
  ldl: Object.freeze({ from: 70, below: 190 }),
  risk: Object.freeze({ model: 'pooledCohort', from: 0.05, below: 0.2 }),
})

const RULES_2018: readonly GuidelineRule[] = [
  {
    ...RULE,
    id: '2018-zero',
    when: 'Score 0, and no diabetes, smoking or premature family history',
    anyOf: [{ score: 'zero' }],
    population: SCAN_2018,
    absent: ['diabetes', 'smoking', 'family history'],
    classOfRecommendation: 'IIa',
    levelOfEvidence: 'B-NR',
    section: 'use of the calcium score, adults of 40 to 75 years',
    consider: 'Withholding or delaying a statin is reasonable to consider, with another look later.',
    confirm: [ASCVD],
    rescanYears: [5, 10],
  },
  {
    ...RULE,
    id: '2018-mild',
    when: 'Score above 0 and below 100',
    anyOf: [{ score: { from: 0, below: 100 } }],
    population: SCAN_2018,
    classOfRecommendation: 'IIa',
    levelOfEvidence: 'B-NR',
    section: 'use of the calcium score, adults of 40 to 75 years',
    consider: 'The score favours a statin.',
    emphasis: [{ text: 'more so from 55 years', ageFrom: 55 }],
  },
  {
    ...RULE,
    id: '2018-high',
    when: 'Score 100 and above, or above 0 at the 75th percentile and above',
    anyOf: [{ score: { from: 100, below: null } }, { score: { from: 0, below: null }, percentile: '75 and above' }],
    population: SCAN_2018,
    classOfRecommendation: 'IIa',
    levelOfEvidence: 'B-NR',
    section: 'use of the calcium score, adults of 40 to 75 years',
    consider: 'Beginning a statin is reasonable to consider.',
  },
]

export const ACC_AHA_2018 = frozenEdition({
  id: 'acc-aha-2018-2019',
  name: 'AHA/ACC 2018, blood cholesterol, and ACC/AHA 2019, primary prevention',
  replacedBy: 'acc-aha-2026',
  indication:
    'Adults of 40 to 75 years with LDL-C 70 to 189 mg/dL at intermediate (7.5 to below 20 %) or selected borderline risk (5 to below 7.5 %, pooled cohort equations) whose decision is uncertain (class IIa, level B-NR).',
  source:
    'Grundy SM et al. 2018 AHA/ACC guideline on the management of blood cholesterol, doi 10.1161/CIR.0000000000000625; Arnett DK et al. 2019 ACC/AHA guideline on the primary prevention of cardiovascular disease, doi 10.1161/CIR.0000000000000678.',
  readIn:
    'PMC7734661, table 3; MDedge Family Medicine 200252; the ten points of the NLA 2020. Class and level are those given there for measuring the score; a class for each band was not found.',
  verification: UNCONFIRMED,
  rules: RULES_2018,
})
