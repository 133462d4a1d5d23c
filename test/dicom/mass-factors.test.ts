/** Mass factors of the header (0018,9351) and (0018,9352): read from every encoding, and given only where all slices agree. */
import { describe, expect, it, vi } from 'vitest'
import { readSeries } from '../../bindings/dicom/index.js'
import { massFactorFromHeader } from '../../bindings/measures/index.js'
import type { CalciumMassFactors } from '../../bindings/volume/mass-factors.js'
import {
  type Edits,
  type Element,
  type Elements,
  ENHANCED_CT,
  LEGACY_CT,
  type PerSlice,
  type Syntax,
  ctElements,
  ctSeries,
  encodeFile,
  enhancedElements,
  source,
} from './make.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const PATIENT = 0x00189351
const DEVICE = 0x00189352
const FL = (...value: number[]): Element => ({ vr: 'FL', value })
const SLICES = 34

const factorsOf = async (edits: PerSlice, syntax: Syntax = 'explicit'): Promise<CalciumMassFactors | null> =>
  (await readSeries(ctSeries(SLICES, edits, { syntax }))).facts.calciumMassFactors

/** 0.75, 0.5 and the like are the same in 32 bits. */
const BOTH: Edits = { [PATIENT]: FL(0.75), [DEVICE]: FL(0.625, 0.75, 0.875) }
const BY_SIZE = { small: 0.625, medium: 0.75, large: 0.875 }

describe('mass factors of classic slices', () => {
  it.each(['implicit', 'explicit', 'big'] as const)('are read from %s files', async (syntax) => {
    const factors = await factorsOf(BOTH, syntax)
    expect(factors).toEqual({ patient: 0.75, bySize: BY_SIZE, note: null })
    expect(Object.isFrozen(factors)).toBe(true)
    expect(massFactorFromHeader(factors)).toMatchObject({ mgPerMm3Hu: 0.00075, patientSize: null })
  })

  it('are none where no slice has one, or all are empty', async () => {
    expect(await factorsOf({})).toBeNull()
    expect(await factorsOf({ [PATIENT]: FL(), [DEVICE]: FL() })).toBeNull()
  })

  it('are each of its own', async () => {
    expect(await factorsOf({ [PATIENT]: FL(0.75) })).toEqual({ patient: 0.75, bySize: null, note: null })
    const device = await factorsOf({ [DEVICE]: FL(0.625, 0.75, 0.875) })
    expect(device).toEqual({ patient: null, bySize: BY_SIZE, note: null })
    expect(massFactorFromHeader(device)).toBeNull()
    expect(massFactorFromHeader(device, 'large')).toMatchObject({ mgPerMm3Hu: 0.000875, patientSize: 'large' })
  })

  it('keep the 32-bit value as it is', async () => {
    expect((await factorsOf({ [PATIENT]: FL(0.743) }))!.patient).toBe(Math.fround(0.743))
  })

  it.each<[string, PerSlice]>([
    ['the last slice has another', (k) => ({ [PATIENT]: FL(k === SLICES - 1 ? 0.5 : 0.75), [DEVICE]: BOTH[DEVICE]! })],
    [
      'the last slice has none',
      (k) => ({ ...(k < SLICES - 1 ? { [PATIENT]: FL(0.75) } : {}), [DEVICE]: BOTH[DEVICE]! }),
    ],
    [
      'only the last slice has one',
      (k) => ({ ...(k === SLICES - 1 ? { [PATIENT]: FL(0.75) } : {}), [DEVICE]: BOTH[DEVICE]! }),
    ],
  ])('that differ are not used: %s', async (_, edits) => {
    const note = 'CalciumScoringMassFactorPatient (0018,9351) is not the same in every slice: not used'
    expect(await factorsOf(edits)).toEqual({ patient: null, bySize: BY_SIZE, note })
  })

  it('of one size that differs takes all three with it', async () => {
    const factors = await factorsOf((k) => ({ [DEVICE]: FL(0.625, 0.75, k === 3 ? 0.875 : 0.8125) }))
    expect(factors).toMatchObject({ bySize: null, note: expect.stringContaining('not the same') as string })
  })

  it.each<[string, Element]>([
    ['zero', FL(0)],
    ['below the limit', FL(0.1875)],
    ['above the limit', FL(2.0625)],
    ['negative', FL(-0.75)],
    ['in mg/(mm3 HU)', FL(0.00075)],
    ['no number', FL(NaN)],
    ['endless', FL(Infinity)],
    ['two values', FL(0.75, 0.75)],
    ['cut short', { vr: 'FL', value: Uint8Array.of(0, 0) }],
    ['of another kind', { vr: 'DS', value: '0.75' }],
    ['a double', { vr: 'FD', value: [0.75] }],
  ])('that are none are not used: %s', async (_, element) => {
    const factors = await factorsOf({ [PATIENT]: element, [DEVICE]: BOTH[DEVICE]! })
    const note = 'CalciumScoringMassFactorPatient (0018,9351) is no factor from 0.2 to 2 mg/mL per HU: not used'
    expect(factors).toEqual({ patient: null, bySize: BY_SIZE, note })
  })

  it.each([FL(0.75), FL(0.75, 0.75), FL(0.75, 0.75, 0.75, 0.75), FL(0.75, 0, 0.75)])(
    'of the device are three: %j is none',
    async (element) => {
      const factors = await factorsOf({ [DEVICE]: element })
      expect(factors).toMatchObject({ patient: null, bySize: null })
      expect(factors!.note).toContain('CalciumScoringMassFactorDevice (0018,9352) is no factor')
    },
  )

  it('are read where the kind is not known (UN)', async () => {
    const bytes = new Uint8Array(new Float32Array([0.75]).buffer)
    expect((await factorsOf({ [PATIENT]: { vr: 'UN', value: bytes } }))!.patient).toBe(0.75)
  })

  it('change nothing else', async () => {
    const [plain, marked] = [await readSeries(ctSeries()), await readSeries(ctSeries(SLICES, BOTH))]
    expect(marked.warnings).toEqual(plain.warnings)
    expect({ ...marked.facts, calciumMassFactors: null }).toEqual(plain.facts)
  })

  it('the model of the scanner is a fact where all slices name the same', async () => {
    const model = async (edits: PerSlice): Promise<string | null> =>
      (await readSeries(ctSeries(SLICES, edits))).facts.model
    expect(await model({ 0x00081090: 'Aquilion ONE' })).toBe('Aquilion ONE')
    expect(await model((k) => ({ 0x00081090: k === 5 ? 'Other' : 'Aquilion ONE' }))).toBeNull()
    expect(await model({})).toBeNull()
  })
})

