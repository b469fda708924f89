import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProcessSettings } from './gateway-process.ts'

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string
  /** SIGKILL: no handler runs, nothing under way is finished. */
  kill(): Promise<void>
  stop(): Promise<void>
}

const entry = fileURLToPath(new URL('gateway-process.ts', import.meta.url))

/** Starts it and waits until it listens; throws when it ends instead. */
export const startGateway = async (settings: ProcessSettings): Promise<GatewayProcess> => {
  const child = fork(entry, [JSON.stringify(settings)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url))
    child.once('exit', (code) => reject(new Error(`The gateway ended with code ${String(code)} before it listened.`)))
  })
  return { url, kill: () => end(child, 'SIGKILL'), stop: () => end(child, 'SIGTERM') }
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
