/** What a caller asked for that cannot be done: a path that is not there, options that exclude each other. */

/** The message names the thing met and the next step. A path is shown by its last part only. */
export class UsageError extends RangeError {
  override readonly name = 'UsageError'
}
