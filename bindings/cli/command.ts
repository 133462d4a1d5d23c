/** What a command is: how it is called, and what it does. */
import type { CommandSpec, Parsed } from './args.js'
import type { Io } from './terminal.js'

export interface Command {
  readonly spec: CommandSpec
  /** Returns the exit code; throws what it refuses. */
  readonly run: (parsed: Parsed, io: Io) => Promise<number>
}
