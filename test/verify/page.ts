/** The verification report as one page of HTML, which needs nothing from elsewhere and prints, and as Markdown. */
import type { ConformanceReport } from '../../bindings/conformance/run.js'
import type { Judged, Shown, Verdict } from './judge.js'
import type { Requirements } from './requirements.js'

export interface PageContent {
  readonly groups: Requirements['groups']
  readonly judged: readonly Judged[]
  /** Versions, hashes, environment, in order. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly conformance: ConformanceReport | null
}

/** The sentence both pages begin with. */
export function verdictLine(judged: readonly Judged[]): string {
  const number = (wanted: Verdict): number => judged.filter(({ verdict }) => verdict === wanted).length
  const [passed, failed, missing] = [number('passed'), number('failed'), number('missing')]
  if (judged.length > 0 && passed === judged.length) return `VERIFIED: ${passed} of ${passed} requirements`
  return `NOT VERIFIED: of ${judged.length} requirements ${failed} failed, ${missing} were not shown, ${passed} passed`
}

const isVerified = (judged: readonly Judged[]): boolean => verdictLine(judged).startsWith('VERIFIED')

const WORDS: Readonly<Record<Verdict, string>> = { passed: 'passed', failed: 'FAILED', missing: 'NOT SHOWN' }

const figures = ({ passed, failed, skipped }: Shown): string =>
  [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} not run here`] : [])].join(', ') // prettier-ignore

const ofGroup = (judged: readonly Judged[], prefix: string): Judged[] =>
  judged.filter(({ requirement }) => requirement.id.startsWith(`${prefix}-`))

const ABOUT =
  'Each requirement stands with the paper or standard it follows from, the automatic tests that show it, and how they ended in this run. “Not run here” counts tests that need a tool or data this machine lacks; a requirement of which nothing ran is not shown. Tests show the presence of what they look at; they are no clinical validation, and the software is not a cleared medical device.'

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]!)

const STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1f24; max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
.verdict { font-weight: 700; padding: .7rem 1rem; border: 2px solid; border-radius: 6px; }
.verdict.passed { color: #0b5d2c; background: #eef8f1; } .verdict.failed { color: #9b1111; background: #fdf0f0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #d5d9de; }
th { font-size: .85rem; color: #4d5661; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.req td:first-child, .req td:last-child { white-space: nowrap; } .id { font-weight: 600; }
.source, .evidence { color: #4d5661; font-size: .84rem; } .evidence { margin: .2rem 0 0; padding-left: 1.1rem; }
.passed > b { color: #0b5d2c; } .failed > b, .missing > b { color: #9b1111; }
code { font: .82rem ui-monospace, monospace; overflow-wrap: anywhere; }
.facts td:first-child { white-space: nowrap; color: #4d5661; }
tr { break-inside: avoid; } h2 { break-after: avoid; }
@media print { body { margin: 0; max-width: none; font-size: 10.5px; } }
`

export function htmlPage({ groups, judged, facts, conformance }: PageContent): string {
  const bad = judged.filter(({ verdict }) => verdict !== 'passed')
  const chapters = groups.map(({ prefix, title }) => [title, ofGroup(judged, prefix)] as const)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>agatston: verification</title><style>${STYLE}</style></head><body>
<h1>agatston: verification report</h1>
<p class="verdict ${isVerified(judged) ? 'passed' : 'failed'}">${escape(verdictLine(judged))}</p>
<p>${escape(ABOUT)}</p>
<h2>What was verified, and where</h2>
<table class="facts">${facts.map(([name, value]) => `<tr><td>${escape(name)}</td><td><code>${escape(value)}</code></td></tr>`).join('\n')}</table>
${bad.length > 0 ? `<h2>Failed or not shown</h2>\n${htmlTable(bad)}` : ''}
<h2>Summary</h2>
<table><tr><th>Chapter</th><th class="n">Requirements</th><th class="n">Passed</th></tr>
${chapters.map(([title, own]) => `<tr><td>${escape(title)}</td><td class="n">${own.length}</td><td class="n">${own.filter(({ verdict }) => verdict === 'passed').length}</td></tr>`).join('\n')}</table>
${chapters.filter(([, own]) => own.length > 0).map(([title, own]) => `<h2>${escape(title)}</h2>\n${htmlTable(own)}`).join('\n')}
<h2>Vectors by rule</h2>
${conformance ? htmlVectors(conformance) : '<p>The vectors did not run.</p>'}
</body></html>
` // prettier-ignore
}

function htmlTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ requirement: { id, text, source }, verdict, shown }) => {
    const evidence = shown.map((one) => `<li class="${one.verdict}">${escape(one.where)}: “${escape(one.what)}”: ${one.verdict === 'passed' ? '' : `<b>${WORDS[one.verdict]}</b>, `}${figures(one)}</li>`) // prettier-ignore
    return `<tr><td class="id">${escape(id)}</td><td>${escape(text)}<div class="source">${escape(source)}</div><ul class="evidence">${evidence.join('')}</ul></td><td class="${verdict}"><b>${WORDS[verdict]}</b></td></tr>` // prettier-ignore
  })
  return `<table class="req"><tr><th>Id</th><th>Requirement, source, evidence</th><th>Result</th></tr>\n${rows.join('\n')}</table>`
}

function htmlVectors({ rules, total }: ConformanceReport): string {
  const rows = [...rules, total].map(({ rule, cases, scores, passed, failed }) => `<tr><td>${escape(rule)}</td>${[cases, scores, passed, failed].map((n) => `<td class="n">${n}</td>`).join('')}</tr>`) // prettier-ignore
  return `<table><tr><th>Rule</th><th class="n">Cases</th><th class="n">Scores</th><th class="n">Passed</th><th class="n">Failed</th></tr>\n${rows.join('\n')}</table>`
}

/** Text within a cell: signs that Markdown or HTML would take for theirs are escaped. */
const cell = (text: string): string => text.replace(/[\\`*_<>|[\]]/g, '\\$&').replace(/\s+/g, ' ')
const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

