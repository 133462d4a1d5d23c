/** Where the module is that a thread runs: beside this one, in `dist/node` and in the bundled command alike. */
export const WORKER_FILE: URL = new URL('./decode-worker.js', import.meta.url)
