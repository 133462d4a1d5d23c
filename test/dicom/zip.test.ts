/** Zip archives: read like the folder they were made from, and refused where they are not what they say. */
import { zipSync } from 'fflate'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AgatstonError, type Refusal } from '../../bindings/base/errors.js'
import {
  type DicomSource,
  type Limits,
  inspectSeries,
  looksLikeZip,
  readSeries,
  unzip,
} from '../../bindings/dicom/index.js'
import { type TestArchive, type TestEntry, zip } from './archive.js'
import { ctElements, ctSeries, encodeFile, join, random, source } from './make.js'
import { portrait } from './outcome.js'

const files = ctSeries()
const entriesOf = (options: Partial<TestEntry> = {}): TestEntry[] =>
  files.map(({ name, data }) => ({ name: `scan/${name}`, data: data as Uint8Array, ...options }))
const expected = (async () => portrait(await readSeries(files)))()
const archive = (entries: readonly TestEntry[], how: TestArchive = {}): DicomSource =>
  source(zip(entries, how), '/tmp/scan.zip')
const text = (name: string, data = new TextEncoder().encode('hello')): TestEntry => ({ name, data })

async function refusalOf(from: DicomSource, limits: Partial<Limits> = {}): Promise<Refusal> {
  try {
    for await (const one of unzip(from, { limits })) void one
  } catch (error) {
    expect(error).toBeInstanceOf(AgatstonError)
    return (error as AgatstonError).toRefusal()
  }
  throw new Error('the archive was read; a refusal was expected')
}

const kindOf = async (from: DicomSource): Promise<unknown> => {
  const { code, details, message } = await refusalOf(from)
  expect(code).toBe('PARSE_FAILED')
  expect(details['file']).toBe('scan.zip')
  expect(message).not.toContain('/tmp')
  return details['kind']
}

describe('archives are read as the folder they were made from', () => {
  it.each<[string, Partial<TestEntry>, TestArchive]>([
    ['deflated', {}, {}],
    ['stored', { stored: true }, {}],
    ['sizes behind the data', { descriptor: true }, {}],
    ['stored, sizes behind the data', { descriptor: true, stored: true }, {}],
    ['64-bit sizes', { zip64: true }, { zip64: true }],
    ['64-bit end record alone', {}, { zip64: true }],
    ['behind a program that its places count', {}, { before: new Uint8Array(1000).fill(77) }],
    ['with a comment', {}, { comment: 'PK\u0005\u0006 made by a test' }],
  ])('%s', async (_, options, how) => {
    const from = archive(entriesOf(options), how)
    expect(await portrait(await readSeries(unzip(from)))).toEqual(await expected)
    const blob = { name: from.name, data: new Blob([from.data as Uint8Array<ArrayBuffer>]) }
    expect(await portrait(await readSeries(unzip(blob)))).toEqual(await expected)
  })

  it('made by someone else', async () => {
    const packed = zipSync(Object.fromEntries(files.map(({ name, data }) => [`a/b/${name}`, data as Uint8Array])), {
      level: 6,
    })
    expect(await portrait(await readSeries(unzip(source(packed, 'a.zip'))))).toEqual(await expected)
  })

  it('memory is shared where entries are stored, and a blob stays a blob', async () => {
    const stored = archive(entriesOf({ stored: true }))
    for await (const { data } of unzip(stored))
      expect((data as Uint8Array).buffer).toBe((stored.data as Uint8Array).buffer)
    const blob = { name: 'a.zip', data: new Blob([stored.data as Uint8Array<ArrayBuffer>]) }
    for await (const { data } of unzip(blob)) expect(data).toBeInstanceOf(Blob)
  })

  it('passes over what is no DICOM, folders, links, and archives inside', async () => {
    const extra: TestEntry[] = [
      text('README.txt'),
      { name: 'scan/', data: new Uint8Array(0), stored: true, mode: 0o040755 },
      { name: 'link', data: new TextEncoder().encode('../../etc/passwd'), stored: true, mode: 0o120777 },
      { name: 'inner.zip', data: zip(entriesOf()), stored: true },
      text('__MACOSX/scan/._CT0000.dcm'),
      { name: 'long.txt', data: new Uint8Array(200_000).map((_, n) => n % 251) },
    ]
    const inspection = await inspectSeries(unzip(archive([...extra, ...entriesOf()])))
    expect(inspection).toMatchObject({ files: 38, notDicom: 4, archives: ['inner.zip'], unreadable: [] })
    const { warnings, ...rest } = await portrait(inspection.series[0]!.volume!)
    const { warnings: plain, ...whole } = await expected
    expect(rest).toEqual(whole)
    const told = { code: 'IMAGE_EXCLUDED', details: { kind: 'archive', files: ['inner.zip'] } }
    expect(warnings).toMatchObject([told, ...(plain as object[])])
    for await (const { data } of unzip(archive(extra))) expect((data as Uint8Array).length).toBeLessThanOrEqual(512)
  })

  it('an empty one holds nothing', async () => {
    const { files: found } = await inspectSeries(unzip(archive([])))
    expect(found).toBe(0)
    expect(looksLikeZip(zip([]))).toBe(true)
    expect(looksLikeZip(zip(entriesOf()))).toBe(true)
    expect(looksLikeZip(Uint8Array.of(0x50, 0x4b, 3))).toBe(false)
    expect(looksLikeZip(files[0]!.data as Uint8Array)).toBe(false)
  })

  it.each([
    '../../../etc/passwd',
    '/etc/passwd',
    'C:\\Windows\\x',
    '..\\..\\x',
    '\\\\host\\x',
    'a/../../x',
    'x\0y',
    '%2e%2e/x',
    '..',
  ])('of the name %j only the last part is kept', async (name) => {
    const found: string[] = []
    for await (const one of unzip(archive([text(name)]))) found.push(one.name)
    expect(found).toHaveLength(1)
    expect(found[0]).not.toMatch(/[\\/\0]/)
  })
})

