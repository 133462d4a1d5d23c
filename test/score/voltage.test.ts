/** Ladders of other tube voltages: every edge, what is refused, and what the result says of itself. */
import { describe, expect, it } from 'vitest'
import { AgatstonError, type Warning } from '../../bindings/base/errors.js'
import { buildReport, renderText } from '../../bindings/report/index.js'
import {
  KVP_LADDERS,
  STANDARDS,
  customStandard,
  parseStandard,
  standardById,
} from '../../bindings/score/further/index.js'
import type { Result } from '../../bindings/score/result.js'
import type { SyncVolume } from '../../bindings/volume/volume.js'
import { platforms } from '../platforms.js'
import { vectors } from '../vectors/load.js'
import { WHOLE, study, thrown } from './studies.js'

/** As published: upper bounds of the classes. */
const PUBLISHED = [
  [70, 207, 318, 477, 636],
  [80, 177, 271, 408, 544],
  [100, 145, 222, 334, 446],
  [120, 130, 199, 299, 399],
  [135, 119, 183, 274, 364],
] as const

function block(hu: number, kvp: number | null, warnings: readonly Warning[] = []): SyncVolume {
  const volume = study([8, 8, 1], (x, y) => (x > 1 && x < 5 && y > 1 && y < 5 ? hu : 0))
  return { ...volume, warnings, facts: { ...volume.facts, kvp } } as SyncVolume
}

it('holds the published ladders', () => {
  expect(KVP_LADDERS.map(({ kvp, thresholdHu, upperBoundsHu }) => [kvp, thresholdHu, ...upperBoundsHu])).toEqual(
    PUBLISHED,
  )
})

it('adapts to the ladders of the vectors, which others are given', () => {
  const ladders = vectors.filter(({ standard }) => standard.id.startsWith('ladder-kvp'))
  expect(ladders.map(({ standard }) => standard.id)).toEqual(['ladder-kvp70', 'ladder-kvp80', 'ladder-kvp100', 'ladder-kvp135']) // prettier-ignore
  for (const { standard } of ladders) {
    const ladder = KVP_LADDERS.find(({ kvp }) => standard.id === `ladder-kvp${kvp}`)!
    expect(standard.thresholdHu).toBe(ladder.thresholdHu)
    expect(standard.ladderHu).toEqual(ladder.upperBoundsHu.map((bound) => bound + 1))
  }
})

for (const platform of platforms) {
  describe(`voltages (${platform.name})`, async () => {
    const engine = await platform.engine()
    const score = (volume: SyncVolume, standard: string | ReturnType<typeof customStandard> = 'agatston-130'): Result =>
      engine.scoreSync(volume, { ...WHOLE, standard, kvpAdapted: true })

    it.each(PUBLISHED)('%i kVp: each edge, the HU below it and above', (kvp, threshold, ...bounds) => {
      for (const [n, edge] of [threshold, ...bounds.map((bound) => bound + 1)].entries()) {
        for (const [hu, weight] of [
          [edge - 1, n],
          [edge, n + 1],
          [edge + 1, n + 1],
        ] as const)
          // prettier-ignore
          expect(score(block(hu, kvp)).total.agatston, `${hu} HU`).toBe(9 * weight)
      }
      for (const near of [kvp - 0.5, kvp + 0.5])
        expect(score(block(threshold, near)).standard.id).toBe(`agatston-130.kvp${kvp}`)
      for (const far of [kvp - 0.51, kvp + 0.51])
        expect((thrown(() => score(block(threshold, far))) as AgatstonError).code).toBe('KVP_UNSUPPORTED')
    })

    it('refuses what has no ladder', () => {
      const spectral: Warning[] = [{ code: 'SPECTRAL', message: 'a tin filter', details: { filter: 'tin' } }]
      for (const volume of [
        ...[90, 110, 140, 150, 40].map((kvp) => block(300, kvp)),
        block(300, null),
        block(300, 100, spectral),
      ]) {
        const error = thrown(() => score(volume)) as AgatstonError
        expect(error.code).toBe('KVP_UNSUPPORTED')
        expect(error.message).toMatch(/70, 80, 100, 120, 135 kVp, and nothing is interpolated/)
      }
    })

    it('only for standards of 130, 200, 300, 400 HU', () => {
      const not = ['philips', 'horos', 'calciumscoring-jl', 'slicer-brains', 'cacslabeler']
      for (const { id } of STANDARDS) {
        if (not.includes(id))
          expect(
            thrown(() => score(block(300, 100), id)),
            id,
          ).toBeInstanceOf(RangeError)
        else
          expect(
            engine.scoreSync(
              { ...block(300, 100), geometry: { ...block(300, 100).geometry, thicknessMm: 3 } } as SyncVolume,
              { ...WHOLE, standard: id, kvpAdapted: true },
            ).standard.id,
          ).toBe(`${id}.kvp100`)
      }
    })

    it('labels the result, on the report too, and answers the warning of the voltage', () => {
      const result = score(block(300, 100))
      expect(result.modifiers).toEqual(['kvp-adapted'])
      expect(result.standard).toMatchObject({
        id: 'agatston-130.kvp100',
        thresholdHu: 145,
        ladderHu: [223, 335, 447],
        sha256: null,
      })
      expect(result.standard.citation).toMatch(/jey019/)
      expect(result.warnings.map(({ code }) => code)).not.toContain('KVP_NOT_120')
      expect(engine.scoreSync(block(300, 100), WHOLE).warnings.map(({ code }) => code)).toContain('KVP_NOT_120')
      const text = renderText(buildReport(result)).replace(/[│\s]+/g, ' ')
      expect(text).toMatch(/Non-standard: density ladder of another tube voltage \(agatston-130\.kvp100\)/)
      expect(text).toMatch(/Modified by kvp-adapted: density ladder of the tube voltage, 100 kV \(not standard\)/)
      expect(text).toMatch(/≥ 145 HU/)
      expect(renderText(buildReport(engine.scoreSync(block(300, 120), WHOLE)))).not.toMatch(/non-standard|Modified by/i)
    })

    it('with rules of one’s own: both are said, and the hash is that of the rules that scored', () => {
      const own = customStandard({ ...standardById('siemens'), id: 'own' })
      const result = score(block(300, 80), own)
      expect(result.modifiers).toEqual(['custom', 'kvp-adapted'])
      expect(result.standard.id).toBe('own.kvp80')
      expect(result.standard.sha256).not.toBe(own.sha256)
      expect(parseStandard(JSON.stringify(result.standard))).toEqual(result.standard)
      const { sha256: _sha256, ...rules } = own
      const turned = Object.fromEntries(Object.entries(rules).reverse())
      expect(parseStandard(JSON.stringify(turned)).sha256).toBe(own.sha256)
      expect(customStandard({ ...rules, thresholdHu: 131 } as typeof own).sha256).not.toBe(own.sha256)
    })
  })
}
