/** How the files were written: stray bits, another sign in the codestream, tags out of order, a program in the preamble. */
import type { Objections } from '../../base/verdict.js'
import type { Image } from '../image.js'
import { listOf } from '../planes.js'
import { TAG, tagText } from '../tags.js'
import { filesWhere } from './which.js'

export function checkFiles(slices: readonly Image[], objections: Objections): void {
  const foreign = filesWhere(slices, ({ words }) => words?.coding === 'native' && words.unused === 'foreign')
  if (foreign.length > 0) {
    const message = `bits beyond BitsStored are set in ${foreign.length} slice(s); they were masked`
    objections.warn('BITS_UNUSED_NONZERO', message, { files: foreign.length, file: listOf(foreign)[0] })
  }
  checkSign(slices, objections)
  const disordered = filesWhere(slices, (image) => image.outOfOrder)
  if (disordered.length > 0) {
    const message = `tags are out of order in ${disordered.length} file(s): not written by the standard, but readable`
    objections.warn('TAG_ORDER', message, { files: disordered.length, file: listOf(disordered)[0] })
  }
  const programs = filesWhere(slices, (image) => image.executablePreamble)
  if (programs.length > 0) {
    const message = `the preamble of ${programs.length} file(s) begins like a program: do not run them, ask where they come from`
    objections.warn('PREAMBLE_EXECUTABLE', message, { files: programs.length, file: listOf(programs)[0] })
  }
}

/** The header decides what the top bit means; a codestream that says otherwise may come from a header edited later. */
function checkSign(slices: readonly Image[], objections: Objections): void {
  const differs = ({ words }: Image): boolean =>
    words !== null && words.coding !== 'native' && words.facts.signed !== null && words.facts.signed !== words.signed
  const files = filesWhere(slices, differs)
  if (files.length === 0) return
  const tag = tagText(TAG.PixelRepresentation)
  const message = `the codestream of ${files.length} slice(s) gives its samples another sign than PixelRepresentation; they were read by PixelRepresentation`
  objections.warn('PIXEL_SIGN_MISMATCH', message, { tag, files: files.length, file: listOf(files)[0] })
}
