/** Identifiers made from the result alone: the same result gives the same resources, and a second import finds the first. */
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../base/hex.js'
import type { Result } from '../../score/result.js'

/** By the name of a resource in the bundle, such as `Observation/LAD`. */
export type UuidOf = (name: string) => string

/** UUIDs of version 8 (RFC 9562) of a result's own resources. Nothing of the patient is in them. */
export function uuidsOf(result: Result): UuidOf {
  const basis = digest(`agatston-fhir/1\n${JSON.stringify(result)}`)
  return (name) => uuid(`${basis}\n${name}`)
}

/** Of the software with its scoring module and standard: one Device for all results it made. */
export const deviceUuid = ({ engine, standard }: Result): string =>
  uuid(`agatston-fhir/1 Device\n${JSON.stringify([engine.name, engine.version, engine.wasmSha256, standard])}`)

function uuid(text: string): string {
  const hex = digest(text)
  const variant = (8 + (parseInt(hex[16]!, 16) & 3)).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const digest = (text: string): string => toHex(sha256(new TextEncoder().encode(text)))
