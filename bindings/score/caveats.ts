/** What only a result shows: its scope, lesions cut off at the ends, and whether a zero is one. */
import type { AcceptableCode, Warning, WarningCode } from '../base/errors.js'
import { TERRITORY_IDS } from '../volume/territory.js'
import type { Reading } from './measure.js'
import type { Request } from './options.js'
import type { Measured } from '../volume/volume.js'
import { isInTotal } from './tally.js'

/** A score and what speaks for or against it. */
export interface Evidence {
  readonly request: Request
  readonly reading: Reading
  readonly measured: Measured | null
  readonly volume: { readonly warnings: readonly Warning[]; readonly accepted: readonly AcceptableCode[] }
}

/** @param pieces counted pieces of the coronary total */
export function scopeWarnings(scored: Evidence, pieces: number): Warning[] {
  const { request } = scored
  if (request.scope === 'whole-image') {
    return [
      ...(pieces === 0 ? unverified(scored) : []),
      {
        code: 'SCOPE_WHOLE_IMAGE',
        message: 'Every calcified pixel was summed, bone included: this is no coronary calcium score',
        details: {},
      },
    ]
  }
  const warnings: Warning[] = []
  const ends = lesionsAtTheEnds(scored)
  if (ends.length > 0) {
    warnings.push({
      code: 'COVERAGE_SHORT',
      message: `A counted coronary lesion lies on the ${ends.join(' and ')} slice: calcium may continue outside the scan`,
      details: { ends },
    })
  }
  if (request.marked.length === 0) {
    warnings.push({
      code: 'ZERO_UNVERIFIED',
      message: 'No pixel is marked as coronary: the total says nothing',
      details: { kind: 'no-coronary-territory' },
    })
  } else if (pieces === 0) warnings.push(...unverified(scored))
  return warnings
}

function unverified(scored: Evidence): Warning[] {
  const failed = failedChecks(scored)
  if (failed.length === 0) return []
  const message = `A zero that is not verified: ${failed.join(', ')}`
  return [{ code: 'ZERO_UNVERIFIED', message, details: { kind: 'checks', failed } }]
}

/** HU by which air may lie off -1000. */
const AIR_OFF = 100
/** Warnings under which calcium may be there and not be seen. */
const AGAINST_ZERO: readonly WarningCode[] = [
  'COVERAGE_SHORT',
  'SLICES_GAP',
  'PADDING_IN_FIELD',
  'NOISE_HIGH',
  'HU_CALIBRATION',
]

/** Without these a coronary zero is one of some vessels only; the left main is often drawn as one with another. */
const NEEDED = ['LAD', 'LCX', 'RCA']

/** Checks of masks, coverage, noise and HU that a zero did not pass, or that could not be made. */
function failedChecks({ request, measured, volume }: Evidence): string[] {
  const { noiseHu, airHu } = measured ?? { noiseHu: null, airHu: null }
  const failed = new Set<string>(volume.accepted)
  if (request.names && request.marked.every((name) => name in TERRITORY_IDS)) {
    for (const name of NEEDED) if (!request.marked.includes(name)) failed.add(`${name} not marked`)
  }
  if (request.territories?.mapping?.notes.length) failed.add('notes on the masks')
  for (const { code } of volume.warnings) if (AGAINST_ZERO.includes(code)) failed.add(code)
  if (noiseHu === null) failed.add('noise not measured')
  if (airHu === null) failed.add('air not measured')
  else if (Math.abs(airHu + 1000) > AIR_OFF) failed.add('HU_CALIBRATION')
  return [...failed]
}

/** Which ends of the scan a counted coronary lesion reaches, by whichever of its pieces. */
function lesionsAtTheEnds({ request, reading }: Evidence): ('first' | 'last')[] {
  const { findings } = reading
  const isVessel = (i: number): boolean => isInTotal(request.names, reading.label(i))
  const counted = new Uint8Array(findings.lesions)
  for (let i = 0; i < findings.pieces; i++) {
    if (reading.counted(i) && isVessel(i)) counted[findings.lesionOf[i]!] = 1
  }
  const reaches = (k: number): boolean => {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++) {
      if (counted[findings.lesionOf[i]!] && isVessel(i)) return true
    }
    return false
  }
  const last = findings.sliceStarts.length - 2
  return [...(reaches(0) ? (['first'] as const) : []), ...(last > 0 && reaches(last) ? (['last'] as const) : [])]
}
