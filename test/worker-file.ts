/** Stands in for bindings/node/worker-file.ts in tests (vitest.config.ts): threads start from the sources. */
export const WORKER_FILE: URL = new URL('./node/worker.mjs', import.meta.url)
