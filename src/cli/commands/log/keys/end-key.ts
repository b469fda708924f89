import { endKeys } from '../../../../jobs/end-key.ts'
import type { Command } from '../../../command.ts'
import { changeKeys } from '../../../log/change-keys.ts'
import { openSigningKey } from '../../../log/open-signing-key.ts'

export const logEndKey: Command = {
  words: 'log end-key',
  takes: '',
  says: 'end the older keys of the log: what they signed stays proved, and they sign nothing more (on the gateway’s own machine)',
  options: [
    { name: 'by', value: 'name', says: 'who ends them' },
    { name: 'why', value: 'text', says: 'why, in your own words' },
    { name: 'anyway', says: 'though an instance still signs with one: it answers 503 until it has the new key' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const reason = { by: given.needed('by'), justification: given.needed('why') }
    return changeKeys(terminal, async (db) => {
      const current = await openSigningKey(db, terminal.config)
      const ended = await endKeys(db, { origin: terminal.config.logOrigin, current, anyway: given.on('anyway'), ...reason })
      for (const { kid, untilSize, entryId } of ended)
        terminal.print(`The key ${kid} ended at ${untilSize} entries. Entry ${entryId} says so. Its file can be destroyed.`)
    })
  },
}
