import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { raiseFlags, type NewFlag } from '../../src/db/misuse/raise-flags.ts'
import { openReviewTasks } from '../../src/db/misuse/review-tasks.ts'
import { newId } from '../../src/gateway/new-id.ts'
import type { Json, Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entryOf } from '../support/logged.ts'
import { enquiryOf, idOf } from '../journeys/support/requests.ts'

let house: TestGateway
const flagIds: Record<string, string> = {}
const use = { purpose: 'lawfulness', justification: 'Monthly review of access' }

const flagAbout = (agencyId: string, personSub: string, more: Partial<NewFlag> = {}): NewFlag => ({
  ...{
    id: newId(),
    ruleId: 'own-name',
    agencyId,
    personSub,
    offenderId: idOf('jordan'),
    period: '',
    entryIds: [],
    numbers: { lookups: 1 },
  },
  ...{ rank: 'high', words: 'Looked up somebody of their own name, once.', cites: 'DPA 2018 s.170', partnershipOnly: false },
  ...more,
})

beforeAll(async () => {
  house = await openGateway()
  // The police have an officer of their own; only the partnership may appoint one.
  const appointment = { agencyId: 'ridings-police', sub: 'chair', role: 'ig-officer', fromAt: '2026-01-01T00:00:00Z' }
  expect((await house.as('admin').post('/v1/appointments', appointment)).status).toBe(201)
  const asked = await house.as('analyst').post('/v1/enquiries', enquiryOf(idOf('jordan'), 'identity'))
  const flags: Record<string, NewFlag> = {
    analyst: flagAbout('ridings-police', 'analyst', { entryIds: [asked.entryId] }),
    second: flagAbout('ridings-police', 'analyst', { ruleId: 'guessing', rank: 'medium', offenderId: null }),
    decoy: flagAbout('ridings-police', 'analyst', { ruleId: 'decoy', partnershipOnly: true }),
    chair: flagAbout('ridings-police', 'chair'),
    probation: flagAbout('ridings-probation', 'case-manager'),
    officer: flagAbout('ridings-partnership', 'ig-officer'),
  }
  for (const [name, flag] of Object.entries(flags)) flagIds[name] = flag.id
  const at = new Date()
  await withTransaction(house.database.db, async (tx) => {
    const raised = await raiseFlags(tx, Object.values(flags), { at, policyHash: 'test' })
    expect(raised).toHaveLength(6)
    await openReviewTasks(tx, raised, { partnershipId: 'ridings-partnership', at })
  })
})
afterAll(() => house.close())

const search = (as: string, more: Json = {}): Promise<Reply> => house.as(as).post('/v1/access-log/flags/searches', { ...use, ...more })
const namesIn = ({ body }: Reply): readonly string[] =>
  (body.flags as readonly { flagId: string }[]).map(({ flagId }) => Object.entries(flagIds).find(([, id]) => id === flagId)![0]).toSorted()
const read = (as: string, name: string): Promise<Reply> => house.as(as).post(`/v1/access-log/flags/${flagIds[name]}/readings`, use)
const decide = (as: string, name: string, outcome: string): Promise<Reply> =>
  house
    .as(as)
    .post(`/v1/access-log/flags/${flagIds[name]}/decisions`, { purpose: 'self-monitoring', outcome, grounds: 'Asked the line manager' })

describe('who reviews', () => {
  it('is the partnership’s officer, of everything but what is about themselves (R42)', async () => {
    expect(namesIn(await search('ig-officer'))).toEqual(['analyst', 'chair', 'decoy', 'probation', 'second'])
    expect(namesIn(await search('ig-second'))).toEqual(['analyst', 'chair', 'decoy', 'officer', 'probation', 'second'])
  })

  it('is an agency’s officer, of its own people, without decoys and without themselves', async () => {
    expect(namesIn(await search('chair'))).toEqual(['analyst', 'second'])
    expect((await read('chair', 'analyst')).status).toBe(200)
    const hidden = await Promise.all(['decoy', 'chair', 'probation'].map((name) => read('chair', name)))
    const invented = await house.as('chair').post(`/v1/access-log/flags/${newId()}/readings`, use)
    const told = ({ status, body }: Reply) => [status, { ...body, entryId: '' }]
    expect(hidden.map(told)).toEqual(hidden.map(() => told(invented)))
    expect((await decide('chair', 'decoy', 'justified')).status).toBe(404)
    expect((await decide('ig-officer', 'officer', 'justified')).status).toBe(404)
  })

  it('54: is nobody who asks for staff productivity, and that is logged', async () => {
    const reply = await search('ig-officer', { purpose: 'staff-productivity' })
    expect([reply.status, reply.body.code, reply.body.ruleId]).toEqual([403, 'log-purpose', 'log-purpose-not-lawful'])
    expect(await entryOf(house.database, reply)).toMatchObject({
      event: 'access-denied',
      reason: 'log-purpose',
      logPurpose: 'staff-productivity',
    })
  })

  it('finds the highest rank first, by rule, rank, state and person, in pages', async () => {
    const first = await search('ig-officer', { limit: 4 })
    expect((first.body.flags as readonly Json[]).map(({ rank }) => rank)).toEqual(['high', 'high', 'high', 'high'])
    const second = await search('ig-officer', { limit: 4, cursor: first.body.nextCursor })
    expect([namesIn(second), second.body.nextCursor]).toEqual([['second'], null])
    expect(namesIn(await search('ig-officer', { ruleId: 'decoy' }))).toEqual(['decoy'])
    expect(namesIn(await search('ig-officer', { agencyId: 'ridings-police', personSub: 'chair' }))).toEqual(['chair'])
    expect(namesIn(await search('ig-officer', { state: 'breach' }))).toEqual([])
  })
})

