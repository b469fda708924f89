import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../support/ask.ts'
import { CC, type Casework, idOf, openCasework } from '../strand/strand-support.ts'
import { inDays } from '../support.ts'

let house: Casework
let offenderId: string
beforeAll(async () => {
  house = await openCasework()
  offenderId = await house.person({ cohort: 'iom', strand: CC, lead: 'ridings-police' })
})
afterAll(() => house.close())

const text = 'Said to have been seen near the premises on the evening before.'
const release = (more: Json = {}, as = 'analyst', id = offenderId) =>
  house.as(as).post(`/v1/offenders/${id}/prosecution-releases`, {
    ...{ caseLawyer: { agencyId: 'ridings-cps', personSub: 'case-lawyer' }, caseReference: '13AB0012326', sentenceOn: inDays(20) },
    ...{ grade: { source: '2', intelligence: 'b', handling: 'p' }, sanitised: true, text, legalGateway: 'dpa35-task' },
    ...{ justification: 'Asked for by the prosecutor before sentence.', ...more },
  })
const reading = { purpose: 'prevent-detect', legalGateway: 'dpa35-task', justification: 'Preparing the hearing.' }
const read = (releaseId: string, as = 'case-lawyer', more: Json = {}) =>
  house.as(as).post(`/v1/prosecution-releases/${releaseId}/retrievals`, { ...reading, ...more })
const linesOf = async () =>
  (
    await house.database.owner.query<Record<string, unknown>>({
      text: `select d.category, d.fields, d.recipient_agency_id as agency, d.recipient_person_sub as person, d.outbound
               from disclosure d where d.offender_id = $1`,
      values: [offenderId],
    })
  ).rows

