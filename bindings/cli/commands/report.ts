/** `agatston report`: a stored result as text, page, PDF, table, FHIR; with its images also as DICOM objects and pictures. */
import {
  FORMAT_NAMES,
  type Format,
  type Files,
  type Omitted,
  type ReportImages,
  isFormat,
  needsImages,
  renderFiles,
} from '../../node/renderings.js'
import type { Report } from '../../report/report.js'
import type { Result } from '../../score/result.js'
import { type CommandSpec, type Parsed, typedLine } from '../args.js'
import type { Command } from '../command.js'
import { EXIT } from '../exit.js'
import { OutFolder } from '../out.js'
import { REPORTING_OPTIONS } from '../reporting-options.js'
import { reportingOptions } from '../reporting.js'
import type { Io } from '../terminal.js'
import { WrongUsage, didYouMean } from '../usage.js'
import { tellWritten } from '../written.js'

/** Formats that a pipe takes as they are. */
const PRINTABLE: readonly Format[] = ['text', 'html', 'json', 'fhir']

const spec: CommandSpec = {
  name: 'report',
  usage: 'RESULT.json [options]',
  typed: 'RESULT.json',
  summary: 'Renders a stored result: text, page, PDF, tables, FHIR, DICOM',
  about: [
    'RESULT.json is what score wrote with --json or --out. A result whose sums do not agree with its pieces is refused.',
    'Structured report, segmentation, secondary capture and pictures need the images the result was made from, which are compared with its hash first.',
  ],
  options: [
    {
      name: 'format',
      value: 'LIST',
      help: `What to write, with commas: ${FORMAT_NAMES.join(', ')}. Default: text; with --out all that can be made.`,
    },
    {
      name: 'images',
      value: 'PATH',
      many: true,
      help: 'The images that were scored: a folder, zip archive or files. Needed for sr, seg, sc and png.',
    },
    {
      name: 'territories',
      value: 'FILE',
      many: true,
      takesMore: (word) => /\.(nii(\.gz)?|dcm)$/i.test(word),
      help: 'The masks the images were scored with, where there were any.',
    },
    ...REPORTING_OPTIONS,
    { name: 'out', value: 'DIR', help: 'Write the renderings there. Files of an earlier run are replaced.' },
    { name: 'all-lesions', help: 'List every lesion in the text.' },
  ],
  examples: [
    ['agatston report result.json', 'The report as text.'],
    ['agatston report result.json --format html > report.html', 'A page that needs nothing but itself.'],
    [
      'agatston report result.json --images ./scan --territories vessels.nii.gz --patient patient.json --out ./report',
      'Everything: page, PDF, tables, FHIR, objects for the PACS, pictures.',
    ],
  ],
  exits: [
    ['0', 'done'],
    ['1', 'a fault of the software'],
    ['2', 'wrong usage'],
    ['3', 'the result or its images are refused'],
  ],
}

async function run(parsed: Parsed, io: Io): Promise<number> {
  const [path, ...others] = parsed.positionals
  if (path === undefined || path === '' || others.length > 0) throw new WrongUsage('give one result', typedLine(spec))
  const dir = parsed.one('out')
  const formats = formatsOf(parsed, dir !== undefined)
  const options = reportingOptions(spec, parsed)
  const out = dir === undefined ? null : OutFolder.prepare(dir)
  const [{ readResult }, { withImages }, { buildReport }] = await Promise.all([
    import('../../node/stored-result.js'),
    import('../../node/report-images.js'),
    import('../../report/build.js'),
  ])
  const result = await readResult(path)
  const identity = !parsed.has('no-identity')
  const made = await withImages(
    result,
    { paths: parsed.all('images'), territories: parsed.all('territories'), identity },
    (images) => render(result, formats, images),
  )

  async function render(
    of: Result,
    wanted: readonly Format[] | null,
    images: (ReportImages & { subject: Report['subject'] }) | null,
  ): Promise<{ readonly files: Files; readonly omitted: readonly Omitted[] }> {
    const report = buildReport(of, { ...options, subject: images?.subject ?? null })
    return renderFiles(report, wanted ?? FORMAT_NAMES, {
      images: images ?? undefined,
      identity,
      allLesions: parsed.has('all-lesions'),
    })
  }

  if (out) {
    out.write(made.files)
    tellWritten(io, Object.keys(made.files), formats === null ? made.omitted : [])
  } else {
    for (const content of Object.values(made.files)) io.stdout.write(content as string)
  }
  if (formats !== null && made.omitted.length > 0) {
    const [{ format, reason }] = made.omitted as [Omitted]
    throw new WrongUsage(`--format ${format} cannot be made: ${reason}`, `${typedLine(spec)} --images FOLDER`)
  }
  return EXIT.done
}

/** Formats asked for; null: all that can be made. @throws WrongUsage */
function formatsOf(parsed: Parsed, isFolder: boolean): readonly Format[] | null {
  const list = parsed.one('format')
  if (list === undefined) return isFolder ? null : ['text']
  const formats = list.split(',').map((word) => {
    const name = word.trim()
    if (isFormat(name)) return name
    const hint = didYouMean(name, FORMAT_NAMES) || `; there are ${FORMAT_NAMES.join(', ')}`
    throw new WrongUsage(`--format: there is no format '${name}'${hint}`, `${typedLine(spec)} --format text`)
  })
  const lacking = formats.find((format) => needsImages(format) && parsed.all('images').length === 0)
  if (lacking !== undefined)
    throw new WrongUsage(`--format ${lacking} needs the images`, `${typedLine(spec)} --images FOLDER --out DIR`)
  const isPiped = formats.length === 1 && PRINTABLE.includes(formats[0]!)
  if (!isFolder && !isPiped)
    throw new WrongUsage('these formats are files: say where to write them', `${typedLine(spec)} --out DIR`)
  return formats
}

export const command: Command = { spec, run }
