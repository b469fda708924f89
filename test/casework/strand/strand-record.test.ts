import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../../../src/db/db.ts'
import { makeCommitChange } from '../../../src/gateway/commit/commit-change.ts'
import type { CommitChange } from '../../../src/gateway/commit/change.ts'
import { openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { recordStrandChange } from '../../../src/gateway/casework/strand/record-strand-change.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { makePolicyShelf } from '../../../src/gateway/policies/policy-shelf.ts'
import { makeStandings } from '../../../src/gateway/standings.ts'
import { requestOf } from '../../support/agreement-registry.ts'
import { type Casework, idOf, openCasework, PD, planFor, RR } from './strand-support.ts'

let house: Casework
beforeAll(async () => {
  house = await openCasework()
})
afterAll(() => house.close())

const statutory = { cohort: 'iom', strand: RR, lead: 'ridings-probation', statutory: true, supervisor: 'ridings-probation' } as const

/** Counts what a change itself asks the database, apart from the locks, the facts and the log that every change has. */
const counting = (commitChange: CommitChange, asked: string[]): CommitChange => {
  const counted = (tx: Tx): Tx => ({
    inTransaction: true,
    query: (query) => {
      asked.push(query.name ?? query.text)
      return tx.query(query)
    },
  })
  return (caller, change) =>
    commitChange(caller, { ...change, run: (context, ahead) => change.run({ ...context, tx: counted(context.tx) }, ahead) })
}

describe('what a change of strand leaves behind', () => {
  it('costs three round trips', async () => {
    const id = await house.person(statutory)
    const { db } = house.database
    const { privateKey } = generateKeyPairSync('ed25519')
    const log = await openLogWriter(db, { kid: 'test', privateKey })
    const asked: string[] = []
    const commitChange = counting(
      makeCommitChange({ database: db, standings: makeStandings(), policies: makePolicyShelf(), log, notDelivered: () => undefined }),
      asked,
    )
    const caller = {
      ...{ agencyId: 'ridings-probation', clientId: 'ridings-probation-records', personSub: 'case-manager', binding: 'bearer' as const },
      ...{ keyThumbprint: null, tokenExpiresAt: new Date(Date.now() + 60_000), requestId: newId(), traceparent: null },
    }
    const body = { toStrand: PD, trigger: 'engaging-well', justification: 'Agreed.', plan: planFor('ridings-probation') }
    const request = requestOf({ params: { offenderId: id }, body, ifMatch: '"1"' })
    const answer = await recordStrandChange({ commitChange, newId, seal: () => Buffer.from('x'), partnershipId: 'ridings-partnership' })(
      caller,
      request,
    )
    expect([answer.status, asked]).toEqual([201, ['find-case', 'insert-strand-change', 'append-event']])
  })

  it('gives the case to the people whom the plan names, and takes it from those it no longer names', async () => {
    const id = await house.person({ cohort: 'ppo', strand: RR, lead: 'ridings-probation' })
    const working = async () => {
      const text = `select r.kind || ' ' || r.agency_id as tie from case_relationship r where r.offender_id = $1 and r.to_at is null order by 1`
      return (await house.database.owner.query<{ tie: string }>({ text, values: [id] })).rows.map(({ tie }) => tie)
    }
    const moved = await house.move('case-manager', id, {
      ...{ lead: 'ridings-police', toStrand: PD, trigger: 'engaging-well', plan: planFor('ridings-police', ['fresh-steps']) },
    })
    expect(await working()).toEqual([])
    const path = `/v1/offenders/${id}/strand-changes/${idOf(moved, 'changeId')}/acceptance`
    await house.as('analyst').post(path, { decision: 'accepted' })
    expect(await working()).toEqual([
      'intervention-owner fresh-steps',
      'intervention-owner ridings-police',
      'lead-case-manager ridings-police',
    ])
    await house.move('analyst', id, { lead: 'ridings-probation', toStrand: RR, trigger: 'engaging-well' })
    expect(await working()).toHaveLength(3)
  })

  it('refuses a plan with nobody behind it, under another agency, or without a review within sixteen weeks', async () => {
    const id = await house.person(statutory)
    const asked = { lead: 'ridings-probation', toStrand: PD, trigger: 'engaging-well' }
    const plan = planFor('ridings-probation')
    const nobody = { agencyId: 'ridings-probation', personSub: 'nobody' }
    for (const wrong of [
      { ...plan, leadCaseManager: nobody },
      { ...plan, interventions: [{ what: 'Weekly meeting', ...nobody }] },
      planFor('ridings-police'),
      { ...plan, reviewOn: '2020-01-01' },
      { ...plan, reviewOn: '2999-01-01' },
    ]) {
      expect(await house.move('case-manager', id, { ...asked, plan: wrong })).toMatchObject({ status: 400, body: { code: 'invalid' } })
    }
    expect((await house.now(id)).version).toBe(1)
  })

  it('keeps what was said sealed, and every record of a case for good', async () => {
    const id = await house.person(statutory)
    const words = 'Seen with a stolen bicycle'
    await house.evidence('analyst', id, 'police-intel', { text: words })
    const { rows } = await house.database.owner.query<{ sealed: Buffer }>({
      text: 'select e.sealed from evidence e where e.offender_id = $1',
      values: [id],
    })
    expect(rows[0]!.sealed.includes(words)).toBe(false)
    const tables = [
      ...['conference', 'minute_reference', 'evidence', 'evidence_answer', 'interventions_plan', 'intervention', 'custody_event'],
      ...['police_decision', 'strand_change', 'strand_change_answer', 'recall_authorisation', 'recall'],
      ...['prosecution_release', 'tracker_status', 'referral'],
    ]
    for (const table of tables) {
      const { rows: may } = await house.database.owner.query<{ add: boolean; change: boolean; triggers: number }>({
        text: `select has_table_privilege('gateway_app', $1, 'insert') as add,
                      has_table_privilege('gateway_app', $1, 'update') or has_table_privilege('gateway_app', $1, 'delete') as change,
                      (select count(*) from pg_trigger t where t.tgrelid = $1::regclass and t.tgfoid = 'refuse_change'::regproc) as triggers`,
        values: [table],
      })
      expect([table, may[0]]).toEqual([table, { add: true, change: false, triggers: 2 }])
    }
    const text = 'delete from evidence where evidence.offender_id = $1'
    await expect(house.database.owner.query({ text, values: [id] })).rejects.toHaveProperty(
      'cause.message',
      expect.stringContaining('append-only'),
    )
  })
})
