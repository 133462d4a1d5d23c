/** DICOM series in, checked volumes out. Runs in Node and browsers; reads nothing from disk and sends nothing anywhere. */
export { DEFAULT_LIMITS, type Limits } from './limits.js'
export { type DicomSources, type Inspection, type ReadOptions, inspectSeries, readSeries } from './read.js'
export type { SeriesInspection } from './series.js'
export type { DicomSource } from './source.js'
export { DicomVolume } from './volume.js'
