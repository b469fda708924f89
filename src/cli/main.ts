import { runCommandLine } from './run.ts'
import { openTerminal } from './session.ts'

process.exitCode = await runCommandLine(process.argv.slice(2), {
  open: openTerminal,
  complain: (text) => process.stderr.write(`${text}\n`),
})
