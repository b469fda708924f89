import { generateKeyPairSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { makePolicyShelf } from '../../src/gateway/policies/policy-shelf.ts'
import { prepareJobs } from '../../src/jobs/boss.ts'
import { type CopiesJob, startCopies } from '../../src/jobs/copies.ts'
import { asking, type Disclosures, openDisclosures, to } from '../disclosure/support.ts'
import { must } from '../journeys/support/agree.ts'
import type { Json } from '../support/ask.ts'
import type { Instance } from '../support/gateway.ts'
import { note } from '../support/faults/measure/report.ts'

/** The long form only: the short one holds what is decided here case by case (`test/copies/recalls.test.ts`). */
const long = inject('faults')?.size === 'long'
const ROUNDS = 20
const READERS = 6

let house: Disclosures
let other: Instance
const rowsOf = async <Row>(text: string, values: readonly unknown[]) => (await house.database.owner.query<Row>({ text, values })).rows
const permitted = async (): Promise<string> => house.granted(await house.requested(await house.scene(['One.']), to('case-manager')))
const retrieve = (at: Pick<Instance, 'as'>, permissionId: string) =>
  at.as('case-manager').post(`/v1/disclosures/${permissionId}/retrievals`, asking)

describe.runIf(long)('copies that are asked back', () => {
  beforeAll(async () => {
    house = await openDisclosures()
    other = await house.another()
  })
  afterAll(() => house.close())

  it('whatever left before a permission was taken back is asked back, and nothing leaves after, over two instances', async () => {
    let left = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const permissionId = await permitted()
      await retrieve(house, permissionId)
      const readers = Array.from({ length: READERS }, (_, index) => retrieve(index % 2 === 0 ? house : other, permissionId))
      await sleep(round)
      const revoked = must(await house.revoke(permissionId), 201)
      await Promise.all(readers)
      const [{ lines }] = (await rowsOf<{ lines: number }>('select count(*)::integer as lines from disclosure where permission_id = $1', [
        permissionId,
      ])) as [{ lines: number }]
      expect((revoked.recall as Json).releases).toBe(lines)
      left += lines
    }
    note({ what: 'copies asked back while they were being taken', measured: `${left} of ${left} in ${ROUNDS} rounds`, bar: 'all' })
  })

  it('the timers of two instances ask back what expired once', async () => {
    const ids = [await permitted(), await permitted()]
    for (const id of ids) await retrieve(house, id)
    await prepareJobs(house.database.ownerConnection, { onError: () => undefined, times: { expireInSeconds: 5, retryDelaySeconds: 1 } })
    const start = async (): Promise<CopiesJob> =>
      startCopies({
        ...{ database: house.database.db, connection: house.database.appConnection, policies: makePolicyShelf() },
        log: await openLogWriter(house.database.db, { kid: 'test', privateKey: generateKeyPairSync('ed25519').privateKey }),
        ...{ onError: () => undefined, pollSeconds: 0.5 },
      })
    await rowsOf('alter table permission disable trigger all', [])
    await rowsOf(
      `update permission set from_at = from_at - interval '1 day', expires_at = statement_timestamp() - interval '1 hour' where id = any($1)`,
      [ids],
    )
    await rowsOf('alter table permission enable trigger all', [])
    const jobs = await Promise.all([start(), start()])
    const recalls = () => rowsOf(`select k.cause_key as id from copy_recall k where k.cause = 'expiry' order by 1`, [])
    for (let tries = 0; tries < 60 && (await recalls()).length < ids.length; tries += 1) {
      await Promise.all(jobs.map((job) => job.ask()))
      await sleep(250)
    }
    await sleep(1_500)
    await Promise.all(jobs.map((job) => job.stop()))
    expect(await recalls()).toEqual([...ids].sort().map((id) => ({ id })))
  })
})
