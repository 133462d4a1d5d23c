/** `agatston score`: reads, checks, scores; a report for people or the result as JSON. */
import type { MassOptions } from '../../node/mass-factor.js'
import type { ScorePathOptions, ScoredStudy } from '../../node/path.js'
import type { ReportOptions } from '../../report/build.js'
import type * as Standards from '../../score/further/index.js'
import type { Result } from '../../score/result.js'
import type { Standard } from '../../score/standard.js'
import { type CommandSpec, type Parsed, oneOf, positiveNumber, typedLine } from '../args.js'
import type { Command } from '../command.js'
import { EXIT, refusalReport } from '../exit.js'
import { resultJson } from '../json.js'
import { fromFile } from '../from-file.js'
import { OutFolder } from '../out.js'
import { Progress } from '../progress.js'
import { READING_EXITS, READING_OPTIONS, pathsOf, readingOptions, workersOf } from '../reading.js'
import { REPORTING_OPTIONS } from '../reporting-options.js'
import { type Io, lookOf } from '../terminal.js'
import { tellWritten } from '../written.js'
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
    {
      name: 'assign',
      value: 'FILE',
      help: "A reader's clicks (agatston.assignments/1): each takes the lesion under it into a vessel or out of the score. With masks or without.",
    },
    {
      name: 'region-rule',
      value: 'RULE',
      help: 'How masks meet lesions. clip (default): only what lies inside a mask. whole: a lesion belongs to the vessel that holds most of it.',
    },
    { name: 'lm-into-lad', help: 'Count the left main into LAD.' },
    {
      name: 'standard',
      value: 'ID',
      help: 'Scoring rules; the command standards lists them. Or a JSON file of rules of your own, stamped custom with its hash. Default: agatston-130.',
    },
    {
      name: 'kvp-adapted',
      help: 'The published ladder of the tube voltage (70, 80, 100, 120 or 135 kVp). The result is non-standard and says so.',
    },
    { name: 'series', value: 'UID', help: 'Score this series, where the files hold several.' },
    {
      name: 'mass-factor',
      value: 'C',
      help: "Mass factor of the scanner in mg/(mm3 HU), about 0.0007. Without it the header's is taken, where it has one, else there is no mass.",
    },
    {
      name: 'calibration',
      value: 'FILE',
      help: 'The mass factor from a calibration phantom (agatston.calibration/1). Refused for a scan of another scanner, voltage or kernel.',
    },
    {
      name: 'patient-size',
      value: 'SIZE',
      help: 'small, medium or large: which mass factor of the header is taken (0018,9352), where it has none for this patient and nothing else gives one.',
    },
    ...READING_OPTIONS,
    ...REPORTING_OPTIONS,
    {
      name: 'out',
      value: 'DIR',
      help: 'Also write everything there: result.json, the report as text, page, PDF, tables, FHIR, objects for the PACS and pictures (or refusal.json). Files of an earlier run are replaced.',
    },
    { name: 'all-lesions', help: 'List every lesion in the report.' },
    { name: 'json', help: 'Print the result as JSON (agatston.result/1), a refusal as agatston.refusal/1.' },
    { name: 'quiet', help: 'No progress on the terminal.' },
  ],
  later: ['all-series'],
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
  const [options, reporting] = await Promise.all([scoreOptions(parsed), reportOptions(parsed)])
  const dir = parsed.one('out')
  const out = dir === undefined ? null : OutFolder.prepare(dir)
  const progress = new Progress(io.stderr, parsed.has('quiet'))
  const { scoreStudy } = await import('../../node/path.js')
  const onProgress = (...told: Parameters<Progress['update']>): void => progress.update(...told)
  try {
    await scoreStudy(paths, { ...options, onProgress }, async (study) => {
      progress.end()
      await tell(study, parsed, io, out, reporting)
    })
  } catch (error) {
    progress.end()
    out?.writeRefusal(error, refusalReport)
    throw error
  }
  return EXIT.done
}

/** The answer on stdout, everything in the folder. Renderers are loaded only where they are asked for. */
async function tell(
  study: ScoredStudy,
  parsed: Parsed,
  io: Io,
  out: OutFolder | null,
  reporting: Pick<ReportOptions, 'facts' | 'claim'>,
): Promise<void> {
  const { result } = study
  const isJson = parsed.has('json')
  const identity = !parsed.has('no-identity')
  const allLesions = parsed.has('all-lesions')
  if (!isJson || out) {
    const [{ buildReport }, { subjectOf }] = await Promise.all([
      import('../../report/build.js'),
      import('../../node/report-images.js'),
    ])
    const subject = identity ? await subjectOf(study.volume) : null
    const report = buildReport(result, { ...reporting, subject })
    if (out) {
      const { FORMAT_NAMES, renderFiles } = await import('../../node/renderings.js')
      const { files, omitted } = await renderFiles(report, FORMAT_NAMES, { images: study, identity, allLesions })
      out.write({ 'result.json': resultJson(result, 2), ...files })
      if (!parsed.has('quiet')) tellWritten(io, ['result.json', ...Object.keys(files)], omitted)
    }
    if (!isJson) {
      const { renderText } = await import('../../report/text/text.js')
      // Terminals and what gathers their output are no place for a name: the files of --out bear it.
      io.stdout.write(renderText({ ...report, subject: null }, { ...lookOf(io.stdout, io), allLesions }))
    }
  }
  if (isJson) writeJson(io.stdout, result)
}

