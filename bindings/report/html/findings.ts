/** What was found: the vessels, and the lesions, highest score first. */
import { NONE, count, fixed, plain, scoreText } from '../numbers.js'
import { inReadingOrder } from '../pictures/lesion-map.js'
import { styleOf } from '../pictures/palette.js'
import type { Report, VesselRow } from '../report.js'
import { minimumText } from '../rules.js'
import {
  type Share,
  areaOf,
  byScore,
  sharesByTotal,
  smallPieces,
  spanText,
  sumOf,
  sumOrNull,
  weightsText,
} from '../shares.js'
import { type Markup, html, section, sentence } from './markup.js'
import { markOf } from './svg.js'

/** Lesions listed before the rest is summed in one line. */
const LISTED = 12

export function vessels(report: Report): Markup | null {
  const { vessels: rows, notMarked, result } = report
  if (rows.length === 0) return null
  const where = result.input.assignments === null ? 'in the masks' : 'by masks or clicks'
  const most = Math.max(0, ...rows.map(({ totals }) => totals.agatston))
  const hasMass = result.total.massMg !== null
  const inOrder = (isCoronary: boolean): readonly VesselRow[] => {
    const kept = rows.filter(({ coronary }) => coronary === isCoronary)
    const byName = new Map(kept.map((row) => [row.territory, row]))
    return inReadingOrder([...byName.keys()]).map((name) => byName.get(name)!)
  }
  const apart = inOrder(false)
  const total = { totals: result.total, score: report.headline.score }
  return section(
    'vessels',
    'By vessel',
    notMarked.length === 0
      ? null
      : html`<p class="warn">Not marked ${where}: ${notMarked.join(', ')}. A zero would say nothing of them.</p> `,
    html`<div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Vessel</th>
              <th scope="col" class="n">Score</th>
              <td></td>
              ${numberHeads(hasMass)}
            </tr>
          </thead>
          <tbody>
            ${inOrder(true).map((row) => vesselRow(row, most, hasMass, ''))}
            <tr class="total">
              <th scope="row">${result.scope === 'candidates' ? 'Proposed total' : 'Coronary total'}</th>
              <td class="n">${total.score}</td>
              <td></td>
              ${numbers(total.totals, hasMass)}
            </tr>
            ${apart.map((row) => vesselRow(row, most, hasMass, 'apart'))}
          </tbody>
        </table>
      </div>
      ${apart.length > 0 ? html`<p class="small muted">Below the total: not coronary, not in it.</p>` : null}`,
  )
}

const numberHeads = (hasMass: boolean): Markup =>
  html`<th scope="col" class="n">Volume mm³</th>
    ${hasMass ? html`<th scope="col" class="n">Mass mg</th>` : null}
    <th scope="col" class="n">Lesions</th>
    <th scope="col" class="n">Peak HU</th>
    <th scope="col" class="n">Mean HU</th>`

const numbers = ({ volumeMm3, massMg, lesions, peakHu, meanHu }: VesselRow['totals'], hasMass: boolean): Markup =>
  html`<td class="n">${fixed(volumeMm3, 1)}</td>
    ${hasMass ? html`<td class="n">${fixed(massMg, 2)}</td>` : null}
    <td class="n">${lesions}</td>
    <td class="n">${plain(peakHu, 0)}</td>
    <td class="n">${fixed(meanHu, 0)}</td>`

