/** Pictures that are no grids: slices from the side, planes between slices, rods, scores on a line, ladders. */
import type { Engine } from '../../bindings/index.js'
import { massFactorFromCalibration } from '../../bindings/measures/index.js'
import { KVP_LADDERS, STANDARDS, standardById } from '../../bindings/score/further/index.js'
import { BAND, BETWEEN, CONTIGUOUS, GAPPED, OVERLAPPING, type Sample, THIN, VOLTAGE } from './cases.js'
import { drawSlice } from './grids.js'
import { isCalcified, plain, scoreSample } from './score.js'
import { BLUE, INK, MUTED, PAD, WEIGHT_COLOURS, WIDTH, card, line, rect, text } from './svg.js'

const CALCIUM = WEIGHT_COLOURS[0].fill
const byId = (id: string) => ({ heading: id, standard: standardById(id) })

/** Two slices from the side, in four ways to cut them, with the score (or the volume) under rules that differ there. */
export function drawSlicing(engine: Engine, what: 'score' | 'volume'): string {
  const columns =
    what === 'score'
      ? [
          { id: 'agatston-130', rule: 'increment / 3' },
          { id: 'cacslabeler', rule: 'thickness / 3' },
          { id: 'horos', rule: 'incr. / thickness' },
          { id: 'slicer-brains', rule: 'none' },
        ]
      : [
          { id: 'agatston-130', rule: 'area × increment' },
          { id: 'horos', rule: 'area × thickness' },
        ]
  const parts = [
    text(
      PAD,
      52,
      'Two slices of 9 mm² at 150 HU, seen from the side; the dots are slice centres, the boxes slice thickness',
      {
        size: 12,
        fill: MUTED,
      },
    ),
  ]
  const x0 = 262
  const step = (WIDTH - PAD - x0) / columns.length
  columns.forEach(({ id, rule }, n) => {
    parts.push(
      text(x0 + step * (n + 0.5), 82, id, { bold: true, anchor: 'middle', size: 12.5 }),
      text(x0 + step * (n + 0.5), 98, rule, { anchor: 'middle', size: 11.5, fill: MUTED }),
    )
  })
  const scale = 11
  const told: string[] = []
  let y = 116
  for (const sample of [CONTIGUOUS, THIN, OVERLAPPING, GAPPED]) {
    const { incrementMm, thicknessMm } = sample
    const middle = y + 38
    parts.push(line(PAD, y - 6, WIDTH - PAD, y - 6, '#e5e7eb'))
    parts.push(text(PAD, middle - 12, sample.name, { bold: true }))
    parts.push(text(PAD, middle + 6, `thickness ${plain(thicknessMm)} mm`, { size: 12, fill: MUTED }))
    parts.push(text(PAD, middle + 22, `increment ${plain(incrementMm)} mm`, { size: 12, fill: MUTED }))
    for (const side of [-1, 1]) {
      const centre = middle + (side * incrementMm * scale) / 2
      const [top, height] = [centre - (thicknessMm * scale) / 2, thicknessMm * scale]
      parts.push(rect(164, top, 72, height, CALCIUM, `stroke="${INK}" stroke-width="1.5" fill-opacity="0.75"`))
    }
    for (const side of [-1, 1])
      parts.push(`<circle cx="200" cy="${plain(middle + (side * incrementMm * scale) / 2)}" r="3" fill="${INK}"/>`)
    const said = columns.map(({ id }, n) => {
      const { total } = scoreSample(engine, sample, byId(id)).result
      const value = what === 'score' ? plain(total.agatston) : `${plain(total.volumeMm3)} mm³`
      parts.push(text(x0 + step * (n + 0.5), middle + 6, value, { bold: true, size: 18, anchor: 'middle' }))
      return `${id} ${value}`
    })
    told.push(`${sample.name}: ${said.join(', ')}`)
    y += 88
  }
  const title =
    what === 'score'
      ? 'Slice factor: what makes other slices comparable with 3 mm ones'
      : 'Volume: how high is a voxel?'
  return card(title, `${told.join('. ')}.`, y + 6, parts)
}

