/** What became of a reading of masks, in the terms tests compare: the masks, or a code and its kind. */
import { expect } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { type MaskNames, type MaskTarget, type Masks, readMasks } from '../../bindings/dicom/index.js'
import { source } from './make.js'

/** Masks of one file, under a name. */
export const readOne = (name: string, file: Uint8Array, target: MaskTarget, names?: MaskNames): Promise<Masks> =>
  readMasks([{ ...source(file, name), ...(names ? { names } : {}) }], target)

/** The refusal a reading of masks ends in; it tells nothing of the patient. Fails where there is none. */
export async function refusal(body: Promise<unknown>): Promise<AgatstonError> {
  const error: unknown = await body.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AgatstonError)) throw error ?? new Error('nothing was refused')
  expect(JSON.stringify([error.message, error.details])).not.toContain('CANARY')
  return error
}
/** Its code, and its kind. */
export const kindOf = async (body: Promise<unknown>): Promise<string> => {
  const { code: refused, details } = await refusal(body)
  return `${refused} ${String(details['kind'])}`
}
