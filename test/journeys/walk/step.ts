import type { Json } from '../../support/ask.ts'
import type { TestGateway } from '../../support/gateway.ts'

/** What earlier steps were answered, by the name they were kept under. */
export type Made = Map<string, Json>

type Now<Value> = Value | ((made: Made, house: TestGateway) => Value | Promise<Value>)

/** One call of an operation and what has to come of it. */
export interface Step {
  /** The sort of outcome, as the titles of the walk name it. */
  readonly outcome: 'allowed' | 'refused' | 'incomplete' | 'shielded' | 'not-found' | 'invalid' | 'conflict' | 'repeated'
  /** A persona, or `system of <agency>`. */
  readonly as: string
  readonly params?: Now<Readonly<Record<string, string>>>
  readonly query?: string
  readonly body?: Now<Json>
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The ETag that is sent as If-Match. */
  readonly ifMatch?: Now<string>
  readonly status: number
  /** The code of the problem. */
  readonly code?: string
  readonly event?: string
  /** What the entry says of it, where that is not what the outcome says. */
  readonly effect?: string
  /** People returned by a search: each has a line of its own. */
  readonly lines?: number
  /** Sources were asked, so that an intent stands before the decision. */
  readonly asksSources?: true
  /** Keeps the answer's body for later steps. */
  readonly keep?: string
}

/** The steps of each operation, in the order in which they have to be taken. */
export type Walk = Readonly<Record<string, readonly Step[]>>

export const now = <Value>(value: Now<Value>, made: Made, house: TestGateway): Promise<Value> =>
  Promise.resolve(typeof value === 'function' ? (value as (made: Made, house: TestGateway) => Value)(made, house) : value)

/** A member of what a step was answered; throws when there is none, since a step that relies on it would prove nothing. */
export const from = (made: Made, name: string, member: string): string => {
  const value = made.get(name)?.[member]
  if (typeof value !== 'string') throw new Error(`no ${member} was kept of ${name}`)
  return value
}
