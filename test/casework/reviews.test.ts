import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { monthsAfter } from '../../src/core/casework/due-dates.ts'
import { daysAfter, startOfLondonDay } from '../../src/core/london.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { conferenceOf, everyView, inDays, register, reviewOf } from './support.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const set = (offenderId: string, column: string, value: unknown) =>
  gateway.database.owner.query({ text: `update offender set ${column} = $2 where offender.id = $1`, values: [offenderId, value] })
const look = async (offenderId: string) => {
  const reply = await gateway.as('case-manager').post('/v1/enquiries', {
    ...{ offenderId, categories: [{ id: 'cohort-status' }], purpose: 'risk-management', legalGateway: 'cda115' },
    justification: 'Preparing the conference.',
  })
  return { status: reply.status, stale: JSON.stringify(reply.body.records ?? []).includes('"stale"') }
}
const newCase = async (more: object = {}): Promise<string> => (await register(gateway, more)).body.offenderId as string
const review = async (offenderId: string, more: object = {}, by = 'spoc') =>
  gateway.as(by).post(`/v1/offenders/${offenderId}/reviews`, reviewOf(await conferenceOf(gateway), more))
const deselect = async (offenderId: string, body: object, by = 'spoc') =>
  gateway.as(by).post(`/v1/offenders/${offenderId}/deselection`, { conferenceId: await conferenceOf(gateway), views: everyView(), ...body })

describe('a review', () => {
  it('49: due on day 112, overdue on day 113, and then sharing continues and says that it is stale; longer-term custody is exempt', async () => {
    const offenderId = await newCase()
    for (const [reviewOn, stale] of [
      [inDays(0), false],
      [inDays(-1), true],
      [null, true],
      [inDays(1), false],
    ] as const) {
      await set(offenderId, 'review_on', reviewOn)
      expect(await look(offenderId)).toEqual({ status: 200, stale })
    }
    await set(offenderId, 'review_on', inDays(-30))
    await set(offenderId, 'long_term_custody', true)
    expect(await look(offenderId)).toEqual({ status: 200, stale: true })
    await set(offenderId, 'custody_agency_id', 'hmp-stonebeck')
    await set(offenderId, 'long_term_custody', true)
    expect(await look(offenderId)).toEqual({ status: 200, stale: false })
    // Released, the exemption is over.
    await set(offenderId, 'custody_agency_id', null)
    expect(await look(offenderId)).toEqual({ status: 200, stale: true })
  })

  it('ends the stale obligation and the tasks, and sets the next at most 112 days away', async () => {
    const offenderId = await newCase()
    await set(offenderId, 'review_on', inDays(-3))
    expect((await look(offenderId)).stale).toBe(true)
    expect(await review(offenderId, { reviewOn: inDays(113) })).toMatchObject({ status: 422, body: { code: 'review-date' } })
    expect(await review(offenderId, { reviewOn: inDays(0) })).toMatchObject({ status: 422, body: { code: 'review-date' } })
    expect(await review(offenderId, { longTermCustody: true, reviewOn: inDays(300) })).toMatchObject({
      status: 422,
      body: { code: 'review-date' },
    })
    expect(await review(offenderId, { views: everyView().slice(2) })).toMatchObject({ status: 422, body: { code: 'views-missing' } })
    const held = await review(offenderId)
    expect(held).toMatchObject({ status: 201, body: { reviewOn: inDays(112) } })
    expect(await entriesOf(gateway.database, held)).toMatchObject([{ operation: 'recordReview', effect: 'permit', reviewOn: inDays(112) }])
    expect((await look(offenderId)).stale).toBe(false)
  })

  it('is recorded by the lead or the area’s officers, asked for by those who work with the person, and hidden from the rest', async () => {
    const offenderId = await newCase()
    expect((await review(offenderId, {}, 'case-manager')).status).toBe(201)
    expect((await review(offenderId, {}, 'chair')).status).toBe(201)
    expect(await review(offenderId, {}, 'keyworker')).toMatchObject({ status: 403, body: { code: 'not-lead' } })
    expect(await review(offenderId, {}, 'constable-wharfe')).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    const ask = { because: 'risk', justification: 'Evicted on Friday.' }
    const first = await gateway.as('keyworker').post(`/v1/offenders/${offenderId}/review-requests`, ask)
    const again = await gateway.as('yos-worker').post(`/v1/offenders/${offenderId}/review-requests`, ask)
    expect([first.body.state, again.body.state]).toEqual(['asked', 'asked-before'])
    const tasks = (await gateway.as('spoc').get('/v1/tasks?limit=100')).body.tasks as { kind: string; offenderId: string }[]
    expect(tasks.filter((task) => task.kind === 'case-review' && task.offenderId === offenderId)).toHaveLength(1)
  })

  it('that finds the registration wrong moves nobody: it asks', async () => {
    const offenderId = await newCase()
    expect((await review(offenderId, { registrationAppropriate: false })).status).toBe(201)
    const tasks = (await gateway.as('spoc').get('/v1/tasks?limit=100')).body.tasks as { offenderId: string; detail: { about?: string } }[]
    expect(tasks.filter((task) => task.offenderId === offenderId).map(({ detail }) => detail.about)).toEqual(['registration'])
    expect(await look(offenderId)).toEqual({ status: 200, stale: false })
  })
})

