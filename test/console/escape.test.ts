import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries } from '../support/logged.ts'
import { expectHarmless } from './support/harmless.ts'
import { nasty, nastyText, readBack, unkeepable } from './support/nasty.ts'
import { plantNasty } from './support/plant-nasty.ts'
import { makeVisitor, type Visitor } from './support/visitor.ts'

let house: TestGateway
let registrar: Visitor
let worker: Visitor
beforeAll(async () => {
  house = await openGateway()
  await plantNasty(house)
  registrar = makeVisitor(house.url)
  await registrar.signIn('registrar')
  worker = makeVisitor(house.url)
  await worker.signIn('case-manager')
})
afterAll(() => house.close())

const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: nastyText.slice(0, 900) }

describe('hostile text is shown as it is written and does nothing', () => {
  it.each([
    ['the name of who is looking and of the agency', () => registrar.open('/console')],
    ['names in the register', () => registrar.open('/console/agency/people')],
    ['names of systems', () => registrar.open('/console/agency/clients')],
    ['the title of an agreement', () => registrar.open('/console/agreements')],
    [
      'a form that is shown again',
      () =>
        registrar.send('/console/agency/people/new', {
          agencyId: nastyText,
          sub: nastyText,
          displayName: nastyText,
          'activeTo-day': nastyText,
        }),
    ],
    [
      'answers to be checked',
      () => registrar.send('/console/agency/people/new', { agencyId: 'ridings-police', sub: 'x', displayName: nastyText.slice(0, 190) }),
    ],
    [
      'a search that is shown again',
      () => worker.send('/console/people', { ...reasons, by: 'name', givenName: nastyText, familyName: nastyText }),
    ],
    [
      'a released record',
      () =>
        worker.send('/console/people/record', {
          ...reasons,
          offenderId: storyId('jordan'),
          categories: ['selection-score'],
          _step: 'ask',
        }),
    ],
  ] as const)('in %s', async (_where, show) => {
    const { text, status } = await show()
    expect(status).toBeLessThan(500)
    expectHarmless(text)
    expect(readBack(text)).toContain(nasty[0])
  })

  it('in an entry of the log, where the reason in one’s own words is read back', async () => {
    const asked = await worker.send('/console/people/record', {
      ...reasons,
      offenderId: storyId('jordan'),
      categories: ['identity'],
      _step: 'ask',
    })
    const entryId = /entry <code>([^<]+)<\/code>/.exec(asked.text)![1]!
    const { text } = await worker.send('/console/log', {
      _step: 'read',
      entryId,
      purpose: 'self-monitoring',
      justification: nastyText.slice(0, 900),
    })
    expectHarmless(text)
    expect(readBack(text)).toContain(nasty[1])
  })

  it('or, where it cannot be kept, is refused at its field with the rest as it was typed', async () => {
    const before = await countEntries(house.database, `p.effect = 'deny'`)
    for (const [at, field] of [
      ['/console/people', 'justification'],
      ['/console/agency/people/new', 'displayName'],
    ] as const)
      for (const text of unkeepable) {
        const visitor = at === '/console/people' ? worker : registrar
        const seen = await visitor.send(at, { ...reasons, by: 'name', agencyId: 'ridings-police', sub: 'kept as it was', [field]: text })
        expect([at, seen.status, seen.text.includes(`href="#${field}"`), seen.text.includes('Beforeafter')]).toEqual([at, 422, true, true])
      }
    // A search is refused by the operation, whose refusals are entries; an act is refused before it asks for anything.
    expect(await countEntries(house.database, `p.effect = 'deny'`)).toBe(before + unkeepable.length)
  })

  it('or, where it is more than a form can be, is refused without holding up what comes next', async () => {
    const seen = await worker.send('/console/people', { justification: 'x'.repeat(3_000_000) })
    expect(seen.status).toBe(413)
    expect((await worker.open('/console/people')).status).toBe(200)
  })

  it('in an address', async () => {
    for (const text of nasty) {
      const seen = await worker.open(`/console/sign-in?to=${encodeURIComponent(text)}`)
      expectHarmless(seen.text)
      expectHarmless((await worker.open(`/console/${encodeURIComponent(text)}`)).text)
      expectHarmless((await registrar.open(`/console/agreements/${encodeURIComponent(text)}`)).text)
    }
  })

  it('would be found if it were not escaped', () => {
    expect(() => expectHarmless(`<td>${nastyText}</td>`)).toThrow()
    expect(() => expectHarmless(`<input value="${nasty[6]!}">`)).toThrow()
  })
})
