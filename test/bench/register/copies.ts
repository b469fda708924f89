import { connect, withTransaction } from '../../../src/db/db.ts'
import { copiesQuery, holdersQuery } from '../../../src/db/copies/copy-graph.ts'
import { withdrawnConsent } from '../../../src/db/copies/ended.ts'
import { raiseRecalls } from '../../../src/db/copies/raise-recalls.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { fillRegister, person } from '../../copies/many-releases.ts'
import { openWorld } from '../data.ts'
import { median } from '../load.ts'
import type { Row } from '../table.ts'

const ABOUT = 10_000
const OTHERS = 200_000
const ROUNDS = 15
const goal = 1_000

const millis = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Who holds the copies of a person with 10,000 releases, among 200,000 about others, and what asking them all back takes. */
export const copies = async (): Promise<readonly Row[]> => {
  const world = await openWorld()
  const owner = connect({ connection: world.owner, max: 1, statementTimeoutMillis: 60_000 })
  const app = connect({ connection: world.app, max: 1 })
  try {
    await fillRegister(owner, { about: ABOUT, others: OTHERS })
    const holders: number[] = []
    const page: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      holders.push(await millis(() => app.query(holdersQuery({ offenderId: person, supplierAgencyId: null }))))
      page.push(await millis(() => app.query(copiesQuery({ offenderId: person, supplierAgencyId: null, after: null, limit: 100 }))))
    }
    const scope = { categories: [], recipients: [], purposes: [] }
    const ended = withdrawnConsent({ id: newId(), offenderId: person, scope })
    const recall = { cause: 'consent-withdrawn', cites: 'R45', at: new Date(), dueAt: new Date(), by: null } as const
    const recalled = await millis(() => withTransaction(app, (tx) => raiseRecalls(tx, ended, recall)))
    const row = (what: string, value: number): Row => ({ what: `${what}, ms`, value, goal: `<= ${goal}`, met: value <= goal })
    const note = `of ${ABOUT + OTHERS} lines`
    return [
      { ...row(`Copies, all holders of ${ABOUT} releases`, median(holders)), note },
      row('Copies, slowest of the rounds', Math.max(...holders)),
      row('Copies, a page of 100', median(page)),
      row('Copies, all asked back, committed', recalled),
    ]
  } finally {
    await Promise.all([owner.end(), app.end()])
    await world.close()
  }
}
