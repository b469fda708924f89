import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../../src/db/db.ts'
import { takeLocks } from '../../../src/db/release-locks.ts'
import { formOf } from '../../../src/http/console/doors/read-form.ts'
import { saidWhen } from '../../../src/http/console/pages/people/consent/said-when.ts'
import { consentOf, enquire, idOf, recordConsent } from '../../journeys/support/requests.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { countEntries } from '../../support/logged.ts'
import { makeVisitor, type Visitor } from '../support/visitor.ts'

let house: TestGateway
let keyworker: Visitor
beforeAll(async () => {
  house = await openGateway()
  keyworker = makeVisitor(house.url)
  await keyworker.signIn('keyworker')
})
afterAll(() => house.close())

const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Before it is recorded' }
const foresee = (person: string, said: Json, as = 'keyworker'): Promise<Reply> =>
  house.as(as).post(`/v1/offenders/${idOf(person)}/consent-events/preview`, { ...said, ...looking })

interface Gate {
  readonly category: string
  readonly purpose: string
  readonly recipients: readonly string[]
}
/** Of one agency, for one purpose. */
const gatesIn = ({ body }: Reply, member: 'closes' | 'opens', to: { readonly agencyId: string; readonly purpose: string }) =>
  (body[member] as readonly Gate[])
    .filter(({ purpose, recipients }) => purpose === to.purpose && recipients.includes(to.agencyId))
    .map(({ category }) => category)
    .toSorted()

const counted = async (table: string): Promise<number> => {
  const { rows } = await house.database.owner.query<{ n: number }>({ text: `select count(*)::integer as n from ${table}` })
  return rows[0]!.n
}
const written = async () => [await counted('consent_event'), await counted('event'), await counted('task'), await counted('copy_recall')]
const codesOf = ({ body }: Reply) => (body['withheld'] as readonly Json[] | undefined)?.map(({ category, code }) => [category, code])

describe('what an answer would change', () => {
  it('is told before it is recorded, and is what is decided afterwards', async () => {
    const asked = 'accommodation engagement drug-treatment identity'
    const analyst = house.as('analyst')
    const before = await enquire(analyst, 'sam', asked)
    const ahead = await written()
    expect((await foresee('sam', consentOf('withdrawn'))).status).toBe(200)
    expect(await written()).toEqual(ahead)
    expect(codesOf(await enquire(analyst, 'sam', asked))).toEqual(codesOf(before))
    const foreseen = await foresee('sam', consentOf('withdrawn'))
    const closing = gatesIn(foreseen, 'closes', { agencyId: 'ridings-police', purpose: 'risk-management' })
    expect(closing).toEqual(expect.arrayContaining(['accommodation', 'engagement']))
    expect(foreseen.body).toMatchObject({
      ...{ limited: false, opens: [], told: ['fresh-steps', 'ridings-police'] },
      asks: { asks: 'police-strand-decision', when: 'now', ownerAgencyId: 'ridings-police' },
      case: { strand: 'rehabilitate-and-resettle', leadAgencyId: 'fresh-steps' },
      ifPoliceMove: { toStrand: 'catch-and-control', leadAgencyId: 'ridings-police', row: 'L7' },
    })
    const done = await recordConsent(house.as('keyworker'), 'sam', consentOf('withdrawn'))
    const { asks, told, copies } = foreseen.body as { asks: Json; told: readonly string[]; copies: Json | null }
    const had = copies === null ? null : { holders: copies['holders'], releases: copies['releases'] }
    expect(done.body).toMatchObject({ asks, told, copies: had })
    const after = await enquire(analyst, 'sam', asked)
    const closed = asked.split(' ').filter((category) => closing.includes(category))
    expect(codesOf(after)).toEqual(expect.arrayContaining(closed.map((category) => [category, 'consent-withdrawn'])))
    // What does not rest on consent goes on, and was not foretold to stop.
    expect(closing).not.toContain('identity')
    expect((after.body['records'] as readonly Json[]).map(({ category }) => category)).toContain('identity')
    const again = await foresee('sam', consentOf('given'))
    expect(gatesIn(again, 'opens', { agencyId: 'ridings-police', purpose: 'risk-management' })).toEqual(closing)
    expect(again.body['asks']).toMatchObject({ asks: 'return-review', overtakesPoliceDecision: true })
  })

  it('counts the copies that would be asked back, as many as then are', async () => {
    const asked = await enquire(house.as('case-manager'), 'jordan', 'drug-treatment', { purpose: 'rehab-support' })
    expect((asked.body['records'] as readonly Json[]).length).toBe(1)
    const foreseen = await foresee('jordan', consentOf('withdrawn'), 'case-manager')
    const copies = foreseen.body['copies'] as Json
    expect(copies).toMatchObject({ holders: 1, releases: 1 })
    const done = await recordConsent(house.as('case-manager'), 'jordan', consentOf('withdrawn'))
    expect(done.body['copies']).toEqual({ holders: 1, releases: 1 })
    expect((await foresee('jordan', consentOf('withdrawn'), 'case-manager')).body['copies']).toBeNull()
  })

  it('is no way to find out what was agreed, for who may only pass on a refusal', async () => {
    const asked = await Promise.all(['casey', 'robin'].map((person) => foresee(person, consentOf('withdrawn'), 'area-commander')))
    for (const { status, body } of asked) {
      if (status !== 200) continue
      expect(body).toMatchObject({ limited: true, closes: [], opens: [], told: [], copies: null })
    }
    expect(asked.some(({ status }) => status === 200)).toBe(true)
  })
})

