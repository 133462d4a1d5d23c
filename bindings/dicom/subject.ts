/**
 * Who and what was scanned, as the headers say it: for reports that are to bear a name. Apart from everything a score is made of: a
 * result never holds any of it, and no message, log or path does. It is read again when it is asked for; a volume keeps none of it.
 */
import { decodeText } from './charset.js'
import type { DataSet } from './dataset.js'
import { readHead } from './head.js'
import type { DicomVolume } from './volume.js'

/** Texts are decoded (Specific Character Set) and otherwise as sent: hostile ones included. Null: not given. */
export interface Subject {
  /** PatientName (0010,0010), the first component group as people write it: "Family, Given Middle". */
  readonly name: string | null
  /** Ideographic and phonetic groups of the name, where there are any. */
  readonly otherNames: readonly string[]
  /** PatientID (0010,0020). */
  readonly id: string | null
  /** PatientBirthDate (0010,0030) as YYYY-MM-DD. */
  readonly birthDate: string | null
  /** PatientSex (0010,0040). */
  readonly sex: 'male' | 'female' | 'other' | null
  /** Whole years at the scan: from birth date and study date, else PatientAge (0010,1010). */
  readonly ageYears: number | null
  /** AccessionNumber (0008,0050). */
  readonly accessionNumber: string | null
  /** StudyDate (0008,0020) as YYYY-MM-DD. */
  readonly studyDate: string | null
  /** StudyTime (0008,0030) as HH:MM:SS. */
  readonly studyTime: string | null
  /** StudyDescription (0008,1030). */
  readonly studyDescription: string | null
  /** InstitutionName (0008,0080). */
  readonly institution: string | null
  /** ReferringPhysicianName (0008,0090), as people write it. */
  readonly referringPhysician: string | null
}

/** Most bytes of a value that are looked at. */
const MOST_BYTES = 4096

/**
 * Who was scanned, from the header of the volume's first slice (that all slices agree was checked when the series was read).
 *
 * @throws AgatstonError `PARSE_FAILED` where the file is not any more the one that was read
 */
export const readSubject = async (volume: DicomVolume): Promise<Subject> => subjectOf((await readHead(volume)).dataset)

/** The same from a data set. Attributes that hold no such value as theirs are null, never repaired. */
export function subjectOf(set: DataSet): Subject {
  const text = (tag: number): string | null => textOf(set, tag)
  const [name = null, ...otherNames] = nameGroups(set, 0x00100010)
  const birthDate = readDate(text(0x00100030))
  const studyDate = readDate(text(0x00080020))
  return Object.freeze({
    name,
    otherNames: Object.freeze(otherNames),
    id: text(0x00100020),
    birthDate,
    sex: sexOf(text(0x00100040)),
    ageYears: yearsBetween(birthDate, studyDate) ?? ageOf(text(0x00101010)),
    accessionNumber: text(0x00080050),
    studyDate,
    studyTime: readTime(text(0x00080030)),
    studyDescription: text(0x00081030),
    institution: text(0x00080080),
    referringPhysician: nameGroups(set, 0x00080090)[0] ?? null,
  })
}

/** Values of SpecificCharacterSet (0008,0005). */
export function characterSets(set: DataSet): readonly string[] {
  const value = set.value(0x00080005)
  if (value === null) return []
  return latin(value.subarray(0, MOST_BYTES))
    .split('\\')
    .map((term) => term.replace(/[\0 ]+$/, '').trim())
}

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** The first value of an attribute, padding off; null where it is absent or blank. */
function textOf(set: DataSet, tag: number, isName = false): string | null {
  const value = set.value(tag)
  if (value === null) return null
  const whole = decodeText(value.subarray(0, MOST_BYTES), characterSets(set), isName)
  return trimmed(whole.split('\\', 1)[0]!)
}

/** Without spaces around it and padding behind it. */
function trimmed(text: string): string | null {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/^ +/, '').replace(/[\u0000 ]+$/, '') || null
}

/** Groups of a name (PS3.5 6.2.1: alphabetic, ideographic, phonetic), those that say something, each as people write it. */
function nameGroups(set: DataSet, tag: number): readonly string[] {
  const text = textOf(set, tag, true)
  if (text === null) return []
  return text.split('=').flatMap((group) => {
    const [family, given, middle, , suffix] = group.split('^').map(trimmed)
    const first = [given, middle].filter(Boolean).join(' ')
    return [family, first, suffix].filter(Boolean).join(', ') || []
  })
}

/** DA, and its form before 1993 (YYYY.MM.DD), as YYYY-MM-DD; null where there is no such day. */
export function readDate(text: string | null): string | null {
  const found = /^(\d{4})(\.?)(\d{2})\2(\d{2})$/.exec(text ?? '')
  if (!found) return null
  const [year, month, day] = [Number(found[1]), Number(found[3]), Number(found[4])]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (year === 0 || days === undefined || day < 1 || day > days) return null
  return `${found[1]}-${found[3]}-${found[4]}`
}

/** TM as HH:MM:SS, what it leaves out as 00; null where there is no such time. */
export function readTime(text: string | null): string | null {
  const found = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d{1,6})?)?)?$/.exec(text ?? '')
  if (!found) return null
  const [hours, minutes = '00', seconds = '00'] = found.slice(1)
  // 60 is a leap second.
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return null
  return `${hours}:${minutes}:${seconds}`
}

function sexOf(text: string | null): Subject['sex'] {
  return text === 'M' ? 'male' : text === 'F' ? 'female' : text === 'O' ? 'other' : null
}

/** Oldest age that is believed. */
const OLDEST = 130

function yearsBetween(birth: string | null, study: string | null): number | null {
  if (birth === null || study === null) return null
  const years = Number(study.slice(0, 4)) - Number(birth.slice(0, 4)) - (study.slice(5) < birth.slice(5) ? 1 : 0)
  return years >= 0 && years <= OLDEST && study >= birth ? years : null
}

/** AS: three digits and a unit, in whole years. */
function ageOf(text: string | null): number | null {
  const found = /^(\d{3})([DWMY])$/.exec(text ?? '')
  if (!found) return null
  const perYear = { D: 365.25, W: 365.25 / 7, M: 12, Y: 1 }[found[2] as 'D' | 'W' | 'M' | 'Y']
  const years = Math.floor(Number(found[1]) / perYear)
  return years <= OLDEST ? years : null
}
