import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PolicyBundle } from '../../../src/core/decision/bundle.ts'
import { compilePolicies } from '../../../src/core/decision/policy.ts'
import { findEntry } from '../../../src/db/log/log-reading.ts'
import { simulate } from '../../../src/gateway/policies/simulate/simulation.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire, withheldIn } from '../../journeys/support/requests.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { policyDirectory, shipped } from '../../support/facts.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { countEntries } from '../../support/logged.ts'
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

const resultsOf = async (as: string, of = hash) => {
  const body = must(await house.as(as).get(`/v1/policies/${of}/test-results`), 200)
  return { ...body, results: body['results'] as readonly Ran[] } as Json & { readonly results: readonly Ran[] }
}
interface Checked {
  readonly result: string
  readonly outcome: string | null
  readonly ruleIds: readonly string[]
  readonly cites: string | null
}
interface Ran extends Json {
  readonly name: string
  readonly testId: string
  readonly readEntryId: string | null
  readonly inForce: Checked
  readonly proposed: Checked
}
const cameOut = ({ name, inForce, proposed }: Ran) => [name, inForce.result, proposed.result, proposed.ruleIds]

describe('saved tests', () => {
  const refusal = { outcome: 'refused', ruleId: 'r15-voluntary-refused' }
  const voluntary = { name: 'Refused consent keeps support away', category: 'engagement' }
  const facts = { consent: 'refused', statutory: 'no' }
  const save = (as: string, body: Json) => house.as(as).post('/v1/policy-tests', body)

  it('are saved from what was tried, on the page that shows it', async () => {
    const entries = (await simulateAs('ig-officer')).body['entries'] as readonly Json[]
    const { entryId } = entries.find(({ movement }) => movement === 'loses')!
    const trial = await officer.send(`/console/policies/${hash}/try`, { ...reading, readEntryId: String(entryId) })
    const opened = await officer.send('/console/policies/tests/from-entry', filledIn(trial, {}))
    for (const said of ['Refused, by rule r13-score-paused', 'Released, in exactly these fields']) expect(opened.text).toContain(said)
    const expected = /value="(released [^"]+)"/.exec(opened.text)![1]!
    const check = await officer.send('/console/policies/tests/from-entry', filledIn(opened, { name: 'Police see the score', expected }))
    expect(check.text).toContain('Check your answers')
    const done = await officer.send('/console/policies/tests/from-entry', { ...filledIn(check, {}), _step: 'confirm' })
    expect(done.text).toContain('is saved')
    expect((await officer.open('/console/policies/tests')).text).toContain('Police see the score')
  })

  it('say which pass, which change, and by which rule', async () => {
    must(await save('registrar', { ...voluntary, facts, expects: refusal }), 201)
    must(await save('registrar', { name: 'A plain request', category: 'identity', facts: {}, expects: { outcome: 'released' } }), 201)
    const ran = await resultsOf('ig-second')
    expect(ran.results.map(cameOut)).toEqual([
      ['Police see the score', 'passed', 'failed', ['r13-score-paused']],
      [voluntary.name, 'passed', 'failed', expect.not.arrayContaining(['r15-voluntary-refused'])],
      ['A plain request', 'passed', 'passed', expect.arrayContaining([expect.any(String)])],
    ])
    expect([ran['failing'], ran['changed'], ran['against']]).toEqual([2, 2, shipped.hash])
    expect(ran.results[0]!.proposed.cites).toBe(paused.cites)
    expect(JSON.stringify(ran)).not.toMatch(/Jordan|offenderId|personSub/)
    const inForce = await resultsOf('ig-second', shipped.hash)
    expect([inForce['failing'], inForce['changed']]).toEqual([0, 0])
  })

  it('name no entry to whoever does not read the log, and are saved of none that one may not review', async () => {
    const [told, kept] = [(await resultsOf('registrar')).results[0]!, (await resultsOf('ig-officer')).results[0]!]
    expect([told.readEntryId, kept.readEntryId]).toEqual([null, expect.any(String)])
    const { entryId } = await simulateAs('ig-officer')
    const own = { ...reading, readEntryId: entryId, name: 'My own', category: 'identity', expects: { outcome: 'released' } }
    expect((await save('ig-officer', own)).body['code']).toBe('log-purpose')
    const elsewhere = { ...own, readEntryId: kept.readEntryId, category: 'oasys' }
    expect((await save('ig-officer', elsewhere)).body['errors']).toMatchObject([{ path: '/category' }])
    const wrong = await save('ig-officer', { ...voluntary, facts: { consennt: 'given' }, expects: { outcome: 'released', ruleId: 'x' } })
    expect(wrong.body['errors']).toMatchObject([
      { path: '/expects/ruleId' },
      { message: expect.stringContaining('the nearest is consent') },
    ])
  })

  it('have not passed where the entry is held no longer', async () => {
    const text = `insert into policy_test (id, name, category, read_entry_id, expected_outcome, saved_by_agency, saved_by_person, saved_at)
      values (gen_random_uuid(), 'Erased since', 'identity', gen_random_uuid(), 'released', 'ridings-partnership', 'ig-officer', statement_timestamp())`
    await house.database.owner.query({ text })
    const gone = (await resultsOf('ig-officer')).results.find(({ name }) => name === 'Erased since')!
    expect([gone.inForce.result, gone.proposed.result, gone.proposed.outcome]).toEqual(['gone', 'gone', null])
    const path = `/console/policies/tests/${gone.testId}/retire`
    const check = await officer.send(path, filledIn(await officer.open(path), { justification: 'Nobody can say any more' }))
    expect((await officer.send(path, { ...filledIn(check, {}), _step: 'confirm' })).text).toContain('is retired')
    expect((await resultsOf('ig-officer'))['retiredSince']).toMatchObject([{ name: 'Erased since', why: 'Nobody can say any more' }])
  })
})

