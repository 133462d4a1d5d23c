/** DICOM series in, checked volumes out. Runs in Node and browsers; reads nothing from disk and sends nothing anywhere. */
export type { CodecOptions, FrameFacts, FrameShape } from '../codecs/decoder.js'
export type { DecodePool } from './decoding/pool.js'
export { type DecodeFrame, type DecodeJob, type DecodedFacts, joinFragments } from './decoding/encoded.js'
export { DEFAULT_LIMITS, type Limits } from './limits.js'
export {
  type MaskOptions,
  type MaskSource,
  type MaskTarget,
  type MaskedVolume,
  type Masks,
  readMasks,
} from './masks/masks.js'
export { type Subject, readSubject } from './subject.js'
export { type DicomSources, type Inspection, type ReadOptions, inspectSeries, readSeries } from './read.js'
export type { SeriesInspection } from './series.js'
export type { DicomSource } from './source.js'
export type { MaskNames } from '../volume/territory-names.js'
export { DicomVolume } from './volume.js'
export { type WorkerLike, type WorkerPoolOptions, createWorkerPool } from './decoding/web-workers.js'
export { looksLikeZip, unzip } from './archive/zip.js'
