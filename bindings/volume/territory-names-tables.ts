/**
 * Codes and words for territories. Codes are SNOMED CT (`SCT`) as in PS3.16 CID 3015 (Coronary Artery), CID 3014, 3016, 4 and
 * CID 3610 (valves), with the SNOMED-RT codes (`SRT`) older files carry, as PS3.16 Annex O pairs them. A branch counts to the
 * vessel it leaves.
 *
 * Names of branches are those of the 18 segments of SCCT (Leipsic et al., J Cardiovasc Comput Tomogr 2014;8:342-358): D1, D2,
 * OM1, OM2, RI, R-PDA, L-PDA, R-PLB, L-PLB; D3, OM3 and AM (acute marginal) are of the 29 segments of BARI and the NCDR CathPCI
 * registry, which CID 3015 follows. Names of contours in radiotherapy are those of AAPM TG-263 (Report 263, 2018): `A_LAD`,
 * `A_Coronary_R`, and its `Cflx` for circumflex. What a source leaves open stays open here: see `DOUBTS`.
 */

/** A territory; `coronary`: a coronary structure whose vessel is not told; `elsewhere`: plainly no territory. */
type Row = readonly [territory: string, sct: string, srt: string | null]

const ROWS: readonly Row[] = [
  ['LM', '3227004', 'T-43107'], // left main
  ['LM', '1256091001', null], // its ostium
  ['LM', '76862008', null], // the same, as the NCDR registry codes segment 11a
  ['LAD', '59438005', 'T-43110'], // left anterior descending
  ['LAD', '68787002', 'T-43111'], // proximal
  ['LAD', '91748002', 'T-43115'], // mid
  ['LAD', '36672000', 'T-43112'], // distal
  ['LAD', '91750005', 'T-43117'], // 1st diagonal
  ['LAD', '91751009', 'T-43118'], // 2nd diagonal
  ['LAD', '91752002', 'T-43119'], // 3rd diagonal
  ['LAD', '244251006', 'T-43002'], // 1st septal
  ['LCX', '57396003', 'T-43120'], // circumflex
  ['LCX', '52433000', 'T-43121'], // proximal
  ['LCX', '91753007', 'T-43127'], // mid
  ['LCX', '6511003', 'T-43122'], // distal
  ['LCX', '75902001', 'T-43124'], // AV groove continuation
  ['LCX', '57823005', 'T-43125'], // left posterolateral
  ['LCX', '91757008', 'T-4312B'], // 1st left posterolateral
  ['LCX', '91758003', 'T-4312C'], // 2nd
  ['LCX', '91759006', 'T-4312D'], // 3rd
  ['LCX', '91760001', 'T-4312E'], // left posterior descending, a branch of the circumflex
  ['LCX', '91754001', 'T-43128'], // 1st obtuse marginal (NCDR segments 20 to 22; T-4312x are branches of T-43120)
  ['LCX', '91755000', 'T-43129'], // 2nd
  ['LCX', '91756004', 'T-4312A'], // 3rd
  ['RCA', '13647002', 'T-43200'], // right coronary artery
  ['RCA', '56789007', 'T-43205'], // its ostium
  ['RCA', '91083009', 'T-43201'], // proximal
  ['RCA', '450960006', 'T-D6515'], // mid
  ['RCA', '41879009', 'T-43202'], // distal
  ['RCA', '244258000', null], // acute marginal (NCDR segment 10)
  ['RCA', '12800002', 'T-43212'], // right posterior AV
  ['RCA', '17269004', null], // posterolateral branch of the right
  ['RCA', '91761002', 'T-43213'], // 1st right posterolateral
  ['RCA', '91762009', 'T-43214'], // 2nd
  ['RCA', '91763004', 'T-43215'], // 3rd
  ['PDA', '443113009', 'T-D0878'], // posterior descending
  ['PDA', '53655008', 'T-43210'], // posterior descending, from the right
  ['RAMUS', '244252004', 'T-43003'], // intermediate
  ['AORTA', '15825003', 'T-42000'],
  ['AORTIC_VALVE', '34202007', 'T-35400'],
  ['MITRAL_VALVE', '91134007', 'T-35300'],
  ['coronary', '41801008', 'T-43000'], // coronary artery
  ['coronary', '50018008', null], // left coronary artery: LM, LAD and LCX together
  // "Marginal" of no side leaves the circumflex or the right artery: coronary either way, the vessel is not told.
  ['coronary', '22765000', 'T-43230'],
  ['elsewhere', '80891009', 'T-32000'], // heart
]

/** By `SCT 59438005` or `SRT T-43110`. Grafts (264293000) and calcification as such (18115005) say nothing of a vessel. */
export const CODES: Readonly<Record<string, string>> = Object.freeze(
  Object.fromEntries(
    ROWS.flatMap(([territory, sct, srt]) => [
      [`SCT ${sct}`, territory],
      ...(srt === null ? [] : [[`SRT ${srt}`, territory]]),
    ]),
  ),
)

/** Each base with a side before or behind it: `r plb`, `plb r`. */
const sided = (sides: readonly string[], bases: readonly string[]): string =>
  sides.flatMap((side) => bases.flatMap((base) => [`${side} ${base}`, `${base} ${side}`])).join(', ')
