/**
 * Texts for FHIR. JSON escapes its own; what a string of FHIR may not hold, and what would be markup in the narrative, is dealt
 * with here. Names come from headers and may be anything.
 */

// A string of FHIR is of spaces, tabs, line ends and signs that are none of these: controls and halves of pairs become a visible mark.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g
const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const OTHER_SPACES = /[^\S \t\r\n]/g

/** As a FHIR string; undefined where nothing is left of it, since none may be empty. */
export function fhirString(text: string | null | undefined): string | undefined {
  const clean = (text ?? '').replace(CONTROLS, '\ufffd').replace(HALVES, '\ufffd').replace(OTHER_SPACES, ' ').trim()
  return clean === '' ? undefined : clean
}

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** As text of XHTML. */
export const xhtml = (text: string): string => (fhirString(text) ?? '').replace(/[&<>"']/g, (sign) => MARKUP[sign]!)

/** Paragraphs as the narrative of a resource. */
export const narrative = (paragraphs: readonly string[]): { readonly status: 'generated'; readonly div: string } => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.map((text) => `<p>${xhtml(text)}</p>`).join('')}</div>`,
})
