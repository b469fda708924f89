import { nearest } from '../http/contract/nearest.ts'

/** 0 done, 1 refused or failed, 2 used wrongly. */
export type ExitCode = 0 | 1 | 2

/** Ends a command with one sentence to the person who typed it. */
export class CommandProblem extends Error {
  readonly exitCode: ExitCode
  constructor(message: string, exitCode: ExitCode = 1, cause?: unknown) {
    super(message, { cause })
    this.name = 'CommandProblem'
    this.exitCode = exitCode
  }
}

export const usageProblem = (message: string): CommandProblem => new CommandProblem(message, 2)

/** The word itself when it is known; otherwise a usage problem that names the one which was probably meant. */
export const knownWord = <Word extends string>(what: string, given: string, known: readonly Word[]): Word => {
  const found = known.find((word) => word === given)
  if (found !== undefined) return found
  const near = nearest(given, known)
  throw usageProblem(`There is no ${what} ${given}${near === null ? `; there are ${known.join(', ')}.` : `. Did you mean ${near}?`}`)
}
