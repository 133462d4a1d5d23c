/** The page: one file that needs nothing else, everything escaped, whatever a report holds. */
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { base64 } from '../../../bindings/report/html/base64.js'
import { renderHtml } from '../../../bindings/report/html/html.js'
import { escaped, html } from '../../../bindings/report/html/markup.js'
import { svgOf } from '../../../bindings/report/html/svg.js'
import { coordinate, pathText } from '../../../bindings/report/pictures/drawing.js'
import { makeDrawings } from '../../../bindings/report/pictures/drawings.js'
import { makePictures } from '../../../bindings/report/pictures/pictures.js'
import type { Report } from '../../../bindings/report/index.js'
import { BLOCKS, FACTS, SUBJECT, manyLesions, reportOf, sceneOf, wholeImageScene } from '../fixtures.js'

const scene = await sceneOf()
const pictures = await makePictures(scene.result, scene.volume, scene.pixels)
const report = reportOf(scene.result)
const page = renderHtml(report, { pictures })

/** Every tag in order; what is opened must be closed. Tags without an end and those of SVG that end themselves are left out. */
function unclosed(text: string): string[] {
  const open: string[] = []
  for (const [whole, end, name] of text.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)\b(?:"[^"]*"|[^">])*>/g)) {
    if (whole.endsWith('/>') || ['meta', 'img', 'br'].includes(name!)) continue
    if (end === '') open.push(name!)
    else if (open.at(-1) === name) open.pop()
    else return [...open, `/${name!}`]
  }
  return open
}

const order = (text: string, ...marks: readonly string[]): void => {
  const places = marks.map((mark) => text.indexOf(mark))
  for (const [n, mark] of marks.entries()) expect(places[n], mark).toBeGreaterThan(n === 0 ? -1 : places[n - 1]!)
}

describe('the page', () => {
  it('needs nothing else: no script, no address, no form; the policy says so', () => {
    expect(page).toContain(`default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;`)
    expect(/<(script|link|iframe|object|embed|form|base|a)\b/i.test(page)).toBe(false)
    const words = page.replace(/src="data:image\/png;base64,[^"]*"/g, '')
    expect(/https?:|\/\/[a-z]|@import|url\(|javascript:/i.test(words)).toBe(false)
    for (const [, source] of page.matchAll(/src="([^"]*)"/g))
      expect(source).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/=]+$/)
    expect(/\son[a-z]+=/i.test(page)).toBe(false)
  })

  it('is well formed, with landmarks, headings in order, heads of tables, words for pictures', () => {
    expect(unclosed(page.slice(page.indexOf('<html')).replace(/<style>[\s\S]*<\/style>/, ''))).toEqual([])
    for (const part of ['<header', '<main', '<footer', '<html lang="en"']) expect(page).toContain(part)
    expect(page.match(/<h1/g)).toHaveLength(1)
    for (const [, attributes] of page.matchAll(/<th\b([^>]*)>/g)) expect(attributes).toMatch(/scope="(col|row)"/)
    const images = [...page.matchAll(/<img\b[^>]*>/g)]
    expect(images).toHaveLength(pictures.length)
    for (const [image] of images) expect(image).toMatch(/alt="[^"]{40,}"/)
    for (const [, id] of page.matchAll(/aria-labelledby="([^"]*)"/g))
      for (const one of id!.split(' ')) expect(page, one).toContain(`id="${one}"`)
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('tells things in the order in which they are read', () => {
    order(page, 'Rossi-Andersson', 'Read first', 'class="hero"', 'By vessel', 'id="percentile"', 'id="sensitivity"')
    order(page, 'id="keys"', 'id="overview"', 'id="risk"', 'id="guidelines"', 'id="lesions"', 'id="quality"', '<footer')
    order(page, '<footer', report.disclaimer)
    expect(page).toContain(`>${report.headline.score}</p>`)
  })

  it('is the same bytes for the same report, also after JSON', () => {
    expect(renderHtml(report, { pictures }) === page).toBe(true)
    expect(renderHtml(JSON.parse(JSON.stringify(report)) as Report, { pictures }) === page).toBe(true)
  })

  it('bears no name where the report has none', () => {
    const text = renderHtml(reportOf(scene.result, { facts: FACTS }), { pictures })
    for (const value of Object.values(SUBJECT)) {
      if (typeof value === 'string' && value.length > 4) expect(text).not.toContain(escaped(value))
    }
  })
})

describe('cases', () => {
  it('a page without pictures has no empty place for them', () => {
    const text = renderHtml(report)
    expect(text).not.toContain('<img')
    expect(text).not.toContain('id="keys"')
    expect(text).toContain('<svg viewBox')
  })

  it('a whole image has no category, percentile, vessel or total, and says why', async () => {
    const whole = await wholeImageScene()
    const text = renderHtml(reportOf(whole.result))
    expect(text).toContain('NOT a coronary calcium score')
    expect(text).toContain('No category')
    expect(text).not.toMatch(/id="(vessels|percentile|risk|guidelines)"/)
    expect(text).not.toContain('Coronary total')
  })

  it('candidates are unconfirmed, their categories provisional', () => {
    const { category } = scene.result
    const text = renderHtml(
      reportOf({ ...scene.result, scope: 'candidates', category: null, provisionalCategory: category }),
    )
    expect(text).toContain('Not confirmed by a reader')
    expect(text).not.toContain('Coronary total')
    expect(text).not.toContain('id="risk"')
  })

  it('an overridden refusal is told, and category and percentile withheld', () => {
    const text = renderHtml(reportOf({ ...scene.result, accepted: ['LOSSY'], category: null }))
    expect(text).toContain('LOSSY')
    expect(text).toContain('No category')
    expect(text).not.toContain('id="percentile"')
  })

  it('a zero is a zero, with its vessels', async () => {
    const zero = await sceneOf(BLOCKS.map((block) => ({ ...block, hu: 60 })))
    const text = renderHtml(reportOf(zero.result))
    expect(text).toMatch(/class="score">0<\/p>/)
    expect(text).not.toContain('id="lesions"')
  })

  it('2,000 lesions are twelve rows and a sum', async () => {
    const many = await manyLesions(2000, ['LAD', 'Own vessel of sixty-four letters '.repeat(2).slice(0, 63)])
    const text = renderHtml(reportOf(many.result))
    expect(text).toContain('12 of 2000')
    expect(text).toContain('1988 more')
    expect(text.length).toBeLessThan(150_000)
  })
})

describe('escaping', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></style></svg><b>',
    '&lt;already&gt; &amp; so on',
    '\u202egnorw yaw eht\u202c \u2066x\u2069',
    'a\u0000b\u0007c\u001b[31md\u009be\u2028f\ud800g',
    'W'.repeat(64),
  ]

  it.each(HOSTILE)('%j in every text that comes from outside stays a text', (text) => {
    const subject = Object.fromEntries(
      Object.entries(SUBJECT).map(([key, value]) => [key, typeof value === 'string' ? text : value]),
    ) as unknown as typeof SUBJECT
    const hostile: Report = {
      ...report,
      subject: { ...subject, otherNames: [text] },
      first: [{ code: 'METAL', message: text, effect: text }],
      notMarked: [text],
      vessels: report.vessels.map((row) => ({ ...row, name: text, territory: text })),
      result: {
        ...report.result,
        lesions: report.result.lesions.map((lesion) => ({ ...lesion, territories: [text] })),
      },
      provenance: [{ title: text, fields: [[text, text]] }],
    }
    const odd = pictures.map((picture) => ({ ...picture, title: text, caption: text, alt: text, territory: text }))
    const made = renderHtml(hostile, { pictures: odd })
    expect(unclosed(made.slice(made.indexOf('<html')).replace(/<style>[\s\S]*?<\/style>/, ''))).toEqual([])
    expect(made).not.toMatch(/<script|<img src=x|<b>\s*<\/title>/)
    // Quoted values are passed over whole: what is left of a tag must hold no handler.
    for (const [tag] of made.matchAll(/<[a-zA-Z](?:"[^"]*"|[^">])*>/g))
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son[a-z]+\s*=/i)
    // oxlint-disable-next-line no-control-regex
    expect(made).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
    expect(made).toContain(escaped(text))
    expect(/\p{Surrogate}/u.test(made)).toBe(false)
  })

  it('leaves no sign that means something in markup, and letters as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"']/)
        expect(html`<p title="${text}">${text}</p>`.text.match(/[<>]/g)).toHaveLength(4)
      }),
    )
    expect(escaped('Ærøskøbing 山田^太郎 Ñ')).toBe('Ærøskøbing 山田^太郎 Ñ')
    expect(html`${[html`<b>${1}</b>`, null, '<']}`.text).toBe('<b>1</b>&lt;')
  })
})

