/** How a number was made and from what, as names and values: everything needed to make it again. */
import type { Result } from '../score/result.js'
import { plain } from './numbers.js'
import type { ProvenanceGroup } from './report.js'
import { modifierTexts, rulesText, volumeText } from './rules.js'

export const provenanceOf = (result: Result): readonly ProvenanceGroup[] => [computation(result), input(result)]

function computation(result: Result): ProvenanceGroup {
  const { standard, engine, accepted, modifiers } = result
  const factor = result.input.massFactor
  const fields: [string, string][] = [
    ['Standard', `${standard.id}, version ${standard.version}: ${standard.title}`],
    ['Rules', rulesText(standard)],
    ['Volume', volumeText(standard)],
    [
      'Mass',
      factor ? `c × mean HU × volume, c = ${factor.mgPerMm3Hu} mg/(mm³ HU) (${SOURCES[factor.source]})` : NO_MASS,
    ],
    ['Source', standard.citation],
  ]
  if (modifiers.length > 0) fields.push(['Modified by', `${modifierTexts(result).join('; ')} (not standard)`])
  if (accepted.length > 0) fields.push(['Overridden', `${accepted.join(', ')} (accepted by the caller)`])
  fields.push(
    ['Engine', `${engine.name} ${engine.version}, ${engine.build} build`],
    ['Module', `SHA-256 ${engine.wasmSha256}`],
  )
  return { title: 'How it was computed', fields }
}

const NO_MASS = 'not computed: no mass factor is known for this scan'
const SOURCES = {
  caller: 'given by the caller',
  calibration: 'from a calibration scan',
  header: 'from the header of the scan',
} as const

const KINDS: Readonly<Record<Result['input']['kind'], string>> = {
  'dicom-series': 'DICOM series',
  nifti: 'NIfTI volume (nothing is known of voltage, gating and contrast)',
  array: 'pixels in memory',
}

function input({ input: stamp, quality }: Result): ProvenanceGroup {
  const pixel = stamp.pixelSpacingMm
  const fields: [string, string | null][] = [
    ['Kind', KINDS[stamp.kind]],
    ['Series', stamp.seriesInstanceUid],
    ['Study', stamp.studyInstanceUid],
    [
      'Slices',
      `${stamp.slices} of ${stamp.rows} × ${stamp.columns} pixels of ${plain(pixel[0])} × ${plain(pixel[1])} mm`,
    ],
    ['Increment', `${plain(stamp.incrementMm)} mm, slice thickness ${withUnit(stamp.thicknessMm, 'mm')}`],
    ['Coverage', `${plain(quality.coverageMm, 1)} mm`],
    ['Noise', quality.noiseHu === null ? null : `${plain(quality.noiseHu, 1)} HU in soft tissue`],
    ['Air', quality.airHu === null ? null : `${plain(quality.airHu)} HU`],
    ['Scanner', stamp.manufacturer],
    ['Tube', withUnit(stamp.kvp, 'kV')],
    ['Kernel', stamp.kernel],
    ['Contrast', stamp.contrast && CONTRAST[stamp.contrast]],
    ['ECG gating', quality.gated && GATING[quality.gated]],
    ['Encoding', stamp.transferSyntaxes.join(', ') || null],
    ['Pixels', stamp.pixelSha256 && `SHA-256 ${stamp.pixelSha256}`],
  ]
  return {
    title: 'Input',
    fields: fields.flatMap(([name, value]): [string, string][] =>
      value === null || value === '' ? [] : [[name, value]],
    ),
  }
}

const withUnit = (value: number | null, unit: string): string =>
  value === null ? 'not known' : `${plain(value)} ${unit}`

const CONTRAST = { none: 'none recorded', recorded: 'recorded' } as const
const GATING = { evidence: 'recorded in the headers', 'no-evidence': 'not recorded in the headers' } as const
