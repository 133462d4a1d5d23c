/** One call of the program, from arguments to exit code. Writes only to the streams it is given. */
import { VERSION } from '../base/version.js'
import { parseCommand, typedLine, wantsHelp, wantsJson } from './args.js'
import { COMMANDS, LATER_COMMANDS } from './commands.js'
import { EXIT, tellFailure } from './exit.js'
import { type Io, lookOf } from './terminal.js'
import { WrongUsage, nearest } from './usage.js'

/**
 * @param argv arguments after the program's name
 * @returns exit code: 0 done, 1 fault of ours, 2 wrong usage, 3 input refused
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let instead = 'agatston --help'
  try {
    const [name, ...rest] = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
    if (name === undefined) {
      io.stderr.write(await programHelp(io, 'stderr'))
      return EXIT.usage
    }
    if (name === '--help' || name === '-h') return show(io, await programHelp(io, 'stdout'))
    if (name === '--version' || name === '-V') return show(io, `agatston ${VERSION}\n`)
    const entry = COMMANDS.find((one) => one.name === name)
    if (!entry) throw unknownCommand(name)
    const { command } = await entry.load()
    if (wantsHelp(rest)) {
      const { commandHelp } = await import('./help.js')
      return show(io, commandHelp(command.spec, lookOf(io.stdout, io)))
    }
    instead = typedLine(command.spec)
    return await command.run(parseCommand(command.spec, rest), io)
  } catch (error) {
    return tellFailure(error, io, { json: wantsJson(argv), instead })
  }
}

function show(io: Io, text: string): number {
  io.stdout.write(text)
  return EXIT.done
}

async function programHelp(io: Io, stream: 'stdout' | 'stderr'): Promise<string> {
  const help = await import('./help.js')
  return help.programHelp(
    COMMANDS.map(({ name, summary }) => [name, `${summary}.`]),
    lookOf(io[stream], io),
  )
}

function unknownCommand(name: string): WrongUsage {
  if (LATER_COMMANDS.includes(name)) {
    return new WrongUsage(`the command ${name} is not available in this version`, 'agatston --help')
  }
  if (name.startsWith('-')) return new WrongUsage(`there is no option ${name} before a command`, 'agatston --help')
  if (/[\\/.]/.test(name))
    return new WrongUsage(
      'the first word must be a command, not a path',
      'agatston score FOLDER --territories MAP.nii.gz',
    )
  const near = nearest(
    name,
    COMMANDS.map((one) => one.name),
  )
  return new WrongUsage(`there is no command '${name}'`, near === null ? 'agatston --help' : `agatston ${near} --help`)
}
