/** A standard's parameters in words, from its own fields: what a result was computed with. */
import type { Result } from '../score/result.js'
import type { Standard } from '../score/standard.js'
import { plain } from './numbers.js'

const comparison = (rule: '>=' | '>'): string => (rule === '>=' ? '≥' : '>')

/** Threshold: `≥ 130 HU`. */
export function thresholdText({ thresholdHu, thresholdRule, upperHu }: Standard): string {
  return `${comparison(thresholdRule)} ${plain(thresholdHu)} HU${upperHu === null ? '' : ` up to ${plain(upperHu)} HU`}`
}

/** Smallest piece (or lesion) that counts: `area ≥ 1 mm²`. */
export function minimumText(standard: Standard): string {
  const text = sizeText(standard)
  return standard.minimumOf === 'lesion' && standard.minimum.by !== 'none' ? `lesions of ${text}` : text
}

function sizeText({ minimum }: Standard): string {
  switch (minimum.by) {
    case 'none':
      return 'every piece'
    case 'area':
      return `area ${comparison(minimum.rule)} ${plain(minimum.mm2)} mm²`
    case 'pixels':
      return `${comparison(minimum.rule)} ${plain(minimum.pixels)} pixels`
    case 'volume':
      return `volume ${comparison(minimum.rule)} ${plain(minimum.mm3)} mm³`
    case 'pixels-of-area': {
      const rounding = minimum.rounding === 'ceil' ? 'rounded up' : 'rounded'
      return `${comparison(minimum.rule)} ${plain(minimum.mm2)} mm² in pixels, ${rounding}`
    }
  }
}

/** Weights: `1 from 130, 2 from 200, 3 from 300, 4 from 400 HU`. */
export function weightText({ thresholdHu, thresholdRule, ladderHu, ladderRule, weights }: Standard): string {
  const edges = [thresholdHu, ...ladderHu]
  const word = (n: number): string => ((n === 0 ? thresholdRule : ladderRule) === '>=' ? 'from' : 'above')
  return `${weights.map((weight, n) => `${plain(weight)} ${word(n)} ${plain(edges[n]!)}`).join(', ')} HU`
}

/** Slice factor: `increment / 3 mm`. */
export function factorText({ sliceFactor }: Standard): string {
  if (sliceFactor === 'none') return 'none'
  if (sliceFactor === 'increment/thickness') return 'increment / thickness, at most 1'
  return sliceFactor.replace('/', ' / ') + ' mm'
}

/** All of it in one sentence. */
export function rulesText(standard: Standard): string {
  const factor = standard.sliceFactor === 'none' ? '' : ` × ${factorText(standard)}`
  const linked =
    standard.lesionConnectivity === 6 ? [] : [`${standard.lesionConnectivity} neighbours from slice to slice`]
  return [
    `pixels ${thresholdText(standard)}`,
    `${standard.connectivity} neighbours in the slice`,
    ...linked,
    `counted: ${minimumText(standard)}`,
    `weight by ${weightFromText(standard)}: ${weightText(standard)}`,
    `score: area × weight${factor}`,
    ...volumeTexts(standard),
  ].join('; ')
}

/** What decides a weight. */
export function weightFromText({ weightFrom, weightPixels }: Standard): string {
  const many = `${weightPixels} pixel${weightPixels === 1 ? '' : 's'}`
  switch (weightFrom) {
    case 'piece-peak':
      return 'the highest HU of the piece'
    case 'lesion-peak-in-slice':
      return 'the highest HU of the lesion in the slice'
    case 'lesion-peak':
      return 'the highest HU of the lesion'
    case 'piece-pixels':
      return `the highest class that ${many} of the piece reach`
    case 'lesion-pixels-in-slice':
      return `the highest class that ${many} of the lesion in the slice reach`
    case 'pixel':
      return 'the HU of each pixel'
  }
}

/** How volume and mass are formed, where not of the counted pixels: `volume: interpolated`. */
export function volumeTexts({ volume, volumeThresholdHu, thresholdRule }: Standard): string[] {
  const rule = {
    voxels: [],
    'area-x-thickness': ['area × slice thickness'],
    isotropic: ['interpolated between slices'],
  }
  const own = volumeThresholdHu === null ? [] : [`pixels ${comparison(thresholdRule)} ${plain(volumeThresholdHu)} HU`]
  const texts = [...rule[volume], ...own]
  return texts.length === 0 ? [] : [`volume and mass: ${texts.join(', ')}`]
}

/** How a volume is formed, in full. */
export function volumeText({ volume, volumeThresholdHu, thresholdRule }: Standard): string {
  const pixels =
    volumeThresholdHu === null
      ? 'counted pixels'
      : `pixels ${comparison(thresholdRule)} ${plain(volumeThresholdHu)} HU in components of their own`
  switch (volume) {
    case 'voxels':
      return `${pixels} × pixel area × increment`
    case 'area-x-thickness':
      return `${pixels} × pixel area × slice thickness`
    case 'isotropic':
      return 'pixels interpolated between slices on planes one row spacing apart × pixel area × row spacing'
  }
}

/** What changed the rules, in words; a modifier not known here stands as it is. */
export function modifierTexts({ modifiers, standard, input }: Result): string[] {
  const words: Readonly<Record<string, string>> = {
    custom: `rules of one's own, SHA-256 ${standard.sha256 ?? 'not known'}`,
    'kvp-adapted': `density ladder of the tube voltage${input.kvp === null ? '' : `, ${plain(input.kvp)} kV`}`,
    'region-whole': 'a lesion belongs to the vessel that holds most of it',
    'lm-into-lad': 'left main counted into LAD',
  }
  return modifiers.map((name) => (words[name] === undefined ? name : `${name}: ${words[name]}`))
}
