/** The kernel's modules as they travel, and the hashes recorded for them. */
import { readFileSync } from 'node:fs'
import { SCALAR } from '../../bindings/engine/wasm-scalar.generated.js'
import { SIMD } from '../../bindings/engine/wasm.generated.js'

export const MODULES = { simd: SIMD, scalar: SCALAR } as const

const recorded = readFileSync(new URL('../../assembly/wasm.sha256', import.meta.url), 'utf8')
const hashOf = (build: 'simd' | 'scalar'): string =>
  new RegExp(`^([0-9a-f]{64}) {2}agatston\\.${build}\\.wasm$`, 'm').exec(recorded)![1]!
export const SHA256 = { simd: hashOf('simd'), scalar: hashOf('scalar') } as const
