/** Version of the package, stamped on every result. A test compares it with package.json. */
export const VERSION = '0.1.0'
