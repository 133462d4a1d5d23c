/** Seeded volumes of mixed shape, type, rescale, padding and labels, and every fixed shape at two sizes. */
import { paintSlices, paintVolume, random, shapeMasks } from '../../paint.js'
import { type DefinitionFile, type Definition, define, volume } from '../build.js'
import { toBase64 } from '../format.js'
import { AGATSTON_130 } from '../standards.js'

const SEEDS = [1, 3, 5, 8, 14, 22, 28]

function painted(seed: number): Definition {
  const input = paintVolume(seed, AGATSTON_130, 24, 3)
  const { kind, rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm } = input
  const slice = Array.from({ length: slices }, (_, k) => k)
  const stored = volume({
    type: kind,
    rows,
    columns,
    slices,
    pixelSpacingMm,
    incrementMm,
    thicknessMm,
    massFactor: 0.00072,
    rescale: slice.map((k) => input.rescale(k)),
    padding: input.padding ? slice.map((k) => input.padding!(k)) : [],
    pixels: { base64: toBase64(input.pixels) },
    labels: input.labels ? { base64: toBase64(input.labels) } : null,
  })
  const shapes = [...new Set(input.masks.map((mask) => mask.name.replace(/ seed.*/, '')))].join('; ')
  return define('painted', `seed ${seed}`, shapes, stored)
}

/** All shapes as the slices of one volume. */
function shapes(rows: number, columns: number): Definition {
  const masks = shapeMasks(columns, rows)
  const rescale = { slope: 1, intercept: -1024 }
  const pixels = paintSlices(masks, {
    kind: 'int16',
    standard: AGATSTON_130,
    rescale: () => rescale,
    random: random(rows * 100 + columns),
  })
  const stored = volume({
    rows,
    columns,
    slices: masks.length,
    pixelSpacingMm: [0.5, 0.5],
    rescale: [rescale],
    pixels: { base64: toBase64(pixels) },
  })
  const names = masks.map((mask) => mask.name.replace(/ \d+x\d+$/, '')).join('; ')
  return define('painted', `shapes ${rows} x ${columns}`, names, stored)
}

export const paintings: DefinitionFile = {
  file: 'painted.json',
  title: 'Seeded volumes',
  definitions: [shapes(5, 7), shapes(8, 12), ...SEEDS.map(painted)],
}
