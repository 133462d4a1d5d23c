/**
 * exp, log and pow may differ in the last bit from one engine to the next, so whatever came from them is cut to 12 significant
 * digits before it is stored: a report is the same text everywhere.
 */

/** `x` to 12 significant digits. */
export const twelve = (x: number): number => Number(x.toPrecision(12))
