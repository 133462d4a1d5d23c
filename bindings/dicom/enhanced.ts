/**
 * Enhanced CT and its legacy-converted kin (PS3.3 A.38, A.70): one object of many frames. What a classic image says at the top of
 * its data set stands in functional groups, either shared by all frames or written for each (C.7.6.16). Here every frame
 * becomes a data set with these attributes in the places where a classic image has them, so that the same code reads both
 * and a converted series gives the same facts, and the same score, as the series it was converted from.
 *
 * The groups alone say where a frame lies and what its pixels mean: a position or slope at the top of the data set, where a
 * careless writer left it, is never looked at. The number and order of frames, their dimension indices and stack positions
 * are asked for nothing: as with classic images, positions decide.
 */
import { AgatstonError } from '../base/errors.js'
import type { DataSet } from './dataset.js'
import { type Limits, beyondLimit } from './limits.js'
import { SOP_CLASS } from './tables.js'
import { TAG, tagName, tagText } from './tags.js'
import { parseFailed } from './trouble.js'

/** The functional groups of one frame, as far as its facts need them beside the attributes. */
export interface FrameGroups {
  /** The data set of the object. */
  readonly object: DataSet
  /** Written as Enhanced CT; else converted from classic images, whose words are the vendor's. */
  readonly enhanced: boolean
  /** Contrast/Bolus Usage: one item for each agent of the object. */
  readonly contrast: readonly DataSet[]
  /** CT X-Ray Details: one item for each tube. */
  readonly sources: readonly DataSet[]
  /** Real World Value Mapping. */
  readonly maps: readonly DataSet[]
}

export const isEnhanced = (sopClassUid: string | null): boolean =>
  sopClassUid === SOP_CLASS.enhancedCt || sopClassUid === SOP_CLASS.legacyConvertedCt

/** Macros of one item whose attributes are those of a classic image (PS3.3 C.7.6.16.2, C.8.15.3). */
const MACROS: readonly number[] = [
  TAG.PixelMeasuresSequence,
  TAG.PlanePositionSequence,
  TAG.PlaneOrientationSequence,
  TAG.PixelValueTransformationSequence,
  TAG.FrameContentSequence,
  TAG.FrameAnatomySequence,
  TAG.CTImageFrameTypeSequence,
  TAG.CTAcquisitionTypeSequence,
  TAG.CTReconstructionSequence,
  TAG.CardiacSynchronizationSequence,
]
/** Macros with an item for each tube or agent. */
const LISTS: readonly number[] = [TAG.CTXRayDetailsSequence, TAG.ContrastBolusUsageSequence]

/** Attributes only a functional group may give. */
const GROUPED_ONLY: readonly number[] = [
  TAG.ImagePositionPatient,
  TAG.ImageOrientationPatient,
  TAG.PixelSpacing,
  TAG.RescaleIntercept,
  TAG.RescaleSlope,
  TAG.RescaleType,
]

/** Attributes of a tube that hold for one voltage. */
const MASS_FACTORS: readonly number[] = [TAG.CalciumScoringMassFactorPatient, TAG.CalciumScoringMassFactorDevice]

/**
 * The number of frames of an object, held against limits and functional groups before anything is made of them.
 *
 * @throws AgatstonError `LIMIT_EXCEEDED` (slices), `PARSE_FAILED` where NumberOfFrames is absent, no number, or not the number of
 *   items of the per-frame groups
 */
export function countFrames(object: DataSet, limits: Limits): number {
  const { file } = object
  const tag = TAG.NumberOfFrames
  const frames = object.integer(tag)
  const where = { file, offset: object.offset(tag), tag }
  if (frames === null) throw parseFailed('value', `${tagName(tag)} is absent`, where)
  if (frames < 1) throw parseFailed('value', `${tagName(tag)} is ${frames}; at least 1 is due`, where)
  if (frames > limits.slices) {
    const what = `${file}: the object holds ${frames} frames`
    throw beyondLimit('slices', limits.slices, what, { file, value: frames, tag: tagText(tag) })
  }
  const items = object.itemCount(TAG.PerFrameFunctionalGroupsSequence)
  if (items !== frames) {
    const what = `${tagName(tag)} is ${frames}, but ${items} frame(s) have functional groups`
    throw parseFailed('structure', what, where)
  }
  return frames
}

