import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storyId } from '../../src/sandbox/people/story.ts'
import { inventedId } from '../journeys/support/requests.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf, type Logged } from '../support/logged.ts'
import { makeVisitor, type Seen, type Visitor } from './support/visitor.ts'

let house: TestGateway
let analyst: Visitor
beforeAll(async () => {
  house = await openGateway()
  analyst = makeVisitor(house.url)
  await analyst.signIn('analyst')
})
afterAll(() => house.close())

const reasons = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the conference' }
const categories = ['identity', 'arrest-disposal', 'police-intel', 'oasys', 'health-mental']
const entryIn = ({ text }: Seen): string => /entry <code>([^<]+)<\/code>/.exec(text)![1]!
const entryOfPage = (seen: Seen): Promise<Logged> => entryOf(house.database, { entryId: entryIn(seen) })
const ask = (visitor: Visitor, more: Record<string, string | readonly string[]>) =>
  visitor.send('/console/people/record', { ...reasons, categories, _step: 'ask', ...more })

/** What an entry says of a decision, apart from who asked through what and when. */
const decisionIn = ({ entryId: _id, at: _at, caller, ...entry }: Logged & { caller?: object }) => ({
  ...entry,
  caller: { ...caller, binding: '', clientId: '', requestId: '', traceparent: '' },
})

describe('a person’s record page', () => {
  it('is found by search, asked for and shown, with what was withheld explained', async () => {
    await analyst.open('/console/people')
    const found = await analyst.send('/console/people', { ...reasons, by: 'name', givenName: 'Jordan', familyName: 'Examplewood' })
    expect(found.text).toContain(storyId('jordan'))
    const chosen = await analyst.send('/console/people/record', { ...reasons, offenderId: storyId('jordan') })
    expect(chosen.text).toContain('Preparing the conference')
    const record = await ask(analyst, { offenderId: storyId('jordan') })
    expect(record.status).toBe(200)
    for (const shown of [
      'Jordan Examplewood',
      'OFFICIAL-SENSITIVE',
      'Said to have offered tools for sale',
      'Mental health: not released',
      'consent-scope',
    ])
      expect(record.text).toContain(shown)
    expect(record.url).toBe(`${house.url}/console/people/record`)
  })

  it('is the same decision and the same entry as over the interface', async () => {
    const page = await entryOfPage(await ask(analyst, { offenderId: storyId('jordan') }))
    const reply = await house
      .as('analyst')
      .post('/v1/enquiries', { ...reasons, offenderId: storyId('jordan'), categories: categories.map((id) => ({ id })) })
    const call = await entryOf(house.database, reply)
    expect(page.caller).toMatchObject({
      agencyId: 'ridings-police',
      clientId: 'ridings-police-console',
      personSub: 'analyst',
      binding: 'session',
    })
    expect(call.caller).toMatchObject({ clientId: 'ridings-police-records', binding: 'bearer' })
    expect(decisionIn(page)).toEqual(decisionIn(call))
  })

  it('asks for purpose, power and reason again when they were left out, keeps what was chosen, and the refusal is an entry', async () => {
    await analyst.open('/console')
    const seen = await ask(analyst, { offenderId: storyId('jordan'), purpose: '', justification: '' })
    expect(seen.status).toBe(422)
    expect(seen.text).toContain('href="#purpose"')
    expect(seen.text).toContain('href="#justification"')
    expect(seen.text).not.toContain('href="#legalGateway"')
    expect(seen.text).toMatch(/value="police-intel" checked/)
  })

  it('is the same for a shielded person and an invented one, to the byte, and keeps the beat', async () => {
    const outsider = makeVisitor(house.url)
    await outsider.signIn('constable-wharfe')
    const texts: string[] = []
    for (const offenderId of [storyId('jordan'), inventedId()]) {
      await outsider.open('/console')
      const started = performance.now()
      const seen = await ask(outsider, { offenderId })
      expect(performance.now() - started).toBeGreaterThan(45)
      expect(seen.status).toBe(404)
      texts.push(seen.text.replaceAll(/[0-9a-f-]{36}/g, 'id'))
      expect((await entryOfPage(seen)).effect).toBe('deny-ncnd')
    }
    expect(texts[0]).toBe(texts[1])
    expect(texts[0]).toContain('neither confirms nor denies')
  })

  it('puts nothing about anybody into an address', async () => {
    for (const path of ['/console', '/console/people', '/console/conferences', '/console/agreements']) {
      const { text } = await analyst.open(path)
      for (const [, href] of text.matchAll(/href="([^"]+)"/g)) expect(href).not.toMatch(new RegExp(`${storyId('jordan')}|Jordan`, 'i'))
    }
    expect((await analyst.open('/console/people/record')).url).toBe(`${house.url}/console/people`)
  })
})

describe('the other pages', () => {
  it('read one’s own entry, stage by stage, with the proof that it is in the log', async () => {
    await analyst.open('/console')
    const entryId = entryIn(await ask(analyst, { offenderId: storyId('jordan') }))
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const seen = await analyst.send('/console/log', { _step: 'read', entryId, purpose: 'self-monitoring', justification: 'Checking' })
    expect(seen.text).toContain(entryId)
    expect(seen.text).toContain('Mental health: refused')
    expect(seen.text).toMatch(/This entry is leaf \d+ of the log/)
    const missing = await analyst.send('/console/log', { _step: 'read', entryId: 'no id', purpose: '', justification: 'Checking' })
    expect([missing.status, missing.text.includes('href="#entryId"'), missing.text.includes('href="#purpose"')]).toEqual([422, true, true])
  })

  it.each([
    ['/console', 'listTasks'],
    ['/console/conferences', 'listConferences'],
    ['/console/agreements', 'listAgreements'],
    ['/console/agreements/coverage', 'agreementCoverage'],
    ['/console/agency/access', 'myAccess'],
    ['/console/log/integrity', 'readCheckpoint'],
  ])('%s leaves one entry, of %s', async (path, operation) => {
    const seen = await analyst.open(path)
    expect(seen.status).toBe(200)
    const { rows } = await house.database.owner.query<{ operation: string }>({
      text: `select convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' as operation from access_log_payload p
              where convert_from(p.canonical, 'UTF8')::jsonb #>> '{caller,requestId}' = $1`,
      values: [seen.headers.get('x-request-id')],
    })
    expect(rows).toEqual([{ operation }])
  })

  it('explain every reason code of the policy', async () => {
    const { text } = await makeVisitor(house.url).open('/console/help')
    const codes = [...text.matchAll(/<section id="([^"]+)"/g)].map((found) => found[1])
    const { reasonCodes } = await import('../../src/core/decision-vocabulary.ts')
    expect(codes.toSorted()).toEqual([...reasonCodes].toSorted())
  })

  it('refuse somebody whom the register does not know, without a session', async () => {
    await house.database.owner.query({ text: `update person set active_to = statement_timestamp() where sub = 'nurse'` })
    const nurse = makeVisitor(house.url)
    const seen = await nurse.signIn('nurse')
    expect([seen.status, seen.text.includes('You are not signed in')]).toEqual([403, true])
    expect(nurse.cookies.has('__Host-console')).toBe(false)
  })
})
