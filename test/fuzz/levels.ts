/** The levels by name. */
import { frameFuzzer } from './frames.js'
import { objectFuzzer } from './objects.js'
import { seriesFuzzer } from './series.js'
import type { Fuzzer } from './verdict.js'

export const LEVELS = ['object', 'frame', 'series'] as const
export type Level = (typeof LEVELS)[number]

export function fuzzerOf(level: Level): Promise<Fuzzer> {
  if (level === 'object') return Promise.resolve(objectFuzzer())
  return level === 'frame' ? frameFuzzer() : seriesFuzzer()
}