const [RIGHT, LEFT] = [
  ['r', 'right'],
  ['l', 'left'],
]
const POSTEROLATERAL = ['plb', 'pl', 'plv', 'posterolateral']
const POSTERIOR_DESCENDING = ['pda', 'posterior descending']

const PHRASE_LISTS: Readonly<Record<string, string>> = {
  LM: 'lm, lms, lmca, lmt, left main, left main stem, left main trunk, main stem',
  LAD:
    'lad, left anterior descending, anterior descending, left anterior interventricular, riva, lad diagonal, diagonal, diag, ' +
    'd1, d2, d3, diag1, diag2, diag3',
  LCX:
    'lcx, cx, rcx, circ, cflx, circumflex, left circumflex, ramus circumflexus, obtuse marginal, om, om1, om2, om3, ' +
    `lplb, lpl, lpda, ${sided(LEFT!, POSTEROLATERAL)}, ${sided(LEFT!, POSTERIOR_DESCENDING)}`,
  RCA: `rca, acute marginal, right marginal, am, am1, am2, rplb, rpl, ${sided(RIGHT!, POSTEROLATERAL)}`,
  RAMUS: 'ramus, ri, intermediate, intermedius, ramus intermedius, ramus intermediate',
  PDA: `pda, rpda, posterior descending, ${sided(RIGHT!, POSTERIOR_DESCENDING)}`,
  AORTA:
    'aorta, aortic, aortic wall, aortic arch, aortic root, ascending aorta, aorta ascending, aorta asc, descending aorta, aorta descending, thoracic aorta, descending thoracic aorta, ascending thoracic aorta',
  AORTIC_VALVE: 'aortic valve, valve aortic, aov, ao v, avc, aortic valve leaflets',
  MITRAL_VALVE: 'mitral valve, valve mitral, mitral, mitral annulus, mitral annular, mitral valve annulus',
  OTHER: 'other, others',
  coronary: 'lca',
}

/** What is left of a label, its qualifying words taken off, and what it is. */
export const PHRASES: Readonly<Record<string, string>> = Object.freeze(
  Object.fromEntries(
    Object.entries(PHRASE_LISTS).flatMap(([territory, list]) => list.split(', ').map((phrase) => [phrase, territory])),
  ),
)

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))

/** Words that do not change which vessel is meant. `p`, `m`, `d` are proximal, mid, distal: `pLAD`. */
export const QUALIFIERS = words(
  'coronary coronaries artery arteries arterial branch vessel territory territories segment mask roi label contour ' +
    'calcium calcification calcifications calcified calc cac plaque plaques lesion lesions ' +
    'proximal prox p middle mid m distal dist d ostium ostial native of the first second third 1st 2nd 3rd',
)

export const CORONARY_WORDS = words('coronary coronaries cac')
/** With any of these a label says what something is not. */
export const NEGATIONS = words('non not no none without except excluding exclude outside extra extracoronary')
/** A label with any of these may mark what is to be scored, and is never left out unasked. */
export const CALCIUM_WORDS = words(
  'calcium calcification calcifications calcified calc cac plaque plaques lesion lesions agatston score',
)
export const VESSEL_WORDS = words('artery arteries arterial vessel vessels vascular graft stent branch')
/** Vessels that are none of the heart's own. */
export const OTHER_VESSEL_WORDS = words(
  'pulmonary lung carotid subclavian brachiocephalic iliac vena cava vein veins venous',
)

/** Anatomy that holds no territory. A label that is not about vessels or calcium and has one of these is left out. */
export const ANATOMY_WORDS = words(
  'heart cardiac myocardium myocardial pericardium pericardial atrium atrial atria ventricle ventricular ventricles ' +
    'pulmonary lung lungs lobe rib ribs vertebra vertebrae vertebral spine spinal sternum clavicle clavicles clavicula ' +
    'scapula scapulae humerus bone bones skeleton costal cartilages body external skin patient couch isocenter isocentre ' +
    'liver spleen kidney kidneys stomach pancreas gallbladder adrenal colon bowel esophagus oesophagus trachea bronchus ' +
    'bronchi airway airways thyroid thymus breast breasts muscle muscles fat adipose mediastinum diaphragm thorax chest ' +
    'vena cava venacava vein veins carotid subclavian brachiocephalic brachiocephls tricuspid pulmonic chestwall background air',
)

/** Words of vessels that do not say enough, and what to write instead. The first that a label has a word of is told. */
export const DOUBTS: readonly (readonly [words: ReadonlySet<string>, why: string])[] = [
  [
    words('plb pl plv pla posterolateral'),
    'a posterolateral branch leaves the right artery or the circumflex (SCCT: R-PLB, L-PLB); write RCA or LCX',
  ],
  [
    words('marginal marginals m1 m2 m3'),
    'an obtuse marginal leaves the circumflex, an acute one the right artery; write LCX or RCA',
  ],
]
/** Of a vessel and an organ in one name. */
export const DOUBT_ORGAN =
  'it names an organ and a vessel, and by TG-263 a hyphen takes one structure from another; write the vessel alone if that is what was drawn'
/** Of a tilde before a name. */
export const DOUBT_PARTIAL = 'by TG-263 a tilde marks a structure drawn only in part; draw all of the vessel'
