/**
 * `agatston/worker`: the module a Web Worker runs to decode compressed frames for `createWorkerPool`. Loaded in a dedicated
 * worker it serves at once; loaded anywhere else it does nothing, and `serve` lets a worker of the page's own take it in.
 */
import { type DecodeRequest, type Envelope, buffersOf, isEnvelope } from './messages.js'
import { DecodeService } from './service.js'

/** What is used of the global scope of a dedicated worker. */
export interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
  postMessage(message: unknown, transfer: Transferable[]): void
}

/** Answer every request of a pool that arrives in this scope; other messages are left to others. */
export function serve(scope: WorkerScope): void {
  const service = new DecodeService()
  scope.addEventListener('message', ({ data }) => {
    if (!isEnvelope(data)) return
    const { agatston, body } = data as Envelope<DecodeRequest>
    void service.answer(body).then((reply) => {
      scope.postMessage({ agatston, body: reply }, buffersOf(reply))
    })
  })
}

/** A dedicated worker has both functions and no document. */
function isWorkerScope(scope: object): scope is WorkerScope {
  const { addEventListener, postMessage, document } = scope as Record<string, unknown>
  return typeof addEventListener === 'function' && typeof postMessage === 'function' && document === undefined
}

const scope: object = globalThis
if (isWorkerScope(scope)) serve(scope)
