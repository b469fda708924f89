import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json, Reply } from '../support/ask.ts'
import { type Instance, openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf, lineOf } from '../support/logged.ts'
import { draft, type Drafted, must, sign, termsFor } from './support/agree.ts'
import { enquire, listIn } from './support/requests.ts'

let house: TestGateway
let other: Instance
let first: Drafted
beforeAll(async () => {
  house = await openGateway()
  other = await house.another()
})
afterAll(() => house.close())

const grant = { providers: ['hmp-stonebeck'], recipients: ['calder-housing'] }
const terms = termsFor('RELEASE-DATES-2', grant)
const why = { why: 'A laptop with release dates was lost' }

/** Release dates for the housing team: this agreement alone gives them, beside a pilot that has lapsed. */
const askAt = (at: Instance): Promise<Reply> =>
  enquire(at.as('housing-officer'), 'morgan', 'custody-release', { purpose: 'accommodation', legalGateway: 'gdpr-6-1-e' })

const bothAre = async (status: number, code?: string): Promise<readonly Reply[]> => {
  const replies = await Promise.all([askAt(house), askAt(other)])
  expect(replies.map((reply) => [reply.status, reply.body.code])).toEqual([
    [status, code],
    [status, code],
  ])
  for (const reply of replies) {
    const entry = await entryOf(house.database, reply)
    expect(entry).toMatchObject({
      effect: status === 200 ? 'permit' : 'deny',
      reason: code ?? null,
      caller: { personSub: 'housing-officer' },
    })
  }
  return replies
}

const fieldsIn = (reply: Reply): readonly string[] => {
  const items = listIn(reply, 'records').flatMap((record) => record.items as readonly { fields: Json }[])
  return [...new Set(items.flatMap((item) => Object.keys(item.fields)))]
}

const versionsOf = async (): Promise<readonly Json[]> => {
  const { versions } = must(await house.as('housing-officer').get(`/v1/agreements/${first.agreementId}`), 200)
  return (versions as readonly Json[]).map(({ version, state, signedBy }) => ({ version, state, signedBy }))
}

const rowInMyAccess = async (): Promise<Json | undefined> => {
  const { categories } = must(await other.as('housing-officer').get('/v1/me/access'), 200)
  return (categories as readonly Json[]).find(({ category, purpose }) => category === 'custody-release' && purpose === 'accommodation')
}

describe('an agreement', () => {
  it('gives nothing while it is a draft, nor with one of two signatures', async () => {
    await bothAre(403, 'isa-lapsed')
    first = await draft(house, terms)
    expect(await versionsOf()).toEqual([{ version: 1, state: 'draft', signedBy: [] }])
    expect((await askAt(house)).status).toBe(403)
    const signed = await sign(house, first, ['calder-housing'])
    expect(signed).toMatchObject({ state: 'signing', waitingFor: ['hmp-stonebeck'] })
    for (const reply of [await askAt(house), await askAt(other)]) expect(reply.status).toBe(403)
    expect(await rowInMyAccess()).toMatchObject({ may: false })
  })

  it('is in force with the last signature, on every instance at once', async () => {
    expect(await sign(house, first, ['hmp-stonebeck'])).toMatchObject({ state: 'in-force', waitingFor: [] })
    const [reply] = await bothAre(200)
    expect(listIn(reply!, 'records')[0]).toMatchObject({ agreement: { reference: 'RELEASE-DATES-2', version: 1, hash: first.hash } })
    expect(await rowInMyAccess()).toMatchObject({ may: true, providers: ['hmp-stonebeck'], because: 'RELEASE-DATES-2' })
  })

  it('gives nothing from the moment one party has suspended it, whichever instance was told', async () => {
    const suspended = await other.as('signatory-hmp-stonebeck').post(`/v1/agreements/${first.agreementId}/suspension`, why)
    expect(must(suspended, 200)).toMatchObject({ state: 'suspended' })
    const replies = await bothAre(403, 'isa-suspended')
    const changed = await entryOf(house.database, suspended)
    expect(changed).toMatchObject({
      event: 'isa-changed',
      agreementId: first.agreementId,
      why: why.why,
      caller: { agencyId: 'hmp-stonebeck' },
    })
    for (const reply of replies) {
      const entry = await entryOf(house.database, reply)
      expect(entry.at > changed.at).toBe(true)
      expect(lineOf(entry, 'custody-release')).toMatchObject({ agreement: { agreementId: first.agreementId, version: 1 } })
    }
    expect(await rowInMyAccess()).toMatchObject({ may: false, code: 'isa-suspended' })
    must(await house.as('registrar').delete(`/v1/agreements/${first.agreementId}/suspension`), 200)
    await bothAre(200)
  })

  it('is narrowed by a second version only when everybody has signed that too', async () => {
    const [before] = await bothAre(200)
    const [kept, ...others] = fieldsIn(before!)
    expect(others).not.toEqual([])
    const narrower = termsFor('RELEASE-DATES-2', { ...grant, categories: [{ id: 'custody-release', fields: [kept!] }] })
    const second = await draft(other, narrower, first.agreementId)
    await sign(house, second, ['hmp-stonebeck'])
    const [wide] = await bothAre(200)
    expect(listIn(wide!, 'records')[0]).toMatchObject({ agreement: { version: 1 } })

    await sign(house, second, ['calder-housing'])
    expect(await versionsOf()).toMatchObject([
      { version: 1, state: 'replaced' },
      { version: 2, state: 'in-force' },
    ])
    const [narrow] = await bothAre(200)
    const record = listIn(narrow!, 'records')[0]!
    expect(record.agreement).toMatchObject({ version: 2, hash: second.hash })
    expect(fieldsIn(narrow!)).toEqual([kept])
    const withheld = record.withheldFields as readonly Json[]
    for (const field of others) expect(withheld).toContainEqual(expect.objectContaining({ field, code: 'field-not-in-agreement' }))
    for (const one of withheld)
      expect(one).toMatchObject({ says: expect.any(String), nextStep: expect.any(String), cites: expect.any(String) })
  })

  it('gives nothing for good once it is terminated', async () => {
    must(await house.as('registrar').post(`/v1/agreements/${first.agreementId}/termination`, why), 200)
    const replies = await Promise.all([askAt(house), askAt(other)])
    for (const reply of replies) {
      expect(reply.status).toBe(403)
      expect(['isa-terminated', 'isa-lapsed']).toContain(reply.body.code)
    }
    const lifted = await house.as('registrar').delete(`/v1/agreements/${first.agreementId}/suspension`)
    expect([lifted.status, lifted.body.code]).toEqual([409, 'isa-terminated'])
  })
})
