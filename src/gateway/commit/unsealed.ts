import { Fault } from '../../core/fault.ts'

/** A release that nobody could prove later is not made. Refusals still are, and are logged; so is emergency access. */
export const unsealed = (): Fault =>
  new Fault('unavailable', 'The access log has not been sealed for fifteen minutes: no ordinary data leaves.', { retryAfterSeconds: 30 })

/** What was decided without the person's lock turned out to need it. */
export const changedMeanwhile = (): Fault =>
  new Fault('unavailable', 'What this rests on changed just now. Ask again.', { retryAfterSeconds: 1 })
