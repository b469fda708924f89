import { Fault } from '../core/fault.ts'
import { PolicyError } from '../core/decision/policy.ts'
import { ConfigError } from '../config.ts'
import { nearest } from '../http/contract/nearest.ts'
import type { Command } from './command.ts'
import { commands } from './commands/all.ts'
import { readOptions } from './options.ts'
import { CommandProblem, type ExitCode, usageProblem } from './problem.ts'
import type { Terminal } from './session.ts'
import { table } from './words/table.ts'

export interface Streams {
  readonly open: () => Terminal
  readonly complain: (text: string) => void
}

/** Runs one command line, without the name of the program. Never throws for what a person can mend. */
export const runCommandLine = async (argv: readonly string[], { open, complain }: Streams): Promise<ExitCode> => {
  try {
    const terminal = open()
    const [first] = argv
    if (first === undefined || ['help', '--help', '-h'].includes(first)) {
      terminal.print(helpForAll())
      return first === undefined ? 2 : 0
    }
    const { command, rest } = findCommand(argv)
    const given = readOptions(rest, command.options)
    if (given.on('help')) {
      terminal.print(helpFor(command))
      return 0
    }
    return await command.run(terminal, given)
  } catch (cause) {
    if (!(cause instanceof CommandProblem || cause instanceof Fault || cause instanceof PolicyError || cause instanceof ConfigError))
      throw cause
    complain(cause.message)
    return cause instanceof CommandProblem ? cause.exitCode : 1
  }
}

const findCommand = (argv: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } => {
  for (const count of [2, 1]) {
    const command = commands.find(({ words }) => words === argv.slice(0, count).join(' '))
    if (command !== undefined) return { command, rest: argv.slice(count) }
  }
  const two = commands.some(({ words }) => words.startsWith(`${argv[0] ?? ''} `))
  const given = argv.slice(0, two ? 2 : 1).join(' ')
  const near = nearest(
    given,
    commands.map(({ words }) => words),
  )
  throw usageProblem(`There is no command ${given}${near === null ? '; iom help lists them.' : `. Did you mean ${near}?`}`)
}

const helpForAll = (): string =>
  [
    'iom <command> [options]',
    table(
      commands.map(({ words, takes, says }) => [`${words} ${takes}`.trim(), says]),
      '  ',
    ),
    'iom <command> --help says more. It ends with 0 when done, 1 when refused or failed, 2 when used wrongly.',
  ].join('\n\n')

const helpFor = ({ words, takes, says, options }: Command): string =>
  [
    `iom ${words} ${takes}`.trimEnd(),
    `  ${says}`,
    table(
      options.map(({ name, value, says: meaning }) => [`--${name}${value === undefined ? '' : ` <${value}>`}`, meaning]),
      '  ',
    ),
  ].join('\n')
