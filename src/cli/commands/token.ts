import type { Command } from '../command.ts'
import { usageProblem } from '../problem.ts'
import { tokenFor } from '../session.ts'

export const token: Command = {
  words: 'token',
  takes: '<persona>',
  says: 'print an access token of the sandbox, valid for five minutes',
  options: [{ name: 'help', says: 'say how this command is used' }],
  async run(terminal, given) {
    const persona = given.words[0]
    if (persona === undefined) throw usageProblem('Say whom: iom token analyst.')
    terminal.print(await tokenFor(terminal, persona))
    return 0
  },
}
