/** What a record says of the machine it was made on: nothing that names the machine or its owner. */
import { cpus, release, type } from 'node:os'

export const about = () => ({
  date: new Date().toISOString().slice(0, 10),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  system: `${type()} ${release()}`,
  node: process.version,
})
