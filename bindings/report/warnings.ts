/**
 * What each warning does to the score, in plain words, and whether it must be read before the number. Frozen data; the
 * particulars of the case stand in the warning's own message.
 */
import type { WarningCode } from '../base/errors.js'

export interface WarningHelp {
  /** `first`: it may move the number or change what it means, and is shown above it. `note`: it is shown below. */
  readonly rank: 'first' | 'note'
  /** What it does to the score. */
  readonly effect: string
}

const first = (effect: string): WarningHelp => Object.freeze({ rank: 'first', effect })
const note = (effect: string): WarningHelp => Object.freeze({ rank: 'note', effect })

export const WARNING_HELP: Readonly<Record<WarningCode, WarningHelp>> = Object.freeze({
  SCOPE_WHOLE_IMAGE: first("The sum has no category and is not comparable with any patient's score."),
  CANDIDATES_UNCONFIRMED: first('Proposed by the software; a reader must confirm each lesion before it is a score.'),
  KVP_NOT_120: first('The score is too high below 120 kV and too low above.'),
  KVP_MISSING: first('The score may be too low or too high.'),
  SPECTRAL: first('The score may be too low or too high.'),
  THICKNESS_NOT_2_5_TO_3: first(
    'Thinner slices score higher (30 % at 1 mm in one series of patients), thicker ones lower, after scaling to 3 mm too.',
  ),
  SLICES_OVERLAP: note('Each slice counts for its increment, not its thickness, so calcium is not counted twice.'),
  SLICES_GAP: first('The score may be too low.'),
  SPACING_JITTER: note('One increment is used for all slices; the error is below the jitter.'),
  SPACING_TAG_MISMATCH: note(
    'Positions decide, the other tag is not used. The score is not affected if they are right.',
  ),
  GANTRY_TILT_SLIGHT: note('Lesions are linked across slices as if upright. The score is hardly affected.'),
  NOT_GATED: first('The score may be too low or too high.'),
  KERNEL_SHARP: first('The score is too high, and more so in large patients.'),
  FOV_WIDE: note('The score may be too low.'),
  PIXELS_LARGE: first('One pixel may be a lesion by area, and small lesions are averaged away.'),
  COVERAGE_SHORT: first('The score may be too low.'),
  COUNT_UNVERIFIED: note(
    'If slices are absent, the score is too low. Give their number with --expect-slices to be sure.',
  ),
  NOISE_HIGH: first('Noise passes the threshold, and hides what is faint: the score may be too high or too low.'),
  SATURATED: note('The peak is cut off; the score is not affected, mass and mean may be too low.'),
  METAL: first('Metal is brighter than any calcium and may be in the score: look at the lesions there.'),
  HU_CALIBRATION: first('The scale of the pixels may be off, and with it the score, either way.'),
  CONTRAST_RESIDUAL: first('Blood close to the threshold makes lesions larger: the score may be too high.'),
  LOSSY: first('Small calcifications may have vanished or changed their weight.'),
  NOT_ORIGINAL: note('The score is not affected if the series is no processed copy.'),
  PADDING_IN_FIELD: first('Part of the picture was blanked out: calcium there is not counted.'),
  BITS_UNUSED_NONZERO: note('The bits were masked; the score is not affected.'),
  PIXEL_SIGN_MISMATCH: first('If the sign of the pixels is read wrongly, every Hounsfield unit is wrong.'),
  RESCALE_VARIES: note('Each slice is read with its own slope and intercept; the score is right if they are.'),
  TAG_ORDER: note('The score is not affected.'),
  PREAMBLE_EXECUTABLE: note('The score is not affected, but the file may be dangerous to others.'),
  IMAGE_EXCLUDED: note('Images left out are not scored.'),
  SLICES_IDENTICAL_DROPPED: note('Copies were counted once; the score is not affected.'),
  CATEGORY_NEAR_EDGE: first("Another vendor's rules put this score into another category."),
  ZERO_UNVERIFIED: first('A zero that the checks of coverage, noise and calibration do not support.'),
  ACCEPTED: first('A refusal was overridden: category, percentile and risk are withheld.'),
})