describe('rules that are brought to the console', () => {
  const path = '/console/policies/propose'
  const proposals = () => countEntries(house.database, `p.event = 'policy-changed' and p.effect = 'permit'`)
  const send = async (files: readonly (readonly [field: string, name: string, text: string])[], typed: Record<string, string> = {}) => {
    await officer.open(path)
    const body = new FormData()
    for (const [name, value] of Object.entries({ _token: officer.token(), _key: randomUUID(), justification: 'Agreed', ...typed }))
      body.append(name, value)
    for (const [field, name, text] of files) body.append(field, new File([text], name))
    const cookie = [...officer.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, origin: house.url, 'sec-fetch-site': 'same-origin' }
    const reply = await fetch(house.url + path, { method: 'POST', headers, body })
    return { status: reply.status, text: await reply.text() }
  }
  const asked = (text: string) => [...text.matchAll(/<li>\s*<a href="#(\w+)">([^<]*)</g)].map(([, field, said]) => [field, said])
  const stricter = {
    ...shipped.bundle,
    stages: shipped.bundle.stages.map((stage) => (stage.stage === 'R13' ? { ...stage, rules: [...stage.rules, paused] } : stage)),
  }

  it('are proposed from one file, after they were read back, and go the way of all others', async () => {
    const check = await send([['file', 'rules.json', JSON.stringify(stricter)]])
    expect([check.status, check.text.includes('Check your answers')]).toEqual([200, true])
    expect(check.text).toContain(`${shipped.bundle.categories.length} categories`)
    const done = await officer.send(path, { ...filledIn(check, {}), _step: 'confirm' })
    const onward = /href="(\/console\/policies\/[^"]+)"/.exec(done.text.slice(done.text.indexOf('proposed as bundle')))![1]!
    const difference = await officer.open(onward)
    expect([difference.status, difference.text.includes('What differs: 1 part')]).toEqual([200, true])
    expect(difference.text).toContain('r13-score-paused: new')
    const own = await officer.send(`${onward}/publish`, { _key: 'own', _step: 'confirm', justification: 'x y z' })
    expect(own.text).toContain('self-approval')
  })

  it('are the same rules from the folder that they are kept in', async () => {
    const names = readdirSync(policyDirectory, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    const files = names.map((one) => {
      const file = join(one.parentPath, one.name)
      return ['folder', `rules/${relative(policyDirectory, file)}`, readFileSync(file, 'utf8')] as const
    })
    const check = await send(files)
    expect([check.status, check.text.includes(shipped.hash)]).toEqual([200, true])
    const few = files.filter(([, name]) => /reasons|foi|release|identity/.test(name))
    const broken = few.map(([field, name, text]) => [field, name, name.endsWith('/foi.yaml') ? `${text}\n  - [` : text] as const)
    expect(asked((await send(broken)).text)[0]).toEqual(['folder', expect.stringMatching(/^foi\.yaml, line \d+: /)])
  })

  it.each([
    [
      'a fact that there is none of',
      JSON.stringify(stricter, null, 2).replace('"callerKind"', '"callerKindd"'),
      /^Line \d+: .*nearest is callerKind/,
    ],
    ['text that is no YAML', 'stages:\n  - [', /^Line \d+: /],
    ['something that is no bundle', 'stages: 1', /no bundle of rules/],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}]`).join('\n')}`,
      /no bundle/,
    ],
  ])('are refused with %s, said by line, and nothing is kept', async (_what, text, says) => {
    const before = await proposals()
    for (const seen of [await send([], { bundle: text }), await send([['file', 'rules.yaml', text]])]) {
      expect(seen.status).toBe(422)
      expect(asked(seen.text)[0]).toEqual(['bundle', expect.stringMatching(says)])
    }
    expect(await proposals()).toBe(before)
  })

  it('are given one way, and are no larger than a form may be', async () => {
    expect(asked((await send([])).text)).toEqual([['bundle', expect.stringContaining('Enter the rules as text')]])
    const twice = await send([['file', 'rules.json', '{}']], { bundle: '{}' })
    expect(asked(twice.text)).toEqual([['bundle', expect.stringContaining('in one way')]])
    const elsewhere = await send([['folder', 'tests/01-door.yaml', 'tables: []']])
    expect(asked(elsewhere.text)).toEqual([['folder', expect.stringContaining('choose the folder with release/')]])
    expect((await send([['file', 'rules.json', 'x'.repeat(1600 * 1024)]])).status).toBe(413)
  })
})

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
    for (const said of ['r13-score-paused: new', '2 of 3 saved tests would fail', 'Tests retired since']) expect(form.text).toContain(said)
    const unsaid = await officer.send(`${at()}/publish`, filledIn(form, {}))
    expect([unsaid.status, unsaid.text.includes('Why are these rules published')]).toEqual([422, true])
    const another = { name: 'Saved meanwhile', category: 'identity', facts: {}, expects: { outcome: 'refused' } }
    const { testId } = must(await house.as('ig-second').post('/v1/policy-tests', another), 201)
    const stale = await officer.send(`${at()}/publish`, filledIn(form, { justification: 'Both were mistaken' }))
    expect(stale.text).toContain('Other saved tests fail than when you opened this page')
    must(await house.as('ig-second').post(`/v1/policy-tests/${String(testId)}/retirement`, { justification: 'It was wrong' }), 200)
    const check = await officer.send(`${at()}/publish`, filledIn(stale, {}))
    expect(check.text).toContain('Check your answers')
    expect((await enquire(house.as('analyst'), 'jordan', 'selection-score')).status).toBe(200)
    const done = await officer.send(`${at()}/publish`, { ...filledIn(check, {}), _step: 'confirm' })
    expect(done.text).toContain('The rules are in force since')
    const entryId = /entry <code>([^<]+)</.exec(done.text)![1]!
    const { canonical } = (await findEntry(house.database.db, entryId))!
    const logged = JSON.parse(canonical.toString('utf8')) as Json
    expect(logged).toMatchObject({ operation: 'approvePolicy', effect: 'permit', justification: 'Both were mistaken', tests: 3 })
    expect(logged['failing']).toHaveLength(2)
    expect(withheldIn(await enquire(house.as('analyst'), 'jordan', 'selection-score'))).toMatchObject([{ ruleId: 'r13-score-paused' }])
    expect((await enquire(house.as('analyst'), 'casey', 'engagement')).status).toBe(200)
    expect((await officer.open(at())).status).toBe(404)
  })
})
