/**
 * What npm would publish, made in a temporary folder from this tree, installed into an empty one and used. Dependencies
 * come from the registry or npm's cache; without either the installed part is skipped, and fails where CI=true.
 */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codedFiles } from '../node/coded.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TOOL = (name: string): string => join(ROOT, 'node_modules', '.bin', name)
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  name: string
  version: string
  files: string[]
  exports: Record<string, unknown>
}
const folder = mkdtempSync(join(tmpdir(), 'agatston-pack-'))
const copy = join(folder, 'package')
const empty = join(folder, 'empty')
const tarball = join(folder, `${packageJson.name}-${packageJson.version}.tgz`)

function run(command: string, args: readonly string[], cwd: string): { status: number | null; out: string } {
  // The tarball test runs inside npm often enough: settings it hands down are not those of a stranger's machine.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command)/.test(name)),
  )
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 60_000 })
  return { status, out: `${stdout}\n${stderr}` }
}

/** Files of a folder, below it, with forward slashes. */
function filesBelow(top: string): string[] {
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(top.length + 1)
        .replaceAll('\\', '/'),
    )
}

beforeAll(() => {
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'))
  for (const entry of packageJson.files) {
    const name = entry.replace(/\/\*\.json$/, '')
    if (name !== 'dist' && existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  }
  const built = run(TOOL('tsc'), ['-p', 'tsconfig.build.json', '--outDir', join(copy, 'dist')], ROOT)
  if (built.status !== 0) throw new Error(`the package does not compile:\n${built.out}`)
  const bundled = run('node', ['scripts/bundle-cli.mjs', join(copy, 'dist', 'bin')], ROOT)
  if (bundled.status !== 0) throw new Error(`the command line does not bundle:\n${bundled.out}`)
  const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], copy)
  if (packed.status !== 0) throw new Error(`npm pack failed:\n${packed.out}`)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the tarball', () => {
  it('is clean to publint', () => {
    const { status, out } = run(TOOL('publint'), ['run', tarball, '--strict'], folder)
    expect(status, out).toBe(0)
    expect(out).toMatch(/All good/i)
  })

  it('gives every entry its types, as ESM', { timeout: 60_000 }, () => {
    const { status, out } = run(
      TOOL('attw'),
      [tarball, '--profile', 'esm-only', '--exclude-entrypoints', './schema/*.json', '--format', 'ascii'],
      folder,
    )
    expect(status, out).toBe(0)
    for (const entry of Object.keys(packageJson.exports).filter((name) => !name.endsWith('.json'))) {
      expect(out).toContain(entry === '.' ? '"agatston"' : `"agatston${entry.slice(1)}"`)
    }
  })

  it('holds every file that package.json names, and no source, test or map', () => {
    const listed = run('tar', ['-tzf', tarball], folder)
    const names = listed.out.trim().split('\n').map((name) => name.replace(/^package\//, '')) // prettier-ignore
    const entries = Object.values(packageJson.exports).flatMap((entry) =>
      typeof entry === 'object' ? Object.values(entry as Record<string, string>) : [],
    )
    for (const entry of entries) expect(names).toContain(entry.slice(2))
    expect(names).toContain('schema/agatston.result-1.schema.json')
    expect(names).toContain('dist/engine/wasm.generated.js')
    const vectors = readdirSync(join(ROOT, 'test/vectors')).filter((name) => /\.json$|^README/.test(name))
    for (const name of vectors) expect(names).toContain(`test/vectors/${name}`)
    expect(
      names.filter((name) =>
        /(^|\/)(test(?!\/vectors\/)|bench|assembly|scripts|bindings|\.ci)\/|\.map$|[^d]\.ts$/.test(name),
      ),
    ).toEqual([])
    const allowed =
      /^(dist|schema)\/|^test\/vectors\/(\w+\.json|README\.md)$|^docs\/(dicom-conformance|report|standards)\.md$|^docs\/standards\/[a-z-]+\.svg$|^(package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/
    expect(names.filter((name) => !allowed.test(name))).toEqual([])
    // The library file by file with the report's tables, the command line in one piece (readable, not minified), three wasm modules,
    // the documents, the vectors.
    expect(statSync(tarball).size).toBeLessThan(1_200_000)
  })

  it('names no path of this machine', () => {
    const naming = filesBelow(copy).filter((name) =>
      readFileSync(join(copy, name), 'utf8').includes(ROOT.replace(/\/$/, '')),
    )
    expect(naming).toEqual([])
  })
})

describe('the installed package', () => {
  const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ENETUNREACH|network/i
  let missing: string | null = null

  beforeAll(() => {
    mkdirSync(empty)
    writeFileSync(join(empty, 'package.json'), '{ "private": true, "type": "module" }\n')
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
    const installed = run('npm', ['install', ...flags, tarball], empty)
    if (installed.status === 0) return
    if (!unreachable.test(installed.out)) throw new Error(`npm install failed:\n${installed.out}`)
    missing = installed.out
    console.log('SKIPPED: the installed package was not tested, its dependencies could not be had (no network)')
    if (process.env.CI === 'true') throw new Error(`npm install needs the registry:\n${installed.out}`)
  }, 60_000)

  const script = (text: string): string => {
    writeFileSync(join(empty, 'run.js'), text)
    const { status, out } = run(process.execPath, ['run.js'], empty)
    expect(status, out).toBe(0)
    return out.trim()
  }

  it('scores a tiny volume', (context) => {
    if (missing) return context.skip()
    const out = script(`
      import { arrayVolume, createEngine, VERSION } from 'agatston'
      const scalarData = new Int16Array(64)
      for (const y of [2, 3, 4]) for (const x of [2, 3, 4]) scalarData[y * 8 + x] = 250
      const volume = arrayVolume({ scalarData, dimensions: [8, 8, 1], spacing: [1, 1, 3] })
      for (const build of ['simd', 'scalar']) {
        const engine = await createEngine({ build })
        console.log(VERSION, engine.scoreSync(volume, { scope: 'whole-image' }).total.agatston)
        const { input } = await engine.score(volume, { scope: 'whole-image', hash: true })
        console.log(input.pixelSha256.length)
      }`)
    const each = `${packageJson.version} 18\n64`
    expect(out).toBe(`${each}\n${each}`)
  })

  it('has every entry, and its schemas', (context) => {
    if (missing) return context.skip()
    const entries = Object.keys(packageJson.exports).filter((name) => !name.endsWith('.json'))
    const out = script(`
      for (const entry of ${JSON.stringify(entries)}) {
        const names = Object.keys(await import('agatston' + entry.slice(1)))
        if (names.length === 0) throw new Error(entry + ' exports nothing')
      }
      const schema = (await import('agatston/schema/agatston.result-1.schema.json', { with: { type: 'json' } })).default
      console.log(schema.properties.schema.const)`)
    expect(out).toContain('agatston.result/1')
  })

  it('runs from the command line', (context) => {
    if (missing) return context.skip()
    const { status, out } = run('npx', ['--no-install', 'agatston', '--version'], empty)
    expect(status, out).toBe(0)
    expect(out).toContain(packageJson.version)
  })

  it('computes what its vectors say', { timeout: 60_000 }, (context) => {
    if (missing) return context.skip()
    const { status, out } = run('npx', ['--no-install', 'agatston', 'conformance'], empty)
    expect(status, out).toBe(0)
    expect(out).toContain('PASSED')
  })

  it('decodes on threads, in the library and on the command line', { timeout: 60_000 }, async (context) => {
    if (missing) return context.skip()
    const scan = join(empty, 'scan')
    mkdirSync(scan)
    for (const [name, bytes] of await codedFiles()) writeFileSync(join(scan, name), bytes)
    const out = script(`
      import { createPool, scorePath } from 'agatston/node'
      const options = { scope: 'whole-image' }
      const pool = createPool({ workers: 2 })
      const expected = JSON.stringify(await scorePath('scan', { ...options, workers: 0 }))
      for (const how of [{ workers: 1 }, { pool }]) {
        if (JSON.stringify(await scorePath('scan', { ...options, ...how })) !== expected) throw new Error('another result')
      }
      console.log(pool.running, JSON.parse(expected).total.agatston)`)
    const [running, agatston] = out.split(' ').map(Number)
    expect(running).toBe(2)
    const { status, out: printed } = run(
      'npx',
      ['--no-install', 'agatston', 'score', 'scan', '--whole-image', '--json', '--workers', '2'],
      empty,
    )
    expect(status, printed).toBe(0)
    expect((JSON.parse(printed.split('\n')[0]!) as { total: { agatston: number } }).total.agatston).toBe(agatston)
  })

  it('type-checks in a strict project of another', { timeout: 60_000 }, (context) => {
    if (missing) return context.skip()
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2022',
      lib: ['ES2023', 'DOM'],
      types: [],
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
    }
    writeFileSync(join(empty, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
    writeFileSync(
      join(empty, 'use.ts'),
      `import { arrayVolume, createEngine, type Result } from 'agatston'
      import { buildReport, renderText } from 'agatston/report'
      const volume = arrayVolume({ scalarData: new Int16Array(4), dimensions: [2, 2, 1], spacing: [1, 1, 3] })
      const result: Result = (await createEngine()).scoreSync(volume, { scope: 'whole-image' })
      const text: string = renderText(buildReport(result))
      export { text }
      // @ts-expect-error: a misspelt option is an error of types, too
      void (await createEngine()).scoreSync(volume, { scop: 'whole-image' })\n`,
    )
    const { status, out } = run(TOOL('tsc'), ['-p', 'tsconfig.json'], empty)
    expect(status, out).toBe(0)
  })
})
