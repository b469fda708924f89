import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { announceGateway } from '../../../src/cli/gateway/gateway-address.ts'
import type { ExitCode } from '../../../src/cli/problem.ts'
import { runCommandLine } from '../../../src/cli/run.ts'
import { type Config, loadConfig } from '../../../src/config.ts'
import { openHouse } from '../../../src/house.ts'
import { makeLog } from '../../../src/http/request-log.ts'

export interface Ran {
  readonly exitCode: ExitCode
  readonly out: string
  readonly err: string
}

export interface CommandLine {
  readonly config: Config
  readonly iom: (...argv: readonly string[]) => Promise<Ran>
  /** What the next command reads from standard input. */
  type(text: string): void
}

/** `iom` as it ships, on a data directory of one's own; its words are caught. */
export const commandLineOn = (config: Config): CommandLine => {
  let typed = ''
  return {
    config,
    type: (text) => {
      typed = text
    },
    iom: async (...argv) => {
      const out: string[] = []
      const err: string[] = []
      const terminal = { config, print: (text: string) => void out.push(text), width: 100, readInput: () => Promise.resolve(typed) }
      const exitCode = await runCommandLine(argv, { open: () => terminal, complain: (text) => err.push(text) })
      return { exitCode, out: out.join('\n'), err: err.join('\n') }
    },
  }
}

/** An empty data directory, with nothing in the environment that a machine may have set. */
export const emptyConfig = (): Config => loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'gateway-cli-')), PORT: '0' })

/** The sandbox as `npm start` starts it, on a data directory and ports of its own. */
export const startSandbox = async (): Promise<CommandLine & { readonly url: string; close(): Promise<void> }> => {
  const config = emptyConfig()
  const house = await openHouse({ config, log: makeLog('silent') })
  const withdraw = announceGateway(config.dataDir, {
    url: house.url,
    sources: house.sandbox!.systems.map(({ agencyId, url }) => ({ agencyId, address: url })),
  })
  const close = async (): Promise<void> => {
    withdraw()
    await house.close()
    rmSync(config.dataDir, { recursive: true, force: true })
  }
  return { ...commandLineOn(config), url: house.url, close }
}