describe('drawings', () => {
  it('are vessels, percentile and sensitivity; a report without facts has no percentile', () => {
    expect(makeDrawings(report).map(({ name }) => name)).toEqual(['vessels', 'percentile', 'sensitivity'])
    expect(makeDrawings(reportOf(scene.result, {})).map(({ name }) => name)).toEqual(['vessels', 'sensitivity'])
  })

  it('lie within their edges, in inks of the palette, with finite numbers', () => {
    for (const drawing of makeDrawings(report)) {
      const text = svgOf(drawing).text
      expect(text).not.toMatch(/NaN|Infinity|undefined/)
      expect(drawing.desc.length).toBeGreaterThan(30)
      for (const shape of drawing.shapes) {
        const points =
          shape.kind === 'line' ? [shape.from, shape.to] : shape.kind === 'polyline' ? shape.points : shape.kind === 'circle' ? [shape.centre] : shape.kind === 'text' ? [shape.at] : [] // prettier-ignore
        for (const [x, y] of points) {
          expect(x >= 0 && x <= drawing.width, `${drawing.name} ${x}`).toBe(true)
          expect(y >= 0 && y <= drawing.height, `${drawing.name} ${y}`).toBe(true)
        }
      }
    }
  })

  it('the patient lies between the lines of the percentiles the words name', () => {
    const drawing = makeDrawings(report).find(({ name }) => name === 'percentile')!
    const circles = drawing.shapes.filter((shape) => shape.kind === 'circle')
    expect(circles.at(-1)).toMatchObject({ radius: 5.5, fill: { ink: 'accent' } })
    expect(drawing.desc).toContain(report.percentile.value!.place.text)
  })

  it('write numbers with two decimals at most', () => {
    expect([1, 1 / 3, -0.001, 12.345].map(coordinate)).toEqual(['1', '0.33', '0', '12.35'])
    const steps = [
      { to: 'move', point: [0, 1] },
      { to: 'curve', first: [1, 1], second: [2, 2], point: [3, 3] },
      { to: 'close' },
    ] as const
    expect(pathText(steps)).toBe('M0 1C1 1 2 2 3 3Z')
  })
})

it('base64 is that of RFC 4648, also across its steps', () => {
  for (const length of [0, 1, 2, 3, 0x5fff, 0x6000, 0x6001]) {
    const bytes = Uint8Array.from({ length }, (_, n) => (n * 7) % 256)
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
  }
})
