import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PolicyBundle } from '../../../src/core/decision/bundle.ts'
import { engineVersion } from '../../../src/core/decision/policy.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire } from '../../journeys/support/requests.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { shipped } from '../../support/facts.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'
import { entryOf, lineOf } from '../../support/logged.ts'

let house: TestGateway
let old: Reply
beforeAll(async () => {
  house = await openGateway()
  old = await enquire(house.as('analyst'), 'casey', 'engagement oasys')
  const bundle = reworded(shipped.bundle)
  const { hash } = must(await house.as('ig-officer').post('/v1/policies', { bundle, justification: 'New words' }), 201)
  must(await house.as('ig-second').post(`/v1/policies/${String(hash)}/approval`), 200)
}, 120_000)
afterAll(() => house.close())

/** The same decisions in other words: every paragraph, title and sentence says that it is new. */
function reworded(bundle: PolicyBundle): PolicyBundle {
  const reasons = Object.entries(bundle.reasons).map(([code, { says, nextStep }]) => [code, { says: `NEW ${says}`, nextStep }])
  const stages = bundle.stages.map((stage) => ({
    ...stage,
    title: `NEW ${stage.title}`,
    rules: stage.rules.map((rule) => ({ ...rule, cites: `NEW ${rule.cites}` })),
  }))
  return { ...bundle, stages, reasons: Object.fromEntries(reasons) as PolicyBundle['reasons'] }
}

const read = async (as: string, entryId: string): Promise<Json> =>
  must(await house.as(as).post(`/v1/access-log/${entryId}/readings`, { purpose: 'lawfulness', justification: 'Sample' }), 200).entry as Json
const linesIn = (entry: Json): readonly Json[] => entry.categories as readonly Json[]
const stagesIn = (line: Json): readonly (Json & { readonly facts: Json })[] => line.stages as (Json & { readonly facts: Json })[]

test('an entry is explained in the words and by the rules under which it was decided, not by those in force today', async () => {
  const now = await enquire(house.as('analyst'), 'casey', 'engagement oasys')
  for (const as of ['analyst', 'ig-officer']) {
    const [before, after] = [JSON.stringify(await read(as, old.entryId)), JSON.stringify(await read(as, now.entryId))]
    expect(before).toContain('The person refused consent.')
    expect(before).not.toContain('NEW ')
    expect(after).toContain('NEW The person refused consent.')
  }
})

test('every stage that bears on a category is there, in order, with its rules, their paragraphs and the facts that they read', async () => {
  const entry = await read('ig-officer', old.entryId)
  const stored = await entryOf(house.database, old)
  const order = shipped.bundle.stages.map(({ stage }) => stage)
  for (const line of linesIn(entry)) {
    const stages = stagesIn(line)
    expect(stages.length).toBeGreaterThan(12)
    const places = stages.map(({ stage }) => order.indexOf(stage as string))
    expect(places).toEqual(places.toSorted((left, right) => left - right))
    const facts = lineOf(stored, line.category as string).facts as Json
    for (const stage of stages) {
      for (const rule of stage.rules as readonly Json[]) expect(rule.cites).toBeTruthy()
      for (const [name, value] of Object.entries(stage.facts)) if (facts[name] !== undefined) expect(value).toBe(facts[name])
    }
    const refused = stages
      .filter(({ outcome }) => outcome === 'refused')
      .flatMap(({ rules }) => (rules as Json[]).map(({ ruleId }) => ruleId))
    expect(refused.toSorted()).toEqual((line.reasons as Json[]).map(({ ruleId }) => ruleId).toSorted())
  }
  const consent = stagesIn(linesIn(entry)[0]!).find(({ stage }) => stage === 'R15')
  expect(consent).toMatchObject({ outcome: 'refused', facts: { consent: 'refused' } })
})

test('what was permitted names the rules that permitted it, and who asked is told no more than before', async () => {
  const reply = await enquire(house.as('analyst'), 'jordan', 'oasys')
  const line = linesIn(await read('ig-officer', reply.entryId))[0]!
  const permitted = stagesIn(line).filter(({ outcome }) => outcome === 'permitted')
  const rules = permitted.flatMap(({ rules: own }) => (own as Json[]).map(({ ruleId }) => ruleId))
  expect(rules.toSorted()).toEqual((line.permittedBy as string[]).toSorted())
  const own = linesIn(await read('analyst', reply.entryId))[0]!
  expect([own.stages, own.facts, own.permittedBy]).toEqual([undefined, undefined, undefined])
})

test('each entry names the engine that decided it', async () => {
  expect((await entryOf(house.database, old)).engine).toBe(engineVersion)
  expect((await read('ig-officer', old.entryId)).engine).toBe(engineVersion)
})
