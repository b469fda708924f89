import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enquiryOf, idOf } from '../../journeys/support/requests.ts'
import type { Reply } from '../../support/ask.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { entriesOf } from '../../support/logged.ts'
import { inDays } from '../support.ts'

let house: TestGateway
beforeAll(async () => {
  house = await openGateway()
})
afterAll(() => house.close())

const numberOf = async (name: string): Promise<string> => {
  const { rows } = await house.database.owner.query<{ value: string }>({
    text: `select i.value from identifier i where i.offender_id = $1 and i.kind = 'pnc-id'`,
    values: [idOf(name)],
  })
  return rows[0]!.value
}
const heard = {
  court: 'Ridings Crown Court',
  hearingOn: inDays(-3),
  offence: 'Burglary, dwelling',
  plea: 'Guilty',
  result: 'Custody, 16 weeks',
}
const send = (value: string, results: readonly object[] = [heard], as = 'ridings-court-records'): Promise<Reply> =>
  house.asSystem(as).post('/v1/court-results', { numbers: [{ kind: 'pnc-id', value }], results })
const resultsOf = async (name: string, as = 'case-manager'): Promise<readonly Record<string, unknown>[]> => {
  const reply = await house.as(as).post('/v1/enquiries', enquiryOf(name, 'court-result'))
  const [record] = (reply.body.records ?? []) as { items: { fields: Record<string, unknown> }[] }[]
  return record?.items.map(({ fields }) => fields) ?? []
}
const recordsKept = async (): Promise<number> =>
  (
    await house.database.owner.query<{ count: number }>({
      text: `select count(*) as count from hosted_record where category = 'court-result'`,
    })
  ).rows[0]!.count

describe('court results', () => {
  it('come in by the number that the court has, in the court’s own spelling, and are there for the partners to ask for', async () => {
    const number = await numberOf('jordan')
    expect(await resultsOf('jordan')).toEqual([])
    const reply = await send(`${number.slice(0, 4)}/${number.slice(4)}`)
    expect(reply).toMatchObject({ status: 202 })
    expect(await resultsOf('jordan')).toEqual([heard])
    expect(await entriesOf(house.database, reply)).toMatchObject([
      { operation: 'receiveCourtResults', event: 'collection', effect: 'permit', matched: true, offenderId: idOf('jordan') },
    ])
    const { rows } = await house.database.owner.query<{ agency: string }>({
      text: `select d.agency_id as agency from event e join event_delivery d on d.event_id = e.id where e.kind = 'court-result' order by 1`,
    })
    expect(rows.map(({ agency }) => agency)).toEqual(expect.arrayContaining(['ridings-police', 'ridings-probation']))
  })

  it('are added to those before them, once each, even when two come at the same moment', async () => {
    const number = await numberOf('sam')
    const more = ['Theft', 'Affray', 'Fraud', 'Arson'].map((offence) => ({ ...heard, offence }))
    const replies = await Promise.all([...more, more[0]!].map((result) => send(number, [result])))
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 202))
    await send(number, more)
    expect((await resultsOf('sam', 'analyst')).map(({ offence }) => offence).toSorted()).toEqual(['Affray', 'Arson', 'Fraud', 'Theft'])
  })

  it('are answered alike and not kept about anybody who is not in the cohort, or may not be spoken of', async () => {
    const before = await recordsKept()
    const known = await send(await numberOf('jordan'))
    const shape = (reply: Reply) => [reply.status, Object.keys(reply.body), reply.text.length]
    for (const number of ['1999/0000000Z', await numberOf('pat'), await numberOf('lee')]) {
      const reply = await send(number)
      expect(shape(reply)).toEqual(shape(known))
      expect(await entriesOf(house.database, reply)).toMatchObject([{ effect: 'permit', matched: false, offenderId: null }])
    }
    expect(await recordsKept()).toBe(before)
  })

  it('are taken from courts and prosecutors alone', async () => {
    const number = await numberOf('jordan')
    expect(await send(number, [heard], 'ridings-police-records')).toMatchObject({ status: 403, body: { code: 'originator' } })
    expect((await send(number, [{ ...heard, offence: 'Told by the prosecutor' }], 'ridings-cps-records')).status).toBe(202)
    expect(await send(number, [{ ...heard, hearingOn: inDays(2) }])).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/results/0/hearingOn' }] },
    })
  })

  it('stand sealed, and are refused where no agreement lets them be had', async () => {
    const { rows } = await house.database.owner.query<{ sealed: Buffer }>({
      text: `select h.sealed from hosted_record h where h.category = 'court-result'`,
    })
    expect(rows.some(({ sealed }) => sealed.includes('Burglary'))).toBe(false)
    const reply = await house.as('keyworker').post('/v1/enquiries', enquiryOf('sam', 'court-result'))
    expect(reply.body.records ?? []).toEqual([])
  })
})
