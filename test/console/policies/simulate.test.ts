import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PolicyBundle } from '../../../src/core/decision/bundle.ts'
import { compilePolicies } from '../../../src/core/decision/policy.ts'
import { simulate } from '../../../src/gateway/policies/simulate/simulation.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire, withheldIn } from '../../journeys/support/requests.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { shipped } from '../../support/facts.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { filledIn } from '../support/html-form.ts'
import { makeVisitor, type Visitor } from '../support/visitor.ts'

let house: TestGateway
let officer: Visitor
let hash: string
const reading = { purpose: 'lawfulness', justification: 'Before publishing' }

const paused = {
  id: 'r13-score-paused',
  cites: 'Scrutiny Board 1.26: the score is under review',
  action: ['fetch', 'release'],
  subject: 'selection-score',
  inverted: true,
  conditions: { callerKind: 'police' },
  reason: 'need-to-know',
}
const narrowed = { ...paused, id: 'r13-names-kept', subject: 'identity', fields: ['alsoKnownAs'], conditions: { callerKind: 'police' } }

/** Police lose the score and one field of the identity; whoever asks about somebody who refused gains. */
const changed = {
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((stage) => ({
    ...stage,
    rules: [...stage.rules.filter(({ id }) => !/^r15-\w+-refused$/.test(id)), ...(stage.stage === 'R13' ? [paused, narrowed] : [])],
  })),
} as unknown as PolicyBundle

const propose = async (as: string, bundle: unknown): Promise<string> =>
  String(must(await house.as(as).post('/v1/policies', { bundle, justification: 'Review' }), 201)['hash'])
const simulateAs = (as: string, of = hash, more: Json = {}): Promise<Reply> =>
  house.as(as).post(`/v1/policies/${of}/simulations`, { ...reading, ...more })
const rowsOf = ({ body }: Reply) =>
  (body['rows'] as readonly Json[]).map((row) => [
    row['movement'],
    row['requesterAgencyId'],
    row['category'],
    row['ruleId'],
    row['decisions'],
  ])

beforeAll(async () => {
  house = await openGateway()
  officer = makeVisitor(house.url)
  await officer.signIn('ig-officer')
  for (const category of ['selection-score', 'selection-score', 'identity'])
    must(await enquire(house.as('analyst'), 'jordan', category), 200)
  expect((await enquire(house.as('analyst'), 'casey', 'engagement')).status).toBe(403)
  hash = await propose('ig-second', changed)
})
afterAll(() => house.close())

describe('a simulation', () => {
  it('counts who would lose and who would gain, by agency, category and rule', async () => {
    const reply = await simulateAs('ig-officer')
    expect(reply.status).toBe(200)
    expect(rowsOf(reply)).toEqual(
      expect.arrayContaining([
        ['loses', 'ridings-police', 'selection-score', 'r13-score-paused', 2],
        ['less', 'ridings-police', 'identity', 'r13-names-kept', 1],
        ['gains', 'ridings-police', 'engagement', 'r15-voluntary-refused', 1],
      ]),
    )
    expect(reply.body).toMatchObject({ days: 30, against: shipped.hash, rowsLeftOut: 0 })
    const {
      entries,
      changed: moved,
      looked,
      entriesInPeriod,
    } = reply.body as unknown as Record<string, number> & { entries: readonly Json[] }
    expect([entries.length, looked]).toEqual([moved, entriesInPeriod])
    expect(JSON.stringify(reply.body)).not.toMatch(/Jordan|Casey|offenderId|personSub/)
  })

  it('finds nothing where the rules say the same', async () => {
    const same = { ...shipped.bundle, stages: shipped.bundle.stages.map((stage) => ({ ...stage, title: `${stage.title}.` })) }
    const reply = await simulateAs('ig-officer', await propose('ig-second', same))
    expect(reply.body).toMatchObject({ changed: 0, rows: [], entries: [] })
    expect(Number(reply.body['decisions'])).toBeGreaterThanOrEqual(4)
  })

  it('looks at no more than it may, the newest, and says of how many', async () => {
    const rules = { inForce: compilePolicies(shipped.bundle), proposed: compilePolicies(changed) }
    const question = { ...rules, since: new Date(0), reader: { agencyId: 'ridings-partnership', personSub: 'ig-officer' } }
    const all = await simulate(house.database.db, question)
    const some = await simulate(house.database.db, { ...question, most: 3 })
    expect([some.looked, some.entriesInPeriod]).toEqual([3, all.looked])
    expect(await simulate(house.database.db, { ...question, since: new Date(Date.now() + 60_000) })).toMatchObject({
      looked: 0,
      decisions: 0,
    })
    // Their own accesses are counted, and not theirs to review.
    const own = await simulate(house.database.db, { ...question, reader: { agencyId: 'ridings-police', personSub: 'analyst' } })
    expect([own.changed, own.entries]).toEqual([all.changed, []])
  })

  it('tells whoever may publish and may not read the log how many, and of which entries nothing', async () => {
    const reply = await simulateAs('registrar')
    expect([reply.status, reply.body['entries']]).toEqual([200, null])
    expect(rowsOf(reply).length).toBe(3)
  })
})

