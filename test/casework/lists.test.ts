import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
  // The constable leaves the conference of Wharfe and joins the neighbourhood team of Calder.
  await gateway.database.owner.query({
    text: `update appointment set to_at = statement_timestamp() where appointment.person_sub = 'constable-wharfe';
           insert into appointment (id, agency_id, person_sub, role, area_id, from_at)
           values (gen_random_uuid(), 'ridings-police', 'constable-wharfe', 'neighbourhood-officer', 'calder', '2026-01-01')`,
  })
})
afterAll(() => gateway.close())

interface Person {
  readonly offenderId: string
  readonly areaId: string
  readonly planSummary?: object
}
const list = (persona: string, which: string) =>
  gateway.as(persona).post('/v1/searches', {
    ...{ list: which, purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Weekly briefing.' },
  })
const peopleIn = (reply: { readonly body: object }): readonly Person[] => (reply.body as { people: readonly Person[] }).people
/** Children are told of only with a note of why that is in their interests (R16), which these lists leave out. */
const adult = `o.born_on <= current_date - interval '18 years'`
const expected = async (where: string): Promise<readonly string[]> => {
  const { rows } = await gateway.database.owner.query<{ id: string }>({
    text: `select o.id from offender o where o.basis = 'cohort' and ${adult} and ${where}`,
  })
  return rows.map(({ id }) => id).sort()
}
const ids = (people: readonly Person[]): readonly string[] => people.map(({ offenderId }) => offenderId).sort()
const expectOneLineEach = async (
  reply: Parameters<typeof entriesOf>[1] & { readonly body: Readonly<Record<string, unknown>> },
  people: readonly Person[],
): Promise<void> => {
  const all = await entriesOf(gateway.database, reply)
  // Children whom R16 keeps from the list each have a refusal of their own in the log.
  const entries = all.filter(({ event }) => event !== 'access-denied')
  const withheld = reply.body.withheld as readonly { readonly count: number }[]
  expect(all.length - entries.length).toBe(withheld.reduce((sum, { count }) => sum + count, 0))
  expect(entries).toHaveLength(people.length + 1)
  expect(ids(people)).toEqual(entries.flatMap(({ offenderId }) => (offenderId === null ? [] : [offenderId])).sort())
  expect(entries.filter(({ event }) => event === 'combination')).toHaveLength(1)
}

describe('a list for those entitled', () => {
  it('tells the area commander who is in the own area: identity and status, one line in the log for each', async () => {
    const reply = await list('area-commander', 'own-area')
    expect(reply.status).toBe(200)
    const people = peopleIn(reply)
    expect(ids(people)).toEqual(await expected(`o.area_id = 'calder'`))
    expect(new Set(people.flatMap((one) => Object.keys(one)))).toEqual(
      new Set(['offenderId', 'strength', 'givenName', 'familyName', 'bornOn', 'cohort', 'strand', 'areaId', 'leadAgencyId']),
    )
    await expectOneLineEach(reply, people)
    const more = await gateway.as('area-commander').post('/v1/enquiries', {
      ...{ offenderId: people[0]!.offenderId, categories: [{ id: 'arrest-disposal' }], purpose: 'risk-management' },
      ...{ legalGateway: 'dpa35-task', justification: 'Curious.' },
    })
    expect(more).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
  })

  it('tells the beat team who, and in outline what the plan is, and nothing of support or health', async () => {
    const { owner } = gateway.database
    const { rows } = await owner.query<{ id: string }>({
      text: `select h.offender_id as id from hosted_record h join offender o on o.id = h.offender_id
              where h.category = 'interventions-plan' and o.basis = 'cohort' and o.area_id = 'calder'`,
    })
    expect(rows.length).toBeGreaterThan(0)
    const reply = await list('constable-wharfe', 'own-beat')
    const people = peopleIn(reply)
    expect(ids(people)).toEqual(await expected(`o.area_id = 'calder'`))
    const planned = people.filter(({ planSummary }) => planSummary !== undefined)
    expect(planned.length).toBeGreaterThan(0)
    const known = new Set(rows.map(({ id }) => id))
    expect(planned.every(({ offenderId }) => known.has(offenderId))).toBe(true)
    const fields = new Set(planned.flatMap(({ planSummary }) => Object.keys(planSummary!)))
    expect([...fields].filter((field) => !['strand', 'controlItems', 'reviewOn'].includes(field))).toEqual([])
    await expectOneLineEach(reply, people)
    expect(peopleIn(await list('area-commander', 'own-beat'))).toEqual([])
  })

  it('tells the reception of a prison whom that prison holds, and nobody else’s', async () => {
    const reply = await list('prison-officer', 'admitted')
    expect(reply.status).toBe(200)
    expect(ids(peopleIn(reply))).toEqual(await expected(`o.custody_agency_id = 'hmp-stonebeck'`))
    await expectOneLineEach(reply, peopleIn(reply))
    for (const persona of ['area-commander', 'analyst']) expect(peopleIn(await list(persona, 'admitted'))).toEqual([])
  })
})