/**
 * The frames of an object, in its order, one at a time: of thousands only one is held with all its attributes.
 *
 * @param count what `countFrames` returned
 * @throws AgatstonError `PARSE_FAILED` where the shared groups are no single item
 */
export function* framesOf(object: DataSet, count: number): Generator<Frame> {
  const shared = object.items(TAG.SharedFunctionalGroupsSequence)
  if (shared.length > 1) throw notSingle(object, TAG.SharedFunctionalGroupsSequence, shared.length)
  const base = object.without([
    ...GROUPED_ONLY,
    TAG.SharedFunctionalGroupsSequence,
    TAG.PerFrameFunctionalGroupsSequence,
  ])
  const common = groupsOf(shared[0] ?? null)
  const items = object.items(TAG.PerFrameFunctionalGroupsSequence)
  for (let n = 0; n < count; n++) yield new Frame(n + 1, object, base, common, groupsOf(items[n]!))
}

/** What one item of shared or per-frame groups holds. */
interface Groups {
  readonly macros: ReadonlyMap<number, readonly DataSet[]>
  /** Attributes a converter had no macro for. */
  readonly unassigned: readonly DataSet[]
  readonly maps: readonly DataSet[]
}

function groupsOf(item: DataSet | null): Groups {
  const macros = new Map<number, readonly DataSet[]>()
  for (const tag of [...MACROS, ...LISTS]) {
    const items = item?.items(tag) ?? []
    if (items.length > 0) macros.set(tag, items)
  }
  const unassigned = [
    TAG.UnassignedSharedConvertedAttributesSequence,
    TAG.UnassignedPerFrameConvertedAttributesSequence,
  ].flatMap((tag) => item?.items(tag) ?? [])
  return {
    macros,
    unassigned: unassigned.map((set) => set.without(GROUPED_ONLY)),
    maps: item?.items(TAG.RealWorldValueMappingSequence) ?? [],
  }
}

export class Frame {
  constructor(
    /** From 1, as the standard counts. */
    readonly number: number,
    private readonly object: DataSet,
    private readonly base: DataSet,
    private readonly common: Groups,
    private readonly own: Groups,
  ) {}

  /**
   * The object with the attributes of this frame in their classic places.
   *
   * @throws AgatstonError `GEOMETRY_MIXED` where a macro is both shared and the frame's own, `PARSE_FAILED`
   */
  asClassic(): DataSet {
    const { common, own } = this
    for (const tag of own.macros.keys()) if (common.macros.has(tag)) throw this.twice(tag)
    const macros = MACROS.flatMap((tag) => this.macro(tag) ?? [])
    return this.base.with([...common.unassigned, ...own.unassigned, ...macros, ...this.tube()])
  }

  groups(): FrameGroups {
    const { object } = this
    return {
      object,
      enhanced: object.uid(TAG.SOPClassUID) === SOP_CLASS.enhancedCt,
      contrast: this.items(TAG.ContrastBolusUsageSequence),
      sources: this.items(TAG.CTXRayDetailsSequence),
      maps: [...this.own.maps, ...this.common.maps],
    }
  }

  private items(tag: number): readonly DataSet[] {
    return this.own.macros.get(tag) ?? this.common.macros.get(tag) ?? []
  }

  private macro(tag: number): DataSet | null {
    const items = this.items(tag)
    if (items.length > 1) throw notSingle(this.object, tag, items.length)
    return items[0] ?? null
  }

  /** The details of one tube; of two with different voltages or mass factors neither's are those of the frame. */
  private tube(): readonly DataSet[] {
    const [first, ...others] = this.items(TAG.CTXRayDetailsSequence)
    if (!first) return []
    const differing = [TAG.KVP, ...MASS_FACTORS].filter((tag) => {
      const number = (set: DataSet): string => String(tag === TAG.KVP ? set.hint(tag) : set.value(tag))
      return others.some((other) => number(other) !== number(first))
    })
    return [first.without(differing)]
  }

  private twice(tag: number): AgatstonError {
    const { file } = this.object
    const message = `${file}: ${tagName(tag)} is given for all frames and again for one; which of them holds is not known. Export the series again`
    const details = { file, kind: 'macro', tag: tagText(tag) }
    return new AgatstonError('GEOMETRY_MIXED', message, details)
  }
}

function notSingle({ file }: DataSet, tag: number, items: number): AgatstonError {
  return parseFailed('structure', `${tagName(tag)} has ${items} items where one is due`, { file, tag })
}
