/** Pictures and drawings, each with its title, its words for those who do not see it, and its caption. */
import type { Drawing } from '../pictures/drawing.js'
import { type Picture, pngOf } from '../pictures/picture.js'
import { base64 } from './base64.js'
import { type Markup, html, section } from './markup.js'
import { markOf, svgOf } from './svg.js'

/** Key images, then overviews. */
export function images(pictures: readonly Picture[]): Markup {
  const of = (kind: Picture['kind']): readonly Picture[] => pictures.filter((picture) => picture.kind === kind)
  const [keys, overviews] = [of('key-image'), of('overview')]
  const grid = (name: string, members: readonly Picture[]): Markup =>
    html`<div class="${name}">${members.map(figure)}</div> `
  return html`${keys.length > 0 ? section('keys', keysTitle(keys), grid(`keys of-${keys.length}`, keys)) : null}${overviews.length > 0 ? section('overview', 'Overview', grid('overviews', overviews)) : null}`
}

function keysTitle(keys: readonly Picture[]): string {
  if (keys.every(({ territory }) => territory === null)) return 'Largest calcification'
  return keys.length === 1 ? 'Largest lesion' : "Each vessel's largest lesion"
}

function figure(picture: Picture): Markup {
  const { title, alt, caption, width, height, kind, territory } = picture
  const mark = kind === 'key-image' ? markOf(territory) : null
  return html`<figure>
    <img src="data:image/png;base64,${base64(pngOf(picture))}" width="${width}" height="${height}" alt="${alt}" />
    <figcaption>
      ${mark}<b>${title}</b>
      <p>${caption}</p>
    </figcaption>
  </figure> `
}

export const drawn = (drawing: Drawing): Markup =>
  html`<figure>
    ${svgOf(drawing)}
    <figcaption><b>${drawing.title}</b>${drawing.caption === null ? null : html`<p>${drawing.caption}</p>`}</figcaption>
  </figure> `
