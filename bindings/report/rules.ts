/** A standard's parameters in words, from its own fields: what a result was computed with. */
import type { Standard } from '../score/standard.js'
import { plain } from './numbers.js'

const comparison = (rule: '>=' | '>'): string => (rule === '>=' ? '≥' : '>')

/** Threshold: `≥ 130 HU`. */
export function thresholdText({ thresholdHu, thresholdRule, upperHu }: Standard): string {
  return `${comparison(thresholdRule)} ${plain(thresholdHu)} HU${upperHu === null ? '' : ` up to ${plain(upperHu)} HU`}`
}

/** Smallest piece that counts: `area ≥ 1 mm²`. */
export function minimumText({ minimum }: Standard): string {
  switch (minimum.by) {
    case 'none':
      return 'every piece'
    case 'area':
      return `area ${comparison(minimum.rule)} ${plain(minimum.mm2)} mm²`
    case 'pixels':
      return `${comparison(minimum.rule)} ${plain(minimum.pixels)} pixels`
    case 'pixels-of-area': {
      const rounding = minimum.rounding === 'ceil' ? 'rounded up' : 'rounded'
      return `${comparison(minimum.rule)} ${plain(minimum.mm2)} mm² in pixels, ${rounding}`
    }
  }
}

/** Weights: `1 from 130, 2 from 200, 3 from 300, 4 from 400 HU`. */
export function weightText({ thresholdHu, ladderHu, ladderRule, weights }: Standard): string {
  const word = ladderRule === '>=' ? 'from' : 'above'
  const edges = [thresholdHu, ...ladderHu]
  return `${weights.map((weight, n) => `${plain(weight)} ${word} ${plain(edges[n]!)}`).join(', ')} HU`
}

/** Slice factor: `increment / 3 mm`. */
export function factorText({ sliceFactor }: Standard): string {
  return sliceFactor === 'none' ? 'none' : sliceFactor.replace('/', ' / ') + ' mm'
}

/** All of it in one sentence. */
export function rulesText(standard: Standard): string {
  const factor = standard.sliceFactor === 'none' ? '' : ` × ${factorText(standard)}`
  return [
    `pixels ${thresholdText(standard)}`,
    `${standard.connectivity} neighbours in the slice`,
    `counted: ${minimumText(standard)}`,
    `weight by the highest HU of the piece: ${weightText(standard)}`,
    `score: area × weight${factor}`,
  ].join('; ')
}
