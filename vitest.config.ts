import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Threads run plain JavaScript, which the sources are not.
  resolve: {
    alias: [
      { find: /^\.\/worker-file\.js$/, replacement: fileURLToPath(new URL('test/worker-file.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/closing-line.ts'],
  },
})
