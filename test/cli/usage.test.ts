import { describe, expect, it } from 'vitest'
import { VERSION } from '../../bindings/index.js'
import { COMMANDS, LATER_COMMANDS } from '../../bindings/cli/commands.js'
import { nearest } from '../../bindings/cli/usage.js'
import { lookOf } from '../../bindings/cli/terminal.js'
import { Progress } from '../../bindings/cli/progress.js'
import { call } from './call.js'

describe('help', () => {
  it('of the program names every command', async () => {
    for (const argv of [['--help'], ['-h'], ['help']]) {
      const { code, out, err } = await call(argv)
      expect([code, err]).toEqual([0, ''])
      for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
      expect(out).toContain('Not a cleared medical device')
    }
  })

  it('is shown as wrong usage where nothing was typed', async () => {
    const { code, out, err } = await call([])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('agatston COMMAND')
  })

  it.each(COMMANDS.map(({ name }) => name))('of %s has its options and an example', async (name) => {
    const { command } = await COMMANDS.find((one) => one.name === name)!.load()
    expect(command.spec.summary).toBe(COMMANDS.find((one) => one.name === name)!.summary)
    for (const argv of [
      [name, '--help'],
      ['help', name],
      [name, 'x', '--nonsense', '-h'],
    ]) {
      const { code, out, err } = await call(argv)
      expect([code, err]).toEqual([0, ''])
      expect(out).toMatch(new RegExp(`^agatston ${name} `))
      expect(out).toMatch(/Examples\n  agatston /)
      for (const option of command.spec.options) expect(out).toContain(`  --${option.name}`)
      expect(out).toMatch(/Exit codes/)
    }
  })

  it('fits the terminal', async () => {
    for (const columns of [40, 60, 100]) {
      const { out } = await call(['score', '--help'], { isTTY: true, columns, env: { NO_COLOR: '1', LANG: 'C' } })
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
    }
  })

  it('tells the version', async () => {
    expect(await call(['--version'])).toEqual({ code: 0, out: `agatston ${VERSION}\n`, err: '' })
  })
})

