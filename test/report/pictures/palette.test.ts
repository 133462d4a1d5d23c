/** The colours of a report hold for readers with any common colour vision, and text can be read on every ground it stands on. */
import { describe, expect, it } from 'vitest'
import {
  DARK,
  LIGHT,
  type Palette,
  type VesselInk,
  bytesOf,
  styleOf,
} from '../../../bindings/report/pictures/palette.js'

type Rgb = readonly [number, number, number]

const linear = (byte: number): number => {
  const part = byte / 255
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
}

/** WCAG 2.2: relative luminance, contrast. */
const luminance = ([r, g, b]: Rgb): number => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
const contrast = (one: string, other: string): number => {
  const [a, b] = [luminance(bytesOf(one)), luminance(bytesOf(other))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Machado GM, Oliveira MM, Fernandes LAF. IEEE Trans Vis Comput Graph 2009;15:1291-1298, severity 1, on linear RGB. */
const VISIONS: Readonly<Record<string, readonly Rgb[]>> = {
  common: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** CIE L*a*b*, D65. */
function lab([r, g, b]: readonly number[]): Rgb {
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116)
  const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.9505)
  const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!)
  const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function seen(colour: string, matrix: readonly Rgb[]): Rgb {
  const rgb = bytesOf(colour).map(linear)
  return lab(matrix.map((row) => Math.min(1, Math.max(0, row[0] * rgb[0]! + row[1] * rgb[1]! + row[2] * rgb[2]!))))
}

const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])

const FOUR = ['vessel-lm', 'vessel-lad', 'vessel-lcx', 'vessel-rca'] as const
const ALL = Object.keys(LIGHT).filter((name): name is VesselInk => name.startsWith('vessel-'))

function least(names: readonly VesselInk[], matrix: readonly Rgb[]): number {
  const pairs = names.flatMap((a, n) => names.slice(n + 1).map((b) => [a, b] as const))
  return Math.min(...pairs.map(([a, b]) => distance(seen(LIGHT[a], matrix), seen(LIGHT[b], matrix))))
}

describe('colours of vessels', () => {
  it.each(Object.entries(VISIONS))('are told apart: the four vessels, %s', (_, matrix) => {
    expect(least(FOUR, matrix)).toBeGreaterThan(15)
  })

  it.each(Object.entries(VISIONS))('are no two the same, all of them, %s', (_, matrix) => {
    // RAMUS and a reader's own vessel share a colour family; marks tell them apart.
    expect(
      least(
        ALL.filter((name) => name !== 'vessel-none'),
        matrix,
      ),
    ).toBeGreaterThan(7)
  })

  it('never stand alone: each vessel has a mark of its own', () => {
    const names = ['LM', 'LAD', 'LCX', 'RCA', 'RAMUS', 'PDA', 'AORTA', null]
    const marks = names.map((name) => styleOf(name).mark)
    expect(new Set(marks).size).toBe(marks.length)
  })

  it('fall back by kind: own names as coronary, neighbours apart, names of the language to no style', () => {
    expect(styleOf('My branch')).toEqual(styleOf(null))
    expect(styleOf('AORTIC_VALVE')).toEqual(styleOf('AORTA'))
    expect(styleOf('constructor')).toEqual(styleOf(null))
    expect(styleOf('AORTA')).not.toEqual(styleOf(null))
  })
})

describe('colours of the page', () => {
  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ] as readonly (readonly [string, Palette])[])('%s: text reaches AA on every ground it stands on', (_, palette) => {
    for (const ink of ['ink', 'muted', 'accent', 'warn'] as const) {
      for (const ground of ['paper', 'faint'] as const) {
        expect(contrast(palette[ink], palette[ground]), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      }
    }
    for (const ink of ['ink', 'muted', 'warn'] as const) {
      expect(contrast(palette[ink], palette['warn-paper']), ink).toBeGreaterThanOrEqual(4.5)
    }
  })
})
