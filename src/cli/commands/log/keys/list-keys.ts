import { connect } from '../../../../db/db.ts'
import { keyDocument } from '../../../../gateway/log/keys/key-document.ts'
import type { Command } from '../../../command.ts'
import { openCommandDatabase } from '../../../database.ts'
import { table } from '../../../words/table.ts'

export const logKeys: Command = {
  words: 'log keys',
  takes: '',
  says: 'list the keys that signed the log, and which part of it (on the gateway’s own machine; everybody else: /log/keys)',
  options: [
    { name: 'json', says: 'print the key document, with the statements by which one follows from another' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const database = await openCommandDatabase(terminal.config)
    const db = connect({ connection: await database.app(), max: 1 })
    try {
      const document = await keyDocument(db)
      const rows = document.keys.map(({ kid, fromSize, untilSize, verifierKey }) => [
        kid,
        `from entry ${fromSize}`,
        untilSize === null ? 'signs' : `ended at ${untilSize}`,
        verifierKey,
      ])
      terminal.print(given.on('json') ? JSON.stringify(document) : rows.length === 0 ? 'The log has no key yet.' : table(rows))
      return 0
    } finally {
      await db.end()
      await database.close()
    }
  },
}
