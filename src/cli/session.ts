import { text as readAll } from 'node:stream/consumers'
import { loadConfig, type Config } from '../config.ts'
import { personas } from '../sandbox/personas.ts'
import { mintToken } from '../sandbox/tokens.ts'
import { findGateway } from './gateway/gateway-address.ts'
import type { Connection } from './gateway/gateway-client.ts'
import type { Given } from './options.ts'
import { widthOf } from './words/table.ts'
import { CommandProblem, knownWord, usageProblem } from './problem.ts'

/** What a command works with; tests hand in their own. */
export interface Terminal {
  readonly config: Config
  readonly print: (text: string) => void
  /** Characters to a line. */
  readonly width: number
  readonly readInput: () => Promise<string>
}

export const openTerminal = (): Terminal => ({
  config: loadConfig(),
  print: (text) => process.stdout.write(`${text}\n`),
  width: widthOf(process.stdout.isTTY ? process.stdout.columns : undefined),
  readInput: () => readAll(process.stdin),
})

/** The gateway named by --url, else the one that says it runs on the data directory. */
export const urlOf = ({ config }: Pick<Terminal, 'config'>, given: Given): string => {
  const url = given.text('url') ?? findGateway(config.dataDir)?.url
  if (url === undefined)
    throw new CommandProblem(`No gateway runs on ${config.dataDir}. Start one with: npm start, or say where it is: --url`)
  if (!URL.canParse(url)) throw usageProblem(`--url ${url} is not an address such as http://127.0.0.1:8080.`)
  return url.replace(/\/+$/, '')
}

/** Address and token; `otherwise` is the persona of the sandbox that does this when nobody is named. */
export const connectionOf = async (terminal: Terminal, given: Given, otherwise?: string): Promise<Connection> => {
  const token = given.text('token')
  if (token !== undefined) return { url: urlOf(terminal, given), token: token === '-' ? (await terminal.readInput()).trim() : token }
  const persona = given.text('as') ?? otherwise
  if (persona === undefined) throw usageProblem('Say as whom: --as analyst (in the sandbox), or --token - with a token on standard input.')
  knownPersona(persona)
  const url = urlOf(terminal, given)
  return { url, token: await tokenFor(terminal, persona) }
}

/** @throws CommandProblem (usage) outside the sandbox, and for a persona that is not one */
export const tokenFor = async ({ config }: Pick<Terminal, 'config'>, name: string): Promise<string> => {
  if (config.mode !== 'sandbox') throw usageProblem('Personas exist in the sandbox only: give a token of your own issuer with --token.')
  return mintToken({ dataDir: config.dataDir, persona: knownPersona(name), audience: config.identity.audience })
}

const knownPersona = (name: string): string =>
  knownWord(
    'persona',
    name,
    personas.map((one) => one.name),
  )
