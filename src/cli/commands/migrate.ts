import { migrate as runMigrations } from '../../db/server/migrate.ts'
import type { Command } from '../command.ts'
import { prepareJobs } from '../../jobs/boss.ts'
import { openCommandDatabase } from '../database.ts'

export const migrate: Command = {
  words: 'migrate',
  takes: '',
  says: 'bring the database to this build’s schema (DATABASE_OWNER_URL, DATABASE_URL, or the bundled one)',
  options: [
    { name: 'json', says: 'print what ran as JSON' },
    { name: 'help', says: 'say how this command is used' },
  ],
  async run(terminal, given) {
    const database = await openCommandDatabase(terminal.config)
    try {
      const ran = await runMigrations({ connection: database.owner, log: () => undefined })
      await prepareJobs(database.owner, { onError: () => undefined })
      const words = ran.length === 0 ? 'Nothing was missing.' : `Ran ${ran.length}:\n${ran.map((name) => `  ${name}`).join('\n')}`
      terminal.print(given.on('json') ? JSON.stringify({ ran }) : `${words}\n${database.says} has the schema of this build.`)
      return 0
    } finally {
      await database.close()
    }
  },
}