/** One column of pixels through three slices: slices as boxes of their own height, and planes between their centres. */
export function drawBetween(engine: Engine): string {
  const { incrementMm, hu, spacingMm } = BETWEEN
  const values = hu.map((slice) => slice[1]![1]!)
  const standard = standardById('literature')
  const planes = Array.from({ length: ((values.length - 1) * incrementMm) / spacingMm[0] + 1 }, (_, n) => {
    const place = (n * spacingMm[0]) / incrementMm
    const [k, share] = [Math.floor(place), place - Math.floor(place)]
    const value = share === 0 ? values[k]! : values[k]! + (values[k + 1]! - values[k]!) * share
    return { value, counts: isCalcified(standard, value) }
  })
  const area = hu[0]!.flat().length * spacingMm[0] * spacingMm[1]
  const [voxels, between] = ['ge', 'literature'].map((id) => scoreSample(engine, BETWEEN, byId(id)).result.total)
  const counted = planes.filter(({ counts }) => counts).length
  if (between!.volumeMm3 !== counted * area * spacingMm[0]) throw new Error('the planes drawn are not those counted')
  const parts = [
    text(
      PAD,
      52,
      `${plain(area)} mm² in each of three slices, ${plain(incrementMm)} mm apart: ${values.join(', ')} HU`,
      {
        size: 12,
        fill: MUTED,
      },
    ),
  ]
  const bottom = 260
  const tall = (value: number): number => value * 0.5
  const bar = (x: number, width: number, value: number, counts: boolean): void => {
    const height = Math.max(tall(value), 2)
    parts.push(rect(x, bottom - height, width, height, counts ? '#9cc7e8' : '#eceef1', `stroke="${INK}"`))
    parts.push(text(x + width / 2, bottom - height - 6, plain(value), { size: 12, anchor: 'middle' }))
  }
  values.forEach((value, n) => bar(PAD + 36 + n * 72, 60, value, isCalcified(standard, value)))
  planes.forEach(({ value, counts }, n) => bar(320 + n * 38, 28, value, counts))
  for (const [x1, x2] of [
    [PAD + 24, 280],
    [308, WIDTH - PAD - 4],
  ] as const) {
    parts.push(line(x1, bottom, x2, bottom))
    parts.push(line(x1, bottom - tall(130), x2, bottom - tall(130), BLUE, 'stroke-width="1.5" stroke-dasharray="5 4"'))
  }
  parts.push(text(306, bottom - tall(130) + 4, '130', { size: 12, fill: BLUE, anchor: 'end' }))
  parts.push(
    text(PAD + 24, 80, 'ge: voxels', { bold: true }),
    text(308, 80, `literature: a plane every ${plain(spacingMm[0])} mm (one row spacing)`, { bold: true }),
    text(PAD + 24, bottom + 24, `volume ${plain(voxels!.volumeMm3)} mm³`, { bold: true }),
    text(PAD + 24, bottom + 42, `= ${plain(voxels!.areaMm2)} mm² × ${plain(incrementMm)} mm`),
    text(308, bottom + 24, `volume ${plain(between!.volumeMm3)} mm³`, { bold: true }),
    text(308, bottom + 42, `= ${counted} planes × ${plain(area)} mm² × ${plain(spacingMm[0])} mm`),
  )
  const told = `Voxels: ${plain(voxels!.volumeMm3)} mm³. Interpolated: ${counted} planes reach 130 HU, ${plain(between!.volumeMm3)} mm³.`
  return card('Isotropic volume: HU interpolated between slice centres', told, bottom + 62, parts)
}

