/**
 * The colours of a report: those of the page by what they are for, in light and dark, and those of the vessels. The vessels' are
 * from Okabe M, Ito K. Color Universal Design (2008), told apart by readers with any common colour vision; and none stands alone:
 * each vessel also has a mark of its own shape, and its name.
 */
import { isCoronary } from '../../volume/territory.js'

/** What a colour is for. `vessel-*`: of the vessel, the same on paper, screen and in pictures. */
export type Ink = 'paper' | 'ink' | 'muted' | 'line' | 'faint' | 'accent' | 'warn' | 'warn-paper' | VesselInk

export type VesselInk =
  | 'vessel-lm'
  | 'vessel-lad'
  | 'vessel-lcx'
  | 'vessel-rca'
  | 'vessel-ramus'
  | 'vessel-pda'
  | 'vessel-other'
  | 'vessel-none'

/** `#rrggbb` by purpose. */
export type Palette = Readonly<Record<Ink, string>>

const VESSELS: Readonly<Record<VesselInk, string>> = Object.freeze({
  'vessel-lm': '#cc79a7',
  'vessel-lad': '#e69f00',
  'vessel-lcx': '#56b4e9',
  'vessel-rca': '#009e73',
  'vessel-ramus': '#f0e442',
  'vessel-pda': '#d55e00',
  'vessel-other': '#b8bec6',
  'vessel-none': '#f0e442',
})

/** Paper, and a bright screen. */
export const LIGHT: Palette = Object.freeze({
  paper: '#ffffff',
  ink: '#17212b',
  muted: '#55626f',
  line: '#d5dbe1',
  faint: '#f3f5f7',
  accent: '#0a5a8c',
  warn: '#8a4100',
  'warn-paper': '#fdf3e4',
  ...VESSELS,
})

/** A dark screen. */
export const DARK: Palette = Object.freeze({
  paper: '#12181f',
  ink: '#e8edf2',
  muted: '#a3b0bd',
  line: '#35414d',
  faint: '#1b232c',
  accent: '#7cc4f2',
  warn: '#ffc46b',
  'warn-paper': '#33260f',
  ...VESSELS,
})

/** The shape that stands for a vessel where colour may not be seen. */
export type Mark = 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'ring' | 'pentagon'

export interface VesselStyle {
  readonly ink: VesselInk
  readonly mark: Mark
}

const STYLES: Readonly<Record<string, VesselStyle>> = Object.freeze({
  LM: { ink: 'vessel-lm', mark: 'diamond' },
  LAD: { ink: 'vessel-lad', mark: 'circle' },
  LCX: { ink: 'vessel-lcx', mark: 'square' },
  RCA: { ink: 'vessel-rca', mark: 'triangle' },
  RAMUS: { ink: 'vessel-ramus', mark: 'star' },
  PDA: { ink: 'vessel-pda', mark: 'cross' },
})

/** What is scored apart: aorta, valves. */
const APART: VesselStyle = Object.freeze({ ink: 'vessel-other', mark: 'ring' })
/** A reader's own vessel, and calcium of no territory, which has no vessels beside it. */
const OWN: VesselStyle = Object.freeze({ ink: 'vessel-none', mark: 'pentagon' })

/** Colour and mark of a territory; null: of none. */
export function styleOf(territory: string | null): VesselStyle {
  if (territory === null) return OWN
  return Object.hasOwn(STYLES, territory) ? STYLES[territory]! : isCoronary(territory) ? OWN : APART
}

/** `#rrggbb` as three bytes. */
export function bytesOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}
