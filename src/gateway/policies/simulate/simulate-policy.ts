import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { compilePolicies, type Policies } from '../../../core/decision/policy.ts'
import { Fault } from '../../../core/fault.ts'
import type { Database } from '../../../db/db.ts'
import type { CommitChange } from '../../commit/change.ts'
import type { EnquireUses } from '../../enquiry/enquire.ts'
import { logReaderOf } from '../../log/search/entry-view.ts'
import { type ReadingReasons, refusedReading } from '../../log/search/reading-reasons.ts'
import { getProposedBundle, refusedToOthers } from './proposal.ts'
import { simulate, type Simulation } from './simulation.ts'

export interface SimulateUses {
  readonly commitChange: CommitChange
  readonly database: Database
  readonly look: EnquireUses['look']
}

interface SimulationBody extends ReadingReasons {
  readonly days?: number
}

const DAYS = 30
const DAY_MS = 86_400_000

/**
 * Operation `simulatePolicy`: who would gain and who would lose by a proposed bundle, found by deciding what was asked of late again.
 * The reading takes long and holds no lock, so that nobody waits for it; whether it may be told is decided, and logged, under the locks
 * afterwards. One at a time: it costs as much as a busy minute.
 */
export const simulatePolicy = (uses: SimulateUses) => {
  const run = oneAtATime()
  return async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const hash = request.params.hash!
    const body = request.body as SimulationBody
    const days = body.days ?? DAYS
    const { standing, at, policies, policyHash } = await uses.look({ caller, offenderId: null, categories: [] })
    const entitled =
      standing?.person?.active === true &&
      standing.clientActive &&
      standing.agency.active &&
      refusedToOthers({ standing, at }) === null &&
      refusedReading(body) === null
    const since = new Date(at.getTime() - days * DAY_MS)
    const found = entitled ? await run(() => simulated(uses.database, { reader: caller, hash, since, inForce: policies })) : null
    return uses.commitChange(caller, {
      operation: 'simulatePolicy',
      event: 'log-queried',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { hash, days, logPurpose: body.purpose ?? null, justification: body.justification ?? null },
      run: (context) => {
        const refused = refusedToOthers(context) ?? refusedReading(body)
        if (refused !== null) return Promise.resolve(refused)
        if (found === null || 'notFound' in found) throw found?.notFound ?? new Fault('unavailable', 'Ask again.', { retryAfterSeconds: 1 })
        const { simulation } = found
        const { looked, decisions, changed } = simulation
        // Whoever may publish rules need not be one of those who read the log: they are told the counts.
        const reads = logReaderOf(context.standing, context.at) !== null
        const told = { ...simulation, entries: reads ? simulation.entries : null }
        return Promise.resolve({
          ...{ allowed: true, status: 200, body: { hash, against: policyHash, days, since: since.toISOString(), ...told } },
          detail: { against: policyHash, looked, decisions, changed, told: told.entries?.length ?? 0 },
        })
      },
    })
  }
}

type Found = { readonly simulation: Simulation } | { readonly notFound: Fault }

const simulated = async (
  database: Database,
  { hash, ...about }: { readonly reader: Caller; readonly hash: string; readonly since: Date; readonly inForce: Policies },
): Promise<Found> => {
  try {
    const proposed = compilePolicies(await getProposedBundle(database, hash))
    return { simulation: await simulate(database, { ...about, proposed }) }
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'not-found') return { notFound: thrown }
    throw thrown
  }
}

const oneAtATime = () => {
  let busy = false
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (busy) throw new Fault('unavailable', 'Another simulation is under way. Ask again shortly.', { retryAfterSeconds: 5 })
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }
}