/** The line through two rods, and the mass of one piece by it. */
export const RODS = { hu200: 260, huWater: 4 } as const
export function drawMass(engine: Engine): string {
  const factor = massFactorFromCalibration(RODS)
  const { total } = scoreSample(engine, CONTIGUOUS, { ...byId('agatston-130'), massFactor: factor }).result
  const [left, bottom, right, top] = [80, 262, 400, 84]
  const x = (hu: number): number => left + (hu / 300) * (right - left)
  const y = (mg: number): number => bottom - (mg / 240) * (bottom - top)
  const parts = [
    text(PAD, 52, 'A calibration scan: a rod of 200 mg/mL calcium hydroxyapatite and one of water', {
      size: 12,
      fill: MUTED,
    }),
    line(left, bottom, right, bottom),
    line(left, bottom, left, top),
    line(x(RODS.huWater), y(0), x(RODS.hu200), y(200), BLUE, 'stroke-width="2.5"'),
    text((left + right) / 2, bottom + 34, 'mean HU', { size: 12, anchor: 'middle', fill: MUTED }),
    text(left - 8, top - 8, 'mg/mL', { size: 12, anchor: 'middle', fill: MUTED }),
    text(left - 8, y(200) + 4, '200', { size: 12, anchor: 'end' }),
    text(left - 8, y(0) + 4, '0', { size: 12, anchor: 'end' }),
    line(left - 4, y(200), left, y(200)),
  ]
  for (const [hu, mg, name] of [
    [RODS.huWater, 0, 'water'],
    [RODS.hu200, 200, 'rod'],
  ] as const) {
    parts.push(`<circle cx="${plain(x(hu))}" cy="${plain(y(mg))}" r="5" fill="${INK}"/>`)
    parts.push(text(x(hu), bottom + 17, String(hu), { size: 12, anchor: 'middle' }))
    parts.push(text(x(hu) + (mg === 0 ? 26 : 12), y(mg) + (mg === 0 ? -4 : 4), name, { size: 12.5 }))
  }
  const c = factor.toFixed(6)
  const mass = total.massMg!.toFixed(3)
  const words = [
    ['c = 0.2 / (rod − water) mg/(mm³ HU)', true],
    [`= 0.2 / (${RODS.hu200} − ${RODS.huWater}) = ${c}`, false],
    ['mass = c × mean HU × volume', true],
    [`= ${c} × ${plain(total.meanHu!)} × ${plain(total.volumeMm3)}`, false],
    [`= ${mass} mg`, false],
    ['without c: mass is null', true],
  ] as const
  words.forEach(([said, bold], n) => parts.push(text(428, 106 + n * 24, said, { bold, size: 12.5 })))
  return card(
    'Mass: milligrams from a calibration',
    `c is ${c} mg/(mm³ HU); the piece has ${mass} mg.`,
    bottom + 54,
    parts,
  )
}

/** The scores of the band on a line, with the categories. */
export function drawBand(engine: Engine): string {
  const scored = scoreSample(engine, BAND, byId('agatston-130'))
  const { result } = scored
  const { sensitivity: band, total } = result
  if (!band) throw new Error('no band')
  const scores = { 'agatston-130': total.agatston, ...band.byStandard }
  const [low, high] = [Math.floor(band.min - 2), Math.ceil(band.max + 2)]
  const [left, right] = [160, WIDTH - 70]
  const x = (score: number): number => left + ((score - low) / (high - low)) * (right - left)
  const names = Object.keys(scores)
  const cell = 23
  const gridX = (WIDTH - BAND.hu[0]![0]!.length * cell) / 2
  const top = 72 + BAND.hu[0]!.length * cell + 38
  const bottom = top + names.length * 28
  const parts = [
    text(PAD, 52, `Under agatston-130 (drawn; 0.8 mm pixels). ${band.flipped} pieces flip; the category ${band.categoryChanges ? 'changes' : 'stays'}`, { size: 12, fill: MUTED }), // prettier-ignore
    ...drawSlice({ cell }, scored, 0, gridX, 68),
    rect(x(band.min), top - 8, x(band.max) - x(band.min), bottom - top + 4, '#dbeafe'),
  ]
  for (const edge of [100]) {
    if (edge <= low || edge >= high) continue
    parts.push(line(x(edge), top - 14, x(edge), bottom + 4, MUTED, 'stroke-width="1.5" stroke-dasharray="5 4"'))
    parts.push(text(x(edge) - 18, bottom + 18, 'mild', { size: 12, anchor: 'end', fill: MUTED }))
    parts.push(text(x(edge), bottom + 18, String(edge), { size: 12, anchor: 'middle', bold: true }))
    parts.push(text(x(edge) + 18, bottom + 18, 'moderate', { size: 12, fill: MUTED }))
  }
  names.forEach((name, n) => {
    const y = top + 10 + n * 28
    const score = scores[name as keyof typeof scores]
    parts.push(text(left - 20, y + 4, name, { anchor: 'end', bold: n === 0 }))
    parts.push(line(left - 10, y, right, y, '#e5e7eb'))
    parts.push(`<circle cx="${plain(x(score))}" cy="${y}" r="6" fill="${n === 0 ? INK : BLUE}"/>`)
    parts.push(text(x(score) + 12, y + 4, plain(score), { size: 13, bold: true, rim: true }))
  })
  const told = Object.entries(scores).map(([name, score]) => `${name} ${plain(score)}`)
  return card('Sensitivity band: the same pixels under the vendors’ rules', `${told.join(', ')}.`, bottom + 38, parts)
}

