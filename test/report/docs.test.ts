/** docs/report.md names every field of a report that a caller can meet, every fact, and every file that is written. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { FACT_NAMES } from '../../bindings/report/facts.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = readFileSync(`${root}docs/report.md`, 'utf8')
const named = new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code!.split(/[^A-Za-z0-9_]+/)))

/** Told of elsewhere: the result has its schema, a warning its place there. */
const ELSEWHERE = new Set(['Result', 'Warning', 'Totals'])

/** Names of the fields of `Report` and of every type within it, by type. */
function fieldsOfReport(): ReadonlyMap<string, readonly string[]> {
  const file = `${root}bindings/report/report.ts`
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    strict: true,
  })
  const checker = program.getTypeChecker()
  const found = new Map<string, readonly string[]>()
  const seen = new Set<ts.Type>()
  const visit = (type: ts.Type): void => {
    if (seen.has(type)) return
    seen.add(type)
    if (type.isUnionOrIntersection()) return type.types.forEach(visit)
    if (checker.isArrayType(type) || checker.isTupleType(type))
      return checker.getTypeArguments(type as ts.TypeReference).forEach(visit)
    const declaration = type.symbol?.declarations?.[0]
    if (!declaration || !declaration.getSourceFile().fileName.startsWith(`${root}bindings/`)) return
    if (ELSEWHERE.has(type.symbol.name)) return
    const properties = type.getProperties()
    found.set(`${type.symbol.name} ${found.size}`, properties.map(({ name }) => name)) // prettier-ignore
    for (const property of properties) visit(checker.getTypeOfSymbolAtLocation(property, declaration))
  }
  const source = program.getSourceFile(file)!
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === 'Report') visit(checker.getTypeAtLocation(node))
  })
  return found
}

describe('docs/report.md', () => {
  it('names every field of a report', { timeout: 60_000 }, () => {
    const fields = fieldsOfReport()
    expect(fields.size).toBeGreaterThan(15)
    const missing = [...fields].flatMap(([type, names]) =>
      names.filter((name) => !named.has(name)).map((name) => `${type}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('names every fact about a patient', () => {
    for (const name of FACT_NAMES) expect(text).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'))
  })
})
