/** The house rules that hold the code together, read from the code itself: imports go down, views are made in one file. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BINDINGS = join(ROOT, 'bindings')

/** Tier of each folder of bindings; a file imports from lower tiers and from its own folder. */
const TIERS: Readonly<Record<string, number>> = {
  base: 0,
  codecs: 1,
  engine: 1,
  volume: 1,
  dicom: 2,
  measures: 2,
  nifti: 2,
  score: 2,
  '': 3,
  conformance: 3,
  region: 3,
  report: 3,
  view: 3,
  node: 4,
  phantom: 3,
  edge: 5,
  batch: 5,
  cli: 6,
}
const WITH_NODE = ['node', 'edge', 'batch', 'cli']
/** The only files that may touch the buffer of wasm memory. */
const WITH_VIEWS = ['engine/window.ts', 'engine/instance.ts', 'codecs/instance.ts', 'codecs/library.ts']

interface Source {
  /** Path below bindings. */
  readonly path: string
  /** First folder below bindings; '' for the front door. */
  readonly folder: string
  readonly text: string
  readonly imports: readonly string[]
}

const sources: readonly Source[] = readdirSync(BINDINGS, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => {
    const file = join(entry.parentPath, entry.name)
    const path = relative(BINDINGS, file).replaceAll('\\', '/')
    const text = readFileSync(file, 'utf8')
    return { path, folder: path.includes('/') ? path.split('/')[0]! : '', text, imports: importsOf(path, text) }
  })

/** Every module named by an import, an export, a dynamic import or an import type. */
export function importsOf(path: string, text: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined
    if (named) found.push(ts.isStringLiteral(named) ? named.text : '(computed)')
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true))
  return found
}

/** Path below bindings that a relative import names. */
const target = (path: string, specifier: string): string =>
  join(dirname(path), specifier).replaceAll('\\', '/').replace(/\.js$/, '.ts')
const folderOf = (path: string): string => (path.includes('/') ? path.split('/')[0]! : '')
const relativeOnes = ({ imports }: Source): readonly string[] =>
  imports.filter((specifier) => specifier.startsWith('.'))

describe('imports', () => {
  it('are read: static, re-exported, dynamic, of types', () => {
    const text =
      "import a from './a.js'\nexport * from './b.js'\nvoid import('./c.js')\nlet d: import('./d.js').D\nimport('x' + y)"
    expect(importsOf('t.ts', text)).toEqual(['./a.js', './b.js', './c.js', './d.js', '(computed)'])
    expect(sources.length).toBeGreaterThan(50)
  })

  it('every folder has a tier, and every import names a file that is there', () => {
    expect(sources.filter(({ folder }) => TIERS[folder] === undefined).map(({ path }) => path)).toEqual([])
    const paths = new Set(sources.map(({ path }) => path))
    const missing = sources.flatMap((source) =>
      relativeOnes(source)
        .filter((specifier) => !paths.has(target(source.path, specifier)) || !specifier.endsWith('.js'))
        .map((specifier) => `${source.path}: ${specifier}`),
    )
    expect(missing).toEqual([])
  })

  it('go to a lower tier or stay in their folder', () => {
    const wrong = sources.flatMap((source) =>
      relativeOnes(source)
        .map((specifier) => target(source.path, specifier))
        .filter((to) => folderOf(to) !== source.folder && TIERS[folderOf(to)]! >= TIERS[source.folder]!)
        .map((to) => `${source.path} -> ${to}`),
    )
    expect(wrong).toEqual([])
  })

  it('make no circle', () => {
    const edges = new Map(
      sources.map((source) => [source.path, relativeOnes(source).map((one) => target(source.path, one))]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (path: string, way: readonly string[]): void => {
      const at = way.indexOf(path)
      if (at >= 0) circles.push([...way.slice(at), path].join(' -> '))
      if (at >= 0 || done.has(path)) return
      for (const next of edges.get(path) ?? []) walk(next, [...way, path])
      done.add(path)
    }
    for (const path of edges.keys()) walk(path, [])
    expect(circles).toEqual([])
  })

  it('of Node appear from the node tier up only', () => {
    const wrong = sources
      .filter(({ folder }) => !WITH_NODE.includes(folder))
      .filter(
        ({ imports, text }) =>
          imports.some((one) => one.startsWith('node:')) || /\bprocess\.|\bBuffer\b|\brequire\(/.test(code(text)),
      )
      .map(({ path }) => path)
    expect(wrong).toEqual([])
  })

  it('from outside are declared dependencies, each in its place', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: object
      optionalDependencies: object
    }
    const declared = Object.keys(dependencies)
    const optional = Object.keys(optionalDependencies)
    const packageOf = (one: string): string =>
      one
        .split('/')
        .slice(0, one.startsWith('@') ? 2 : 1)
        .join('/')
    const used = sources.flatMap(({ folder, imports }) =>
      imports.filter((one) => !/^(\.|node:)/.test(one)).map((one) => `${folder}: ${packageOf(one)}`),
    ) // prettier-ignore
    for (const one of new Set(used)) {
      const [folder, name] = one.split(': ') as [string, string]
      expect(folder === 'codecs' || folder === 'report' ? [...declared, ...optional] : declared, one).toContain(name)
    }
    const core = [...new Set(used)].filter((one) => /^(base|engine|volume|score|):/.test(one))
    expect(core.sort()).toEqual(['base: @noble/hashes', 'engine: @assemblyscript/loader'])
  })
})

/** The text without comments. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1')
}

describe('wasm memory', () => {
  it('is viewed in one file, sized and wiped in another, and touched nowhere else', () => {
    const touching = sources.filter(({ text }) => /\.memory\b|\bmemory\.buffer\b|WebAssembly\.Memory/.test(code(text)))
    expect(touching.map(({ path }) => path).filter((path) => !WITH_VIEWS.includes(path))).toEqual([])
    const instantiating = sources.filter(({ text }) => /instantiate|new WebAssembly\.Instance/.test(code(text)))
    expect(instantiating.map(({ path }) => path)).toEqual([
      'codecs/instance.ts',
      'codecs/library.ts',
      'engine/instance.ts',
    ])
    const called = sources.filter(({ text }) => /\bcall\('(threshold|label|link|touch|open)/.test(code(text)))
    expect(called.map(({ path }) => path).filter((path) => folderOf(path) !== 'engine')).toEqual([])
  })
})

describe('what the code names', () => {
  it('is no path of a machine, no address of a registry', () => {
    const wrong = sources.flatMap(({ path, text }) => {
      const found = /(^|[\s'"`(])(\/(work|home|Users|tmp|root|mnt)\/|[A-Z]:\\\\)|registry\.npmjs|localhost:\d/m.exec(
        text,
      )
      return found ? [`${path}: ${found[0].trim()}`] : []
    })
    expect(wrong).toEqual([])
  })

  it('is never of type any, written or inferred', { timeout: 120_000 }, () => {
    const written = sources.filter(({ path, text }) => hasAny(path, text)).map(({ path }) => path)
    expect(written).toEqual([])
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.build.json'), (file) => ts.sys.readFile(file)) as {
      config: object
    }
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
    const program = ts.createProgram(fileNames, {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
    })
    const inferred: string[] = []
    program.emit(undefined, (name, text) => {
      if (hasAny(name, text)) inferred.push(relative(ROOT, name))
    })
    expect(inferred).toEqual([])
  })
})

function hasAny(path: string, text: string): boolean {
  let found = false
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found = true
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true))
  return found
}
