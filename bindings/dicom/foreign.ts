/**
 * Files that are no DICOM: which of them are plainly something else, and which may be a slice that was damaged. A slice that is
 * lost at the end of a stack leaves no gap, so nothing but the file itself can tell of it. Zip archives lie between the two: one
 * that was not named is not opened, since it is mostly a copy, another study or a viewer, but never passed over without a word.
 */
import { AgatstonError, type Refusal } from '../base/errors.js'
import { looksLikeZip } from './archive/zip-directory.js'
import { listOf } from './planes.js'
import { parseFailed } from './trouble.js'

/** What is known of a file that does not begin like DICOM. */
export interface Stray {
  readonly file: string
  /** `named`: by its end; `bare`: a name without an end, as those of slices often are. */
  readonly trouble: 'empty' | 'zero' | 'preamble' | 'named' | 'bare'
}

/** Kinds of files that stand beside series on discs, exports and workstations, by the end of their name. */
const FOREIGN_ENDS =
  /\.(txt|md|rst|rtf|log|csv|tsv|json|jsonl|xml|xsl|xsd|html?|css|js|mjs|ts|py|sh|m|ya?ml|toml|ini|inf|cfg|conf|lic|png|jpe?g|gif|bmp|tiff?|webp|svg|ico|pdf|docx?|xlsx?|pptx?|odt|zip|gz|tgz|bz2|xz|7z|rar|tar|iso|nii|hdr|img|mha|mhd|nrrd|nhdr|raw|bin|npy|npz|mat|h5|hdf5|stl|obj|ply|vtk|vti|vtp|mp4|avi|mov|mpg|wmv|exe|dll|so|dylib|jar|class|msi|cab|bat|cmd|com|lnk|url|db|sqlite|sha1|sha256|sha512|md5|lock)$/i
/** Names without an end that are no slices, and everything hidden (`.DS_Store`, `._IM0001.dcm`). */
const FOREIGN_NAMES =
  /^(\.|(dicomdir|readme|license|licence|copying|copyright|notice|authors|changelog|changes|contents?|index|version|manifest|checksums?|md5sums?|sha1sums?|sha256sums?|sha512sums?|makefile|dockerfile|lockfile|autorun|thumbs)(\.|$))/i
const DICOM_ENDS = /\.(dcm|dicom|dic|dc3|ima)$/i

/** No end of letters: `IM0001`, `1.2.840.3.17`. */
export const isBareName = (file: string): boolean => !/\.[a-z][a-z0-9_-]*$/i.test(file)

/** What a file that does not begin like DICOM may be; null where it is plainly something else. */
export function strayOf(file: string, head: Uint8Array): Stray | null {
  if (FOREIGN_NAMES.test(file) || FOREIGN_ENDS.test(file)) return null
  if (head.length === 0) return { file, trouble: 'empty' }
  if (head.every((byte) => byte === 0)) return { file, trouble: 'zero' }
  if (breaksOffInPreamble(head)) return { file, trouble: 'preamble' }
  if (DICOM_ENDS.test(file)) return { file, trouble: 'named' }
  return isBareName(file) ? { file, trouble: 'bare' } : null
}

/** Whether a file ends within the 128 bytes of the preamble and the four letters behind it, or lost the preamble. */
function breaksOffInPreamble(head: Uint8Array): boolean {
  const letters = [0x44, 0x49, 0x43, 0x4d]
  const isMagic = (from: number): boolean =>
    letters.every((letter, n) => n + from >= head.length || head[n + from] === letter)
  if (isMagic(0)) return true
  return head.length < 132 && head.subarray(0, 128).every((byte) => byte === 0) && isMagic(128)
}

const WORDS: Readonly<Record<Stray['trouble'], string>> = {
  empty: 'the file is empty',
  zero: 'the file begins with nothing but zeros',
  preamble: 'the file breaks off where a DICOM file begins',
  named: 'the file has the name of a DICOM file and is none',
  bare: 'the file is named like the slices and is no DICOM',
}

/** The refusal of such a file beside a CT series. */
export const strayRefusal = ({ file, trouble }: Stray): Refusal =>
  parseFailed('damaged', `${WORDS[trouble]}: it may be a slice that was lost`, { file }).toRefusal()

/** Whether a file is a zip archive that may hold slices: by its first bytes, and not named as documents and programs are. */
export const isArchive = (file: string, head: Uint8Array): boolean =>
  looksLikeZip(head) && (/\.zip$/i.test(file) || isBareName(file))

/** What is said of archives that were met and not opened. */
export const archivesWords = (archives: readonly string[]): string =>
  `${archives.length} zip archive(s) among the files were not opened and may hold images (${listOf(archives).join(', ')}). Name each as a path of its own, or leave it out`

/** The refusal where no file is DICOM. */
export function noDicom(files: number, notDicom: number, archives: readonly string[]): AgatstonError {
  const next = archives.length > 0 ? archivesWords(archives) : 'Give a folder of DICOM files'
  const message = `none of the ${files} file(s) is DICOM. ${next}`
  return new AgatstonError('NOT_DICOM', message, {
    files,
    notDicom,
    ...(archives.length > 0 ? { archives: listOf(archives) } : {}),
  })
}
