/** Objects stored in an archive (Orthanc) by C-STORE and over HTTP come back as they went in, filed under the source's study. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type DicomObject,
  encapsulatedPdf,
  secondaryCapture,
  segmentation,
  structuredReport,
} from '../../../bindings/report/dicom/index.js'
import { phantomStudy, setOf } from './make.js'
import { has, inCi } from './tools.js'

const archive = has('Orthanc', ['--version']) && has('storescu')

/** A port nobody listens on just now. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

/** The data set of a file, behind its meta information, which an archive may write anew. */
function dataSet(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset)
  return file.subarray(132 + 12 + view.getUint32(132 + 8, true))
}

describe.skipIf(!archive && !inCi)('(Orthanc, needed on CI) an archive', () => {
  let folder: string
  let server: ChildProcess | undefined
  let objects: readonly DicomObject[]
  let http: string
  let dicomPort: number

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'agatston-orthanc-'))
    const [httpPort, port] = [await freePort(), await freePort()]
    dicomPort = port
    http = `http://127.0.0.1:${httpPort}`
    const settings = {
      Name: 'test',
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'storage'),
      Plugins: [],
      HttpPort: httpPort,
      DicomPort: port,
      DicomAet: 'ARCHIVE',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomAlwaysAllowStore: true,
    }
    writeFileSync(join(folder, 'orthanc.json'), JSON.stringify(settings))
    server = spawn('Orthanc', [join(folder, 'orthanc.json')], { stdio: 'ignore', cwd: folder })
    const { result, source, pixels } = await phantomStudy()
    const seg = segmentation(result, source, pixels)!
    const page = { width: 31, height: 17, rgb: new Uint8Array(31 * 17 * 3).map((_, n) => n % 253) }
    const options = { burnedInAnnotation: true }
    objects = [
      structuredReport(result, source, { segmentation: seg }),
      seg,
      secondaryCapture(page, result, source, options),
      secondaryCapture([page, page], result, source, options),
      encapsulatedPdf(new TextEncoder().encode('%PDF-1.7\n%%EOF\n'), result, source, options),
    ]
    for (let tries = 0; ; tries++) {
      if (server.exitCode !== null) throw new Error(`Orthanc ended with ${server.exitCode}`)
      const answer = await fetch(`${http}/system`).catch(() => null)
      if (answer?.ok) break
      if (tries > 240) throw new Error('Orthanc did not answer within a minute')
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }, 120_000)

  afterAll(async () => {
    if (server && server.exitCode === null) {
      const ended = new Promise((resolve) => server!.once('exit', resolve))
      server.kill()
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  /** The stored file with this SOP Instance UID, and its Orthanc id. */
  async function stored({ sopInstanceUid }: DicomObject): Promise<{ id: string; bytes: Uint8Array }> {
    const found = await fetch(`${http}/tools/lookup`, { method: 'POST', body: sopInstanceUid })
    const [one] = ((await found.json()) as { ID: string; Type: string }[]).filter(({ Type }) => Type === 'Instance')
    const answer = await fetch(`${http}/instances/${one!.ID}/file`)
    return { id: one!.ID, bytes: new Uint8Array(await answer.arrayBuffer()) }
  }

  it('takes them by C-STORE and gives back the same data set', async () => {
    const files = objects.map(({ bytes }, n) => {
      const path = join(folder, `${n}.dcm`)
      writeFileSync(path, bytes)
      return path
    })
    const args = ['-R', '-aec', 'ARCHIVE', '127.0.0.1', String(dicomPort), ...files]
    const { status, stderr } = spawnSync('storescu', args, { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    for (const object of objects) expect(dataSet((await stored(object)).bytes)).toEqual(dataSet(object.bytes))
  }, 60_000)

  it('takes them over HTTP, once, and gives back the same file', async () => {
    for (const object of objects) await fetch(`${http}/instances/${(await stored(object)).id}`, { method: 'DELETE' })
    const statuses: string[] = []
    for (const { bytes } of [...objects, ...objects]) {
      const answer = await fetch(`${http}/instances`, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> })
      statuses.push(((await answer.json()) as { Status: string }).Status)
    }
    expect(statuses).toEqual([...objects.map(() => 'Success'), ...objects.map(() => 'AlreadyStored')])
    for (const object of objects) expect((await stored(object)).bytes).toEqual(object.bytes)
    const studies = (await (await fetch(`${http}/studies?expand`)).json()) as {
      MainDicomTags: Record<string, string>
      PatientMainDicomTags: Record<string, string>
    }[]
    expect(studies).toHaveLength(1)
    expect(studies[0]!.PatientMainDicomTags['PatientName']).toBe('PHANTOM^TORSO')
    expect(studies[0]!.MainDicomTags['StudyInstanceUID']).toBe(setOf(objects[0]!).uid(0x0020000d))
  }, 60_000)
})
