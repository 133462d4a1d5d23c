/**
 * Words that scanners write and what they tell: data, so that a radiologist can read and correct them. Values are compared in
 * upper case with every run of other characters than letters and digits as one underscore.
 */
import { TAG } from './tags.js'

/** SOP classes (PS3.4 B.5) this reader tells apart. */
export const SOP_CLASS = Object.freeze({
  mediaStorageDirectory: '1.2.840.10008.1.3.10',
  ctImage: '1.2.840.10008.5.1.4.1.1.2',
  enhancedCt: '1.2.840.10008.5.1.4.1.1.2.1',
  legacyConvertedCt: '1.2.840.10008.5.1.4.1.1.2.2',
  /** Secondary Capture Image Storage and its multi-frame kin begin with this. */
  secondaryCapture: '1.2.840.10008.5.1.4.1.1.7',
})

/**
 * Values of ImageType that name a picture computed from others, whose pixels are no attenuation at the tube's voltage (PS3.3
 * C.7.6.1.1.2, C.8.2.1.1.1, C.8.16.1; vendors' further values).
 */
export const NOT_ORIGINAL_WORDS: readonly { readonly what: string; readonly words: RegExp }[] = Object.freeze([
  { what: 'projection', words: /(^|_)(MIP|MINIP|MAXIP|MEANIP|AVGIP|AVEIP|MAX_IP|MIN_IP|MEAN_IP|PROJECTION)(_|$)/ },
  { what: 'subtraction', words: /(^|_)(SUBTRACT|SUBTRACTED|SUBTRACTION|SUB)(_|$)/ },
  { what: 'iodine', words: /(^|_)(IODINE|IODINEMAP|IODMAP|IOD)(_|$)/ },
  {
    what: 'virtual non-contrast',
    words: /(^|_)(VNC|VUE|VIRTUAL_NON_?CONTRAST|VIRTUALNONCONTRAST|VIRTUAL_UNENHANCED|PURECALCIUM|PURELUMEN)(_|$)/,
  },
])

/**
 * Values of the attributes of Enhanced CT that leave a frame the scanner's own picture of a slice (PS3.3 C.8.16.2). Sampled
 * pixels (of a projection) and distorted ones are no means over their slice; a plain reformat (MPR) is ordinary output.
 */
export const ORIGINAL_FRAMES: readonly { readonly tag: number; readonly originals: readonly string[] }[] =
  Object.freeze([
    { tag: TAG.PixelPresentation, originals: ['MONOCHROME'] },
    { tag: TAG.VolumetricProperties, originals: ['VOLUME'] },
    { tag: TAG.VolumeBasedCalculationTechnique, originals: ['NONE', 'MPR'] },
  ])

/** Value 4 of FrameType (PS3.3 C.8.16.1.4) that leaves pixels what they were; sums, means, maps and the like do not. */
export const FRAME_CONTRASTS: readonly string[] = Object.freeze(['NONE', 'RESAMPLED'])

/** Code values for Hounsfield units: UCUM, and what is written instead. */
export const HOUNSFIELD_UNITS: readonly string[] = Object.freeze(["[hnsf'U]", 'HU'])

/** Values of ImageType that name a virtual monoenergetic image, with its keV where given. */
export const MONOENERGETIC_WORDS =
  /(^|_)(MONO|MONOE|MONO_E|MONOENERGETIC|MONO_ENERGETIC|MONOCHROMATIC|VMI|VMC)(_|\d|$)|(^|_|\d)KEV(_|\d|$)/
export const MONOENERGETIC_KEV =
  /(?:^|_|[A-Z])(\d{2,3})_?KEV(?:_|$)|KEV_?(\d{2,3})(?:_|$)|(?:MONO[A-Z_]*|VM[IC])_?(\d{2,3})(?:_|$)/

/** keV at which a monoenergetic image has about the attenuation of 120 kVp: warned about; outside: refused. */
export const MONOENERGETIC_LIKE_120 = Object.freeze({ from: 65, to: 75 })

export const LOCALIZER_WORDS = /(^|_)(LOCALIZER|SCOUT|TOPOGRAM|SCANOGRAM|SURVIEW)(_|$)/

export const LOSSY_WORDS = /(^|_)LOSSY(_|$)/

/** Contents of a contrast attribute that say there was none. */
export const NO_CONTRAST: readonly string[] = Object.freeze(['', 'NO', 'NONE', 'N', '0'])

/** Values of ScanOptions (0018,0022) that tell of gating or triggering; `HELICAL` and the like do not. */
export const GATED_SCAN_OPTIONS =
  /(^|_)(ECG|EKG|CG|CARDIAC|CARDIO|CARD|HEART|SNAPSHOT|PHASE|[A-Z]*(GATE|GATED|GATING|TRIG|TRIGGER|TRIGGERED))(_|$)/
export const UNGATED_SCAN_OPTIONS =
  /(^|_)((NON|NOT|NO|UN|WITHOUT)_?[A-Z]*_?(ECG|EKG|CG|CARDIAC|CARDIO|HEART|GATE|GATED|GATING|TRIG|TRIGGER|TRIGGERED))(_|$)/

/**
 * Kernels that sharpen edges and noise beyond what calcium scores were calibrated on. By vendor, matched against the first value
 * of ConvolutionKernel (0018,1210). The names are the vendors'; which of them are sharp is our reading of how they are used
 * (calcium protocols use medium-smooth ones, such as Qr36, STANDARD, FC12), not a vendor's statement. An unknown name is not
 * called sharp.
 */
export const SHARP_KERNELS: readonly { readonly vendor: RegExp; readonly kernels: RegExp }[] = Object.freeze([
  // Body, head, inner ear, quantitative ... and two digits of sharpness: B50f, Br59d, Bl57, Hr68, I70f, Qr54.
  { vendor: /SIEMENS/, kernels: /^[A-Z]{1,2}[5-9]\d/ },
  { vendor: /^GE|GENERAL_ELECTRIC/, kernels: /^(HD_?)?(LUNG|BONE|BONEPLUS|BONE_PLUS|EDGE|ULTRA|DETAIL)\d?$/ },
  { vendor: /PHILIPS|MARCONI|PICKER|ELSCINT/, kernels: /^(XCD|CD|D|E|F|L|YB|YC|YD|YE|YL)$/ },
  // FC30 to FC39 bone, FC50 to FC59 lung, FC80 to FC89 high resolution.
  { vendor: /TOSHIBA|CANON/, kernels: /^(FC[358]\d|LUNG|BONE)/ },
])

/** `CT_SOM5 SPI` -> `CT_SOM5_SPI`. */
export const normalized = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
