// A thread for tests: what it does with a frame is said by the name of its file. Any other frame it decodes.
import decode from './worker.mjs'

// (module (func (export "run") (loop br 0)))
const ENDLESS = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11) // prettier-ignore

const WAYS = {
  'endless.dcm': () => new WebAssembly.Instance(new WebAssembly.Module(ENDLESS)).exports.run(),
  'loop.dcm': () => {
    for (;;);
  },
  'exit.dcm': () => process.exit(0),
  'memory.dcm': () => {
    const held = []
    for (;;) held.push(Array.from({ length: 1e5 }, (_, i) => ({ i })))
  },
  'crash.dcm': () => {
    setImmediate(() => {
      throw new Error('DOE^JOHN')
    })
    return new Promise(() => {})
  },
  'echo.dcm': (request) => request,
  'strange.dcm': () => ({ done: 'decoded', words: () => {} }),
}

export default async function answer(request) {
  const way = request.task === 'decode' ? WAYS[request.shape.file] : undefined
  return way ? way(request) : decode(request)
}
