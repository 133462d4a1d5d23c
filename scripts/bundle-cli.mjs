// The command line as few files: dist/bin/agatston.js and a chunk a command. Node takes about a millisecond for every module it
// loads, so that the sixty of dist/ would take longer to load than a study to score. Dependencies stay outside.
//
//   node scripts/bundle-cli.mjs [FOLDER]     default dist/bin
import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = process.argv[2] ?? join(root, 'dist/bin')
await build({
  entryPoints: { agatston: join(root, 'bindings/cli/main.ts') },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
})
chmodSync(join(folder, 'agatston.js'), 0o755)