describe('a review', () => {
  it('reads why, by which rule and on which entries; the reading is an entry that says who read what', async () => {
    const reply = await read('ig-officer', 'analyst')
    expect(reply.body).toMatchObject({
      flag: { ruleId: 'own-name', cites: 'DPA 2018 s.170', state: 'open', personSub: 'analyst', entries: 1 },
      restsOn: [{ operation: 'enquire', effect: 'permit', erased: false, offenderId: idOf('jordan') }],
      decisions: [],
    })
    expect(await entryOf(house.database, reply)).toMatchObject({ event: 'log-queried', flagId: flagIds.analyst, logPurpose: 'lawfulness' })
  })

  it('is asked for in a task of each officer except whom it is about, and the task ends with the last word', async () => {
    const tasksOf = async (as: string): Promise<readonly string[]> => {
      const { body } = await house.as(as).get('/v1/tasks')
      const tasks = (body.tasks as readonly { kind: string; detail: { flagId: string } }[]).filter(({ kind }) => kind === 'misuse-review')
      return tasks.map(({ detail }) => Object.entries(flagIds).find(([, id]) => id === detail.flagId)![0]).toSorted()
    }
    expect(await tasksOf('ig-officer')).toEqual(['analyst', 'chair', 'decoy', 'probation'])
    expect(await tasksOf('ig-second')).toEqual(['analyst', 'chair', 'decoy', 'officer', 'probation'])
    expect((await decide('ig-officer', 'probation', 'query')).status).toBe(201)
    expect(await tasksOf('ig-second')).toContain('probation')
    expect((await decide('ig-second', 'probation', 'justified')).status).toBe(201)
    expect([...(await tasksOf('ig-officer')), ...(await tasksOf('ig-second'))]).not.toContain('probation')
  })

  it('that finds a breach says by when it is to be notified, and is the last word', async () => {
    const reply = await decide('ig-officer', 'analyst', 'breach')
    const { decidedAt, reportBy } = reply.body as { decidedAt: string; reportBy: string }
    expect(Date.parse(reportBy) - Date.parse(decidedAt)).toBe(72 * 3_600_000)
    expect((await entryOf(house.database, reply)).event).toBe('breach-recorded')
    expect((await decide('ig-second', 'analyst', 'justified')).body.code).toBe('conflict')
    const { decisions } = (await read('ig-second', 'analyst')).body as { decisions: readonly Json[] }
    expect(decisions).toMatchObject([{ outcome: 'breach', grounds: 'Asked the line manager', decidedBy: { personSub: 'ig-officer' } }])
    const { rows } = await house.database.owner.query<{ sealed: Buffer }>({ text: 'select d.sealed from misuse_decision d' })
    expect(rows.length).toBe(3)
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('line manager')
  })

  it('is measured by rule: what was flagged, what was justified, what was a breach', async () => {
    const measure = async (as: string) => {
      const { body } = await house.as(as).post('/v1/access-log/flags/outcomes', use)
      return new Map((body.rules as readonly { ruleId: string }[]).map((rule) => [rule.ruleId, rule]))
    }
    const all = await measure('ig-officer')
    expect(all.get('own-name')).toMatchObject({ flagged: 3, open: 1, justified: 1, breach: 1, precision: 0.5, on: true })
    expect(all.get('guessing')).toMatchObject({ flagged: 1, open: 1, precision: null })
    expect(all.get('decoy')).toMatchObject({ flagged: 1 })
    const own = await measure('chair')
    expect(own.get('own-name')).toMatchObject({ flagged: 1, breach: 1 })
    expect(own.has('decoy')).toBe(false)
    expect(JSON.stringify([...all.values()])).not.toContain('analyst')
  })

  it('once over, leaves its entries alone; something new begins a new flag', async () => {
    const again = (entryIds: readonly string[]) =>
      withTransaction(house.database.db, (tx) =>
        raiseFlags(tx, [flagAbout('ridings-police', 'analyst', { entryIds })], { at: new Date(), policyHash: 'test' }),
      )
    const [fresh] = await again([newId()])
    expect(fresh?.flagId).not.toBe(flagIds.analyst)
    expect(await again([newId()])).toEqual([])
  })
})
