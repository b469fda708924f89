import { parseArgs } from 'node:util'
import { nearest } from '../http/contract/nearest.ts'
import { usageProblem } from './problem.ts'

/** What one option is for; `value` names what follows it, and an option without one is a switch. */
export interface OptionHelp {
  readonly name: string
  readonly value?: string
  readonly says: string
}

export interface Given {
  readonly words: readonly string[]
  readonly text: (name: string) => string | undefined
  /** @throws CommandProblem (usage) when it is not there */
  readonly needed: (name: string) => string
  readonly on: (name: string) => boolean
}

export const commonOptions: readonly OptionHelp[] = [
  { name: 'url', value: 'address', says: 'the gateway; without it, the sandbox that runs on DATA_DIR' },
  { name: 'as', value: 'persona', says: 'in the sandbox: sign in as this persona' },
  { name: 'token', value: 'token', says: 'an access token, or - to read it from standard input' },
  { name: 'json', says: 'print the answer as it came, for scripts' },
  { name: 'help', says: 'say how this command is used' },
]

/** @throws CommandProblem (usage) for an option that is not known, with the nearest one that is */
export const readOptions = (argv: readonly string[], known: readonly OptionHelp[]): Given => {
  const options = Object.fromEntries(known.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' } as const]))
  const { values, positionals } = parse(argv, options, known)
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    words: positionals,
    text,
    needed: (name) => {
      const value = text(name)
      if (value === undefined) throw usageProblem(`--${name} is missing: ${known.find((one) => one.name === name)?.says ?? ''}.`)
      return value
    },
    on: (name) => values[name] === true,
  }
}

type Options = Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>

const parse = (argv: readonly string[], options: Options, known: readonly OptionHelp[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const unknown = /Unknown option '(?:--)?([^' ]+)'/.exec(cause.message)?.[1]
    if (unknown === undefined) throw usageProblem(cause.message)
    const near = nearest(
      unknown,
      known.map(({ name }) => name),
    )
    throw usageProblem(`There is no option --${unknown}${near === null ? '' : `. Did you mean --${near}?`}`)
  }
}
