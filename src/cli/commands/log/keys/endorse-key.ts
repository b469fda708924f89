import type { Database } from '../../../../db/db.ts'
import { endorseKey, type EndorseOptions } from '../../../../gateway/log/keys/endorse-key.ts'
import { makeSigningKey, readSigningKey, signingKeyFile } from '../../../../keys.ts'
import type { Command } from '../../../command.ts'
import { changeKeys } from '../../../log/change-keys.ts'
import { openSigningKey } from '../../../log/open-signing-key.ts'
import type { Given } from '../../../options.ts'
import type { Terminal } from '../../../session.ts'

export const logEndorseKey: Command = {
  words: 'log endorse-key',
  takes: '',
  says: 'enter the next key of the log, endorsed by the present one (on the gateway’s own machine)',
  options: [
    { name: 'new', value: 'file', says: 'the next key, made where it is missing; without it SIGNING_KEY_FILE with .next behind it' },
    { name: 'lost', says: 'the present key is lost: SIGNING_KEY_FILE names the next one, which nobody endorses' },
    { name: 'by', value: 'name', says: 'who changes the key' },
    { name: 'why', value: 'text', says: 'why, in your own words' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const reason = { by: given.needed('by'), justification: given.needed('why') }
    return changeKeys(terminal, async (db) => {
      const keys = await keysOf(db, terminal, given)
      const { entryId, verifierKey } = await endorseKey(db, { origin: terminal.config.logOrigin, ...keys, ...reason })
      terminal.print(`The key ${keys.next.kid} is a key of the log. Entry ${entryId} says so. Its verifier key:\n  ${verifierKey}`)
      terminal.print(given.on('lost') ? afterLoss : whatNext(keys.file, signingKeyFile(terminal.config)))
    })
  },
}

type Keys = Pick<EndorseOptions, 'current' | 'next'> & { readonly file: string }

const keysOf = async (db: Database, { config }: Terminal, given: Given): Promise<Keys> => {
  const own = signingKeyFile(config)
  if (given.on('lost')) return { current: null, next: readSigningKey(config), file: own }
  const current = await openSigningKey(db, config)
  const file = given.text('new') ?? `${own}.next`
  return { current, next: makeSigningKey(file), file }
}

const whatNext = (file: string, own: string): string =>
  [
    'Both sign from now on. On every instance, one after the other:',
    `  put ${file} in the place of ${own} (keep the old file until the last step), and send the gateway SIGHUP or start it again.`,
    'When all have it: iom log end-key. Whoever checks or witnesses the log follows by itself from the key that they were told.',
  ].join('\n')

const afterLoss = [
  'Nobody endorsed it: tell it, in the way the first one was told, to everybody who checks or witnesses the log.',
  'Start every instance with it, then: iom log end-key',
].join('\n')