/** Ladders of tube voltages, each as a bar. */
export function drawVoltages(engine: Engine): string {
  const [left, right, top] = [150, WIDTH - 150, 92]
  const x = (hu: number): number => left + ((hu - 100) / 600) * (right - left)
  const values = [...new Set(VOLTAGE.hu[0]![0]!)].filter((hu) => hu > 100)
  const parts = [
    text(PAD, 52, `Weights 1 to 4 by HU; on the right the score of bars of 3 mm² at ${values.join(', ')} HU`, {
      size: 12,
      fill: MUTED,
    }),
    text(right + 20, top - 14, 'Agatston', { size: 12, fill: MUTED }),
  ]
  const told: string[] = []
  KVP_LADDERS.forEach(({ kvp, thresholdHu, upperBoundsHu }, n) => {
    const y = top + n * 52
    const edges = [thresholdHu, ...upperBoundsHu.map((bound) => bound + 1), 700]
    parts.push(text(PAD, y + 15, `${kvp} kVp`, { bold: true }))
    parts.push(text(PAD, y + 30, kvp === 120 ? 'the standard' : 'non-standard', { size: 11.5, fill: MUTED }))
    for (let step = 0; step < 4; step++) {
      const { fill, ink } = WEIGHT_COLOURS[step]!
      const [from, to] = [x(edges[step]!), x(edges[step + 1]!)]
      parts.push(rect(from, y, to - from, 20, fill, `stroke="${INK}"`))
      parts.push(text((from + to) / 2, y + 15, String(step + 1), { fill: ink, anchor: 'middle', bold: true }))
      parts.push(text(from, y + 34, String(edges[step]), { size: 12, anchor: 'middle' }))
    }
    const { result } = scoreSample(engine, VOLTAGE, { ...byId('agatston-130'), kvp })
    if (result.standard.thresholdHu !== edges[0] || String(result.standard.ladderHu) !== String(edges.slice(1, 4)))
      throw new Error('the ladder drawn is not the one scored with')
    parts.push(text(right + 20, y + 15, plain(result.total.agatston), { bold: true, size: 15 }))
    told.push(`${kvp} kVp: ${edges.slice(0, 4).join(', ')} HU, score ${plain(result.total.agatston)}`)
  })
  return card(
    'Ladders of other tube voltages: never standard',
    `${told.join('. ')}.`,
    top + KVP_LADDERS.length * 52,
    parts,
  )
}

export const shippedScores = (engine: Engine, samples: readonly Sample[]) =>
  STANDARDS.map((standard) => ({
    standard,
    totals: samples.map((sample) => scoreSample(engine, sample, { heading: standard.id, standard }).result.total),
  }))