describe('refused', () => {
  const slice = entriesOf()[0]!
  const [a, b, c] = entriesOf() as [TestEntry, TestEntry, TestEntry]

  it('what is damaged: CRC-32, in a slice and in a text', async () => {
    expect(await kindOf(archive([a, { ...b, says: { crc: 1 } }]))).toBe('damaged')
    expect(await kindOf(archive([a, { ...b, stored: true, says: { crc: 1 } }]))).toBe('damaged')
    expect(await kindOf(archive([{ ...text('a.txt'), says: { crc: 1 } }]))).toBe('damaged')
    expect(await kindOf(archive([{ ...text('a.txt'), stored: true, says: { crc: 1 } }]))).toBe('damaged')
  })

  it('sizes that are not true, each off by one', async () => {
    const size = slice.data.length
    const packed = deflateRawSync(slice.data).length
    for (const entry of [slice, text('a.txt')]) {
      const [own, ownPacked] = entry === slice ? [size, packed] : [5, deflateRawSync(entry.data).length]
      expect(await kindOf(archive([{ ...entry, says: { size: own - 1 } }]))).toBe('length')
      expect(await kindOf(archive([{ ...entry, says: { size: own + 1 } }]))).toBe('length')
      expect(['truncated', 'length']).toContain(
        await kindOf(archive([{ ...entry, says: { packed: ownPacked - 1 } }, b])),
      )
      expect(await kindOf(archive([{ ...entry, says: { packed: ownPacked + 1 } }, b]))).toBe('structure')
      expect(await kindOf(archive([{ ...entry, stored: true, says: { size: own + 1 } }]))).toBe('length')
    }
    expect(await kindOf(archive([{ ...slice, packed: join([deflateRawSync(slice.data), Uint8Array.of(0)]) }]))).toBe(
      'length',
    )
  })

  it('entries that overlap: two for the same bytes, one inside another, one before its time', async () => {
    expect(await kindOf(archive([a, { ...b, says: { offset: 0 } }]))).toBe('structure')
    expect(await kindOf(archive([a, { ...a, says: { offset: 0 } }, { ...a, says: { offset: 0 } }]))).toBe('structure')
    const inner = zip([b])
    const quoted = join([Uint8Array.of(1, 2, 3), inner.subarray(0, inner.length - 90)])
    expect(
      await kindOf(
        archive([
          { name: 'x', data: quoted, stored: true },
          { ...b, says: { offset: 30 + 1 + 3 } },
        ]),
      ),
    ).toBe('structure')
    expect(await kindOf(archive([a, { ...b, says: { offset: 1e9 } }]))).toBe('structure')
    expect(await kindOf(archive([a, { ...b, says: { offset: 3 } }]))).toBe('structure')
  })

  it('what is encrypted, patched, or packed in another way', async () => {
    for (const flags of [1, 0x20, 0x40, 0x2000]) expect(await kindOf(archive([a, { ...b, flags }]))).toBe('unsupported')
    for (const method of [1, 9, 12, 14, 93, 95, 98, 99]) {
      expect(await kindOf(archive([a, { ...b, method }]))).toBe('unsupported')
    }
    expect((await refusalOf(archive([{ ...a, method: 93 }]))).message).toContain('Zstandard')
    expect((await refusalOf(archive([{ ...a, flags: 1 }]))).message).toContain('encrypted')
  })

  it('a local header that says something else than the directory', async () => {
    expect(await kindOf(archive([{ ...a, localName: 'scan/CT9999.dcm' }]))).toBe('structure')
    expect(await kindOf(archive([{ ...a, localName: 'x' }]))).toBe('structure')
    const bytes = zip([a])
    for (const [at, value] of [
      [0, 0],
      [6, 1],
      [8, 0],
    ] as const) {
      const changed = bytes.slice()
      changed[at] = value
      expect(await kindOf(source(changed, 'scan.zip'))).toBe('structure')
    }
  })

  it('a directory that is not where or what its end record says', async () => {
    for (const how of [{ shift: 1 }, { shift: -1 }, { longer: 1 }, { before: new Uint8Array(10), shift: -10 }]) {
      expect(await kindOf(archive([a, b], how))).toBe('structure')
      expect(await kindOf(archive([a, b], { ...how, zip64: true }))).toBe('structure')
    }
    for (const count of [1, 3]) expect(await kindOf(archive([a, b], { count }))).toBe('structure')
    expect(await kindOf(archive([a, b], { count: 0 }))).toBe('length')
    expect(await kindOf(archive([a, b], { disk: 1 }))).toBe('unsupported')
    expect(await kindOf(archive([a, b], { disk: 1, zip64: true }))).toBe('unsupported')
    expect(await kindOf(archive([{ ...a, zip64: true, says: { size: 2 ** 60 } }]))).toBe('structure')
  })

  it('a program before it whose bytes its places do not count, told in plain words', async () => {
    const sfx = source(join([new Uint8Array(1000).fill(77), zip([a, b])]), 'scan.zip')
    const { code, message, details } = await refusalOf(sfx)
    expect([code, details['kind']]).toEqual(['PARSE_FAILED', 'structure'])
    expect(message).toMatch(/1000 bytes were put before or into it.*Unpack the archive/)
  })

  it('what is no archive, or was cut anywhere', async () => {
    expect(await kindOf(source(new Uint8Array(0), 'scan.zip'))).toBe('truncated')
    expect(await kindOf(source(new Uint8Array(100_000), 'scan.zip'))).toBe('truncated')
    const whole = zip([a, b, c])
    for (let cut = 0; cut < whole.length; cut += 7) {
      expect(await kindOf(source(whole.subarray(0, cut), 'scan.zip'))).toBe('truncated')
      const expectedKind = whole.length - cut < 22 ? 'truncated' : 'structure'
      if (cut > 0) expect(await kindOf(source(whole.subarray(cut), 'scan.zip'))).toBe(expectedKind)
    }
  })

  it('changed anywhere it is refused, or reads the same', { timeout: 60_000 }, async () => {
    const whole = zip([a, b])
    const plain = [a.data, b.data]
    const next = random(3)
    for (let n = 0; n < 1500; n++) {
      const changed = whole.slice()
      const at = Math.floor(next() * whole.length)
      changed[at] = changed[at]! ^ (1 << Math.floor(next() * 8))
      const found: Uint8Array[] = []
      try {
        for await (const { data } of unzip(source(changed, 'scan.zip'))) found.push(data as Uint8Array)
      } catch (error) {
        expect(error).toBeInstanceOf(AgatstonError)
        continue
      }
      // A bit of the mode or the name can make a slice a link or a folder, which is then not there.
      for (const data of found) expect(plain.some((one) => Buffer.compare(one, data) === 0)).toBe(true)
    }
  })
})

