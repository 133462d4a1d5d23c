/** The beginning of the page: who, what it is, what must be read before the number, the number. */
import type { Notice, Report } from '../report.js'
import { type Markup, html, sentence } from './markup.js'

export const opening = (report: Report): Markup =>
  html`<header>
    <h1>${report.status.title}</h1>
    ${subject(report)}
  </header> `

function subject({ subject: who }: Report): Markup | null {
  if (who === null) return null
  const rows: readonly (readonly [string, string | null])[] = [
    ['Patient', who.name],
    ['Also written', who.otherNames.join(', ') || null],
    ['ID', who.id],
    ['Born', who.birthDate],
    ['Sex, age', [who.sex, who.ageYears].filter((value) => value !== null).join(', ') || null],
    ['Study', [who.studyDate, who.studyTime?.slice(0, 5) ?? null].filter((value) => value !== null).join(' ') || null],
    ['Description', who.studyDescription],
    ['Accession', who.accessionNumber],
    ['Institution', who.institution],
    ['Referred by', who.referringPhysician],
  ]
  const known = rows.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value] as const]))
  if (known.length === 0) return null
  return html`<dl class="subject">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><bdi>${value}</bdi></dd>
        </div>`,
    )}
  </dl> `
}

/** What may move the number. */
export function readFirst({ first }: Report): Markup | null {
  if (first.length === 0) return null
  return html`<section class="first" aria-labelledby="first">
    <h2 id="first">Read first</h2>
    <ul>
      ${first.map(notice)}
    </ul>
  </section> `
}

/** What was met, with its code, and what it does to the score. */
export const notice = ({ code, message, effect }: Notice): Markup =>
  html`<li><b>${sentence(message)}</b> ${effect} <code>${code}</code></li> `

/** Longer scores are set smaller. */
const LONG = 8

export function hero({ headline, status, categories }: Report): Markup {
  const isLong = headline.score.length >= LONG
  return html`<section class="hero" aria-label="Result">
    <div class="number">
      <p class="label">${headline.label}</p>
      <p class="score${isLong ? ' long' : ''}">${headline.score}</p>
      <p>${headline.found}</p>
    </div>
    ${categoriesOf(categories)}${status.statement === null ? null : html`<p class="statement warn">${status.statement}</p>`}
  </section> `
}

function categoriesOf({ value, reason }: Report['categories']): Markup {
  if (value === null)
    return html`<div class="categories">
      <p><b>No category</b></p>
      <p class="muted">${sentence(reason)}</p>
    </div>`
  const isProvisional = value.some(({ provisional }) => provisional)
  return html`<dl class="categories">
    ${isProvisional ? html`<div class="warn">Provisional: not confirmed by a reader</div>` : null}${value.map(
      ({ name, value: band, meaning, source }) =>
        html`<div>
          <dt title="${source}">${name}</dt>
          <dd><b>${band}</b>${meaning === '' ? null : html` <span class="muted">${meaning}</span>`}</dd>
        </div>`,
    )}
  </dl> `
}
