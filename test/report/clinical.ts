/** Published tables and vectors kept beside the repository, not in it: `../shared/*`/clinical. Null where they are absent. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SHARED = fileURLToPath(new URL('../../../shared/', import.meta.url))

const FOLDER: string | null = existsSync(SHARED)
  ? (readdirSync(SHARED)
      .map((name) => join(SHARED, name, 'clinical'))
      .find((path) => existsSync(path)) ?? null)
  : null

if (FOLDER === null)
  console.log('clinical vectors: not beside the repository (../shared), so only retyped values are tested')

/** For `describe.skipIf`. */
export const NO_CLINICAL = FOLDER === null

export const clinical = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER!, `${name}.json`), 'utf8')) as T
