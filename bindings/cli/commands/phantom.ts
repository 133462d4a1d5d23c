/** `agatston phantom`: a synthetic series with its label map and its truth, to try everything on. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AgatstonError } from '../../base/errors.js'
import { codeOf } from '../../node/files.js'
import type { Phantom, PhantomOptions } from '../../phantom/index.js'
import { type CommandSpec, type Parsed, oneOf, typedLine, wholeNumber } from '../args.js'
import type { Command } from '../command.js'
import { EXIT } from '../exit.js'
import { checkFolder, makeFolder } from '../folder.js'
import { type Io, lookOf } from '../terminal.js'
import { WrongUsage } from '../usage.js'

const SYNTAXES = { implicit: 'implicit-le', explicit: 'explicit-le', 'big-endian': 'explicit-be' } as const
const KINDS = ['torso', 'qrm'] as const

const spec: CommandSpec = {
  name: 'phantom',
  usage: 'DIR [options]',
  typed: 'FOLDER',
  summary: 'Writes a synthetic series whose true calcium is known',
  about: [
    'DIR/dicom holds the slices, DIR/territories.nii.gz the label map of the vessels or inserts, DIR/truth.json the volume and mass of every calcification. The same options give the same bytes on every machine.',
  ],
  options: [
    {
      name: 'kind',
      value: 'KIND',
      help: 'torso: a chest with calcified coronary arteries (default); qrm: nine cylinders of known density.',
    },
    { name: 'seed', value: 'N', help: 'Other noise and other lesions for each number from 0 on. Default: 1.' },
    { name: 'slices', value: 'N', help: 'Number of slices.' },
    { name: 'spacing', value: 'X,Y,Z', help: 'Distance between columns, rows and slices in mm.' },
    { name: 'syntax', value: 'NAME', help: 'Transfer syntax: explicit (default), implicit or big-endian.' },
    { name: 'force', help: 'Write into a folder that is not empty, over an earlier phantom.' },
    { name: 'json', help: 'Print what was written as JSON (agatston.phantom-files/1).' },
  ],
  examples: [
    ['agatston phantom ./demo', 'A chest of 48 slices.'],
    [
      'agatston score ./demo/dicom --territories ./demo/territories.nii.gz',
      'Its score, to be compared with ./demo/truth.json.',
    ],
    ['agatston phantom ./qrm --kind qrm --seed 7', 'Nine inserts, with the noise of seed 7.'],
  ],
  exits: [
    ['0', 'written'],
    ['1', 'a fault of the software or the disk'],
    ['2', 'wrong usage, or the folder is not empty'],
  ],
}

async function run(parsed: Parsed, io: Io): Promise<number> {
  const [dir, ...more] = parsed.positionals
  if (dir === undefined || more.length > 0) throw new WrongUsage('phantom takes one folder', typedLine(spec))
  const options = phantomOptions(parsed)
  await checkRanges(options)
  checkTarget(dir, parsed.has('force'))
  const { makePhantom } = await import('../../phantom/index.js')
  const phantom = makePhantom(options)
  prepare(dir)
  const written = await writePhantom(phantom, dir)
  io.stdout.write(
    parsed.has('json')
      ? `${JSON.stringify({ schema: 'agatston.phantom-files/1', ...written }, null, 2)}\n`
      : await writtenText(written, phantom, io),
  )
  return EXIT.done
}

function phantomOptions(parsed: Parsed): PhantomOptions {
  const kind = oneOf(spec, 'kind', parsed.one('kind'), KINDS)
  const seed = wholeNumber(spec, 'seed', parsed.one('seed'), 0)
  const slices = wholeNumber(spec, 'slices', parsed.one('slices'), 2)
  const syntax = oneOf(spec, 'syntax', parsed.one('syntax'), Object.keys(SYNTAXES) as (keyof typeof SYNTAXES)[])
  const spacing = parsed.one('spacing')
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(seed === undefined ? {} : { seed }),
    ...(slices === undefined ? {} : { slices }),
    ...(syntax === undefined ? {} : { syntax: SYNTAXES[syntax] }),
    ...(spacing === undefined ? {} : { spacingMm: threeDistances(spacing) }),
  }
}

/** Before the folder is touched. @throws WrongUsage */
async function checkRanges(options: PhantomOptions): Promise<void> {
  const { checkOptions } = await import('../../phantom/options.js')
  try {
    checkOptions(options)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new WrongUsage(cause.message, typedLine(spec), { cause })
  }
}