describe('mass factors of an enhanced object', () => {
  const slices = (edits: Edits): Elements[] => Array.from({ length: SLICES }, (_, k) => ctElements(k, edits))
  const readOne = async (elements: Elements): Promise<CalciumMassFactors | null> =>
    (await readSeries([source(encodeFile(elements))])).facts.calciumMassFactors

  it.each([ENHANCED_CT, LEGACY_CT])('stand with the X-ray details, shared (%s)', async (sopClass) => {
    expect(await readOne(enhancedElements(slices(BOTH), { sopClass }))).toEqual({ patient: 0.75, bySize: BY_SIZE, note: null }) // prettier-ignore
  })

  it('stand with each frame, and must agree there too', async () => {
    const shared = [0x00289110, 0x00209116, 0x00289145, 0x00189314]
    expect(await readOne(enhancedElements(slices(BOTH), { shared }))).toMatchObject({ patient: 0.75, bySize: BY_SIZE })
    const differing = slices(BOTH).map((slice, k) => (k === 7 ? { ...slice, [PATIENT]: FL(0.5) } : slice))
    const factors = await readOne(enhancedElements(differing, { shared }))
    expect(factors).toMatchObject({ patient: null, bySize: BY_SIZE })
    expect(factors!.note).toContain('not the same in every slice')
  })

  it('of two tubes are used only where they are the same', async () => {
    const tubes = (second: Edits): Promise<CalciumMassFactors | null> => {
      const tube = { 0x00180060: { vr: 'DS', value: '120' }, ...(BOTH as Elements) }
      const groups = { 0x00189325: [tube, { ...tube, ...(second as Elements) }] }
      return readOne(enhancedElements(slices(BOTH), { groups: (k, own) => (k === -1 ? { ...own, ...groups } : own) }))
    }
    expect(await tubes({})).toEqual({ patient: 0.75, bySize: BY_SIZE, note: null })
    expect(await tubes({ [PATIENT]: FL(0.5) })).toEqual({ patient: null, bySize: BY_SIZE, note: null })
    expect(await tubes({ [PATIENT]: FL(0.5), [DEVICE]: FL(0.5, 0.5, 0.5) })).toBeNull()
  })
})