describe('wrong usage', () => {
  const cases: [why: string, argv: string[], says: RegExp, type: RegExp][] = [
    ['a command nobody knows', ['scroe', 'x'], /no command 'scroe'/, /agatston score --help/],
    ['a word like nothing', ['xyzzy'], /no command 'xyzzy'/, /agatston --help/],
    [
      'a path for a command',
      ['./scan'],
      /must be a command, not a path/,
      /agatston score FOLDER --territories MAP\.nii\.gz/,
    ],
    ['an option for a command', ['--whole-image'], /no option --whole-image before a command/, /agatston --help/],
    ['no path', ['score'], /no path was given/i, /agatston score FOLDER/],
    ['no path to inspect', ['inspect', '--json'], /no path was given/i, /agatston inspect FOLDER/],
    [
      'an unknown option',
      ['score', 'x', '--teritories', 'y'],
      /--teritories; did you mean --territories\?/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'a beginning of an option',
      ['score', 'x', '--mass', '1'],
      /did you mean --mass-factor\?/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    ['a short option', ['score', 'x', '-q'], /no option -q/, /score FOLDER --territories MAP\.nii\.gz$/m],
    [
      'an option twice',
      ['score', 'x', '--series', '1.2', '--series', '1.3'],
      /--series was given twice/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'no value',
      ['score', 'x', '--series'],
      /--series needs a value: --series UID/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'an option as value',
      ['score', 'x', '--series', '--json'],
      /--series needs a value/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'an empty value',
      ['score', 'x', '--series='],
      /--series needs a value/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'a value for a switch',
      ['score', 'x', '--json=yes'],
      /--json is a switch/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    ['no UID', ['score', 'x', '--series', 'chest'], /--series needs a SeriesInstanceUID/, /inspect/],
    ['a standard nobody knows', ['score', 'x', '--standard', 'simens'], /did you mean siemens\?/, /agatston standards/],
    ['a standard like none', ['score', 'x', '--standard', 'acme'], /there are agatston-130, literature/, /standards/],
    ['a refusal that stands', ['score', 'x', '--accept', 'PARSE_FAILED'], /PARSE_FAILED cannot be overridden/, /score/],
    [
      'a refusal misspelled',
      ['score', 'x', '--accept', 'LOSY'],
      /did you mean LOSSY\?/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'two scopes',
      ['score', 'x', '--whole-image', '--territories', 'm.nii'],
      /exclude each other/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    ['mass factor 0', ['score', 'x', '--mass-factor', '0'], /--mass-factor must be a number above 0/, /score/],
    ['mass factor with a comma', ['score', 'x', '--mass-factor', '0,7'], /must be a number above 0/, /score/],
    [
      'mass factor in other units',
      ['score', 'x', '--mass-factor', '0.72'],
      /divide by 1000/,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    ['mass factor below 0', ['score', 'x', '--mass-factor', '-1'], /--mass-factor must be a number above 0/, /score/],
    ['an empty path', ['score', '', '--whole-image'], /a path is empty/i, /score FOLDER/],
    ['an empty path among others', ['inspect', 'x', ''], /a path is empty/i, /inspect FOLDER/],
    ['no slices', ['phantom', 'x', '--slices', '0'], /--slices must be a whole number from 2/, /phantom FOLDER/],
    ['one slice', ['phantom', 'x', '--slices', '1'], /--slices must be a whole number from 2/, /phantom FOLDER/],
    ['increment in hex', ['score', 'x', '--increment', '0x3'], /--increment must be a number above 0/, /score/],
    ['increment of a series', ['score', 'x', '--increment', '3'], /for a single slice/, /--accept TOO_FEW_SLICES/],
    ['no slices expected', ['score', 'x', '--expect-slices', '0'], /must be a whole number from 1/, /score/],
    ['half slices', ['inspect', 'x', '--expect-slices', '4.5'], /must be a whole number from 1/, /inspect/],
    [
      'a zip that is not there',
      ['score', 'x.zip', '--whole-image'],
      /there is no file or folder 'x\.zip'/i,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    [
      'a mask that is not there',
      ['score', 'x', '--territories', 's.dcm'],
      /there is no file or folder 's\.dcm'/i,
      /score FOLDER --territories MAP\.nii\.gz$/m,
    ],
    ['a path for standards', ['standards', 'x'], /takes no path/, /agatston standards/],
    ['no folder for a phantom', ['phantom'], /takes one folder/, /phantom FOLDER/],
    ['a kind of phantom', ['phantom', 'x', '--kind', 'tors'], /torso or qrm; did you mean torso\?/, /phantom FOLDER/],
    ['a spacing of two', ['phantom', 'x', '--spacing', '1,1'], /three distances/, /--spacing 0\.4,0\.4,3/],
    ['a spacing of 0', ['phantom', 'x', '--spacing', '1,1,0'], /three distances/, /--spacing/],
    ['a seed below 0', ['phantom', 'x', '--seed=-1'], /whole number from 0/, /phantom FOLDER/],
    ['a seed below 0, apart', ['phantom', 'x', '--seed', '-1'], /whole number from 0/, /phantom FOLDER/],
  ]

  it.each(cases)('%s', async (_, argv, says, type) => {
    const { code, out, err } = await call(argv, { env: { LANG: 'C.UTF-8', COLUMNS: '160' } })
    expect([code, out]).toEqual([2, ''])
    const [what, instead] = err.split('\nType: ')
    expect(what).toMatch(says)
    expect(what).toMatch(/^agatston: [A-Z-]/)
    expect(instead).toMatch(type)
  })

  it.each(['score', 'inspect'])('%s names a path that is not there, without the folders above it', async (name) => {
    const { code, out, err } = await call([
      name,
      '/no-such/DOE^JANE/scan7',
      ...(name === 'score' ? ['--whole-image'] : []),
    ])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/There is no file or folder 'scan7'/)
    expect(err).not.toContain('DOE')
  })

  it.each(['all-series'])('--%s is refused by name, never ignored', async (option) => {
    for (const argv of [[`--${option}`], [`--${option}`, 'x'], [`--${option}=x`]]) {
      const { code, out, err } = await call(['score', 'scan', '--whole-image', ...argv])
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(new RegExp(`--${option} is not available in this version`))
    }
  })

  it.each(LATER_COMMANDS)('the command %s is refused by name', async (name) => {
    const { code, err } = await call([name, 'x'])
    expect(code).toBe(2)
    expect(err).toMatch(/not available in this version/)
  })
})

describe('nearest', () => {
  it.each([
    ['scroe', 'score'],
    ['insepct', 'inspect'],
    ['standard', 'standards'],
    ['pha', 'phantom'],
    ['s', null],
    ['report', null],
  ])('%s is taken for %s', (typed, name) => {
    expect(nearest(typed, ['score', 'inspect', 'standards', 'phantom'])).toBe(name)
  })
})

describe('terminal', () => {
  const io = (env: Record<string, string>, platform = 'linux') => ({ stdout: pipe, stderr: pipe, env, platform })
  const pipe = { write: () => true }
  const tty = { ...pipe, isTTY: true, columns: 120 }

  it('is plain in a pipe and coloured on a terminal, unless told otherwise', () => {
    expect(lookOf(pipe, io({})).color).toBe(false)
    expect(lookOf(tty, io({})).color).toBe(true)
    expect(lookOf(tty, io({ NO_COLOR: '1' })).color).toBe(false)
    expect(lookOf(tty, io({ NO_COLOR: '' })).color).toBe(true)
    expect(lookOf(tty, io({ TERM: 'dumb' })).color).toBe(false)
    expect(lookOf(pipe, io({ FORCE_COLOR: '1', NO_COLOR: '1' })).color).toBe(true)
    expect(lookOf(tty, io({ FORCE_COLOR: '0' })).color).toBe(false)
  })

  it('knows its width and signs', () => {
    expect(lookOf(tty, io({})).width).toBe(120)
    expect(lookOf(pipe, io({})).width).toBe(80)
    expect(lookOf(pipe, io({ COLUMNS: '132' })).width).toBe(132)
    expect(lookOf(pipe, io({ COLUMNS: 'many' })).width).toBe(80)
    expect(lookOf(pipe, io({ LANG: 'de_DE.UTF-8' })).unicode).toBe(true)
    expect(lookOf(pipe, io({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' })).unicode).toBe(false)
    expect(lookOf(pipe, io({})).unicode).toBe(false)
    expect(lookOf(pipe, io({}, 'darwin')).unicode).toBe(true)
  })

  it('shows progress on a terminal only, and only where it takes long', () => {
    let text = ''
    const terminal = { write: (more: string) => (text += more), isTTY: true }
    const progress = new Progress(terminal, false, 1000)
    progress.update('read', 1, 9, 1499)
    expect(text).toBe('')
    progress.update('read', 2, 9, 1500)
    progress.update('read', 3, 9, 1599)
    expect(text).toBe('\r\u001b[KReading files: 2 of 9')
    progress.update('score', 1, 9, 1600)
    progress.end()
    expect(text.endsWith('Scoring slices: 1 of 9\r\u001b[K')).toBe(true)
    const before = text
    for (const quiet of [new Progress(terminal, true, 0), new Progress({ ...terminal, isTTY: false }, false, 0)]) {
      quiet.update('read', 1, 2, 10_000)
      quiet.end()
    }
    expect(text).toBe(before)
  })
})