function threeDistances(text: string): readonly [number, number, number] {
  const numbers = text.split(',').map((part) => (/^\d+(\.\d+)?$/.test(part) ? Number(part) : Number.NaN))
  const [x, y, z] = numbers
  if (numbers.length !== 3 || !numbers.every((mm) => mm > 0)) {
    throw new WrongUsage(
      '--spacing must be three distances above 0 in mm',
      'agatston phantom FOLDER --spacing 0.4,0.4,3',
    )
  }
  return [x!, y!, z!]
}

/** Names this command gives its files: nothing else in a folder is ever taken away. */
const SLICE_NAME = /^(torso|qrm)-\d{3,4}\.dcm$/
const OWN_NAMES = ['territories.nii.gz', 'territories.json', 'truth.json'] as const

/** The folder must be new or empty, or `force` given. Changes nothing. @throws WrongUsage */
function checkTarget(dir: string, force: boolean): void {
  const filled = orWrongUsage(() => {
    checkFolder(dir)
    return existsSync(dir) && readdirSync(dir).length > 0
  })
  if (filled && !force) {
    throw new WrongUsage('the folder is not empty', 'agatston phantom FOLDER --force')
  }
}

/** Make the folder; an earlier phantom in it is taken away, so that no slice of it stays behind. */
function prepare(dir: string): void {
  const slices = join(dir, 'dicom')
  orWrongUsage(() => {
    makeFolder(slices)
    for (const name of readdirSync(slices)) if (SLICE_NAME.test(name)) rmSync(join(slices, name))
    for (const name of OWN_NAMES) rmSync(join(dir, name), { force: true })
  })
}

function orWrongUsage<T>(body: () => T): T {
  try {
    return body()
  } catch (cause) {
    throw new WrongUsage(`the folder cannot be written to (${codeOf(cause)})`, typedLine(spec), { cause })
  }
}

interface Written {
  readonly slices: number
  readonly bytes: number
  /** Paths inside the folder. */
  readonly files: readonly string[]
}

async function writePhantom(phantom: Phantom, dir: string): Promise<Written> {
  const { DEFAULT_TERRITORY_NAMES } = await import('../../volume/territory.js')
  const { truth } = phantom
  let bytes = 0
  const write = (name: string, data: Uint8Array | string): void => {
    try {
      writeFileSync(join(dir, name), data)
    } catch (cause) {
      throw new AgatstonError('INTERNAL', `${name} could not be written (${codeOf(cause)})`, {}, { cause })
    }
    bytes += data.length
  }
  let slices = 0
  for (const file of phantom.dicomFiles()) {
    write(join('dicom', file.name), file.bytes)
    slices++
  }
  const files = ['dicom', 'territories.nii.gz', 'truth.json']
  write('territories.nii.gz', phantom.labelMap())
  write('truth.json', `${JSON.stringify(truth, null, 2)}\n`)
  const usual = Object.entries(truth.territoryNames).every(([id, name]) => DEFAULT_TERRITORY_NAMES[Number(id)] === name)
  if (!usual) {
    write('territories.json', `${JSON.stringify(truth.territoryNames, null, 2)}\n`)
    files.push('territories.json')
  }
  return { slices, bytes, files }
}

async function writtenText({ slices, bytes, files }: Written, { truth }: Phantom, io: Io): Promise<string> {
  const { Paper } = await import('../../report/text/paper.js')
  const paper = new Paper(lookOf(io.stdout, io))
  const { columns, rows } = truth.dimensions
  const what: Readonly<Record<string, string>> = {
    dicom: `${slices} slices of ${rows} × ${columns} pixels`,
    'territories.nii.gz': `label map: ${Object.values(truth.territoryNames).join(', ')}`,
    'territories.json': 'names of its labels',
    'truth.json': `volume and mass of ${truth.lesions.length} calcifications`,
  }
  paper.paragraph(`Phantom ${truth.kind}, seed ${truth.seed}: ${(bytes / 2 ** 20).toFixed(1)} MB written`, 'bold')
  paper.fields(
    files.map((name) => [name, what[name] ?? '']),
    2,
  )
  paper.paragraph('Score it with the folder dicom as PATH and territories.nii.gz as --territories.')
  return paper.toString()
}

export const command: Command = { spec, run }
