/** Scores side by side, as Markdown: who took part, then one line for each case, standard and implementation. */
import type { About } from '../table.js'
import type { ReferenceCase } from './cases.js'
import { PEER_RULES } from './rules.js'
import { NAIVE, type Judged, TOLERANCE } from './score.js'

/** An implementation as the table names it. */
export interface Party {
  readonly name: string
  /** Null: absent. */
  readonly version: string | null
  /** What it cannot score and why, or how to install it. */
  readonly note: string
}

/** What the times are compared with. */
const OURS = 'agatston (simd)'

export function referencesTable(
  about: About,
  cases: readonly ReferenceCase[],
  parties: readonly Party[],
  scores: readonly Judged[],
): string {
  const wrong = scores.filter(({ isWrong }) => isWrong)
  return [
    '# Against other implementations',
    '',
    ...Object.entries(about).map(([key, value]) => `- ${key}: ${value}`),
    '',
    'Whole Agatston scores of the same volumes under the shipped standards, all in one run. The peers follow their own table of rules',
    '(`bench/peers/rules.json`) and label components with their own functions; ours and the naive reference share nothing but the standards.',
    `Difference: relative, from the naive reference; beyond ${TOLERANCE} the run fails. Time: median, in ms, of one score of a volume that is in`,
    'memory, one thread, process start and loading not counted; the naive reference runs once. Volumes of one rule of the vectors',
    'are summed and not timed; runs are then volumes x standards.',
    '',
    `**${scores.length} scores, ${wrong.length} of them different.**`,
    '',
    '| implementation | version | scores | largest difference | time, ours = 1 | note |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...parties.map((party) => partyLine(party, scores)),
    '',
    ...publishedLines(cases, scores),
    '| case | standard | implementation | score | difference | time ms | runs |',
    '| --- | --- | --- | ---: | ---: | ---: | ---: |',
    ...cases.filter(({ group }) => group === null).flatMap(({ name }) => studyLines(name, parties, scores)),
    ...ruleLines(cases, parties, scores),
    '',
  ].join('\n')
}

function partyLine({ name, version, note }: Party, scores: readonly Judged[]): string {
  if (version === null) return `| ${name} | absent | | | | ${note} |`
  const own = scores.filter(({ engine }) => engine === name)
  const largest = own.reduce((most, { difference }) => Math.max(most, difference), 0)
  const ratios = own.flatMap((one) => {
    const ours = scores.find((b) => b.engine === OURS && b.case === one.case && b.standard === one.standard)
    return one.median !== null && ours?.median ? [one.median / ours.median] : []
  })
  const ratio = ratios.length > 0 ? shortTime(ratios.sort((a, b) => a - b)[ratios.length >> 1]!) : ''
  return `| ${name} | ${version} | ${own.length} | ${inDigits(largest)} | ${ratio} | ${note} |`
}

/** What each implementation gives where others published a score. */
function publishedLines(cases: readonly ReferenceCase[], scores: readonly Judged[]): string[] {
  return cases.flatMap(({ name, published }) => {
    if (!published) return []
    const own = scores.filter((one) => one.case === name && one.fromPublished !== null)
    const far = own.reduce((most, { fromPublished }) => Math.max(most, Math.abs(fromPublished!)), 0)
    return [
      `Published for '${name}' under \`${published.standard}\`: ${published.score.toFixed(5)}; ${own.length} implementations differ from it by ${inDigits(far)} at`,
      `most (${inDigits(published.within)} is what rounding in print allows).`,
      '',
    ]
  })
}

function studyLines(name: string, parties: readonly Party[], scores: readonly Judged[]): string[] {
  const own = scores.filter((one) => one.case === name)
  const lines = [...new Set(own.map(({ standard }) => standard))].flatMap((standard) =>
    parties.flatMap(({ name: engine }) => {
      const one = own.find((score) => score.standard === standard && score.engine === engine)
      return one ? [scoreLine(name, standard, one)] : []
    }),
  )
  return [...lines, ...absentLines(name, parties)]
}

/** The vectors' volumes, added up by rule over the standards by pieces and those by lesions: sums that only serve to compare. */
function ruleLines(cases: readonly ReferenceCase[], parties: readonly Party[], scores: readonly Judged[]): string[] {
  const groups = [...new Set(cases.flatMap(({ group }) => group ?? []))]
  return groups.flatMap((group) => {
    const names = new Set(cases.filter((one) => one.group === group).map(({ name }) => name))
    const label = `vectors, rule '${group}', ${names.size} volume${names.size === 1 ? '' : 's'}`
    const own = scores.filter((one) => names.has(one.case))
    const lines = [true, false].flatMap((byPiece) =>
      parties.flatMap(({ name }) => {
        const some = own.filter(
          ({ engine, standard }) => engine === name && (PEER_RULES[standard]!.weights === 'piece') === byPiece,
        )
        if (some.length === 0) return []
        const standards = new Set(some.map(({ standard }) => standard)).size
        return [scoreLine(label, `sum of ${standards} by ${byPiece ? 'pieces' : 'lesions'}`, summed(some))]
      }),
    )
    return [...lines, ...absentLines(label, parties)]
  })
}

function summed(scores: readonly Judged[]): Judged {
  return {
    ...scores[0]!,
    score: scores.reduce((sum, { score }) => sum + (score ?? 0), 0),
    difference: scores.reduce((most, { difference }) => Math.max(most, difference), 0),
    isWrong: scores.some(({ isWrong }) => isWrong),
    median: null,
    runs: scores.length,
  }
}

const absentLines = (name: string, parties: readonly Party[]): string[] =>
  parties
    .filter(({ version }) => version === null)
    .map(({ name: engine }) => `| ${name} | | ${engine} | absent | | | |`)

function scoreLine(name: string, standard: string, { engine, score, difference, isWrong, median, runs }: Judged) {
  const shown = score === null ? 'refused' : String(Number(score.toPrecision(12)))
  const from = engine === NAIVE ? '' : inDigits(difference)
  return `| ${name} | ${standard} | ${engine} | ${shown} | ${isWrong ? `**${from}**` : from} | ${median === null ? '' : shortTime(median)} | ${runs} |`
}

const inDigits = (value: number): string => (value === 0 ? '0' : value.toExponential(1))
const shortTime = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0))
