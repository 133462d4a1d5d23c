/** What the core does without, fetched when it is first asked for: a bundler makes it a chunk of its own. */
export async function loadFurther(): Promise<void> {
  await import('./further/index.js')
}