describe('a de-selection', () => {
  const old = async (more: object = {}): Promise<string> => {
    const offenderId = await newCase(more)
    await set(offenderId, 'cohort_since', '2020-01-01T00:00:00Z')
    return offenderId
  }
  const quiet = { reasons: ['stopped-offending'], outcome: 'exit', conditions: { otherIndicators: 'none' } }

  it.each([
    ['a review as the only reason', { ...quiet, reasons: ['regular-review', 'two-year-review'] }, 'deselection-criteria', '/reasons'],
    ['other indicators', { ...quiet, conditions: { otherIndicators: 'present' } }, 'deselection-criteria', '/conditions/otherIndicators'],
    ['other indicators not looked at', { ...quiet, conditions: {} }, 'deselection-criteria', '/conditions/otherIndicators'],
    [
      'a receiving area that was not told',
      { reasons: ['moved-area'], outcome: 'moved' },
      'deselection-criteria',
      '/conditions/receivingAreaInformedOn',
    ],
    ['no risk assessment', { reasons: ['significant-custody'], outcome: 'exit' }, 'risk-assessment', '/conditions/riskAssessmentReference'],
    [
      'the greatest risk',
      { reasons: ['significant-custody'], outcome: 'exit', conditions: { riskAssessmentReference: 'RA-1', posesGreatestRisk: true } },
      'deselection-criteria',
      '/conditions/posesGreatestRisk',
    ],
    [
      'no MAPPA referral',
      { reasons: ['high-risk-of-harm'], outcome: 'to-mappa' },
      'deselection-criteria',
      '/conditions/mappaReferralReference',
    ],
    [
      'a referral that MAPPA has not accepted',
      { reasons: ['high-risk-of-harm'], outcome: 'to-mappa', conditions: { mappaReferralReference: 'M-77' } },
      'deselection-criteria',
      '/conditions/mappaAcceptedOn',
    ],
    [
      'an exit instead of MAPPA',
      { reasons: ['high-risk-of-harm'], outcome: 'exit', conditions: { mappaReferralReference: 'M-77', mappaAcceptedOn: '2026-01-02' } },
      'deselection-criteria',
      '/outcome',
    ],
    ['iom for one who is in it', { ...quiet, outcome: 'to-iom' }, 'deselection-criteria', '/outcome'],
    ['views missing', { ...quiet, views: everyView().slice(1) }, 'views-missing', '/views'],
    ['a conference of nobody’s', { ...quiet, conferenceId: '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01' }, 'conference-ref', '/conferenceId'],
  ])('is refused with %s', async (_title, body, code, path) => {
    const reply = await deselect(await old(), body)
    expect(reply).toMatchObject({ status: 422, body: { code, errors: [{ path }] } })
  })

  it('for having stopped needs six months without arrest or intelligence, in the cohort all the while', async () => {
    const offenderId = await newCase()
    expect(await deselect(offenderId, quiet)).toMatchObject({ status: 422, body: { code: 'deselection-criteria' } })
    await set(offenderId, 'cohort_since', '2020-01-01T00:00:00Z')
    const arrest = { kind: 'arrest-disposal', text: 'Arrested in town.', occurredOn: inDays(-100) }
    expect((await gateway.as('analyst').post(`/v1/offenders/${offenderId}/evidence`, arrest)).status).toBe(201)
    const refused = await deselect(offenderId, quiet)
    expect(refused.body.errors).toMatchObject([{ path: '/reasons', message: expect.stringContaining('there was an arrest') as string }])
  })

  it('ends the cohort’s purposes: who worked with the person for its sake has no route any more', async () => {
    const offenderId = await old()
    expect((await look(offenderId)).status).toBe(200)
    expect(await deselect(offenderId, quiet, 'case-manager')).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
    expect(await deselect(offenderId, quiet, 'constable-wharfe')).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    expect(await deselect(offenderId, quiet)).toMatchObject({ status: 201, body: { outcome: 'exit' } })
    expect((await look(offenderId)).status).toBe(404)
    expect((await deselect(offenderId, quiet)).status).toBe(404)
    const { rows } = await gateway.database.owner.query<{ open: number }>({
      text: `select count(*) as open from task t where t.offender_id = $1 and t.closed_at is null`,
      values: [offenderId],
    })
    expect(rows[0]!.open).toBe(0)
  })

  it('for significant custody leaves the question when to reconsider, three months before release, with the administrator', async () => {
    const served = {
      ...{ reasons: ['significant-custody'], outcome: 'exit' },
      conditions: { riskAssessmentReference: 'RA-7', posesGreatestRisk: false, expectedCustodyMonths: 36 },
    }
    const asked = async (offenderId: string) => {
      const tasks = (await gateway.as('spoc').get('/v1/tasks?limit=100')).body.tasks as {
        kind: string
        offenderId: string
        dueAt: string
      }[]
      return tasks.filter((task) => task.offenderId === offenderId).map(({ kind, dueAt }) => [kind, dueAt])
    }
    const dated = await old()
    await set(dated, 'custody_agency_id', 'hmp-stonebeck')
    await set(dated, 'earliest_release_on', '2030-05-31')
    expect(await deselect(dated, served)).toMatchObject({ status: 201, body: { outcome: 'exit' } })
    // The last day of February, and it is over at midnight in London.
    expect(await asked(dated)).toEqual([['deselection-reconsidering', '2030-03-01T00:00:00.000Z']])
    const expected = await old()
    await set(expected, 'custody_agency_id', 'hmp-stonebeck')
    expect((await deselect(expected, served)).status).toBe(201)
    const day = monthsAfter(monthsAfter(inDays(0), 36), -3)
    expect(await asked(expected)).toEqual([['deselection-reconsidering', startOfLondonDay(daysAfter(day, 1)).toISOString()]])
  })

  it('passes a priority offender to the wider cohort, with the lead that its row names', async () => {
    const offenderId = await old({
      cohort: 'ppo',
      statutory: false,
      supervisorAgencyId: null,
      strand: 'catch-and-control',
      plan: {
        leadCaseManager: { agencyId: 'ridings-police', personSub: 'analyst' },
        interventions: [{ agencyId: 'fresh-steps', personSub: 'keyworker', what: 'Sessions.' }],
        reviewOn: inDays(90),
      },
    })
    expect(await deselect(offenderId, { ...quiet, outcome: 'to-iom' })).toMatchObject({ status: 201, body: { outcome: 'to-iom' } })
    const { rows } = await gateway.database.owner.query({
      text: 'select o.cohort, o.basis, o.lead_agency_id as lead from offender o where o.id = $1',
      values: [offenderId],
    })
    expect(rows).toEqual([{ cohort: 'iom', basis: 'cohort', lead: 'ridings-police' }])
  })

  it('of nobody there is, says nothing', async () => {
    expect(await deselect(storyId('pat'), quiet)).toMatchObject({ status: 404, body: { code: 'ncnd' } })
    expect(await deselect('01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01', quiet)).toMatchObject({ status: 404, body: { code: 'ncnd' } })
  })
})
