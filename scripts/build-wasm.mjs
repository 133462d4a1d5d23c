// assembly/ -> the kernel with SIMD    -> bindings/engine/wasm.generated.ts,
//              the kernel without it   -> bindings/engine/wasm-scalar.generated.ts (fetched only where there is no SIMD),
//              the codecs              -> bindings/codecs/wasm.generated.ts.
//
//   node scripts/build-wasm.mjs            build; say so where a module's hash is not the recorded one
//   node scripts/build-wasm.mjs --record   build, and record the hashes in assembly/wasm.sha256
//   node scripts/build-wasm.mjs --check    build, and fail where a hash is not the recorded one
//
// The hash is of the module as compiled. It is then appended to the module as a custom section, so that a module handed
// over in any form (bytes, URL, compiled) still says which one it is.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const mode = process.argv[2] ?? ''
const record = join(root, 'assembly', 'wasm.sha256')
/** Configuration of each module; they are the targets' names. */
const builds = { simd: 'asconfig.json', scalar: 'asconfig.json', codecs: 'asconfig.codecs.json' }

/** Unsigned LEB128. */
function leb(n) {
  const bytes = []
  do {
    bytes.push((n & 0x7f) | (n > 0x7f ? 0x80 : 0))
    n >>>= 7
  } while (n)
  return bytes
}

/** A custom section: id 0, length, name, content. */
function customSection(name, text) {
  const body = [...leb(name.length), ...Buffer.from(name), ...Buffer.from(text)]
  return Buffer.from([0, ...leb(body.length), ...body])
}

/** Bytes as text: see bindings/engine/pack.ts, which unpacks it. */
function pack(bytes) {
  const signs = Array.from({ length: 94 }, (_, i) => String.fromCharCode(32 + i))
    .join('')
    .replace(/["'`$\\!]/g, '')
  let text = ''
  for (const byte of bytes) text += (byte < 88 ? '' : byte < 176 ? '~' : '!') + signs[byte % 88]
  return text
}

process.chdir(root)
mkdirSync('build', { recursive: true })
const modules = {}
for (const [build, config] of Object.entries(builds)) {
  const { error, stderr } = await asc.main(['--config', config, '--target', build])
  if (error) {
    process.stderr.write(stderr.toString())
    throw error
  }
  const compiled = readFileSync(`build/agatston.${build}.wasm`)
  const sha256 = createHash('sha256').update(compiled).digest('hex')
  const stamped = Buffer.concat([compiled, customSection('agatston.sha256', sha256)])
  writeFileSync(`build/agatston.${build}.wasm`, stamped)
  modules[build] = { sha256, stamped }
}

const hashes = Object.keys(builds)
  .map((build) => `${modules[build].sha256}  agatston.${build}.wasm\n`)
  .join('')
let recorded = ''
try {
  recorded = readFileSync(record, 'utf8')
} catch {
  // not recorded yet
}
if (mode === '--record') writeFileSync(record, hashes)
else if (recorded !== hashes) {
  process.stderr.write('wasm: the modules are not the recorded ones (assembly/wasm.sha256).\n')
  process.stderr.write('      After a change to assembly/: npm run build:wasm -- --record\n')
  if (mode === '--check') process.exitCode = 1
}

const fields = [...readFileSync('assembly/layout.ts', 'utf8').matchAll(/^export const (PIECE_\w+|PAD): u32 = (\d+)/gm)]
/** The version of an interface, as its file states it. */
const abiOf = (file) => /ABI: u32 = (\d+)/.exec(readFileSync(file, 'utf8'))[1]
writeFileSync(
  'bindings/engine/wasm.generated.ts',
  `// Made by scripts/build-wasm.mjs from assembly/. Do not edit.
export const ABI_VERSION = ${abiOf('assembly/index.ts')}
${fields.map(([, name, value]) => `export const ${name} = ${value}`).join('\n')}
export const SIMD: string = '${pack(modules.simd.stamped)}'
`,
)

writeFileSync(
  'bindings/engine/wasm-scalar.generated.ts',
  `// Made by scripts/build-wasm.mjs from assembly/. Do not edit.
export const SCALAR: string = '${pack(modules.scalar.stamped)}'
`,
)

writeFileSync(
  'bindings/codecs/wasm.generated.ts',
  `// Made by scripts/build-wasm.mjs from assembly/codecs/. Do not edit.
export const ABI_VERSION = ${abiOf('assembly/codecs/index.ts')}
export const SHA256 = '${modules.codecs.sha256}'
export const HEX: string = '${modules.codecs.stamped.toString('hex')}'
`,
)
