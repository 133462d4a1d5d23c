/**
 * What the package must do, and which tests show it: requirements.json, and the titles there are. A title is looked for in the text of
 * the test file and of the suites it imports, so that a renamed test is noticed without running anything.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { VectorFile } from '../../bindings/conformance/format.js'
import type { MeasureFile } from '../../bindings/conformance/measures.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Requirement {
  readonly id: string
  readonly text: string
  /** The paper or part of a standard it follows from. */
  readonly source: string
  readonly evidence: readonly Evidence[]
}

/** Tests whose title, or that of a group they stand in, holds one of the texts; or vectors of a rule, or under a standard. */
export type Evidence =
  | { readonly file: string; readonly tests: readonly string[] }
  | { readonly vectors: readonly string[] }
  | { readonly standards: readonly string[] }

export interface Requirements {
  readonly schema: 'agatston.requirements/1'
  /** Chapters, by the first part of an id. */
  readonly groups: readonly { readonly prefix: string; readonly title: string }[]
  readonly requirements: readonly Requirement[]
}

export const requirements = JSON.parse(
  readFileSync(new URL('requirements.json', import.meta.url), 'utf8'),
) as Requirements

/** Test files that requirements name, in order. */
export const filesOf = (list: readonly Requirement[]): string[] =>
  [...new Set(list.flatMap(({ evidence }) => evidence.flatMap((one) => ('file' in one ? [one.file] : []))))].sort()

/** What is wrong with a list of requirements, in words; empty where each has evidence and all of it exists. */
export function unproved({ groups, requirements: list }: Requirements): string[] {
  const known = vectorNames()
  const ids = list.map(({ id }) => id)
  return list.flatMap(({ id, text, source, evidence }, n) => {
    const wrong: string[] = []
    const prefix = /^([A-Z]+)-\d\d$/.exec(id)?.[1]
    if (!groups.some((group) => group.prefix === prefix)) wrong.push('its id belongs to no group')
    if (ids.indexOf(id) !== n) wrong.push('its id is used twice')
    if (text === '' || source === '') wrong.push('it has no text or no source')
    if (evidence.length === 0) wrong.push('it has no evidence')
    for (const one of evidence) wrong.push(...missing(one, known))
    return wrong.map((what) => `${id}: ${what}`)
  })
}

function missing(one: Evidence, known: { readonly rules: Set<string>; readonly standards: Set<string> }): string[] {
  if ('file' in one) {
    if (!existsSync(join(ROOT, one.file))) return [`there is no file ${one.file}`]
    if (one.tests.length === 0) return [`it names no test of ${one.file}`]
    const titles = titlesOf(one.file)
    const absent = one.tests.filter((text) => text === '' || !titles.some((title) => title.includes(text)))
    return absent.map((text) => `${one.file} has no title that holds '${text}'`)
  }
  const [names, there] = 'vectors' in one ? [one.vectors, known.rules] : [one.standards, known.standards]
  return names.length === 0 ? ['it names no vectors'] : names.filter((name) => !there.has(name)).map((name) => `there are no vectors of ${name}`) // prettier-ignore
}

/** Rules and standards there are vectors for. */
function vectorNames(): { readonly rules: Set<string>; readonly standards: Set<string> } {
  const [rules, standards] = [new Set<string>(), new Set<string>()]
  for (const name of readdirSync(join(ROOT, 'test/vectors')).filter((one) => one.endsWith('.json'))) {
    const content = JSON.parse(readFileSync(join(ROOT, 'test/vectors', name), 'utf8')) as VectorFile | MeasureFile
    for (const one of content.cases) rules.add('measure' in one ? `measure: ${one.measure}` : one.rule)
    if ('standards' in content) for (const id of Object.keys(content.standards)) standards.add(id)
  }
  return { rules, standards }
}

const read = new Map<string, readonly string[]>()

/** Titles of a test file and of the suites it imports; what a title takes from a table or a variable parts it. */
export function titlesOf(file: string): readonly string[] {
  const found = read.get(file)
  if (found) return found
  const titles: string[] = []
  read.set(file, titles)
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const path = node.moduleSpecifier.text
      if (path.endsWith('.suite.js')) titles.push(...titlesOf(join(dirname(file), path.replace(/\.js$/, '.ts'))))
    }
    if (ts.isCallExpression(node) && isTest(node.expression)) titles.push(...piecesOf(node.arguments[0]))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2022, true))
  return titles
}

/** `it`, `it.skipIf(...)`, `describe.each(...)`: whatever begins with their name. */
function isTest(expression: ts.Expression): boolean {
  if (ts.isIdentifier(expression)) return ['it', 'test', 'describe'].includes(expression.text)
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) return isTest(expression.expression)
  return false
}

function piecesOf(title: ts.Expression | undefined): string[] {
  if (title === undefined) return []
  if (ts.isStringLiteralLike(title)) return title.text.split(/%[sdifjo]|\$\w+/).filter((piece) => piece !== '')
  if (!ts.isTemplateExpression(title)) return []
  return [title.head.text, ...title.templateSpans.map(({ literal }) => literal.text)].filter((piece) => piece !== '')
}
