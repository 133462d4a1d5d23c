/** Make a failing input small: files go back to what they were, then pieces are taken out, as long as it still fails alike. */
import { replaced } from './fields.js'
import { type Failure, failsAlike } from './tally.js'
import type { Named } from './verdict.js'

/** At most so many trials; a smaller input is a help, not a proof. */
const MOST_TRIALS = 3000

export async function minimise({ case: one, failure }: Failure): Promise<readonly Named[]> {
  let trials = 0
  const fails = async (files: readonly Named[]): Promise<boolean> => {
    if (++trials > MOST_TRIALS) return false
    return failsAlike(await one.judge(files), failure)
  }
  let files = one.files
  for (let at = files.length - 1; at >= 0 && files.length > 1; at--) {
    const fewer = files.filter((_, n) => n !== at)
    if (await fails(fewer)) files = fewer
  }
  // Of a series only whole files are taken out: their headers are needed to tell what is wrong.
  if (files.length > 1) return files
  for (let at = 0; at < files.length; at++) {
    const { name } = files[at]!
    let { bytes } = files[at]!
    for (let piece = 2 ** Math.floor(Math.log2(bytes.length || 1)); piece >= 1; piece >>= 1) {
      for (let from = 0; from < bytes.length;) {
        const smaller = replaced(bytes, from, Math.min(bytes.length, from + piece), new Uint8Array(0))
        if (await fails(files.map((file, n) => (n === at ? { name, bytes: smaller } : file)))) bytes = smaller
        else from += piece
      }
    }
    files = files.map((file, n) => (n === at ? { name, bytes } : file))
  }
  return files
}