function vesselRow(
  { territory, name, totals, score }: VesselRow,
  most: number,
  hasMass: boolean,
  kind: string,
): Markup {
  const words = name === territory ? null : html` <span class="muted">${name}</span>`
  const width = most > 0 ? (totals.agatston / most) * 100 : 0
  const bar = html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect width="100" height="10" rx="1" fill="var(--faint)" />
    <rect width="${Number(width.toFixed(2))}" height="10" rx="1" fill="var(--${styleOf(territory).ink})" />
  </svg>`
  return html`<tr class="${kind}">
    <th scope="row" class="vessel">${markOf(territory)}<b>${territory}</b>${words}</th>
    <td class="n"><b>${score}</b></td>
    <td class="barred">${bar}</td>
    ${numbers(totals, hasMass)}
  </tr> `
}

interface LesionColumn {
  readonly title: string
  readonly isNumber: boolean
  readonly one: (lesion: Share) => string | Markup
  readonly rest: (lesions: readonly Share[]) => string
}

const COLUMNS: readonly LesionColumn[] = [
  { title: 'Lesion', isNumber: false, one: ({ id }) => String(id), rest: ({ length }) => `${length} more` },
  { title: 'Territory', isNumber: false, one: (lesion) => territoriesOf(lesion), rest: () => '' },
  { title: 'Slices', isNumber: true, one: ({ slices }) => spanText(slices), rest: () => '' },
  {
    title: 'Score',
    isNumber: true,
    one: ({ agatston }) => scoreText(agatston, 1),
    rest: (all) =>
      scoreText(
        sumOf(all, ({ agatston }) => agatston),
        1,
      ),
  },
  {
    title: 'Area mm²',
    isNumber: true,
    one: (lesion) => fixed(areaOf(lesion), 1),
    rest: (all) => fixed(sumOf(all, areaOf), 1),
  },
  {
    title: 'Volume mm³',
    isNumber: true,
    one: ({ volumeMm3 }) => fixed(volumeMm3, 1),
    rest: (all) =>
      fixed(
        sumOrNull(all, ({ volumeMm3 }) => volumeMm3),
        1,
      ),
  },
  {
    title: 'Mass mg',
    isNumber: true,
    one: ({ massMg }) => fixed(massMg, 2),
    rest: (all) =>
      fixed(
        sumOrNull(all, ({ massMg }) => massMg),
        2,
      ),
  },
  { title: 'Peak HU', isNumber: true, one: ({ peakHu }) => plain(peakHu, 0), rest: () => '' },
  { title: 'Weight', isNumber: true, one: (lesion) => weightsText(lesion), rest: () => '' },
  {
    title: 'Centre L, P, S mm',
    isNumber: true,
    one: ({ centroidMm, isPart }) => (isPart ? NONE : centroidMm.map((mm) => mm.toFixed(0)).join(', ')),
    rest: () => '',
  },
]

const territoriesOf = ({ territories, isPart }: Share): Markup =>
  html`${territories.map((name, n) => html`${n > 0 ? ' + ' : null}${markOf(name)}${name}`)}${isPart ? ' †' : null}`

/** Lesions of the number above, then those that stand apart, then what was left out. */
export function lesions({ result }: Report): Markup | null {
  const { main, apart } = sharesByTotal(result)
  const excluded = result.lesions.filter(({ pieces }) => pieces.some((piece) => piece.excluded !== null))
  const small = smallPieces(result)
  if (main.length + apart.length + excluded.length + small === 0) return null
  const what = result.scope === 'whole-image' ? 'Connected calcifications, bone included' : 'Lesions'
  return section(
    'lesions',
    what,
    main.length === 0 ? null : table(main, 'Highest score first', '† the coronary part of a lesion that reaches beyond the coronary arteries'), // prettier-ignore
    apart.length === 0 ? null : html`<h3>Outside the coronary total</h3>${table(apart, 'Highest score first', '† the part outside of a lesion that reaches into a coronary artery')}`, // prettier-ignore
    excluded.length === 0 ? null : excludedOf(excluded),
    small === 0
      ? null
      : html`<p class="small muted">
          ${count(small, 'piece')} too small to count (counted: ${minimumText(result.standard)}), in no number above.
        </p>`,
    html`<p class="small muted">
      Slices count from 0 to ${result.input.slices - 1} in order of position along the slice normal.
    </p> `,
  )
}

function table(shares: readonly Share[], caption: string, partNote: string): Markup {
  const sorted = byScore(shares)
  const listed = sorted.length === LISTED + 1 ? sorted : sorted.slice(0, LISTED)
  const rest = sorted.slice(listed.length)
  const isNamed = shares.some(({ territories }) => territories.length > 0)
  const hasMass = shares.some(({ massMg }) => massMg !== null)
  const columns = COLUMNS.filter(({ title }) => (isNamed || title !== 'Territory') && (hasMass || title !== 'Mass mg'))
  const cell = ({ isNumber }: LesionColumn, content: string | Markup, n: number): Markup =>
    n === 0 ? html`<th scope="row">${content}</th>` : html`<td${isNumber ? html` class="n"` : null}>${content}</td>`
  const heads = columns.map(
    ({ title, isNumber }) => html`<th scope="col" ${isNumber ? html` class="n"` : null}>${title}</th>`,
  )
  return html`<div class="scroll">
      <table>
        <caption>
          ${caption}${rest.length > 0 ? `: ${listed.length} of ${sorted.length}, the rest summed in the last line` : null}
        </caption>
        <thead>
          <tr>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${listed.map(
            (lesion) =>
              html`<tr>
                ${columns.map((column, n) => cell(column, column.one(lesion), n))}
              </tr> `,
          )}${
            rest.length > 0
              ? html`<tr class="rest">
                  ${columns.map((column, n) => cell(column, column.rest(rest), n))}
                </tr>`
              : null
          }
        </tbody>
      </table>
    </div>
    ${shares.some(({ isPart }) => isPart) ? html`<p class="small muted">${sentence(partNote)}</p>` : null}`
}

function excludedOf(excluded: Report['result']['lesions']): Markup {
  const listed = excluded.slice(0, LISTED)
  const rest = excluded.length - listed.length
  return html`<h3>Left out by the reader, in no number above</h3>
    <ul class="plain">
      ${listed.map(({ id, slices, pieces }) => {
        const reason = pieces.find((piece) => piece.excluded !== null)!.excluded!
        const area = sumOf(pieces, ({ areaMm2 }) => areaMm2)
        return html`<li>Lesion ${id}, slices ${spanText(slices)}, ${fixed(area, 1)} mm²: <bdi>${reason}</bdi></li>`
      })}
    </ul>
    ${rest > 0 ? html`<p class="small muted">${rest} more: the data lists all.</p>` : null}`
}
