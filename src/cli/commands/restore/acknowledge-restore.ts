import { connect } from '../../../db/db.ts'
import { acknowledgeRestore as recordGap } from '../../../gateway/restore/acknowledge-restore.ts'
import { readStanding, setMark } from '../../../jobs/high-water.ts'
import { highWaterOf, readSigningKey } from '../../../keys.ts'
import type { Command } from '../../command.ts'
import { openCommandDatabase } from '../../database.ts'
import { openSigningKey } from '../../log/open-signing-key.ts'
import { CommandProblem } from '../../problem.ts'

export const acknowledgeRestore: Command = {
  words: 'log acknowledge-restore',
  takes: '',
  says: 'after the database was restored from an older copy: record the gap in the log, so that the gateway starts again',
  options: [
    { name: 'by', value: 'name', says: 'who acknowledges it' },
    { name: 'why', value: 'text', says: 'what happened, in your own words' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const about = { by: given.needed('by'), justification: given.needed('why') }
    const uses = highWaterOf(terminal.config, readSigningKey(terminal.config))
    const database = await openCommandDatabase(terminal.config)
    const db = connect({ connection: await database.app(), max: 2 })
    try {
      const standing = await readStanding(db, uses)
      if (!standing.behind) throw new CommandProblem('Nothing is missing: the log is the one it was, grown or the same.')
      // Logged first; only then is the mark moved, and a kill between the two asks for it once more.
      const entryId = await recordGap(db, await openSigningKey(db, terminal.config), { had: standing.kept, has: standing.found, ...about })
      await setMark(db, uses)
      terminal.print(`Recorded: ${standing.why}. Entry ${entryId} says so. Start the gateway; tell those who witness the log.`)
      return 0
    } finally {
      await db.end()
      await database.close()
    }
  },
}
