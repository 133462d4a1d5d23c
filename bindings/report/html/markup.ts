/**
 * Text into markup, in one place: whatever is put into a template is escaped unless it is markup itself. What steers a page or turns
 * the direction of writing is shown as a sign, so that no name can make another line say something else.
 */

/** Markup that is known to be well formed. Made by `html` only. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | null | readonly Part[]

/** Controls of both blocks but tab and line feed, and every mark that changes the direction of writing or joins without being seen. */
const STEERING =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu
const LONE = /\p{Surrogate}/gu
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text for between tags and for between quotes. */
export const escaped = (text: string): string =>
  text
    .replace(LONE, '\ufffd')
    .replace(STEERING, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)

/** Template of markup: parts are escaped, lists are put one after another, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0]!
  parts.forEach((part, n) => {
    text += written(part) + strings[n + 1]!
  })
  return new Markup(text)
}

function written(part: Part): string {
  if (part === null) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return part.map(written).join('')
}

/** `a: b` as a sentence: a capital at the beginning, a full stop at the end. */
export const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

/** A section with its heading; the id joins the two for those who hear the page. */
export const section = (id: string, title: string, ...content: readonly Part[]): Markup =>
  html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section> `

/** Names and values, one below the other. */
export const fields = (rows: readonly (readonly [name: string, value: string])[]): Markup =>
  html`<dl class="fields">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><bdi>${value}</bdi></dd>
        </div>`,
    )}
  </dl> `