export function markdownPage({ groups, judged, facts, conformance }: PageContent): string {
  const head = (...titles: readonly string[]): string[] => [line(...titles), line(...titles.map(() => '---'))]
  const row = ({ requirement: { id, text, source }, verdict, shown }: Judged): string => {
    const evidence = shown.map((one) => `${cell(one.where)}: “${cell(one.what)}”: ${figures(one)}`).join('<br>')
    return line(id, cell(text), cell(source), evidence, verdict === 'passed' ? 'passed' : `**${WORDS[verdict]}**`)
  }
  const table = (list: readonly Judged[]): string[] => [...head('Id', 'Requirement', 'Source', 'Evidence', 'Result'), ...list.map(row)] // prettier-ignore
  const bad = judged.filter(({ verdict }) => verdict !== 'passed')
  const chapters = groups.map(({ prefix, title }) => [title, ofGroup(judged, prefix)] as const)
  return [
    '# agatston: verification report',
    `**${verdictLine(judged)}**`,
    ABOUT,
    '## What was verified, and where',
    [...head('Fact', 'Value'), ...facts.map(([name, value]) => line(cell(name), cell(value)))].join('\n'),
    ...(bad.length > 0 ? ['## Failed or not shown', table(bad).join('\n')] : []),
    ...chapters.filter(([, own]) => own.length > 0).flatMap(([title, own]) => [`## ${title}`, table(own).join('\n')]),
    '## Vectors by rule',
    conformance
      ? [
          ...head('Rule', 'Cases', 'Scores', 'Passed', 'Failed'),
          ...[...conformance.rules, conformance.total].map(({ rule, cases, scores, passed, failed }) => line(cell(rule), ...[cases, scores, passed, failed].map(String))), // prettier-ignore
        ].join('\n')
      : 'The vectors did not run.',
    '',
  ].join('\n\n')
}