describe('one question under both rules', () => {
  it('passes and fails stage by stage, in their order', async () => {
    const entries = (await simulateAs('ig-officer')).body['entries'] as readonly Json[]
    const { entryId } = entries.find(({ movement }) => movement === 'loses')!
    const reply = await house.as('ig-officer').post(`/v1/policies/${hash}/trials`, { ...reading, readEntryId: entryId })
    const [line] = must(reply, 200)['lines'] as readonly { inForce: Weighed; proposed: Weighed }[]
    expect([line!.inForce.permitted, line!.proposed.permitted]).toEqual([true, false])
    const outcomeIn = ({ stages }: Weighed, stage: string) => stages.filter((one) => one.stage === stage).map(({ outcome }) => outcome)
    expect(outcomeIn(line!.inForce, 'R13')).not.toContain('refused')
    expect(outcomeIn(line!.proposed, 'R13')).toContain('refused')
    const order = changed.stages.map(({ stage }) => stage)
    const places = line!.proposed.stages.map(({ stage }) => order.indexOf(stage))
    expect(places).toEqual(places.toSorted((left, right) => left - right))
  })
})

interface Weighed {
  readonly permitted: boolean
  readonly stages: readonly { readonly stage: string; readonly outcome: string }[]
}

describe('the pages', () => {
  const at = () => `/console/policies/${hash}`
  it('lead from the list over the difference to the simulation and one question', async () => {
    const list = await officer.open('/console/policies')
    expect(list.text).toContain(at())
    const difference = await officer.open(at())
    for (const said of ['r13-score-paused: new', 'r15-voluntary-refused: taken out', 'the score is under review'])
      expect(difference.text).toContain(said)
    // A stage is told of where it, or the order of what was there before, is changed.
    expect(difference.text).not.toMatch(/Stage R13 .*: changed/)
    const form = await officer.open(`${at()}/simulate`)
    expect(form.text).toContain('How many days back?')
    const empty = await officer.send(`${at()}/simulate`, { days: 'many' })
    expect([empty.status, empty.text.includes('There is a problem')]).toEqual([422, true])
    const result = await officer.send(`${at()}/simulate`, { ...reading, days: '30' })
    for (const said of ['Who would lose', 'Who would gain', 'No longer released', 'r13-score-paused', 'entries were looked at'])
      expect(result.text).toContain(said)
    const readEntryId = /name="readEntryId" value="([^"]+)"/.exec(result.text)![1]!
    const trial = await officer.send(`${at()}/try`, { ...reading, readEntryId })
    expect([trial.status, trial.text.includes('Differs')]).toEqual([200, true])
  })

  it('publish by a second officer alone, after which is decided what was foretold', async () => {
    const proposer = makeVisitor(house.url)
    await proposer.signIn('ig-second')
    await proposer.open(`${at()}/publish`)
    const own = await proposer.send(`${at()}/publish`, { _key: 'own', _step: 'confirm' })
    expect([own.status, own.text.includes('self-approval')]).toEqual([403, true])
    const form = await officer.open(`${at()}/publish`)
    expect(form.text).toContain('r13-score-paused: new')
    const check = await officer.send(`${at()}/publish`, filledIn(form, {}))
    expect(check.text).toContain('Check your answers')
    expect((await enquire(house.as('analyst'), 'jordan', 'selection-score')).status).toBe(200)
    const done = await officer.send(`${at()}/publish`, { ...filledIn(check, {}), _step: 'confirm' })
    expect(done.text).toContain('The rules are in force since')
    expect(withheldIn(await enquire(house.as('analyst'), 'jordan', 'selection-score'))).toMatchObject([{ ruleId: 'r13-score-paused' }])
    expect((await enquire(house.as('analyst'), 'casey', 'engagement')).status).toBe(200)
    expect((await officer.open(at())).status).toBe(404)
  })
})
