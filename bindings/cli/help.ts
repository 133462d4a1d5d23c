/** Help: of the program, and of each command from its own list of options, so that help and parser cannot disagree. */
import { Paper, type PaperOptions } from '../report/text/paper.js'
import { DISCLAIMER } from '../report/disclaimer.js'
import { type CommandSpec, allOptions, usageLine } from './args.js'

export function commandHelp(spec: CommandSpec, look: PaperOptions): string {
  const paper = new Paper(look)
  paper.paragraph(usageLine(spec), 'bold')
  paper.line()
  for (const text of [`${spec.summary}.`, ...spec.about]) paper.paragraph(text)
  paper.heading('Options')
  paper.fields(
    allOptions(spec).map(({ name, value, many, help }) => [
      `--${name}${value === undefined ? '' : ` ${value}`}${many ? '...' : ''}`,
      help,
    ]),
    2,
  )
  paper.heading('Examples')
  for (const [line, what] of spec.examples) {
    paper.paragraph(line, undefined, '  ')
    paper.paragraph(what, 'dim', '      ')
  }
  paper.heading('Exit codes')
  paper.fields(spec.exits, 2)
  return paper.toString()
}

/** Help of the program itself. `commands` are names with what they do. */
export function programHelp(
  commands: readonly (readonly [name: string, summary: string])[],
  look: PaperOptions,
): string {
  const paper = new Paper(look)
  paper.paragraph('agatston COMMAND [options]', 'bold')
  paper.line()
  paper.paragraph('Scores coronary calcium on CT: DICOM series or NIfTI volumes, checked before they are scored.')
  paper.heading('Commands')
  paper.fields(commands, 2)
  paper.heading('Options')
  paper.fields(
    [
      ['--help', 'Show this help; after a command, the help of that command.'],
      ['--version', 'Show the version.'],
    ],
    2,
  )
  paper.heading('Examples')
  paper.paragraph('agatston score ./scan --territories vessels.nii.gz', undefined, '  ')
  paper.paragraph('agatston inspect ./scan', undefined, '  ')
  paper.paragraph('agatston score --help', undefined, '  ')
  paper.line()
  paper.paragraph(DISCLAIMER, 'dim')
  return paper.toString()
}
