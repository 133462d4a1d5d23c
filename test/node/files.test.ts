import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { DEFAULT_FILE_LIMITS, UsageError, findFiles } from '../../bindings/node/index.js'
import { tempFolder } from './series.js'

function tree(files: readonly string[]): string {
  const root = join(tempFolder(), 'tree')
  mkdirSync(root)
  for (const name of files) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), name)
  }
  return root
}

const names = (root: string, ...paths: string[]): string[] =>
  findFiles(paths.length > 0 ? paths : [root]).map(({ path }) => relative(root, path).replaceAll('\\', '/'))

const codeOf = (body: () => unknown): string => {
  try {
    body()
  } catch (error) {
    if (error instanceof AgatstonError)
      return `${error.code} ${String(error.details['limit'] ?? error.details['kind'])}`
    throw error
  }
  return 'nothing thrown'
}

describe('findFiles', () => {
  it('walks folders in the order of names, hidden files included', () => {
    const root = tree(['b/2', 'b/10', 'a', '.hidden', 'B', 'c/d/e/f'])
    expect(names(root)).toEqual(['.hidden', 'B', 'a', 'b/10', 'b/2', 'c/d/e/f'])
  })

  it('keeps the order of the paths that were named, and takes a file once', () => {
    const root = tree(['a', 'b/1', 'b/2'])
    expect(names(root, join(root, 'b', '2'), root)).toEqual(['b/2', 'a', 'b/1'])
    linkSync(join(root, 'a'), join(root, 'z'))
    expect(names(root)).toEqual(['a', 'b/1', 'b/2'])
  })

  it('says size and base name', () => {
    const root = tree(['deep/name'])
    expect(findFiles([root])).toEqual([{ path: join(root, 'deep', 'name'), name: 'name', bytes: 9 }])
  })

  it('ends in loops of links and follows links out of the tree', () => {
    const root = tree(['a/1'])
    const other = tree(['2'])
    symlinkSync(root, join(root, 'a', 'loop'))
    symlinkSync('self', join(root, 'a', 'self'))
    symlinkSync(other, join(root, 'other'))
    expect(findFiles([root]).map(({ name }) => name)).toEqual(['1', '2'])
  })

  it('refuses a link that leads nowhere: a slice may be missing there', () => {
    const root = tree(['a'])
    symlinkSync('gone', join(root, 'b'))
    expect(codeOf(() => findFiles([root]))).toBe('PARSE_FAILED read')
  })

  it.skipIf(process.platform === 'win32')('never opens a pipe', () => {
    const root = tree(['a'])
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(names(root)).toEqual(['a'])
    expect(() => findFiles([join(root, 'pipe')])).toThrow(UsageError)
  })

  it('names a path that is not there by its last part only', () => {
    const root = tree(['a'])
    for (const path of [join(root, 'no-such'), join(root, 'a', 'no-such')]) {
      expect(() => findFiles([path])).toThrow(UsageError)
      expect(() => findFiles([path])).toThrow(/'no-such'/)
      expect(() => findFiles([path])).not.toThrow(new RegExp(basename(root) + '.'))
    }
  })

  it('holds the limits of files, bytes and depth', () => {
    const root = tree(['a', 'b', 'c', 'd/e/f'])
    const limits = { files: 4, bytes: 8, depth: 2 }
    expect(findFiles([root], limits).length).toBe(4)
    expect(codeOf(() => findFiles([root], { ...limits, files: 3 }))).toBe('LIMIT_EXCEEDED files')
    expect(codeOf(() => findFiles([root], { ...limits, bytes: 7 }))).toBe('LIMIT_EXCEEDED bytes')
    expect(codeOf(() => findFiles([root], { ...limits, depth: 1 }))).toBe('LIMIT_EXCEEDED depth')
    expect(findFiles([root], { ...limits, files: 5, bytes: 9, depth: 3 }).length).toBe(4)
  })

  it('takes 4 GiB by default', () => {
    expect(DEFAULT_FILE_LIMITS.bytes).toBe(4294967296)
  })
})
