/**
 * Disjoint sets over small integers, in an array of u32: parent[i] <= i always, so the least member is the root, one sweep
 * upward flattens everything, and numbering roots in order numbers sets by first appearance.
 */

/** Root of `i`; halves the path on the way. */
export function find(parent: u32, i: u32): u32 {
  let p = load<u32>(parent + (i << 2))
  while (p != i) {
    const above = load<u32>(parent + (p << 2))
    store<u32>(parent + (i << 2), above)
    i = above
    p = load<u32>(parent + (i << 2))
  }
  return i
}

/** Join the sets of `a` and `b`; true where they were two. */
export function unite(parent: u32, a: u32, b: u32): bool {
  a = load<u32>(parent + (a << 2)) // one step up is free, and often enough to see that the two are one
  b = load<u32>(parent + (b << 2))
  if (a == b) return false
  a = find(parent, a)
  b = find(parent, b)
  if (a == b) return false
  if (a < b) store<u32>(parent + (b << 2), a)
  else store<u32>(parent + (a << 2), b)
  return true
}

/** `n` sets of one. */
export function singletons(parent: u32, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<u32>(parent + (i << 2), i)
}
