/** Results of encodings of one image, as far as they must be the same. */
import { createEngine } from '../../bindings/index.js'
import type { Result } from '../../bindings/index.js'
import { type DicomSource, type DicomVolume, readSeries } from '../../bindings/dicom/index.js'

const engine = await createEngine()
export const score = (volume: DicomVolume): Promise<Result> => engine.score(volume, { scope: 'whole-image' })

/** Everything of a result but the name of the encoding. */
export async function figures(sources: readonly DicomSource[], options = {}): Promise<unknown> {
  const result = await score(await readSeries(sources, options))
  const { transferSyntaxes: _, ...input } = result.input
  return JSON.parse(JSON.stringify({ ...result, input }))
}
