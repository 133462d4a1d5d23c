/** `agatston/node`: folders and files on disk. For Node only; the pixels never leave the machine. */
export { DEFAULT_FILE_LIMITS, type FileLimits, type FoundFile, findFiles } from './files.js'
export { nodeHasher } from './hash.js'
export type { MassOptions } from './mass-factor.js'
export { loadFiles } from './load.js'
export type { DecodePool } from '../dicom/decoding/pool.js'
export { type CreatePoolOptions, createPool } from './pool.js'
export {
  type Paths,
  type ReadPathOptions,
  type ScorePathOptions,
  type ScoredStudy,
  inspectPath,
  readPath,
  scorePath,
  scoreStudy,
} from './path.js'
export { UsageError } from './usage.js'