describe('intelligence for the case lawyer', () => {
  it('is written by the intelligence unit and read by the lawyer it names, sanitised, graded, marked and logged', async () => {
    const made = await release()
    expect(made).toMatchObject({ status: 201, body: { offenderId, sentenceOn: inDays(20) } })
    expect(await linesOf()).toEqual([])
    const releaseId = idOf(made, 'releaseId')
    const got = await read(releaseId)
    expect(got).toMatchObject({
      status: 200,
      body: { text, caseReference: '13AB0012326', marking: 'official-sensitive', grade: { source: '2', intelligence: 'b', handling: 'p' } },
    })
    expect(got.body.obligations).toEqual(expect.arrayContaining(['no-onward', 'no-copy', 'named-recipient', 'not-to-subject']))
    // Nothing says who it is but the prosecutor's own number.
    expect(got.text).not.toMatch(/Inventworth|offenderId/)
    expect(await linesOf()).toEqual([
      { category: 'police-intel', fields: ['text'], agency: 'ridings-cps', person: 'case-lawyer', outbound: 'share' },
    ])
    const { rows } = await house.database.owner.query<{ sealed: Buffer }>({ text: 'select r.sealed from prosecution_release r' })
    expect(rows.some(({ sealed }) => sealed.includes('premises'))).toBe(false)
  })

  it('waits for the lawyer as a task that names nobody, and is over once it was read', async () => {
    const releaseId = idOf(await release(), 'releaseId')
    const tasks = async (as: string) =>
      (await house.as(as).get('/v1/tasks?limit=100')).body.tasks as { kind: string; detail: { releaseId: string } }[]
    const mine = async () => (await tasks('case-lawyer')).filter(({ detail }) => detail.releaseId === releaseId)
    expect(await mine()).toMatchObject([
      { kind: 'prosecution-intelligence', offenderId: null, detail: { releaseId, sentenceOn: inDays(20) } },
    ])
    await read(releaseId)
    expect(await mine()).toEqual([])
  })

  it.each([
    ['an officer who is not of the unit', {}, 'chair', 403, 'release-point'],
    ['a partner', {}, 'case-manager', 403, 'release-point'],
    ['no legal gateway', { legalGateway: null }, 'analyst', 422, 'request-incomplete'],
    ['no reason', { justification: ' ' }, 'analyst', 422, 'request-incomplete'],
    ['a gateway that the agreement does not list', { legalGateway: 'cda115' }, 'analyst', 403, 'legal-gateway'],
    [
      'somebody who is no prosecutor',
      { caseLawyer: { agencyId: 'ridings-probation', personSub: 'case-manager' } },
      'analyst',
      422,
      'need-to-know',
    ],
    [
      'a prosecutor whom nobody registered',
      { caseLawyer: { agencyId: 'ridings-cps', personSub: 'ghost' } },
      'analyst',
      422,
      'need-to-know',
    ],
    ['intelligence suspected to be false', { grade: { source: '2', intelligence: 'e', handling: 'p' } }, 'analyst', 422, 'handling-code'],
    ['intelligence shared on conditions', { grade: { source: '1', intelligence: 'a', handling: 'c' } }, 'analyst', 422, 'handling-code'],
    ['a text that is not sanitised', { sanitised: false }, 'analyst', 422, 'source-identity'],
    ['a sentence that was passed', { sentenceOn: inDays(-1) }, 'analyst', 422, 'purpose-incompatible'],
    ['a sentence in another year', { sentenceOn: inDays(181) }, 'analyst', 422, 'purpose-incompatible'],
  ])('is refused with %s, and nothing is kept', async (_title, more, as, status, code) => {
    const before = await house.count('prosecution_release', offenderId)
    expect(await release(more, as)).toMatchObject({ status, body: { code } })
    expect(await house.count('prosecution_release', offenderId)).toBe(before)
  })

  it('is not there for anybody but the lawyer it names', async () => {
    const releaseId = idOf(await release(), 'releaseId')
    const invented = await read('01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01')
    for (const as of ['analyst', 'case-manager', 'nurse', 'signatory-ridings-cps'] as const) {
      const reply = await read(releaseId, as)
      expect([reply.status, { ...reply.body, entryId: '' }]).toEqual([404, { ...invented.body, entryId: '' }])
    }
  })

  it('is read no longer than until sentence, under the agreement, vetted, of somebody in the cohort: each is asked again', async () => {
    const releaseId = idOf(await release(), 'releaseId')
    const { owner } = house.database
    const during = async (change: string, back: string, status: number, code: string) => {
      await owner.query({ text: change })
      expect(await read(releaseId)).toMatchObject({ status, body: { code } })
      await owner.query({ text: back })
      expect((await read(releaseId)).status).toBe(200)
    }
    const courts = `where agreement.reference = 'RIDINGS-COURTS-009'`
    await during(
      `update agreement set suspended_at = statement_timestamp() ${courts}`,
      `update agreement set suspended_at = null ${courts}`,
      403,
      'isa-none',
    )
    const lawyer = `where person.sub = 'case-lawyer'`
    await during(
      `update person set intelligence_vetted_until = '2020-01-01' ${lawyer}`,
      `update person set intelligence_vetted_until = '2036-01-01' ${lawyer}`,
      403,
      'user-not-vetted',
    )
    await during(
      `update offender set basis = 'closed' where offender.id = '${offenderId}'`,
      `update offender set basis = 'cohort' where offender.id = '${offenderId}'`,
      404,
      'not-found',
    )
    expect(await read(releaseId, 'case-lawyer', { purpose: null })).toMatchObject({ status: 422, body: { code: 'request-incomplete' } })
    const past = idOf(await release({ sentenceOn: inDays(0) }), 'releaseId')
    expect((await read(past)).status).toBe(200)
    await owner.query({ text: 'alter table prosecution_release disable trigger user' })
    await owner.query({ text: `update prosecution_release set sentence_on = sentence_on - 1 where id = $1`, values: [past] })
    await owner.query({ text: 'alter table prosecution_release enable trigger user' })
    expect(await read(past)).toMatchObject({ status: 403, body: { code: 'purpose-incompatible', stage: 'R9' } })
  })
})
