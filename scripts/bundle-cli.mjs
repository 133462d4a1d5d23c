// The command line as few files: dist/bin/agatston.js, a file a command, what commands share, and decode-worker.js, which threads
// run. Node takes about a millisecond for every module it loads, so that the hundred of dist/ and those of the dependencies would
// take longer to load than a study to score. What is optional or starts threads stays outside. The licences of what comes in stand
// in dist/bin/THIRD_PARTY.txt.
//
//   node scripts/bundle-cli.mjs [FOLDER]     default dist/bin
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = process.argv[2] ?? join(root, 'dist/bin')

/** dicom-parser asks for zlib when it loads, and never uses it here: deflated data sets are inflated by this package, bounded. */
const withoutZlib = {
  name: 'without-zlib',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^zlib$/ }, ({ path }) => ({ path, namespace: 'empty' }))
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }))
  },
}

/**
 * Only the commands, and help, are files of their own. What they import on demand runs on demand all the same, but lies in their
 * file: as a chunk for each such import, and for each part two of them share, `score` took forty files.
 */
const onDemandWithin = {
  name: 'on-demand-within',
  setup({ onLoad }) {
    onLoad({ filter: /bindings[\\/].*\.ts$/ }, ({ path }) => {
      if (/cli[\\/](commands|run|main)\.ts$/.test(path)) return undefined
      const text = readFileSync(path, 'utf8')
      return {
        contents: text.replace(
          /(?<!typeof )\bimport\(('\.{1,2}\/[^']+')\)/g,
          'Promise.resolve().then(() => require($1))',
        ),
        loader: 'ts',
      }
    })
  },
}

const { metafile } = await build({
  entryPoints: {
    agatston: join(root, 'bindings/cli/main.ts'),
    // Found beside the file that starts threads (bindings/node/worker-file.ts).
    'decode-worker': join(root, 'bindings/node/decode-worker.ts'),
  },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['@cornerstonejs/*', 'tinypool'],
  plugins: [withoutZlib, onDemandWithin],
  metafile: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
})
chmodSync(join(folder, 'agatston.js'), 0o755)

const packages = new Set()
for (const input of Object.keys(metafile.inputs)) {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
  if (name) packages.add(name)
}
writeFileSync(join(folder, 'THIRD_PARTY.txt'), [...packages].sort().map(notice).join('\n'))

/** Name, version, licence and, where the package ships it, the text. */
function notice(name) {
  const at = join(root, 'node_modules', name)
  const { version, license, homepage } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((one) => join(at, one)).find(existsSync)
  const text = file ? readFileSync(file, 'utf8').trim() : `Licence text: https://spdx.org/licenses/${license}.html`
  return `${name} ${version} (${license}) ${homepage ?? ''}\n\n${text}\n\n${'-'.repeat(80)}\n`
}
