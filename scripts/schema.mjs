// bindings/score/result.ts -> schema/*.json: the JSON Schemas of a result and of a refusal.
//
//   node scripts/schema.mjs            write them
//   node scripts/schema.mjs --check    fail where one is not what the types say
//
// Fields may be added within version 1, so no object is closed: a reader of results must let unknown fields pass.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGenerator } from 'ts-json-schema-generator'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const SCHEMAS = [
  { file: 'agatston.result-1.schema.json', type: 'Result', title: 'Result of a calcium score, agatston.result/1' },
  { file: 'agatston.refusal-1.schema.json', type: 'RefusalReport', title: 'Refused input, agatston.refusal/1' },
]

/** File name and text of each schema. */
export function makeSchemas() {
  const generator = createGenerator({
    path: join(root, 'bindings/score/result.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    skipTypeCheck: true,
    additionalProperties: true,
    topRef: false,
    sortProps: false,
    expose: 'export',
    encodeRefs: false,
  })
  return SCHEMAS.map(({ file, type, title }) => {
    const { $schema, ...rest } = generator.createSchema(type)
    return { file, text: `${JSON.stringify({ $schema, title, ...rest }, openCodes, 2)}\n` }
  })
}

/** Codes may be added within version 1 as well: the schema says how one is spelled, and names those of today as examples. */
function openCodes(key, value) {
  if (!key.endsWith('Code') || !Array.isArray(value?.enum)) return value
  const { enum: examples, ...rest } = value
  return { ...rest, pattern: '^[A-Z][A-Z0-9_]*$', examples }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'schema'), { recursive: true })
  for (const { file, text } of makeSchemas()) {
    const path = join(root, 'schema', file)
    if (process.argv[2] !== '--check') {
      writeFileSync(path, text)
      continue
    }
    let stored = ''
    try {
      stored = readFileSync(path, 'utf8')
    } catch {
      // not written yet
    }
    if (stored !== text) {
      process.stderr.write(`schema/${file} is not what bindings/score/result.ts says: npm run schema\n`)
      process.exitCode = 1
    }
  }
}
