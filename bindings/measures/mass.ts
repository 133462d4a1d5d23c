/**
 * Calcium mass without a threshold: partly filled pixels count by the part they are filled. Two techniques of one group, which
 * differ in where their two HU come from; the arithmetic after that is one, and it is done on the sum, so that of whole HU
 * the answer is exact whatever the order of pixels.
 *
 * Black D, Xiao X, Molloi S. Coronary artery calcium mass measurement based on integrated intensity and volume fraction techniques.
 * J Med Imaging 2023;10(4):043502, doi:10.1117/1.JMI.10.4.043502.
 */
import { checkKeys, finite, list, mask, positive, valueAt } from './checks.js'
import { CompensatedSum } from './statistics.js'

/** How much of a region is calcium. Noise may make any of it a little less than nothing; that is told as it is. */
export interface CalciumContent {
  /** Pixels full of calcium, fractions summed. */
  readonly voxels: number
  /** mm3. */
  readonly volumeMm3: number
  /** mg of the material the density is given for, calcium hydroxyapatite as a rule. */
  readonly massMg: number
}

interface ContentInput {
  /** HU of a region that holds all of the calcification and nothing else but its background; any order. */
  readonly hu: ArrayLike<number>
  /** One value for each of `hu`; what is 0 is left out. Default: all are taken. */
  readonly mask?: ArrayLike<number>
  /** Size of a pixel, mm3: row spacing x column spacing x increment. */
  readonly voxelMm3: number
  /** Density of the calcium whose HU is given, mg/mL. */
  readonly densityMgPerMl: number
}

export interface VolumeFractionInput extends ContentInput {
  /** HU of calcium of the known density: a rod of a calibration scan. */
  readonly calciumHu: number
  /** HU of tissue without calcium: heart muscle beside it. */
  readonly tissueHu: number
}

export interface IntegratedInput extends ContentInput {
  /** HU of the calcification itself, without partial volume (S_obj): from a calibration curve at the density. */
  readonly objectHu: number
  /** Mean HU of the background (S_bkg): a ring around the region in the same slices. */
  readonly backgroundHu: number
}

/**
 * Volume fraction calcium mass: each pixel is taken for a mixture of tissue and calcium of one known density, of which it holds
 * (HU - tissueHu) / (calciumHu - tissueHu).
 *
 * voxels = sum of the fractions over the region, volume = voxels x voxelMm3, mass = volume x densityMgPerMl / 1000. Pixels darker
 * than the tissue count negatively: without it noise would not cancel.
 *
 * @returns pixels, mm3 and mg
 * @throws TypeError for the wrong kind, RangeError for a wrong value: no pixels, HU that are not finite, calcium that is not
 *   brighter than the tissue, a size or density that is not above 0
 */
export function volumeFractionMass(input: VolumeFractionInput): CalciumContent {
  checkKeys('volumeFractionMass', input, ['hu', 'mask', 'calciumHu', 'tissueHu', 'voxelMm3', 'densityMgPerMl'])
  const { calciumHu, tissueHu } = input
  return contentOf(input, { name: 'calciumHu', hu: calciumHu }, { name: 'tissueHu', hu: tissueHu })
}

/**
 * Integrated intensity calcium mass: what the region is brighter, as a whole, than if it were all background, over what one pixel
 * of calcium is brighter.
 *
 * I = sum of HU over N pixels; voxels = (I - N x backgroundHu) / (objectHu - backgroundHu), volume = voxels x voxelMm3, mass = volume
 * x densityMgPerMl / 1000. Blur moves intensity about and does not change the sum, so that a region with a margin of a few
 * millimetres measures what a sharp picture would.
 *
 * Xiao X et al. Integrated intensity-based technique for coronary artery calcium mass measurement: a phantom study. Med Phys 2023,
 * doi:10.1002/mp.16326.
 *
 * @returns pixels, mm3 and mg
 * @throws TypeError for the wrong kind, RangeError for a wrong value, as `volumeFractionMass`
 */
export function integratedMass(input: IntegratedInput): CalciumContent {
  checkKeys('integratedMass', input, ['hu', 'mask', 'objectHu', 'backgroundHu', 'voxelMm3', 'densityMgPerMl'])
  const { objectHu, backgroundHu } = input
  return contentOf(input, { name: 'objectHu', hu: objectHu }, { name: 'backgroundHu', hu: backgroundHu })
}

interface NamedHu {
  readonly name: string
  readonly hu: number
}

function contentOf(input: ContentInput, bright: NamedHu, dark: NamedHu): CalciumContent {
  const { hu } = input
  const { length } = list('hu', hu)
  const region = mask('mask', input.mask, length)
  const contrast = finite(bright.name, bright.hu, 'HU') - finite(dark.name, dark.hu, 'HU')
  if (!(contrast > 0)) {
    throw new RangeError(`${bright.name} (${bright.hu} HU) must be above ${dark.name} (${dark.hu} HU)`)
  }
  const voxelMm3 = positive('voxelMm3', input.voxelMm3, 'mm3')
  const densityMgPerMl = positive('densityMgPerMl', input.densityMgPerMl, 'mg/mL')
  const sum = new CompensatedSum()
  let pixels = 0
  for (let i = 0; i < length; i++) {
    const value = valueAt('hu', hu, i)
    if (region !== null && region[i] === 0) continue
    sum.add(value)
    pixels++
  }
  const voxels = (sum.value() - pixels * dark.hu) / contrast
  const volumeMm3 = voxels * voxelMm3
  return { voxels, volumeMm3, massMg: (volumeMm3 * densityMgPerMl) / 1000 }
}
