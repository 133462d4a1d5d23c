/** `agatston score`: reads, checks, scores; a report for people or the result as JSON. */
import type { ScorePathOptions } from '../../node/path.js'
import type { Result } from '../../score/result.js'
import { type CommandSpec, type Parsed, positiveNumber, typedLine } from '../args.js'
import type { Command } from '../command.js'
import { EXIT, refusalReport } from '../exit.js'
import { resultJson } from '../json.js'
import { OutFolder } from '../out.js'
import { Progress } from '../progress.js'
import { READING_EXITS, READING_OPTIONS, pathsOf, readingOptions, workersOf } from '../reading.js'
import { type Io, lookOf } from '../terminal.js'
import { WrongUsage, didYouMean } from '../usage.js'

const spec: CommandSpec = {
  name: 'score',
  usage: 'PATH... --territories FILE... [options]',
  typed: 'FOLDER --territories MAP.nii.gz',
  summary: 'Reads one CT series, checks it, and scores its calcium',
  about: [
    'PATH is a folder of DICOM files, a zip archive or DICOMDIR of them, DICOM files, or one NIfTI volume (.nii, .nii.gz). Other files in a folder are passed over.',
    'What to score is said by masks of the vessels, or by --whole-image for phantoms. A series whose score would be wrong is refused with a code.',
  ],
  options: [
    {
      name: 'territories',
      value: 'FILE',
      many: true,
      takesMore: (word) => /\.(nii(\.gz)?|dcm)$/i.test(word),
      help: 'Mask of the vessels: DICOM segmentation, RT structure set, or NIfTI label map (1 LM, 2 LAD, 3 LCX, 4 RCA, 5 RAMUS, 6 PDA, 7 AORTA, 8 AORTIC_VALVE, 9 MITRAL_VALVE, 10 OTHER). A JSON of the same name beside it gives other names by number: { "1": "LAD" }; of segments and ROIs null leaves one out.',
    },
    {
      name: 'whole-image',
      help: 'Score every calcified pixel, bone included: for phantoms. Never a coronary calcium score.',
    },
    { name: 'standard', value: 'ID', help: 'Scoring rules; the command standards lists them. Default: agatston-130.' },
    { name: 'series', value: 'UID', help: 'Score this series, where the files hold several.' },
    {
      name: 'mass-factor',
      value: 'C',
      help: 'Calibration of the scanner in mg/(mm3 HU), about 0.0007. Without it there is no mass.',
    },
    ...READING_OPTIONS,
    {
      name: 'out',
      value: 'DIR',
      help: 'Also write result.json and report.txt there (or refusal.json). Files of an earlier run are replaced.',
    },
    { name: 'all-lesions', help: 'List every lesion in the report.' },
    { name: 'json', help: 'Print the result as JSON (agatston.result/1), a refusal as agatston.refusal/1.' },
    { name: 'quiet', help: 'No progress on the terminal.' },
  ],
  later: [
    'assign',
    'kvp-adapted',
    'patient',
    'region-rule',
    'lm-into-lad',
    'patient-size',
    'calibration',
    'no-identity',
    'all-series',
  ],
  examples: [
    ['agatston score ./scan --territories vessels.nii.gz', 'A report of the coronary score, vessel by vessel.'],
    [
      'agatston score ./scan --territories vessels.nii.gz --json > result.json',
      'The same as JSON, with every piece and unrounded numbers.',
    ],
    ['agatston score ./qrm --whole-image --mass-factor 0.000722', 'Everything calcified in a scan of a phantom.'],
  ],
  exits: [['0', 'scored'], ...READING_EXITS],
}

async function run(parsed: Parsed, io: Io): Promise<number> {
  const paths = pathsOf(spec, parsed)
  const options = await scoreOptions(parsed)
  const dir = parsed.one('out')
  const out = dir === undefined ? null : OutFolder.prepare(dir)
  const progress = new Progress(io.stderr, parsed.has('quiet'))
  const { scorePath } = await import('../../node/path.js')
  let result: Result
  try {
    result = await scorePath(paths, { ...options, onProgress: (...told) => progress.update(...told) })
  } catch (error) {
    out?.writeRefusal(error, refusalReport)
    throw error
  } finally {
    progress.end()
  }
  const { renderText } = await import('../../report/text.js')
  const allLesions = parsed.has('all-lesions')
  out?.write({
    'result.json': resultJson(result, 2),
    'report.txt': [renderText(result, { width: 100, allLesions })],
  })
  if (parsed.has('json')) writeJson(io.stdout, result)
  else io.stdout.write(renderText(result, { ...lookOf(io.stdout, io), allLesions }))
  return EXIT.done
}

/** Indented for a person at a terminal; for a program one line, which is half as long and takes half the time. */
function writeJson(stdout: Io['stdout'], result: Result): void {
  for (const chunk of resultJson(result, stdout.isTTY ? 2 : 0)) stdout.write(chunk)
}

/** Everything about the options that can be wrong is found here, before a file is opened. @throws WrongUsage */
async function scoreOptions(parsed: Parsed): Promise<ScorePathOptions> {
  const territories = parsed.all('territories')
  const whole = parsed.has('whole-image')
  if (whole && territories.length > 0) {
    throw new WrongUsage('--whole-image and --territories exclude each other: give one of them', typedLine(spec))
  }
  const standard = parsed.one('standard')
  const massFactor = positiveNumber(spec, 'mass-factor', parsed.one('mass-factor'))
  const series = parsed.one('series')
  const workers = workersOf(spec, parsed)
  if (series !== undefined && !/^[0-9.]{1,64}$/.test(series)) {
    throw new WrongUsage(
      '--series needs a SeriesInstanceUID: digits and dots, as inspect shows it',
      'agatston inspect FOLDER',
    )
  }
  await checkRules(standard, massFactor)
  return {
    ...readingOptions(spec, parsed),
    ...(territories.length > 0 ? { territories } : {}),
    ...(whole ? { scope: 'whole-image' as const } : {}),
    ...(standard === undefined ? {} : { standard }),
    ...(massFactor === undefined ? {} : { massFactor }),
    ...(series === undefined ? {} : { seriesInstanceUid: series }),
    ...(workers === undefined ? {} : { workers }),
  }
}

async function checkRules(standard: string | undefined, massFactor: number | undefined): Promise<void> {
  const [{ STANDARDS }, { checkCommon }] = await Promise.all([
    import('../../score/standards.js'),
    import('../../score/options.js'),
  ])
  const ids = STANDARDS.map(({ id }) => id)
  if (standard !== undefined && !ids.includes(standard)) {
    const hint = didYouMean(standard, ids) || `; there are ${ids.join(', ')}`
    throw new WrongUsage(`there is no standard '${standard}'${hint}`, 'agatston standards')
  }
  try {
    checkCommon({ scope: 'whole-image', ...(massFactor === undefined ? {} : { massFactor }) }, false)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new WrongUsage(`--mass-factor: ${cause.message}`, typedLine(spec), { cause })
  }
}

export const command: Command = { spec, run }
