/**
 * Folders to write to: looked at before the work, made when there is something to write. Never made with `recursive`: on /proc
 * that call of Node does not return.
 */
import { type Stats, accessSync, constants, lstatSync, mkdirSync, statSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf } from '../node/files.js'

/** File systems the kernel makes up (statfs): /proc and /sys. They take no files, whatever their permissions say. */
const MADE_UP: readonly number[] = [0x9fa0, 0x62656572]

/** The folder with the deepest part of it that is there, and the folders below that, outermost first. */
function plan(dir: string): { readonly ground: string; readonly stats: Stats; readonly missing: readonly string[] } {
  const missing: string[] = []
  let path = resolve(dir)
  for (;;) {
    const stats = statOrNull(path)
    if (stats) return { ground: path, stats, missing }
    missing.unshift(path)
    const above = dirname(path)
    if (above === path) throw problem('ENOENT')
    path = above
  }
}

/** @throws for anything but a path that is not there: a link that leads nowhere, a file used as a folder */
function statOrNull(path: string): Stats | null {
  try {
    return statSync(path)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
    if (lstatSync(path, { throwIfNoEntry: false })) throw cause
    return null
  }
}

const problem = (code: string): Error => Object.assign(new Error(code), { code })

/**
 * Whether this folder can be written to, or made. Changes nothing, and always returns: at most one look at each part of the path.
 *
 * @throws an error with the system's code where it cannot
 */
export function checkFolder(dir: string): void {
  const { ground, stats } = plan(dir)
  if (!stats.isDirectory()) throw problem('ENOTDIR')
  accessSync(ground, constants.W_OK | constants.X_OK)
  if (MADE_UP.includes(statfsSync(ground).type)) throw problem('EROFS')
}

/** Make the folder and those above it that are missing, one at a time. */
export function makeFolder(dir: string): void {
  for (const path of plan(dir).missing) {
    try {
      mkdirSync(path)
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause
    }
  }
}
