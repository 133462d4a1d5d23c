// What threads run in tests, which start from the sources: the worker module through a loader of TypeScript.
import { register } from 'tsx/esm/api'

register()
const { default: answer } = await import('../../bindings/node/decode-worker.ts')
export default answer
