/** Zip archives among paths: alone, beside folders and files, by any name, and where they cannot be read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UsageError, inspectPath, scorePath } from '../../bindings/node/index.js'
import { zip } from '../dicom/archive.js'
import { DENSE, WEAK, labelMap, seriesFiles, tempFolder, writeAll } from './series.js'

const temp = tempFolder()
const files = seriesFiles()
const scan = writeAll(join(temp, 'scan'), files)
const entries = [...files].map(([name, data]) => ({ name: `study/${name}`, data }))
const archive = join(temp, 'scan.zip')
writeFileSync(archive, zip(entries))
const map = join(temp, 'vessels.nii.gz')
writeFileSync(
  map,
  labelMap([
    [WEAK, 2],
    [DENSE, 4],
  ]),
)
const plain = (result: unknown): unknown => JSON.parse(JSON.stringify(result))

describe('a zip archive among paths', () => {
  it('scores as its folder does, with territories beside it', async () => {
    const expected = plain(await scorePath(scan, { territories: map }))
    expect(plain(await scorePath(archive, { territories: map }))).toEqual(expected)
    const nameless = join(temp, 'download')
    writeFileSync(nameless, readFileSync(archive))
    expect(plain(await scorePath(nameless, { territories: map }))).toEqual(expected)
  })

  it('is mixed with folders and files', async () => {
    const [half, rest] = [entries.slice(0, 10), [...files].slice(10)]
    const part = join(temp, 'part.zip')
    writeFileSync(part, zip(half))
    const folder = writeAll(join(temp, 'rest'), new Map(rest.slice(1)))
    const single = join(temp, 'IM0011')
    writeFileSync(single, rest[0]![1])
    const expected = plain(await scorePath(scan, { scope: 'whole-image' }))
    expect(plain(await scorePath([part, folder, single], { scope: 'whole-image' }))).toEqual(expected)
  })

  it('tells progress by the files in it', async () => {
    const told: string[] = []
    const onProgress = (step: string, done: number, total: number): void => void told.push(`${step} ${done}/${total}`)
    await inspectPath([archive, map.replace('vessels.nii.gz', 'IM0011')], { onProgress })
    expect(told).toHaveLength(33)
    expect(told[32]).toBe('read 33/33')
  })

  it('is not opened inside a folder, and named: in the listing, in a warning, and where nothing else is there', async () => {
    const folder = writeAll(join(temp, 'with'), files)
    writeFileSync(join(folder, 'copy.zip'), readFileSync(archive))
    const inspection = await inspectPath(folder)
    expect(inspection).toMatchObject({ files: 33, notDicom: 1, archives: ['copy.zip'] })
    expect(inspection.series[0]).toMatchObject({ slices: 32, eligible: true })
    const result = await scorePath(folder, { scope: 'whole-image' })
    const warned = result.warnings.filter(({ code }) => code === 'IMAGE_EXCLUDED')
    expect(warned).toMatchObject([{ details: { kind: 'archive', archives: 1, files: ['copy.zip'] } }])
    expect(warned[0]!.message).toMatch(/copy\.zip.*Name each as a path/)
    const alone = join(temp, 'alone')
    mkdirSync(alone)
    writeFileSync(join(alone, 'study.zip'), readFileSync(archive))
    writeFileSync(join(alone, 'nameless'), readFileSync(archive))
    await expect(scorePath(alone, { scope: 'whole-image' })).rejects.toMatchObject({
      code: 'NOT_DICOM',
      message: expect.stringMatching(/nameless, study\.zip/) as string,
      details: { archives: ['nameless', 'study.zip'] },
    })
    expect((await inspectPath(alone)).archives).toEqual(['nameless', 'study.zip'])
  })

  it('inside a folder is opened once it is named too, by whatever way', async () => {
    const folder = join(temp, 'half')
    mkdirSync(folder)
    writeAll(folder, new Map([...files].slice(0, 20)))
    writeFileSync(join(folder, 'rest.zip'), zip(entries.slice(20)))
    const expected = plain(await scorePath(scan, { scope: 'whole-image' }))
    for (const way of [join(folder, 'rest.zip'), `${temp}/./half/../half/rest.zip`]) {
      for (const paths of [
        [folder, way],
        [way, folder],
      ]) {
        expect(plain(await scorePath(paths, { scope: 'whole-image' }))).toEqual(expected)
      }
    }
  })

  it('is not looked for in documents and programs, which are zip archives too', async () => {
    const folder = writeAll(join(temp, 'documents'), files)
    for (const name of ['report.docx', 'viewer.jar']) writeFileSync(join(folder, name), readFileSync(archive))
    writeFileSync(join(folder, 'no.zip'), 'a text')
    expect(await inspectPath(folder)).toMatchObject({ files: 35, notDicom: 3, archives: [] })
  })

  it('may be a folder by the name of one', async () => {
    const folder = join(temp, 'folder.zip')
    mkdirSync(folder)
    writeAll(folder, files)
    expect((await inspectPath(folder)).series[0]).toMatchObject({ slices: 32 })
  })

  it('is refused where it is none, damaged, or too large; a missing one is wrong usage', async () => {
    const broken = join(temp, 'broken.zip')
    const refused = async (bytes: Uint8Array) => {
      writeFileSync(broken, bytes)
      return scorePath(broken, { scope: 'whole-image' })
    }
    await expect(refused(new TextEncoder().encode('hello'))).rejects.toMatchObject({ code: 'PARSE_FAILED' })
    await expect(refused(readFileSync(archive).subarray(0, -1))).rejects.toMatchObject({ code: 'PARSE_FAILED' })
    await expect(refused(zip([{ name: 'a', data: new Uint8Array(9), says: { crc: 5 } }]))).rejects.toMatchObject({
      code: 'PARSE_FAILED',
      details: { kind: 'damaged', file: 'broken.zip' },
    })
    await expect(refused(zip([]))).rejects.toMatchObject({ code: 'NOT_DICOM' })
    await expect(inspectPath(archive, { limits: { zipEntries: 31 } })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
    await expect(inspectPath(join(temp, 'absent.zip'))).rejects.toThrow(UsageError)
  })
})
