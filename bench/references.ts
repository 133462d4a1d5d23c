/**
 * `npm run bench:references`: the same volumes scored by ours and by every other implementation at hand, under every standard
 * each can express. Prints one table; exit 1 where a score differs. `--record` keeps the table in bench/record, `--quick` takes fewer slices.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { about } from './machine.js'
import { referenceCases } from './references/cases.js'
import { type Implementation, SHIPPED, implementationsHere, scoreHere } from './references/here.js'
import { scoreInPython } from './references/python.js'
import { PEER_RULES } from './references/rules.js'
import { judge } from './references/score.js'
import { type Party, referencesTable } from './references/table.js'

const quick = process.argv.includes('--quick')
const record = process.argv.includes('--record')
const BUDGET_MS = quick ? 100 : 400
const tell = (line: string): void => void process.stderr.write(`${line}\n`)

const unknown = SHIPPED.filter((id) => !(id in PEER_RULES))
if (unknown.length > 0) throw new Error(`bench/peers/rules.json lacks ${unknown.join(', ')}`)

const cases = await referenceCases(quick)
if (!cases.some(({ published }) => published)) tell('skipped: the real scan (../shared/data/qrm_canon is not at hand)')
const here = await implementationsHere()
const present = here.filter((one): one is Implementation => 'prepare' in one)
const scores = cases.flatMap((of) => {
  if (of.group === null) tell(of.name)
  return present.flatMap((one) => scoreHere(one, of, SHIPPED, of.group === null ? BUDGET_MS : 0))
})
tell('Python peers')
const peers = scoreInPython(cases, SHIPPED, BUDGET_MS)
const judged = judge(cases, [...scores, ...peers.scores])

const flat = SHIPPED.filter((id) => PEER_RULES[id]!.weights !== 'piece')
const parties: Party[] = [
  ...here.map((one) =>
    'prepare' in one
      ? { name: one.name, version: one.version, note: [...one.cannot].map(([id, why]) => `${id} (${why})`).join(', ') }
      : { name: one.name, version: null, note: one.install },
  ),
  ...Object.entries(peers.libraries).map(([name, version]) => {
    const some = peers.scores.filter(({ engine }) => engine === name)
    const cannot = flat.filter((id) => !some.some(({ standard }) => standard === id))
    return { name, version, note: cannot.map((id) => `${id} (labels slices only)`).join(', ') }
  }),
  ...peers.absent.map(({ name, install }) => ({ name, version: null, note: install })),
]
const text = referencesTable(
  { ...about(), ...peers.versions, run: quick ? 'quick: fewer slices and volumes' : 'full' },
  cases,
  parties,
  judged,
)
process.stdout.write(text)
if (record) writeFileSync(fileURLToPath(new URL(`record/references-${about().date}.md`, import.meta.url)), text)

const wrong = judged.filter(({ isWrong }) => isWrong)
for (const { case: name, standard, engine, score, difference } of wrong.slice(0, 50)) {
  tell(`DIFFERENT: ${engine} on '${name}' under ${standard}: ${score}, off by ${difference}`)
}
if (wrong.length > 0) process.exitCode = 1
