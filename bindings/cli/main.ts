#!/usr/bin/env node
/** The program: streams and environment of the process, and nothing else. */
import { EXIT } from './exit.js'
import { run } from './run.js'

let lost = false

// A reader that has seen enough (head, less) closes the pipe: that is no failure. A full disk is one: what was written is cut.
process.stderr.on('error', () => {})
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  lost = true
  process.exitCode = EXIT.fault
  process.stderr.write(`agatston: The output could not be written (${error.code ?? 'unknown reason'}). [INTERNAL]\n`)
})

const code = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  platform: process.platform,
})
process.exitCode = lost ? EXIT.fault : code
