/**
 * `npm run verify`: the tests that requirements name and the vectors run, and verification/report.html and report.md say of each
 * requirement what was shown. Exit code 1 where one failed or was not shown.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os'
import { join, relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { ConformanceReport } from '../../bindings/conformance/run.js'
import { type TestResult, judge } from './judge.js'
import { htmlPage, markdownPage, verdictLine } from './page.js'
import { ROOT, filesOf, requirements, unproved } from './requirements.js'

const problems = unproved(requirements)
if (problems.length > 0) {
  console.error(`Requirements without evidence:\n${problems.join('\n')}`)
  process.exit(1)
}

const started = performance.now()
const files = filesOf(requirements.requirements)
console.log(`${requirements.requirements.length} requirements: running ${files.length} test files and the vectors`)
const conformance = runVectors()
const tests = runTests()
const seconds = (performance.now() - started) / 1000
const judged = judge(requirements.requirements, tests, conformance)
const content = { groups: requirements.groups, judged, facts: facts(), conformance }
const folder = join(ROOT, 'verification')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'report.html'), htmlPage(content))
writeFileSync(join(folder, 'report.md'), markdownPage(content))

for (const { requirement, verdict, shown } of judged.filter((one) => one.verdict !== 'passed')) {
  console.log(`${requirement.id} ${verdict}: ${requirement.text}`)
  for (const one of shown) if (one.verdict !== 'passed') console.log(`  ${one.where}: ${one.what}: ${one.verdict}`)
}
console.log(`${verdictLine(judged)}, ${seconds.toFixed(0)} s\nverification/report.html, verification/report.md`)
process.exitCode = judged.every(({ verdict }) => verdict === 'passed') ? 0 : 1

/** The vectors by the command line, as a user calls it; null where it came to no report. */
function runVectors(): ConformanceReport | null {
  const argv = ['--import', 'tsx', join(ROOT, 'bindings/cli/main.ts'), 'conformance', '--json']
  const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 })
  try {
    return JSON.parse(stdout) as ConformanceReport
  } catch {
    console.error(`agatston conformance came to no report: ${stderr}`)
    return null
  }
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/** The tests of the files that requirements name. A file that does not load has no tests, so nothing it shows is shown. */
function runTests(): TestResult[] {
  const temporary = mkdtempSync(join(tmpdir(), 'agatston-verify-'))
  const out = join(temporary, 'tests.json')
  try {
    const argv = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${out}`, ...files] // prettier-ignore
    spawnSync(process.execPath, argv, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
    const { testResults } = JSON.parse(readFileSync(out, 'utf8')) as VitestReport
    return testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ ancestorTitles, title, status }) => ({
        file: relative(ROOT, name).replaceAll('\\', '/'),
        titles: [...ancestorTitles, title],
        status,
      })),
    )
  } catch (error) {
    console.error(`The tests came to no report: ${error instanceof Error ? error.message : String(error)}`)
    return []
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function facts(): [string, string][] {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const number = (status: string): number => tests.filter((one) => one.status === status).length
  const git = (...argv: readonly string[]): string | null => {
    const { status, stdout } = spawnSync('git', argv, { cwd: ROOT, encoding: 'utf8' })
    return status === 0 ? stdout.trim() : null
  }
  const commit = git('rev-parse', 'HEAD')
  const changed = git('status', '--porcelain', '--untracked-files=no')
  return [
    ['Version', `agatston ${version}`],
    ['Date', new Date().toISOString()],
    ['Commit', commit === null ? 'not a git checkout' : `${commit}${changed ? ', with local changes' : ''}`],
    ...(conformance?.builds ?? []).map(({ build, wasmSha256 }): [string, string] => [`SHA-256 of the ${build} module`, wasmSha256]), // prettier-ignore
    ['SHA-256 of package-lock.json', sha256Of('package-lock.json')],
    ['SHA-256 of requirements.json', sha256Of('test/verify/requirements.json')],
    ['Tests', `${tests.length} in ${files.length} files: ${number('passed')} passed, ${number('failed')} failed, the rest not run here`], // prettier-ignore
    ['Vectors', conformance ? `${conformance.total.cases} cases, ${conformance.total.scores} scores, ${conformance.total.failed} failed` : 'did not run'], // prettier-ignore
    ['Time', `${seconds.toFixed(0)} s`],
    ['Node', `${process.version}, V8 ${process.versions.v8}`],
    ['System', `${platform()} ${release()} ${arch()}`],
    [
      'Processor',
      `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    ],
  ]
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(join(ROOT, path))).digest('hex') // prettier-ignore
}