describe('when it was said', () => {
  const on = (day: string, kind: string, time = ''): string | null => {
    const [year, month, date] = day.split('-')
    const typed = { kind, happenedTime: time, openedAt: '2026-11-22T09:30:00.000Z' }
    return saidWhen(
      formOf(new URLSearchParams({ ...typed, 'happenedOn-year': year!, 'happenedOn-month': month!, 'happenedOn-day': date! })),
    )
  }

  it.each([
    ['today, without a time, before the form was opened', '2026-11-22', 'given', '', '2026-11-22T09:30:00.000Z'],
    ['on another day a refusal at its end', '2026-11-20', 'refused', '', '2026-11-20T23:59:59.999Z'],
    ['on another day in summer a refusal at its end in London', '2026-07-20', 'withdrawn', '', '2026-07-20T22:59:59.999Z'],
    ['on another day a consent at its beginning', '2026-07-20', 'given', '', '2026-07-19T23:00:00.000Z'],
    ['at a time in summer', '2026-07-20', 'given', '9:15', '2026-07-20T08:15:00.000Z'],
    ['at a time in winter', '2026-11-20', 'refused', '00.15', '2026-11-20T00:15:00.000Z'],
    ['at no time there is, as it was typed', '2026-11-20', 'refused', 'noon', 'noon'],
    ['at no hour there is, as it was typed', '2026-11-20', 'refused', '25:00', '25:00'],
    ['on no day there is, as it was typed', '2026-02-31', 'refused', '', '2026-02-31'],
  ])('is %s', (_title, day, kind, time, instant) => {
    expect(on(day, kind, time)).toBe(instant)
  })
})

const at = '/console/people/consent'
const opens = { _step: 'open', offenderId: idOf('casey'), ...looking }
const keyIn = (text: string): string => /name="_key" value="([^"]+)"/.exec(text)![1]!
const openedIn = (text: string): string => /name="openedAt" value="([^"]+)"/.exec(text)![1]!
const today = (text: string) =>
  Object.fromEntries(
    ['day', 'month', 'year'].map((part) => [
      `happenedOn-${part}`,
      new RegExp(`name="happenedOn-${part}"[^>]*value="(\\d+)"`).exec(text)![1]!,
    ]),
  )

