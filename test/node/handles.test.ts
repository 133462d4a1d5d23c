/** Files that stay open from their header to their pixels: the same file is read, and none stays open for good. */
import { existsSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findFiles, scorePath } from '../../bindings/node/index.js'
import { Handles, loadFiles } from '../../bindings/node/load.js'
import type { DicomSource, RandomAccess } from '../../bindings/dicom/source.js'
import { seriesFiles, writeAll } from './series.js'

const temp = mkdtempSync(join(tmpdir(), 'agatston-handles-'))
afterAll(() => rmSync(temp, { recursive: true }))

const first = (source: DicomSource): number => {
  const into = new Uint8Array(1)
  expect((source.data as RandomAccess).read(0, into)).toBe(1)
  return into[0]!
}
/** Files this process holds open below a folder; null where the system does not say. */
const held = (folder: string): number | null => {
  if (!existsSync('/proc/self/fd')) return null
  const handles = new Set(readdirSync('/proc/self/fd'))
  let count = 0
  for (const handle of handles) if (targetOf(handle).startsWith(folder)) count++
  return count
}
const targetOf = (handle: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${handle}`)
  } catch {
    return '' // closed since it was listed
  }
}

describe('handles', () => {
  it('read the file that was opened, whatever takes its place, and the one in its place once they are closed', () => {
    const path = join(temp, 'a')
    writeFileSync(path, 'A')
    const handles = new Handles()
    const [source] = loadFiles(findFiles([path]), handles)
    expect(first(source!)).toBe(65)
    writeFileSync(join(temp, 'b'), 'B')
    renameSync(join(temp, 'b'), path)
    expect(first(source!)).toBe(65)
    handles.close()
    expect(first(source!)).toBe(66)
    handles.close()
  })

  it.each([127, 128, 129])('keep at most 128 of %i files open, and read them all', (count) => {
    const folder = join(temp, `many${count}`)
    writeAll(folder, new Map(Array.from({ length: count }, (_, n) => [`f${n}`, Uint8Array.of(n)] as const)))
    const handles = new Handles()
    const sources = loadFiles(findFiles([folder]), handles)
    for (let turn = 0; turn < 2; turn++) {
      for (const source of sources) expect(first(source)).toBe(Number(source.name.slice(1)))
    }
    const open = held(folder)
    if (open !== null) expect(open).toBe(Math.min(count, 128))
    handles.close()
    if (open !== null) expect(held(folder)).toBe(0)
  })

  it('are closed after a score and after a refusal', async () => {
    const folder = writeAll(join(temp, 'scan'), seriesFiles())
    await scorePath(folder, { scope: 'whole-image' })
    expect(held(folder) ?? 0).toBe(0)
    writeFileSync(join(folder, readdirSync(folder)[3]!), new Uint8Array(0))
    await expect(scorePath(folder, { scope: 'whole-image' })).rejects.toThrow()
    expect(held(folder) ?? 0).toBe(0)
  })
})
