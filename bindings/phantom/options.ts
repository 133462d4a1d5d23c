/** What a caller may ask of a phantom, checked. */
import { WRITE_SYNTAXES, type WriteSyntax } from '../dicom/elements.js'
import { MAX_PIXELS } from '../volume/geometry.js'

export type PhantomKind = 'torso' | 'qrm'

export interface PhantomOptions {
  /** `torso` (default): a chest with calcified coronary arteries. `qrm`: after QRM's cardiac calcification phantom. */
  readonly kind?: PhantomKind
  /** 0 to 2^32 - 1, default 1. One seed, one phantom, on every machine. */
  readonly seed?: number
  readonly rows?: number
  readonly columns?: number
  readonly slices?: number
  /** Between columns, rows and slices; slices are as thick as they lie apart. */
  readonly spacingMm?: readonly [number, number, number]
  /** Standard deviation of the noise in HU, default 20; 0 for none. */
  readonly noiseHu?: number
  /** Transfer syntax of the files, default `explicit-le`. */
  readonly syntax?: WriteSyntax
}

export type CheckedOptions = Required<PhantomOptions>

/** Field of view 204.8 mm over the heart; and the reconstruction of the published QRM scans. */
const DEFAULTS = Object.freeze({
  torso: Object.freeze({ slices: 48, spacingMm: Object.freeze([0.4, 0.4, 3] as const) }),
  qrm: Object.freeze({ slices: 47, spacingMm: Object.freeze([0.488, 0.488, 3] as const) }),
})

/** @throws TypeError or RangeError naming the option */
export function checkOptions(options: PhantomOptions): CheckedOptions {
  const { kind = 'torso', seed = 1, rows = 512, columns = 512, noiseHu = 20, syntax = 'explicit-le' } = options
  if (kind !== 'torso' && kind !== 'qrm') throw new RangeError(`kind must be torso or qrm, got ${String(kind)}`)
  const { slices = DEFAULTS[kind].slices, spacingMm = DEFAULTS[kind].spacingMm } = options
  whole('seed', seed, 0, 0xffffffff)
  whole('rows', rows, 16, 2048)
  whole('columns', columns, 16, 2048)
  whole('slices', slices, 2, 2000)
  if (rows * columns * slices > MAX_PIXELS / 4) {
    throw new RangeError(`${columns} x ${rows} x ${slices} pixels are more than a phantom may have (2^28)`)
  }
  if (!Array.isArray(spacingMm) || spacingMm.length !== 3) {
    throw new TypeError('spacingMm must be three distances: between columns, rows and slices')
  }
  within('spacingMm[0]', spacingMm[0], 0.1, 10)
  within('spacingMm[1]', spacingMm[1], 0.1, 10)
  within('spacingMm[2]', spacingMm[2], 0.1, 10)
  within('noiseHu', noiseHu, 0, 200)
  if (!Object.hasOwn(WRITE_SYNTAXES, syntax)) {
    throw new RangeError(`syntax must be one of ${Object.keys(WRITE_SYNTAXES).join(', ')}, got ${String(syntax)}`)
  }
  return { kind, seed, rows, columns, slices, spacingMm: [spacingMm[0], spacingMm[1], spacingMm[2]], noiseHu, syntax }
}

function whole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}, got ${value}`)
  }
}

function within(name: string, value: number, low: number, high: number): void {
  if (!(Number.isFinite(value) && value >= low && value <= high)) {
    throw new RangeError(`${name} must be from ${low} to ${high}, got ${value}`)
  }
}