describe('the page on which it is recorded', () => {
  it('is opened from the person who was found, and from nowhere else', async () => {
    expect((await keyworker.open(at)).url).toBe(`${house.url}/console/people`)
    const found = await keyworker.send('/console/people', { ...looking, by: 'name', givenName: 'Casey', familyName: 'Nobody' })
    expect(found.status).toBe(200)
  })

  it('shows what will come of it, records nothing until then, and says what happened', async () => {
    await keyworker.open('/console')
    const form = await keyworker.send(at, opens)
    expect(form.text).toContain('What do they say?')
    const answers = {
      ...{ ...opens, ...today(form.text), openedAt: openedIn(form.text), _key: keyIn(form.text), _step: '' },
      ...{ kind: 'given', capacityBasis: 'adult-presumed', evidence: 'Form signed', justification: 'Asked again at the review' },
    }
    const before = await counted('consent_event')
    const check = await keyworker.send(at, answers)
    expect([check.status, check.text.includes('Check your answers')]).toEqual([200, true])
    for (const said of [
      'What will come of it',
      'Sharing that may begin',
      'Accommodation',
      'to review the return',
      'Nothing moves by itself',
    ])
      expect(check.text).toContain(said)
    expect(await counted('consent_event')).toBe(before)
    const done = await keyworker.send(at, { ...answers, _step: 'confirm' })
    expect(done.text).toContain('It is recorded: they agree.')
    expect(done.text).toContain('has a task to review the return to the strand')
    await keyworker.send(at, { ...answers, _step: 'confirm' })
    expect(await counted('consent_event')).toBe(before + 1)
    expect(
      await countEntries(house.database, `convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = 'previewConsent'`),
    ).toBeGreaterThan(0)
  })

  it('is reached from the record that was just read as well', async () => {
    await keyworker.open('/console/people')
    const record = await keyworker.send('/console/people/record', {
      ...looking,
      offenderId: idOf('sam'),
      categories: ['identity'],
      _step: 'ask',
    })
    const form = record.text.slice(record.text.indexOf('action="/console/people/consent"'))
    expect(form).toContain(`name="offenderId" value="${idOf('sam')}"`)
    expect(form).toContain('Record what they say about sharing')
  })

  it('lets a refusal be recorded although nothing can be foretold at the moment', async () => {
    await keyworker.open('/console')
    const form = await keyworker.send(at, opens)
    const answers = { ...opens, ...today(form.text), openedAt: openedIn(form.text), _key: keyIn(form.text), kind: 'refused' }
    const check = await withTransaction(house.database.db, async (tx) => {
      await takeLocks(tx, { exclusive: [{ class: 'subject', id: idOf('casey') }], shared: [] })
      return keyworker.send(at, { ...answers, _step: '' })
    })
    expect([check.status, check.text.includes('That cannot be told at the moment')]).toEqual([200, true])
    expect((await keyworker.send(at, { ...answers, _step: 'confirm' })).text).toContain('It is recorded: they refuse.')
  })

  it('says at the field what is wrong with it, and shows again what was typed', async () => {
    await keyworker.open('/console')
    const form = await keyworker.send(at, opens)
    const wrong = {
      ...opens,
      _step: '',
      openedAt: openedIn(form.text),
      kind: 'refused',
      'happenedOn-day': '31',
      'happenedOn-month': '2',
      'happenedOn-year': '2026',
    }
    const seen = await keyworker.send(at, { ...wrong, justification: 'Typed & kept' })
    expect([seen.status, seen.text.includes('href="#happenedOn-day"'), seen.text.includes('Typed &amp; kept')]).toEqual([422, true, true])
    const late = await keyworker.send(at, { ...wrong, 'happenedOn-day': '1', 'happenedOn-month': '1', 'happenedOn-year': '2099' })
    expect([late.status, late.text.includes('is still to come')]).toEqual([422, true])
    const unfounded = await keyworker.send(at, { ...wrong, ...today(form.text), kind: 'given', capacityBasis: 'adult-presumed' })
    expect(unfounded.status).toBe(422)
  })
})
