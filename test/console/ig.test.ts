import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operationOptions } from '../../src/http/console/pages/log/explore/operation-options.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries, entryOf } from '../support/logged.ts'
import { makeVisitor, type Seen, type Visitor } from './support/visitor.ts'

let house: TestGateway
const visitors = new Map<string, Visitor>()
const as = async (name: string): Promise<Visitor> => {
  const known = visitors.get(name) ?? makeVisitor(house.url)
  if (!visitors.has(name)) await known.signIn(name)
  visitors.set(name, known)
  return known
}
const reading = { purpose: 'lawfulness', justification: 'Complaint 14 of 2026' }
const ask = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Unmistakable words of the analyst' }
const born = { 'bornOn-day': '14', 'bornOn-month': '5', 'bornOn-year': '2007' }

beforeAll(async () => {
  house = await openGateway()
  const body = { ...ask, offenderId: storyId('jordan'), categories: [{ id: 'identity' }, { id: 'health-mental' }] }
  await house.as('analyst').post('/v1/enquiries', body)
  await house.as('constable-wharfe').post('/v1/enquiries', body)
  await indexed()
})
afterAll(() => house.close())

/** Waits until what was written can be found. */
const indexed = async (): Promise<void> => {
  for (let tries = 0; tries < 60; tries += 1) {
    const { body } = await house
      .as('ig-officer')
      .post('/v1/access-log/searches', { ...reading, limit: 1, filter: { words: 'Unmistakable' } })
    if ((body.entries as unknown[]).length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error('the enquiry is not found in the log')
}
const search = async (fields: Record<string, string>, name = 'ig-officer'): Promise<Seen> => {
  const visitor = await as(name)
  await visitor.open('/console/accessibility')
  return visitor.send('/console/log/search', { _step: 'search', ...reading, period: 'any', ...fields })
}
const entryIn = ({ text }: Seen): string => /access log as entry <code>([^<]+)<\/code>/.exec(text)![1]!

describe('the access log explorer', () => {
  it('finds who asked about a person, counts by day in a picture with a table, and opens the refusal', async () => {
    const seen = await search({ givenName: 'Jordan', familyName: 'Examplewood', ...born, outcome: 'refused' })
    expect(seen.status).toBe(200)
    expect(seen.text).toContain('<svg ')
    expect(seen.text).toContain('Entries by day: as a table')
    expect(seen.text).toContain('constable-wharfe')
    expect(seen.text).not.toContain('Examplewood')
    const entryId = /name="entryId" value="([^"]+)"/.exec(seen.text)![1]!
    const opened = await (await as('ig-officer')).send('/console/log', { _step: 'read', ...reading, entryId })
    expect(opened.text).toMatch(/refused|Neither confirmed nor denied/i)
    expect(seen.url).toBe(`${house.url}/console/log/search`)
  })

  it('is the search of the interface: one entry, with the filter that was typed', async () => {
    const seen = await search({ agencyId: 'ridings-police', personSub: 'analyst', category: 'identity', words: 'unmistakable' })
    const entry = await entryOf(house.database, { entryId: entryIn(seen) })
    expect(entry).toMatchObject({
      operation: 'searchLog',
      event: 'log-queried',
      logPurpose: 'lawfulness',
      filter: { person: { agencyId: 'ridings-police', sub: 'analyst' }, category: 'identity', words: 'unmistakable' },
    })
    expect(seen.text).toContain('<strong>1 entry</strong>')
  })

  it('knows every operation that anything of the gateway writes to the log', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const written = files.flatMap((name) => [...readFileSync(`src/${name}`, 'utf8').matchAll(/\boperation: '(\w+)'/g)].map(([, id]) => id!))
    const known = new Set(operationOptions().map(({ value }) => value))
    expect(written.length).toBeGreaterThan(150)
    // The names of questions and lists are no operations.
    expect([...new Set(written)].filter((id) => !known.has(id) && !/^operations?$/.test(id))).toEqual([])
  })

  it('offers the people of an agency and every operation; a permission comes from a page and is typed nowhere', async () => {
    const officer = await as('ig-officer')
    const at = '/console/log/search'
    const choices = ({ text }: Seen, name: string) =>
      [...(new RegExp(`<select[^>]* name="${name}"[^>]*>([\\s\\S]*?)</select>`).exec(text)?.[1] ?? '').matchAll(/value="([^"]+)"/g)].map(
        ([, value]) => value,
      )
    const form = await officer.open(at)
    expect(choices(form, 'personSub')).toEqual(expect.arrayContaining(['ig-officer', 'dpo']))
    expect(choices(form, 'operation')).toEqual(expect.arrayContaining(['enquire', 'savePolicyTest', 'authenticate']))
    expect(form.text).not.toContain('name="permissionId"')
    const shown = await officer.send(at, { _step: 'systems', agencyId: 'ridings-police' })
    expect(choices(shown, 'personSub')).toContain('analyst')
    const found = await search({ systemsOf: 'ridings-police', personSub: 'analyst', operation: 'enquire' })
    const person = { agencyId: 'ridings-police', sub: 'analyst' }
    expect((await entryOf(house.database, { entryId: entryIn(found) })).filter).toEqual({ person, operation: 'enquire' })
    const led = await officer.send(at, { period: 'any', permissionId: storyId('jordan') })
    expect(led.text).toMatch(new RegExp(`name="permissionId"[^>]*value="${storyId('jordan')}"`))
  })

  it('asks for purpose and reason first, keeps what was typed, and says where', async () => {
    const seen = await search({ purpose: '', justification: '', words: 'kept' })
    expect(seen.status).toBe(422)
    for (const shown of ['href="#purpose"', 'href="#justification"', 'value="kept"']) expect(seen.text).toContain(shown)
  })

  it('tells an officer of nobody whom nobody is, and of a wrong filter at its field', async () => {
    const nobody = await search({ givenName: 'Nobody', familyName: 'Atall', ...born })
    expect([nobody.status, nobody.text.includes('Nobody of exactly this description')]).toEqual([422, true])
    const wrong = await search({ ruleId: 'NO RULE' })
    expect([wrong.status, wrong.text.includes('href="#ruleId"')]).toEqual([422, true])
  })

  it('is refused to whoever is not appointed, with the reason', async () => {
    const seen = await search({}, 'analyst')
    expect([seen.status, seen.text.includes('need-to-know')]).toEqual([403, true])
  })

  it('pages by a form, and each file is a download of its own entry', async () => {
    const officer = await as('ig-officer')
    for (const [format, type, begins] of [
      ['csv', 'text/csv; charset=utf-8; header=present', 'entryId,'],
      ['json-lines', 'application/jsonl', '{"entryId":'],
      ['hmpps-audit', 'application/jsonl', '{"who":'],
    ] as const) {
      await officer.open('/console/accessibility')
      const seen = await officer.send('/console/log/search/export', { ...reading, period: 'any', words: 'unmistakable', format })
      expect([seen.status, seen.headers.get('content-type')]).toEqual([200, type])
      expect(seen.headers.get('content-disposition')).toMatch(/^attachment; filename="access-log-[0-9a-f-]{36}\.[a-z.]+"$/)
      expect(seen.text.replaceAll('"', '').startsWith(begins.replaceAll('"', ''))).toBe(true)
      expect(seen.text).toContain('constable-wharfe')
      // What another agency wrote is masked in a file as it is on a page.
      expect(seen.text).not.toContain('Unmistakable words')
    }
  })
})

