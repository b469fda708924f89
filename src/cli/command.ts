import type { Given, OptionHelp } from './options.ts'
import type { ExitCode } from './problem.ts'
import type { Terminal } from './session.ts'

/** One thing that `iom` does. `words` are those that name it, e.g. `agreement list`. */
export interface Command {
  readonly words: string
  /** What stands after the words, e.g. `<entryId>`. */
  readonly takes: string
  readonly says: string
  readonly options: readonly OptionHelp[]
  run(terminal: Terminal, given: Given): Promise<ExitCode>
}
