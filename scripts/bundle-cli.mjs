// The command line as few files: dist/bin/agatston.js and a chunk a command. Node takes about a millisecond for every module it
// loads, so that the sixty of dist/ would take longer to load than a study to score. Dependencies stay outside.
import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
await build({
  entryPoints: { agatston: join(root, 'bindings/cli/main.ts') },
  outdir: join(root, 'dist/bin'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
})
chmodSync(join(root, 'dist/bin/agatston.js'), 0o755)
