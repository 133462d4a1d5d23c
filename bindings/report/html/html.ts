/**
 * A report as one page that needs nothing else: no script, no address but the pictures within it. For screens, bright and dark, and
 * for paper. The same report is the same bytes.
 */
import { makeDrawings } from '../pictures/drawings.js'
import type { Drawing } from '../pictures/drawing.js'
import type { Picture } from '../pictures/picture.js'
import type { Report } from '../report.js'
import { images } from './figures.js'
import { lesions, vessels } from './findings.js'
import { claim, eligibility, foot, masks, quality } from './grounds.js'
import { Markup, html } from './markup.js'
import { comparison, meaning } from './meaning.js'
import { hero, opening, readFirst } from './opening.js'
import { STYLE } from './style.js'

export interface HtmlOptions {
  /** Key images and overviews (`makePictures`); none: the page has no pictures. */
  readonly pictures?: readonly Picture[]
  /** Left out: those the report has numbers for (`makeDrawings`). */
  readonly drawings?: readonly Drawing[]
}

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** The report as a page in UTF-8. It bears a name where `report.subject` is there, and nowhere else. */
export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const { pictures = [], drawings = makeDrawings(report) } = options
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${titleOf(report)}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        ${opening(report)}
        <main>
          ${readFirst(report)}${hero(report)}${vessels(report)}${comparison(report, drawings)}${images(pictures)}${meaning(report)}${lesions(report)}${quality(report)}${masks(report)}${eligibility(report)}${claim(report)}
        </main>
        ${foot(report)}
      </body>
    </html> `
  return page.text
}

/** With the name only where the report bears one. */
function titleOf({ status, headline, subject }: Report): string {
  const what = `${status.title}: ${headline.score}`
  return subject?.name ? `${what} (${subject.name})` : what
}
