/** The program as a process: streams, exit codes and pipes as a shell sees them. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { seriesFiles, tempFolder, writeAll } from '../node/series.js'

const MAIN = fileURLToPath(new URL('../../bindings/cli/main.ts', import.meta.url))
const ARGS = ['--import', 'tsx', MAIN]
const scan = writeAll(join(tempFolder(), 'scan'), seriesFiles())

const agatston = (...argv: string[]) =>
  spawnSync(process.execPath, [...ARGS, ...argv], {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '', LANG: 'C' },
  })

describe('process', { timeout: 60_000 }, () => {
  it('answers on stdout with exit code 0', () => {
    const { status, stdout, stderr } = agatston('score', scan, '--whole-image', '--json')
    expect([status, stderr]).toEqual([0, ''])
    expect((JSON.parse(stdout) as { total: { agatston: number } }).total.agatston).toBe(20)
    const report = agatston('score', scan, '--whole-image')
    // oxlint-disable-next-line no-control-regex
    expect(report.stdout).toMatch(/^[\n\u0020-\u007e]*$/)
  })

  it('has exit codes 2 and 3, with nothing on stdout', () => {
    for (const [argv, code] of [
      [['score', scan, '--nonsense'], 2],
      [['score', scan], 3],
    ] as const) {
      const { status, stdout, stderr } = agatston(...argv)
      expect([status, stdout]).toEqual([code, ''])
      expect(stderr).not.toMatch(/ at .*\.[tj]s:|node:internal/)
    }
  })

  it('is quiet when the reader goes away', async () => {
    const child = spawn(process.execPath, [...ARGS, 'score', scan, '--whole-image', '--json', '--all-lesions'])
    let err = ''
    child.stderr.on('data', (data: Buffer) => (err += data.toString()))
    child.stdout.destroy()
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, err]).toEqual([0, ''])
  })

  it.skipIf(!existsSync('/dev/full'))('fails when the output cannot be written', () => {
    const { status, stderr } = spawnSync(process.execPath, [...ARGS, 'score', scan, '--whole-image', '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(/could not be written \(ENOSPC\)/)
  })
})
