/** `agatston standards`: the shipped scoring rules, with every parameter and its source. */
import type { Standard } from '../../score/standard.js'
import type { CommandSpec, Parsed } from '../args.js'
import type { Command } from '../command.js'
import { EXIT } from '../exit.js'
import { type Io, lookOf } from '../terminal.js'
import { WrongUsage } from '../usage.js'

const spec: CommandSpec = {
  name: 'standards',
  usage: '[options]',
  typed: '',
  summary: 'Lists the scoring rules with their parameters and sources',
  about: ['The first is the default. A result is stamped with the id, the version and every parameter of its rules.'],
  options: [{ name: 'json', help: 'Print them as JSON (agatston.standards/1).' }],
  examples: [
    ['agatston standards', 'A table of all.'],
    ['agatston score ./scan --territories vessels.nii.gz --standard siemens', 'A score by the rules of one.'],
  ],
  exits: [
    ['0', 'done'],
    ['2', 'wrong usage'],
  ],
}

async function run(parsed: Parsed, io: Io): Promise<number> {
  if (parsed.positionals.length > 0) throw new WrongUsage('standards takes no path', 'agatston standards')
  const { STANDARDS } = await import('../../score/further/index.js')
  io.stdout.write(
    parsed.has('json')
      ? `${JSON.stringify({ schema: 'agatston.standards/1', standards: STANDARDS }, null, 2)}\n`
      : await standardsText(STANDARDS, io),
  )
  return EXIT.done
}

async function standardsText(standards: readonly Standard[], io: Io): Promise<string> {
  const [{ Paper }, rules] = await Promise.all([import('../../report/text/paper.js'), import('../../report/rules.js')])
  const paper = new Paper(lookOf(io.stdout, io))
  paper.table(
    [
      { title: 'Standard' },
      { title: 'Version', align: 'right', spare: 3 },
      { title: 'Threshold' },
      { title: 'Neighbours', align: 'right', spare: 1 },
      { title: 'Smallest piece' },
      { title: 'Slice factor', spare: 2 },
    ],
    standards.map((standard, n) => ({
      cells: [
        standard.id,
        String(standard.version),
        rules.thresholdText(standard),
        String(standard.connectivity),
        rules.minimumText(standard),
        rules.factorText(standard),
      ],
      ...(n === 0 ? { style: 'bold' as const } : {}),
    })),
  )
  standards.forEach((standard, n) => {
    paper.heading(`${standard.id}${n === 0 ? ' (default)' : ''}`)
    paper.fields([
      ['Title', standard.title],
      ['Rules', rules.rulesText(standard)],
      ['Source', standard.citation],
    ])
  })
  return paper.toString()
}

export const command: Command = { spec, run }
