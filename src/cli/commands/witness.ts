import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { witnessVerifierKey } from '../../ledger/note.ts'
import { parseNoteKey } from '../../ledger/verify/signed-note.ts'
import type { Command } from '../command.ts'
import { usageProblem } from '../problem.ts'
import { followLogKeys } from '../witness/followed-keys.ts'
import { type FetchPath, watchLog } from '../witness/watch-log.ts'
import { openWitnessKey } from '../witness/witness-key.ts'
import { witnessServer, type WitnessUses } from '../witness/witness-server.ts'
import { openWitnessState } from '../witness/witness-state.ts'

export const witness: Command = {
  words: 'witness',
  takes: '',
  says: 'watch an access log for its partners: sign that it only grows, and keep what proves that it did not',
  options: [
    { name: 'log-key', value: 'key', says: "the log's verifier key, as it was told to you (name+id+key)" },
    { name: 'log-keys', value: 'file', says: 'what the log says of its keys (/log/keys); with --watch it is fetched' },
    { name: 'name', value: 'name', says: 'the name you sign with, e.g. ridings-probation.example/witness' },
    { name: 'dir', value: 'directory', says: 'where the key, the memory and the evidence are kept' },
    { name: 'port', value: 'port', says: 'where to listen for the log (POST /add-checkpoint)' },
    { name: 'host', value: 'address', says: 'the address to listen on (127.0.0.1)' },
    { name: 'watch', value: 'address', says: 'the gateway to look at by yourself, once a minute' },
    { name: 'once', says: 'look once, say what was found, and end' },
    { name: 'print-key', says: 'print your verifier key, for the gateway to know you by, and end' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const directory = given.needed('dir')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const signer = openWitnessKey(join(directory, 'witness.pem'), given.needed('name'))
    const ownKey = witnessVerifierKey(signer.name, signer.privateKey)
    if (given.on('print-key')) {
      terminal.print(ownKey)
      return 0
    }
    const uses: WitnessUses = {
      logKeys: followLogKeys(readLogKey(given.needed('log-key')), directory),
      signer,
      state: openWitnessState(directory),
      now: () => new Date(),
      tell: (message) => terminal.print(message),
    }
    const keysFile = given.text('log-keys')
    if (keysFile !== undefined) uses.logKeys.learn(readFileSync(keysFile, 'utf8'))
    const watched = given.text('watch')
    if (given.on('once')) return watchOnce(uses, fetcherOf(watched ?? ''), terminal.print)
    const server = witnessServer(uses).listen(Number(given.text('port') ?? 8085), given.text('host') ?? '127.0.0.1')
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
    terminal.print(`The witness ${ownKey} listens.`)
    if (watched !== undefined) await watchForGood(uses, fetcherOf(watched))
    await new Promise((resolve) => server.once('close', resolve))
    return 0
  },
}

const readLogKey = (text: string) => {
  const key = parseNoteKey(text)
  if (key.kind !== 'log') throw usageProblem('--log-key is the key of a witness, not of a log.')
  return key
}

const watchOnce = async (uses: WitnessUses, fetchPath: FetchPath, print: (text: string) => void): Promise<0 | 1> => {
  const seen = await watchLog(uses, fetchPath)
  if (seen !== 'refused') print(`The log has ${uses.state.read()?.size ?? 0} entries and continues what was seen before.`)
  return seen === 'refused' ? 1 : 0
}

const EVERY_MINUTE = 60_000

const watchForGood = async (uses: WitnessUses, fetchPath: FetchPath): Promise<never> => {
  for (;;) {
    await watchLog(uses, fetchPath).catch((cause: unknown) => uses.tell(`The log could not be looked at: ${String(cause)}`))
    await sleep(EVERY_MINUTE)
  }
}

/** A tile is 8 KiB, a checkpoint less; what a log says of its keys grows by 2 KiB with each. */
const MOST_BYTES = 64 * 1024
const MOST_OF_KEYS = 1024 * 1024

const fetcherOf =
  (url: string): FetchPath =>
  async (path) => {
    if (!URL.canParse(url)) throw usageProblem('--watch says which gateway, e.g. http://127.0.0.1:8080.')
    const response = await fetch(`${url.replace(/\/+$/, '')}/log/${path}`, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    if (bytes.length > (path === 'keys' ? MOST_OF_KEYS : MOST_BYTES)) throw new Error(`${path} is too long`)
    return bytes
  }