describe('bombs', () => {
  const MiB = 2 ** 20
  const zeros = (bytes: number): TestEntry => ({ name: 'zeros.dcm', data: new Uint8Array(bytes) })
  const limitOf = async (from: DicomSource, limits: Partial<Limits> = {}): Promise<unknown> => {
    const { code, details } = await refusalOf(from, limits)
    expect(code).toBe('LIMIT_EXCEEDED')
    return details['limit']
  }

  it('entries, at the edge', async () => {
    const few = archive(entriesOf())
    for await (const one of unzip(few, { limits: { zipEntries: 34 } })) void one
    expect(await limitOf(few, { zipEntries: 33 })).toBe('zipEntries')
    // Claimed by the end record alone: refused before the directory is read.
    expect(await limitOf(archive(entriesOf(), { count: 100_001, zip64: true }))).toBe('zipEntries')
  })

  it('one entry, and all together, beyond 100 times their size; 64 MiB are free', { timeout: 60_000 }, async () => {
    for await (const one of unzip(archive([zeros(64 * MiB)]))) void one
    expect(await limitOf(archive([zeros(64 * MiB + 1)]))).toBe('zipRatio')
    const half = zeros(33 * MiB)
    expect(await limitOf(archive([half, half]))).toBe('zipRatio')
    for await (const one of unzip(archive([half, half]), { limits: { zipRatio: 2000 } })) void one
  })

  it('bytes, at the edge', async () => {
    const total = entriesOf().reduce((sum, { data }) => sum + data.length, 0)
    for await (const one of unzip(archive(entriesOf()), { limits: { bytes: total } })) void one
    expect(await limitOf(archive(entriesOf()), { bytes: total - 1 })).toBe('bytes')
  })

  it('sizes that are claimed and not there cost nothing', async () => {
    const claims = { ...zeros(1000), zip64: true, says: { size: 2 ** 50, packed: 2 ** 44 } }
    expect((await refusalOf(archive([claims]))).code).toBe('PARSE_FAILED')
    const more = { ...zeros(40 * MiB), says: { size: 1000 } }
    expect(await kindOf(archive([more]))).toBe('length')
  })

  it('an archive that holds a bomb of another kind', async () => {
    const { unreadable } = await inspectSeries(
      unzip(
        archive([
          {
            name: 'b.dcm',
            data: join([encodeFile({}, { uid: '1.2.840.10008.1.2.1.99' }), deflateRawSync(new Uint8Array(65 * MiB))]),
          },
        ]),
      ),
    )
    expect(unreadable).toMatchObject([{ code: 'LIMIT_EXCEEDED', details: { limit: 'inflateRatio' } }])
  })

  it('a slice of one value packs better than 100 times, and is read', async () => {
    const flat = Array.from({ length: 34 }, (_, k) => ({
      name: `${k}`,
      data: encodeFile(ctElements(k, { 0x00091001: { vr: 'OB', value: new Uint8Array(300_000) } })),
    }))
    expect((await inspectSeries(unzip(archive(flat)))).series[0]).toMatchObject({ slices: 34, eligible: true })
  })
})
