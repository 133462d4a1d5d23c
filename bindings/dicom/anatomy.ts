/**
 * The part of the body an image says it shows, as one of three classes: the attributes may hold anything, a name included, so
 * only terms of the standard are understood and none is handed on. Free text (StudyDescription, ProtocolName) is not read.
 */
import type { Anatomy } from '../volume/volume.js'
import type { DataSet } from './dataset.js'
import { TAG, tagName } from './tags.js'

const words = (text: string): readonly string[] => Object.freeze(text.split(' '))

/**
 * Body Part Examined (0018,0015) in upper case, signs left out: the terms of PS3.16 Annex L for regions that hold the heart, and
 * THORAX, which vendors write.
 */
const HEART_TERMS = words('HEART CORONARYARTERY')
const CHEST_TERMS = words(
  'CHEST THORAX MEDIASTINUM CHESTABDOMEN CHESTABDPELVIS NECKCHEST NECKCHESTABDOMEN NECKCHESTABDPELVIS',
)
const OTHER_TERMS = words(
  'HEAD BRAIN SKULL NECK HEADNECK CSPINE TSPINE LSPINE SSPINE SPINE LUNG BREAST ABDOMEN ABDOMENPELVIS PELVIS LIVER KIDNEY ' +
    'PANCREAS COLON PROSTATE BLADDER HIP KNEE ANKLE FOOT LEG FEMUR SHOULDER ELBOW WRIST HAND ARM EXTREMITY PHANTOM',
)

/** Codes of Anatomic Region Sequence (0008,2218), from PS3.16 CID 4030 and 4031: SNOMED CT, and SNOMED-RT of older files. */
const HEART_CODES = words('80891009 T-32000 41801008 T-43000')
const CHEST_CODES = words(
  '816094009 51185008 T-D3000 72410000 T-D3300 416550000 R-FAB55 416775004 R-FAB56 417437006 R-FAB52 416152001 R-FAB53 ' +
    '416319003 R-FAB54',
)
const OTHER_CODES = words(
  '69536005 T-D1100 774007 T-D1000 45048000 T-D1600 818981001 113345001 T-D4000 818982008 816092008 12738006 T-A0100 ' +
    '61685007 T-D9000 706342009',
)

/** What an image shows; null where neither attribute is there. A code that is understood goes before the term. */
export function readAnatomy(set: DataSet): Anatomy | null {
  const code = set.items(TAG.AnatomicRegionSequence)[0]?.text(TAG.CodeValue) ?? null
  const coded = code === null ? null : regionOf(code.toUpperCase(), HEART_CODES, CHEST_CODES, OTHER_CODES)
  const term = set.text(TAG.BodyPartExamined)
  if (term === null || coded !== null) {
    return code === null ? null : { region: coded, attribute: tagName(TAG.AnatomicRegionSequence) }
  }
  const folded = term.toUpperCase().replace(/[^A-Z]/g, '')
  return { region: regionOf(folded, HEART_TERMS, CHEST_TERMS, OTHER_TERMS), attribute: tagName(TAG.BodyPartExamined) }
}

function regionOf(
  value: string,
  heart: readonly string[],
  chest: readonly string[],
  other: readonly string[],
): Anatomy['region'] {
  if (heart.includes(value)) return 'heart'
  if (chest.includes(value)) return 'chest'
  return other.includes(value) ? 'other' : null
}
