/** The entry `agatston/standards`: every shipped standard, rules of one's own, readers' clicks; with it the core can do it all. */
import { provide } from '../further.js'
import { furtherRequest } from './request.js'

export { DEFAULT_STANDARD } from '../default.js'
export { STANDARDS, standardById } from './standards.js'
export { customStandard, parseStandard } from './custom.js'
export { KVP_LADDERS } from './voltage.js'
export { parseAssignments } from './clicks.js'
export type { AssignmentFile } from './clicks.js'
export type { Minimum, SliceFactor, Standard, StandardRules, VolumeRule, WeightFrom } from '../standard.js'

provide({ request: furtherRequest })
