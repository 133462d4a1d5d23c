// The global scope of a dedicated Web Worker, made of a thread of Node, and in it the module that pages host.
import { parentPort } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

globalThis.addEventListener = (type, listener) => {
  if (type === 'message') parentPort.on('message', (data) => listener({ data }))
}
globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer)
register()
await import('../../bindings/dicom/decoding/worker.ts')
