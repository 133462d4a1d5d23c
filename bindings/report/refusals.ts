/**
 * What each refusal would have done to the score, and what to do about it, in plain words: for whoever stands before a scan
 * that was not scored. Frozen data; the particulars of the case stand in the error's own message.
 */
import type { ErrorCode } from '../base/errors.js'

export interface RefusalHelp {
  /** What the score would have been worth. */
  readonly effect: string
  /** The next step. */
  readonly next: string
}

const PACS = 'Send the series from the archive again'
const AXIAL = 'Choose the original axial series of the scan'

export const REFUSAL_HELP: Readonly<Record<ErrorCode, RefusalHelp>> = Object.freeze({
  NOT_DICOM: {
    effect: 'There is nothing to score.',
    next: 'Give the folder that holds the DICOM files, or name one .nii or .nii.gz volume itself.',
  },
  PARSE_FAILED: {
    effect: 'A slice that cannot be read is a slice that is not scored: the number would be too low.',
    next: `${PACS}, or export it anew.`,
  },
  LIMIT_EXCEEDED: {
    effect: 'Nothing was read beyond the limit, so nothing was scored.',
    next: 'Give the one series that is to be scored. A file that claims more than any scanner makes is damaged or hostile.',
  },
  MODALITY_NOT_CT: {
    effect: 'Only CT measures in Hounsfield units: no other picture has an Agatston score.',
    next: 'Choose the CT series.',
  },
  LOCALIZER_ONLY: {
    effect: 'A localizer is a projection: it shows no slices that could be scored.',
    next: AXIAL + '.',
  },
  SERIES_AMBIGUOUS: {
    effect: 'Each series would give another score, and a guess between them is no reading.',
    next: 'Name one with --series UID. The command inspect lists them.',
  },
  PATIENT_MIXED: {
    effect: 'The calcium of two patients or studies would be added up.',
    next: 'Sort the files by patient and study, by hand, and find out how they were mixed.',
  },
  SERIES_MIXED: {
    effect: 'Calcium would be counted twice, or measured with two different rulers.',
    next: 'Choose one reconstruction and one phase of the scan.',
  },
  SYNTAX_UNSUPPORTED: {
    effect: 'The pixels cannot be decoded, so nothing was scored.',
    next: 'Export the series uncompressed (Explicit VR Little Endian).',
  },
  PIXELS_MISSING: {
    effect: 'A slice without pixels has no calcium to count: the number would be too low.',
    next: PACS + '.',
  },
  PIXELS_SHORT: {
    effect: 'Part of a slice is gone, and its calcium with it: the number would be too low.',
    next: PACS + '.',
  },
  PIXELS_CORRUPT: { effect: 'Damaged pixels show calcium that is not there, or hide what is.', next: PACS + '.' },
  PIXEL_FORMAT: {
    effect: 'The pixels are not stored as CT stores them: Hounsfield units could only be guessed.',
    next: AXIAL + ', not a screenshot or a converted copy.',
  },
  RESCALE_MISSING: {
    effect: 'Without slope and intercept the threshold of 130 HU lies nowhere: the number would be arbitrary.',
    next: AXIAL + '.',
  },
  RESCALE_INVALID: {
    effect: 'With an unusable slope or intercept the threshold of 130 HU lies nowhere: the number would be arbitrary.',
    next: AXIAL + '.',
  },
  RESCALE_TYPE_NOT_HU: {
    effect: 'The threshold of 130 HU would be compared with values of another unit.',
    next: AXIAL + '. If the values are known to be HU, accept this.',
  },
  GEOMETRY_MISSING: {
    effect: 'Without position and pixel size an area has no mm2: the score would be a guess.',
    next: AXIAL + ', with its positions and pixel spacing.',
  },
  GEOMETRY_MIXED: {
    effect: 'Slices of different size or direction make no volume: areas would be measured with different rulers.',
    next: 'Choose one reconstruction.',
  },
  NOT_AXIAL: {
    effect: 'Through plane and in plane are not the same: the score of a reformatted series is not comparable.',
    next: AXIAL + '.',
  },
  SLICES_DUPLICATE: {
    effect: 'Calcium at one position would be counted once for each copy.',
    next: 'Choose one phase and one reconstruction.',
  },
  SLICES_MISSING: {
    effect: 'Calcium in the missing slices is not counted: one lost slice took 11 % off the score of a test object.',
    next: PACS + '.',
  },
  SPACING_IRREGULAR: {
    effect: 'Every score is scaled by the distance between slices, and here there is not one distance.',
    next: 'Choose a reconstruction with even increments.',
  },
  SERIES_INCOMPLETE: {
    effect:
      'Calcium in the absent slices is not counted: the number would be too low, and nothing in the images shows it.',
    next: PACS + '.',
  },
  GANTRY_TILT: {
    effect: 'The slices are shifted against each other: lesions, volumes and increments would be wrong.',
    next: 'Choose an untilted series.',
  },
  TOO_FEW_SLICES: {
    effect: 'One slice has no distance to the next, and every score is scaled by that distance.',
    next: 'Give the whole series. For a single slice: --accept TOO_FEW_SLICES --increment MM.',
  },
  CONTRAST_GIVEN: {
    effect: 'Enhanced blood is brighter than 130 HU: the lumen itself would be scored as calcium.',
    next: 'Choose the series without contrast medium.',
  },
  NOT_ORIGINAL: {
    effect: 'Processed pixels are not the attenuation the score is defined on.',
    next: AXIAL + '.',
  },
  LOSSY: {
    effect: 'Lossy compression moves Hounsfield units: small calcifications vanish or change their weight.',
    next: 'Choose the lossless series.',
  },
  NOT_HU: {
    effect: 'These values are no Hounsfield units (a label map, perhaps): the score would be zero or nonsense.',
    next: 'Give the CT itself; label maps go to --territories.',
  },
  TERRITORY_MISMATCH: {
    effect: 'Calcium would be put into the wrong vessel, or left out.',
    next: 'Do what the message says, or make the mask on the series that is scored.',
  },
  SCOPE_MISSING: {
    effect: 'Bone, valves and devices are calcium too: without saying what to score the sum means nothing.',
    next: 'Give masks of the vessels with --territories FILE (DICOM SEG, RTSTRUCT, NIfTI). For a phantom: --whole-image.',
  },
  KVP_UNSUPPORTED: {
    effect: 'At another tube voltage calcium has other HU: a ladder that was made up would move the score.',
    next: 'Leave out --kvp-adapted: the score at 130 HU then carries a warning.',
  },
  REGION_NOT_FOUND: {
    effect: 'Without the heart there is no telling coronary calcium from bone.',
    next: 'Give label maps of the vessels with --territories FILE. For a phantom: --whole-image.',
  },
  ASSIGNMENT_MISSED: {
    effect: 'A click that names no calcium would leave a lesion out.',
    next: 'Click on the calcification itself, and store the reading again.',
  },
  MODEL_RANGE: {
    effect: 'A published model says nothing about people outside the group it was made from: there is no such value.',
    next: 'Leave the value out, or use a model made for this age and these values. The score itself is not touched.',
  },
  TIMEOUT: { effect: 'There is no result.', next: 'Try again, or give the work more time.' },
  CANCELLED: { effect: 'There is no result.', next: 'Start again when you like; nothing was left half done.' },
  OUT_OF_MEMORY: { effect: 'There is no result.', next: 'Give fewer files at once, or a machine with more memory.' },
  INTERNAL: {
    effect: 'There is no result.',
    next: 'This is a fault of the software. Run the command again with AGATSTON_DEBUG=1 and report what it prints.',
  },
  WASM_UNSUPPORTED: { effect: 'There is no result.', next: 'Use a runtime with WebAssembly: Node 20 or later.' },
  INTEGRITY_FAILED: {
    effect: 'The scoring module or the input is not what it should be; no number of it could be trusted.',
    next: 'Install the package again from its source, or send the series again.',
  },
  PACKAGE_MISSING: {
    effect: 'The result is not affected: only this rendering needs the package.',
    next: 'Install the optional package that the message names, or choose another rendering.',
  },
  KVP_NOT_120: {
    effect: 'Calcium is brighter below 120 kV and darker above: at 100 kV a test object scored 7 % higher.',
    next: 'Leave out --strict to score it all the same; the result then carries the warning.',
  },
  KVP_MISSING: {
    effect: 'Whether 130 HU means calcium depends on the tube voltage, and it is not known.',
    next: 'Leave out --strict to score it all the same; the result then carries the warning.',
  },
  SPECTRAL: {
    effect: 'The beam is not that of 120 kV: calcium is brighter or darker than the threshold supposes.',
    next: 'Leave out --strict to score it all the same; the result then carries the warning.',
  },
  SLICES_GAP: {
    effect: 'Calcium between the slices was not seen.',
    next: 'Choose a reconstruction without gaps, or leave out --strict.',
  },
  COVERAGE_SHORT: {
    effect: 'Calcium outside the scan is not counted: the number may be too low.',
    next: 'Choose the series that covers the whole heart, or leave out --strict.',
  },
  METAL: {
    effect: 'Metal is brighter than any calcium: stents, leads and clips would be counted.',
    next: 'Leave the metal out of the label maps, or leave out --strict.',
  },
  HU_CALIBRATION: {
    effect: 'The scale of the scanner is off: pixels pass the threshold that should not, or the reverse.',
    next: 'Have the scanner checked, or leave out --strict.',
  },
  CONTRAST_RESIDUAL: {
    effect: 'Blood close to the threshold makes lesions larger than they are.',
    next: 'Choose the series before contrast medium, or leave out --strict.',
  },
  PIXEL_SIGN_MISMATCH: {
    effect: 'If the sign of the pixels is read wrongly, every Hounsfield unit is wrong.',
    next: 'Export the series again, or leave out --strict.',
  },
  ZERO_UNVERIFIED: {
    effect: 'A score of zero is only worth something where coverage, noise and calibration are known to be good.',
    next: 'Look at the other warnings, or leave out --strict.',
  },
})