/** Facts and claim, checked before a file is opened; what checks them is loaded only where there are some. */
async function reportOptions(parsed: Parsed): Promise<Pick<ReportOptions, 'facts' | 'claim'>> {
  if (!parsed.has('patient') && !parsed.has('claim')) return {}
  const { reportingOptions } = await import('../reporting.js')
  return reportingOptions(spec, parsed)
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
  const series = parsed.one('series')
  const workers = workersOf(spec, parsed)
  if (series !== undefined && !/^[0-9.]{1,64}$/.test(series)) {
    throw new WrongUsage(
      '--series needs a SeriesInstanceUID: digits and dots, as inspect shows it',
      'agatston inspect FOLDER',
    )
  }
  const options: ScorePathOptions = {
    ...readingOptions(spec, parsed),
    ...(territories.length > 0 ? { territories } : {}),
    ...(whole ? { scope: 'whole-image' as const } : {}),
    ...(await rulesOf(parsed, territories.length > 0)),
    ...(await massOf(parsed)),
    ...(series === undefined ? {} : { seriesInstanceUid: series }),
    ...(workers === undefined ? {} : { workers }),
  }
  const { checkScoreOptions } = await import('../../node/path.js')
  try {
    await checkScoreOptions(options)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new WrongUsage(asTyped(cause.message), typedLine(spec), { cause })
  }
  return options
}

/** Names of options as they are typed: `massFactor` is `--mass-factor`. */
const asTyped = (message: string): string =>
  message.replace(/\b(massFactor|kvpAdapted|regionRule|patientSize|lmIntoLad)\b/g, (name) =>
    name.replace(/^/, '--').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  )

type Rules = Pick<ScorePathOptions, 'standard' | 'assignments' | 'regionRule' | 'lmIntoLad' | 'kvpAdapted'>

async function rulesOf(parsed: Parsed, hasMasks: boolean): Promise<Rules> {
  const standards = await import('../../score/further/index.js')
  const assign = parsed.one('assign')
  const assignments =
    assign === undefined ? undefined : fromFile(spec, 'assign', assign, (text) => standards.parseAssignments(text))
  const regionRule = oneOf(spec, 'region-rule', parsed.one('region-rule'), ['clip', 'whole'] as const)
  if (regionRule !== undefined && !hasMasks)
    throw new WrongUsage('--region-rule says how masks meet lesions: give --territories', typedLine(spec))
  return {
    ...(parsed.one('standard') === undefined ? {} : { standard: standardOf(parsed.one('standard')!, standards) }),
    ...(assignments === undefined ? {} : { assignments }),
    ...(regionRule === undefined ? {} : { regionRule }),
    ...(parsed.has('lm-into-lad') ? { lmIntoLad: true } : {}),
    ...(parsed.has('kvp-adapted') ? { kvpAdapted: true } : {}),
  }
}

/** Where the mass factor comes from. @throws WrongUsage */
async function massOf(parsed: Parsed): Promise<MassOptions> {
  const massFactor = positiveNumber(spec, 'mass-factor', parsed.one('mass-factor'))
  const path = parsed.one('calibration')
  if (massFactor !== undefined && path !== undefined) {
    throw new WrongUsage('--mass-factor and --calibration exclude each other: give one of them', typedLine(spec))
  }
  const { PATIENT_SIZES } = await import('../../volume/mass-factors.js')
  const patientSize = oneOf(spec, 'patient-size', parsed.one('patient-size'), PATIENT_SIZES)
  const { parseCalibration } = await import('../../measures/calibration.js')
  return {
    ...(massFactor === undefined ? {} : { massFactor }),
    ...(path === undefined ? {} : { calibration: fromFile(spec, 'calibration', path, parseCalibration) }),
    ...(patientSize === undefined ? {} : { patientSize }),
  }
}

/** A shipped standard, or one from a file. @throws WrongUsage */
function standardOf(name: string, { STANDARDS, parseStandard }: typeof Standards): Standard {
  if (/\.json$/i.test(name)) return fromFile(spec, 'standard', name, parseStandard)
  const found = STANDARDS.find(({ id }) => id === name)
  if (found) return found
  const ids = STANDARDS.map(({ id }) => id)
  const hint = didYouMean(name, ids) || `; there are ${ids.join(', ')}`
  throw new WrongUsage(`there is no standard '${name}'${hint}`, 'agatston standards')
}

export const command: Command = { spec, run }
