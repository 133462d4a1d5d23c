/** PDFs: what they say, that they are valid, the same every time, and hold nothing they should not. Read back by poppler and qpdf. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { PDFDict, PDFDocument, PDFHexString, PDFName, type PDFRawStream, decodePDFRawStream } from '@cantoo/pdf-lib'
import { AgatstonError } from '../../../bindings/base/errors.js'
import { renderPdf } from '../../../bindings/report/index.js'
import { loadFontkit, loadPdfLib } from '../../../bindings/report/pdf/library.js'
import type { PdfOptions } from '../../../bindings/report/pdf/options.js'
import type { Report } from '../../../bindings/report/report.js'
import {
  HOSTILE,
  PICTURES,
  SUBJECT,
  candidates,
  hostile,
  many,
  ordinary,
  overridden,
  wholeImage,
  zero,
} from './cases.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const has = (tool: string, flag: string): boolean => !spawnSync(tool, [flag]).error
const POPPLER = has('pdftotext', '-v')
const QPDF = has('qpdf', '--version')
if (!POPPLER) console.warn('pdftotext is not installed: what the PDFs say is not read back')
if (!QPDF) console.warn('qpdf is not installed: the PDFs are not checked')

const require = createRequire(import.meta.url)
const fontFile = (name: string): Uint8Array => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))
const font = { regular: fontFile('DejaVuSansCondensed'), bold: fontFile('DejaVuSansCondensed-Bold') }

const CASES: Readonly<
  Record<string, { report: () => Report; options?: PdfOptions; pages: readonly [number, number] }>
> = {
  ordinary: { report: () => ordinary(), options: { font, pictures: PICTURES }, pages: [4, 8] },
  zero: { report: zero, pages: [2, 5] },
  many: { report: () => many(), options: { font }, pages: [8, 18] },
  wholeImage: { report: wholeImage, options: { paper: 'letter' }, pages: [1, 3] },
  candidates: { report: candidates, pages: [2, 4] },
  overridden: { report: overridden, pages: [1, 4] },
  hostile: { report: hostile, options: { font }, pages: [3, 6] },
  hostileHelvetica: { report: hostile, pages: [3, 6] },
}

const folder = mkdtempSync(join(tmpdir(), 'pdf-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const made = new Map<string, Uint8Array>()
beforeAll(async () => {
  for (const [name, { report, options }] of Object.entries(CASES)) {
    made.set(name, await renderPdf(report(), options))
    writeFileSync(join(folder, `${name}.pdf`), made.get(name)!)
  }
})

const textOf = (name: string): string =>
  execFileSync('pdftotext', ['-layout', join(folder, `${name}.pdf`), '-'], { encoding: 'utf8' })
const flat = (text: string): string => text.replace(/\s+/g, ' ')

describe('every PDF', () => {
  it.each(Object.entries(CASES))(
    '%s has as many pages as it needs, tagged, titled, without a date',
    async (name, { pages }) => {
      const doc = await PDFDocument.load(made.get(name)!, { updateMetadata: false })
      expect(doc.getPageCount()).toBeGreaterThanOrEqual(pages[0])
      expect(doc.getPageCount()).toBeLessThanOrEqual(pages[1])
      expect(doc.catalog.lookup(PDFName.of('MarkInfo'), PDFDict).toString()).toContain('/Marked true')
      expect(doc.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict).has(PDFName.of('ParentTree'))).toBe(true)
      expect(doc.getLanguage()).toBe('en')
      expect([doc.getCreationDate(), doc.getModificationDate()]).toEqual([undefined, undefined])
      for (const key of ['JavaScript', 'JS', 'OpenAction', 'AA', 'AcroForm', 'Names']) expect(doc.catalog.has(PDFName.of(key)), key).toBe(false) // prettier-ignore
    },
  )

  it.skipIf(!QPDF).each(Object.keys(CASES))('%s passes qpdf --check', (name) => {
    const { status, stdout, stderr } = spawnSync('qpdf', ['--check', join(folder, `${name}.pdf`)], { encoding: 'utf8' })
    expect(status, stdout + stderr).toBe(0)
  })

  it('is the same bytes for the same report, and another identifier for another', async () => {
    expect(await renderPdf(ordinary(), CASES['ordinary']!.options)).toEqual(made.get('ordinary'))
    const idOf = async (name: string): Promise<string> => {
      const doc = await PDFDocument.load(made.get(name)!, { updateMetadata: false })
      return String(doc.context.trailerInfo.ID)
    }
    expect(await idOf('zero')).not.toBe(await idOf('overridden'))
  })

  it.skipIf(!POPPLER).each(Object.keys(CASES))('%s says score, disclaimer and page on every page', (name) => {
    const report = CASES[name]!.report()
    const pages = textOf(name).split('\f').slice(0, -1).map(flat)
    expect(pages[0]).toContain(report.headline.score)
    expect(pages[0]).toContain(report.status.title)
    pages.forEach((page, n) => {
      expect(page).toContain(report.disclaimer)
      expect(page).toContain(`Page ${n + 1} of ${pages.length}`)
      expect(page).toContain(`agatston ${report.result.engine.version}`)
    })
  })
})

describe.skipIf(!POPPLER)('what it says', () => {
  it('names in Latin, Greek and Cyrillic, vessels, percentile, risk, guidelines, lesions, quality, code, provenance', () => {
    const text = flat(textOf('ordinary'))
    const wanted = [SUBJECT.name!, SUBJECT.id!, 'Left main (LM)', 'Coronary total', 'percentile', 'PREVENT', 'ACC/AHA 2026', 'Lesions, highest score first', 'Noise in even soft tissue', 'CPT 75571', "Under vendors' rules", '5e5e5e5e', 'Calcified pixels are outlined.'] // prettier-ignore
    for (const words of wanted) expect(text).toContain(words)
    const order = ['Vessels', 'Compared with', 'Under vendors', 'largest lesion', 'Risk by', 'Guideline considerations', 'Lesions, highest', 'Quality of', 'CPT 75571', 'How it was computed'].map((title) => text.indexOf(title)) // prettier-ignore
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('repeats the heads of a table on every page it runs over, and lists 500 lesions and the sum of the rest', () => {
    const isLesion = (line: string): boolean => /^ *\d+ +(LM|LAD|LCX|RCA) +4 /.test(line)
    const pages = textOf('many')
      .split('\f')
      .filter((page) => page.split('\n').some(isLesion))
    expect(pages.length).toBeGreaterThan(8)
    for (const page of pages) expect(flat(page)).toContain('No. Territory Slices')
    expect(textOf('many').split('\n').filter(isLesion).length).toBe(500)
    expect(flat(textOf('many'))).toContain('12 more')
  })

  it('puts what must be read first above the number, and withholds what was not confirmed', () => {
    const text = flat(textOf('candidates'))
    expect(text.indexOf('Read first')).toBeLessThan(text.indexOf('Agatston score of the proposed lesions'))
    expect(text).toContain('(provisional)')
    expect(flat(textOf('overridden'))).toContain('No category: a refusal was overridden (CONTRAST_GIVEN)')
    expect(flat(textOf('wholeImage'))).toContain('NOT a coronary calcium score')
  })

  it('shows hostile names as they are, stands in for what no font draws, and says which', () => {
    const text = textOf('hostile')
    expect(flat(text)).toContain('<script>alert(1)</script>')
    expect(flat(text)).toContain('□ stands for characters that cannot be drawn here')
    expect(text).toContain('U+5C71')
    expect(text).toContain('U+202E')
    expect(text).toContain('U+D800')
    expect(flat(textOf('hostileHelvetica'))).toContain('¿ stands for characters')
    expect(text.replace(/[\n\f]/g, '')).not.toMatch(/[\p{Cc}\u202e]/u)
  })
})

describe('nothing a name holds', () => {
  it('becomes an operator or an object', async () => {
    const doc = await PDFDocument.load(made.get('hostileHelvetica')!, { updateMetadata: false })
    for (const page of doc.getPages()) {
      const stream = page.node.lookup(PDFName.of('Contents')) as PDFRawStream
      const content = Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1')
      expect(content).not.toMatch(/[()]|script|endobj/)
      for (const line of content.split('\n')) expect(line).toMatch(/^(BT .* <[0-9A-Fa-f]*> Tj ET|q .* Q|\/\w+ (<<\/MCID \d+>> BDC|BMC)|EMC)$/) // prettier-ignore
    }
    expect(doc.getTitle()).toContain(HOSTILE.html)
  })

  it('stands in a report without a subject', async () => {
    const bytes = await renderPdf(ordinary(null), { font })
    const doc = await PDFDocument.load(bytes, { updateMetadata: false })
    const texts = doc.context.enumerateIndirectObjects().flatMap(([, object]) => [String(object), ...(object instanceof PDFHexString ? [object.decodeText()] : [])]) // prettier-ignore
    const path = join(folder, 'anonymous.pdf')
    writeFileSync(path, bytes)
    const text = POPPLER ? execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' }) : ''
    for (const value of [
      SUBJECT.name!,
      SUBJECT.id!,
      SUBJECT.birthDate!,
      SUBJECT.accessionNumber!,
      SUBJECT.institution!,
      SUBJECT.studyDate!,
    ])
      // prettier-ignore
      expect([doc.getTitle(), doc.getSubject(), text, ...texts].join('\n')).not.toContain(value)
  })
})

describe('options', () => {
  it('that are none are refused', async () => {
    const report = wholeImage()
    await expect(renderPdf(report, { paper: 'a5' as 'a4' })).rejects.toThrow(RangeError)
    await expect(renderPdf(report, { font: { regular: new Uint8Array(9), bold: new Uint8Array(9) } })).rejects.toThrow(
      TypeError,
    )
    await expect(
      renderPdf(report, { font: { regular: 'x' as unknown as Uint8Array, bold: font.bold } }),
    ).rejects.toThrow(TypeError)
    const short = { ...PICTURES[0]!, rgb: new Uint8Array(5) }
    await expect(renderPdf(report, { pictures: [short] })).rejects.toThrow(RangeError)
  })

  it('without the packages end in an error that names them', async () => {
    const none = { pdfLib: () => Promise.reject(new Error('gone')), fontkit: () => Promise.reject(new Error('gone')) }
    for (const [load, name] of [
      [loadPdfLib, '@cantoo/pdf-lib'],
      [loadFontkit, '@cantoo/fontkit'],
    ] as const) {
      const error: unknown = await load(none).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(AgatstonError)
      expect(error).toMatchObject({ code: 'PACKAGE_MISSING', details: { package: name } })
    }
  })
})
