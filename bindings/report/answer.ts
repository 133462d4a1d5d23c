/** What a part of a report says where it may have nothing to say. */

/** A value, or the reason why there is none. */
export type Answer<T> = { readonly value: T; readonly reason: null } | { readonly value: null; readonly reason: string }
