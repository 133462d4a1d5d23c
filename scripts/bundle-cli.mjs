// The command line as few files: dist/bin/agatston.js, one of all commands, one of help, what these share, and decode-worker.js, which
// threads run. Node takes more than a millisecond for every module it loads, so that the hundred of dist/ and those of the
// dependencies would take longer to load than a study to score. What is optional or starts threads stays outside. The licences of
// what comes in stand in dist/bin/THIRD_PARTY.txt.
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

/** Where the commands are named, each with an import that fetches it. */
const COMMAND_LIST = /cli[\\/]commands\.ts$/
const FETCH = /import\('(\.\/commands\/(\w+)\.js)'\)/g

/**
 * All commands are one file, and help another. A file a command made a chunk of each part that some of them share, and what they
 * import on demand more of them: `score` took twenty-two files. What is imported on demand runs on demand all the same.
 */
const commandsInOneFile = {
  name: 'commands-in-one-file',
  setup({ onResolve, onLoad }) {
    const list = join(root, 'bindings/cli/commands.ts')
    onResolve({ filter: /^all-commands$/ }, ({ path }) => ({ path, namespace: 'made' }))
    onLoad({ filter: /.*/, namespace: 'made' }, () => ({
      contents: [...readFileSync(list, 'utf8').matchAll(FETCH)]
        .map(([, path, name]) => `export * as ${name} from '${path}'`)
        .join('\n'),
      resolveDir: dirname(list),
    }))
    onLoad({ filter: /bindings[\\/].*\.ts$/ }, ({ path }) => {
      if (/cli[\\/](run|main)\.ts$/.test(path)) return undefined
      const text = readFileSync(path, 'utf8')
      return {
        contents: COMMAND_LIST.test(path)
          ? text.replace(FETCH, "import('all-commands').then((all) => all.$2)")
          : text.replace(/(?<!typeof )\bimport\(('\.{1,2}\/[^']+')\)/g, 'Promise.resolve().then(() => require($1))'),
        loader: 'ts',
      }
    })
  },
}

const manner = {
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies).concat(
    'tinypool',
  ),
  plugins: [withoutZlib, commandsInOneFile],
  metafile: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
}
const built = [
  await build({ ...manner, entryPoints: { agatston: join(root, 'bindings/cli/main.ts') } }),
  // Found beside the file that starts threads (bindings/node/worker-file.ts). It shares no file with the program: few files again.
  await build({ ...manner, entryPoints: { 'decode-worker': join(root, 'bindings/node/decode-worker.ts') } }),
]
chmodSync(join(folder, 'agatston.js'), 0o755)

const packages = new Set()
for (const input of built.flatMap(({ metafile }) => Object.keys(metafile.inputs))) {
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