describe('pictures', () => {
  it('count how long requests for disclosure waited for the chair', async () => {
    await house.database.owner.query({
      text: `
        with asked as (
          insert into disclosure_request (id, conference_id, offender_id, requester_agency, requester_sub, recipient_agency, recipient_sub,
                                          paragraph_ids, purpose, legal_gateway, urgency, sealed, requested_at)
          select gen_random_uuid(), c.id, $1, 'ridings-police', 'analyst', 'ridings-police', 'chair', '{}', 'risk-management', 'dpa35-task',
                 'routine', '\\x00', statement_timestamp() - w.hours * interval '1 hour'
            from (select id from conference limit 1) as c, unnest(array[30, 31, 200]) as w (hours) returning id
        )
        insert into disclosure_request_event (request_id, kind, by_agency, by_person, happened_at)
        select asked.id, 'refused', 'ridings-police', 'chair', statement_timestamp() from asked`,
      values: [storyId('jordan')],
    })
    const { body } = await house.as('ig-officer').post('/v1/access-log/counts', { ...reading, filter: {} })
    expect((body.waits as { underHours: number | null; requests: number }[]).map((one) => [one.underHours, one.requests])).toEqual([
      [1, 0],
      [4, 0],
      [24, 0],
      [72, 2],
      [168, 0],
      [null, 1],
    ])
  })

  it('show the counts of one logged question, each with its table', async () => {
    const officer = await as('ig-officer')
    await officer.open('/console/log/pictures')
    const seen = await officer.send('/console/log/pictures', { _step: 'read', ...reading, period: 'week' })
    expect(seen.status).toBe(200)
    const svgs = seen.text.match(/<svg /g)!.length
    expect(svgs).toBe(7)
    expect(seen.text.match(/: as a table<\/span>/g)!.length).toBe(svgs)
    expect((await entryOf(house.database, { entryId: entryIn(seen) })).operation).toBe('countLog')
  })

  it('count for an agency’s officer nothing that the search would not show', async () => {
    // The health trust is asked in the analyst's enquiry as well, and refuses its part.
    const refusing = ['ridings-health|', 'ridings-health|outcome=refused', 'supplier=ridings-health']
    await house.database.owner.query({ text: 'alter table log_index disable trigger user' })
    await house.database.owner.query({
      text: `update log_index set terms = terms || $1::text[] where not refused and words @@ to_tsquery('simple', 'unmistakable')`,
      values: [refusing],
    })
    await house.database.owner.query({ text: 'alter table log_index enable trigger user' })
    const { body } = await house.as('ig-officer').post('/v1/access-log/counts', { ...reading, filter: { words: 'unmistakable' } })
    expect(body).toMatchObject({ counted: 2, complete: true })
    const people = body.people as readonly { personSub: string; entries: number; refused: number; peers: number }[]
    expect(people.map(({ personSub }) => personSub).toSorted()).toEqual(['analyst', 'constable-wharfe'])
    expect(people.find(({ personSub }) => personSub === 'constable-wharfe')).toMatchObject({ entries: 1, refused: 1, peers: 2 })
    // What was refused was not given.
    expect(body.flows).toEqual([{ supplierAgencyId: 'ridings-probation', recipientAgencyId: 'ridings-police', entries: 1 }])
    const reasons = (body.reasons as readonly { reason: string }[]).map(({ reason }) => reason)
    expect(reasons).toEqual(expect.arrayContaining(['ncnd']))
    await house.database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, from_at)
             values (gen_random_uuid(), 'calder-yos', 'yos-worker', 'ig-officer', '2026-01-01')`,
    })
    const other = await house.as('yos-worker').post('/v1/access-log/counts', { ...reading, filter: { words: 'unmistakable' } })
    expect(other.body).toMatchObject({ counted: 0, people: [], flows: [], reasons: [] })
    await house.database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, from_at)
             values (gen_random_uuid(), 'ridings-probation', 'case-manager', 'ig-officer', '2026-01-01')`,
    })
    const own = await house.as('case-manager').post('/v1/access-log/counts', { ...reading, filter: { subject: storyId('jordan') } })
    expect(own.body.flows).toEqual([{ supplierAgencyId: 'ridings-probation', recipientAgencyId: 'ridings-police', entries: 1 }])
    expect(own.body.people).toEqual([])
    await house.database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, from_at)
             values (gen_random_uuid(), 'ridings-health', 'nurse', 'ig-officer', '2026-01-01')`,
    })
    const trust = await house.as('nurse').post('/v1/access-log/counts', { ...reading, filter: { subject: storyId('jordan') } })
    expect([trust.body.flows, trust.body.counted, (trust.body.days as { refused: number }[])[0]?.refused]).toEqual([[], 1, 1])
    // What the health trust refused in the same enquiry is not the probation service's to know.
    expect(own.body.reasons).toEqual([])
  })
})

describe('is the log whole?', () => {
  it('says what was checked and of how much, and that nothing is out of place', async () => {
    const officer = await as('ig-officer')
    await officer.open('/console/log/integrity')
    const seen = await officer.send('/console/log/integrity', {})
    expect(seen.text).toContain('Nothing that was checked is out of place.')
    expect(seen.text).toMatch(/\d+ of \d+ entries were hashed again/)
    expect(seen.text).toContain('iom log verify')
  })

  it('finds an entry whose words were changed, and says at which place', async () => {
    const { owner } = house.database
    const { rows } = await owner.query<{ leaf: number; id: string }>({
      text: 'select l.leaf_index as leaf, l.entry_id as id from log_leaf l order by l.leaf_index desc limit 1 offset 2',
    })
    const change = async (text: string): Promise<void> => {
      await owner.query({ text: 'alter table access_log_payload disable trigger user' })
      await owner.query({ text, values: [rows[0]!.id] })
      await owner.query({ text: 'alter table access_log_payload enable trigger user' })
    }
    await change(`update access_log_payload set canonical = canonical || ' '::bytea where entry_id = $1`)
    const { body } = await house.as('ig-officer').post('/v1/access-log/checks')
    await change(`update access_log_payload set canonical = substring(canonical from 1 for length(canonical) - 1) where entry_id = $1`)
    expect(body).toMatchObject({ agrees: false, brokenAt: rows[0]!.leaf, faults: [{ kind: 'entry-altered', leafIndex: rows[0]!.leaf }] })
    expect((await house.as('ig-officer').post('/v1/access-log/checks')).body).toMatchObject({ agrees: true, brokenAt: null })
  })
})

describe('flags and breaches', () => {
  const flagId = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e99'

  it('a breach decided on a flag starts the clock that an emergency access starts, and what was done stops it', async () => {
    await house.database.owner.query({
      text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
             values ($1, 'own-name', 'ridings-police', 'analyst', 'high', 'Looked up somebody of their own name.', 's.170', '{}', false, 'x',
                     statement_timestamp())`,
      values: [flagId],
    })
    const officer = await as('ig-officer')
    await officer.open('/console/log/flags')
    const list = await officer.send('/console/log/flags', { _step: 'read', ...reading, state: 'open' })
    expect(list.text).toContain('Looked up somebody of their own name.')
    const one = await officer.send(`/console/log/flags/${flagId}`, { _step: 'read', ...reading })
    expect(one.text).toContain('Decide this flag')
    await officer.open(`/console/log/flags/${flagId}/decide`)
    const decision = { outcome: 'breach', grounds: 'No reason was given', purpose: 'self-monitoring', _key: 'breach-1', _step: 'confirm' }
    const decided = await officer.send(`/console/log/flags/${flagId}/decide`, decision)
    expect(decided.text).toContain('A breach is recorded. It is to be notified by')
    const dpo = await as('dpo')
    const clocks = await dpo.open('/console/log/breaches')
    expect(clocks.text).toMatch(/(3 days|2 days and 23 hours) left/)
    const { rows: told } = await house.database.owner.query<{ agency: string; refs: object }>({
      text: `select d.agency_id as agency, e.refs from event e join event_delivery d on d.event_id = e.id
              where e.kind = 'breach-recorded' order by 1`,
    })
    const refs = { flagId, breachId: expect.any(String) as string }
    expect(told).toEqual([
      { agency: 'ridings-partnership', refs },
      { agency: 'ridings-police', refs },
    ])
    const done = /href="(\/console\/log\/breaches\/[^"]+\/done)"/.exec(clocks.text)![1]!
    await dpo.open(done)
    const stopped = await dpo.send(done, { outcome: 'done', justification: 'Told by telephone', _key: 'breach-2', _step: 'confirm' })
    expect(stopped.text).toContain('the clock has stopped')
    expect((await dpo.open('/console/log/breaches')).text).toContain('The Commissioner was told')
  })

  it('tells nobody of a breach of their own, and counts what became of each rule’s flags', async () => {
    const officer = await as('ig-officer')
    await officer.open('/console/log/flags')
    const seen = await officer.send('/console/log/flags/measures', { _step: 'read', ...reading })
    expect(seen.text).toMatch(/Own name[\s\S]*100%/)
    await house.database.owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, from_at)
             values (gen_random_uuid(), 'ridings-police', 'analyst', 'ig-officer', '2026-01-01')`,
    })
    expect((await house.as('analyst').get('/v1/breaches')).body.breaches).toEqual([])
    expect(((await house.as('ig-officer').get('/v1/breaches')).body.breaches as unknown[]).length).toBe(1)
  })
})

describe('a person’s history', () => {
  it('is shown as a strip and tables, for a purpose that is logged', async () => {
    const officer = await as('ig-officer')
    await officer.open('/console/log/history')
    const body = { _step: 'read', offenderId: storyId('jordan'), purpose: 'audit-ig', justification: 'A complaint' }
    const seen = await officer.send('/console/log/history', body)
    expect([seen.status, seen.text.includes('<svg '), seen.text.includes('What the person said')]).toEqual([200, true, true])
    expect((await entryOf(house.database, { entryId: entryIn(seen) })).offenderId).toBe(storyId('jordan'))
    const empty = await officer.send('/console/log/history', { ...body, purpose: '', justification: '' })
    expect([empty.status, empty.text.includes('href="#justification"')]).toEqual([422, true])
  })
})

describe('requests from the public', () => {
  const day = (name: string, on: Date) => ({
    ...{ [`${name}-day`]: String(on.getUTCDate()), [`${name}-month`]: String(on.getUTCMonth() + 1) },
    [`${name}-year`]: String(on.getUTCFullYear()),
  })
  const yesterday = new Date(Date.now() - 86_400_000)

  it('for information: recorded, listed with the clock, decided, and the notice drafted and given', async () => {
    const officer = await as('foi-officer')
    await officer.open('/console/foi/new')
    const request = {
      reference: 'FOI-IG-1',
      asked: 'Who is watched at Mill Lane?',
      ...day('receivedOn', yesterday),
      _key: 'foi-1',
      _step: 'confirm',
    }
    expect((await officer.send('/console/foi/new', request)).text).toContain('It is to be answered by')
    const list = await officer.open('/console/foi')
    const path = /href="(\/console\/foi\/[0-9a-f-]{36})">FOI-IG-1/.exec(list.text)![1]!
    await officer.open(`${path}/decide`)
    const neither = { outcome: 'neither-confirm-nor-deny', exemption: 'foia-40-2', reasons: 'Somebody is named', _step: 'confirm' }
    expect((await officer.send(`${path}/decide`, { ...neither, _key: 'foi-2' })).text).toContain('neither confirm nor deny')
    expect((await officer.open(path)).text).toContain('The answer as a whole')
    await officer.open(`${path}/notice`)
    expect((await officer.send(`${path}/notice`, {})).text).toContain('Record that it was given')
    await officer.open(`${path}/given`)
    const given = await officer.send(`${path}/given`, { ...day('givenOn', yesterday), _key: 'foi-3', _step: 'confirm' })
    expect(given.text).toContain('The notice was given on')
    const wrong = await officer.send(`${path}/given`, { _key: 'foi-4', _step: 'confirm' })
    expect(wrong.status).toBe(422)
  })

  it('about themselves: recorded, listed with the month, and answered', async () => {
    const officer = await as('dpo')
    await officer.open('/console/rights/new')
    const days = { ...day('receivedOn', yesterday), ...day('identityConfirmedOn', yesterday) }
    const form = { reference: 'SAR-IG-1', offenderId: storyId('jordan'), ...days, _key: 'sar-1', _step: 'confirm' }
    expect((await officer.send('/console/rights/new', form)).text).toContain('It is to be answered by')
    const list = await officer.open('/console/rights')
    const path = /href="(\/console\/rights\/[0-9a-f-]{36})">SAR-IG-1/.exec(list.text)![1]!
    await officer.open(path)
    const answer = await officer.send(path, {})
    expect(answer.text).toContain('What the person is sent')
    expect(answer.text).toContain('For the file and the Commissioner only')
    expect((await officer.open('/console/rights')).text).not.toContain('not yet')
  })
})

describe('every page of these', () => {
  it.each([
    ['ig-officer', '/console/log/breaches', 'listBreaches'],
    ['dpo', '/console/rights', 'listRightsRequests'],
    ['foi-officer', '/console/foi', 'listFoiRequests'],
  ])('leaves one entry: %s at %s', async (name, path, operation) => {
    const before = await countEntries(house.database)
    const seen = await (await as(name)).open(path)
    expect((await entryOf(house.database, { entryId: entryIn(seen) })).operation).toBe(operation)
    expect(await countEntries(house.database)).toBe(before + 1)
  })
})
