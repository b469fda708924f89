import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { conferenceOf, nominate, owner, register, registrationOf } from './support.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const holdersOf = async (value: string): Promise<readonly string[]> => {
  const { rows } = await gateway.database.owner.query<{ id: string }>({
    text: `select distinct i.offender_id as id from identifier i where i.value = $1`,
    values: [value],
  })
  return rows.map(({ id }) => id)
}

describe('the interventions plan', () => {
  it('stands in one place: the registration’s is its first version, and the registration holds none of it', async () => {
    const offenderId = (await register(gateway)).body.offenderId as string
    const { rows } = await gateway.database.owner.query<{ strand: string; owners: string[] }>({
      text: `select p.strand, array(select i.agency_id || ' ' || i.person_sub from intervention i where i.plan_id = p.id order by i.position) as owners
               from interventions_plan p where p.offender_id = $1`,
      values: [offenderId],
    })
    expect(rows).toEqual([{ strand: 'prevent-and-deter', owners: [`${owner.agencyId} ${owner.personSub}`] }])
    const columns = await gateway.database.owner.query<{ name: string }>({
      text: `select c.column_name as name from information_schema.columns c where c.table_name = 'registration' and c.column_name like '%intervention%'`,
    })
    expect(columns.rows).toEqual([])
  })
})

describe('two nominations of one person', () => {
  const nominated = async (value: string, by: string): Promise<string> =>
    nominate(
      gateway,
      { person: { givenName: 'Race', familyName: 'Twicely', bornOn: '1991-03-04', identifiers: [{ kind: 'pnc-id', value }] } },
      by,
    )
  const registerIt = (nominationId: string, by: string, conferenceId: string): Promise<Reply> =>
    gateway.as(by).post(`/v1/nominations/${nominationId}/registration`, registrationOf(conferenceId))

  it('registered at once by two officers make one person, however often it is tried', async () => {
    const conferenceId = await conferenceOf(gateway)
    for (let round = 0; round < 5; round += 1) {
      const number = `2009/088${100 + round}Z`
      const ids = [await nominated(number, 'analyst'), await nominated(number, 'dip-constable')]
      const replies = await Promise.all([registerIt(ids[0]!, 'spoc', conferenceId), registerIt(ids[1]!, 'chair', conferenceId)])
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
      expect(await holdersOf(number.replaceAll(/[^A-Z0-9]/g, ''))).toHaveLength(1)
      const refused = replies.find(({ status }) => status === 409)!
      expect(await entriesOf(gateway.database, refused)).toMatchObject([{ effect: 'deny', reason: 'conflict' }])
    }
  })
})
