/** Text from files and callers that is going to be printed. */

/**
 * What steers a terminal or breaks a line: controls of both blocks, line and paragraph ends, changes of direction. Control
 * characters are what is looked for, so the rule against them in expressions is off.
 */
// oxlint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** Whether it is a text of one line, not empty and of so many signs at most, that steers nothing. */
export const isLine = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most && !STEERING.test(value)
