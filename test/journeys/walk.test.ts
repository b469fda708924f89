import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContractOperation } from '../../src/http/contract.ts'
import { breaks, contract } from '../http/support.ts'
import type { Reply } from '../support/ask.ts'
import { type Instance, openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries, entriesOf, type Logged } from '../support/logged.ts'
import { typedReleases, wronglyTyped } from '../support/outbound.ts'
import { must } from './support/agree.ts'
import { pathOf, sampleBodies, sampleParams } from './support/sample.ts'
import { accessSteps } from './walk/cases/access-steps.ts'
import { caseworkSteps } from './walk/cases/casework-steps.ts'
import { agreementSteps } from './walk/agreement-steps.ts'
import { cohortSteps } from './walk/cases/cohort-steps.ts'
import { emergencySteps } from './walk/emergency-steps.ts'
import { decisionSteps } from './walk/cases/decision-steps.ts'
import { foiSteps } from './walk/cases/foi-steps.ts'
import { evidenceSteps } from './walk/evidence-steps.ts'
import { copySteps } from './walk/cases/copy-steps.ts'
import { disclosureSteps } from './walk/cases/disclosure-steps.ts'
import { meetingSteps } from './walk/cases/meeting-steps.ts'
import { packageSteps } from './walk/cases/package-steps.ts'
import { misuseSteps } from './walk/misuse-steps.ts'
import { peopleSteps } from './walk/people-steps.ts'
import { policySteps } from './walk/policy-steps.ts'
import { registrySteps } from './walk/registry-steps.ts'
import { rightsSteps } from './walk/rights-steps.ts'
import { systemSteps } from './walk/cases/system-steps.ts'
import { type Made, now, type Step, type Walk } from './walk/step.ts'

const walk: Walk = {
  ...peopleSteps,
  ...agreementSteps,
  ...registrySteps,
  ...policySteps,
  ...evidenceSteps,
  ...misuseSteps,
  ...emergencySteps,
  ...rightsSteps,
  ...caseworkSteps,
  ...meetingSteps,
  ...foiSteps,
  ...accessSteps,
  ...disclosureSteps,
  ...packageSteps,
  ...copySteps,
  ...cohortSteps,
  ...decisionSteps,
  ...systemSteps,
}
const { operations } = contract
const operationOf = (operationId: string): ContractOperation => operations.find((one) => one.operationId === operationId)!

/** Operations of a contract that a walk takes no step of, or no step that is allowed. */
const notWalked = (steps: Walk, ids: readonly string[]): readonly string[] =>
  ids.filter((id) => steps[id]?.some(({ outcome }) => outcome === 'allowed') !== true)

let house: TestGateway
const made: Made = new Map()
beforeAll(async () => {
  house = await openGateway()
  // Their service ended: a named person whom every operation has to refuse.
  const left = { agencyId: 'young-horizons', sub: 'youth-mentor', displayName: 'Mo Mentor', activeTo: '2026-02-01T00:00:00Z' }
  must(await house.as('admin').post('/v1/people', left), 201)
})
afterAll(() => house.close())

const askerOf = (at: Instance, name: string) => {
  const agencyId = /^system of (.+)$/.exec(name)?.[1]
  return agencyId === undefined ? at.as(name) : at.asSystem(`${agencyId}-records`)
}

const send = async (
  operation: ContractOperation,
  step: Pick<Step, 'as' | 'params' | 'query' | 'body' | 'key' | 'headers' | 'ifMatch'>,
): Promise<Reply> => {
  const path = pathOf(operation, await now(step.params ?? {}, made, house)) + (step.query ?? '')
  const body = step.body === undefined ? undefined : await now(step.body, made, house)
  const headers: Record<string, string> = { ...step.headers, ...(step.key === undefined ? {} : { 'idempotency-key': `walk-${step.key}` }) }
  if (step.ifMatch !== undefined) headers['if-match'] = await now(step.ifMatch, made, house)
  const asker = askerOf(house, step.as)
  if (operation.method === 'get' || operation.method === 'delete') return asker[operation.method](path, headers)
  return operation.method === 'put' ? asker.put(path, body, headers) : asker.post(path, body, headers)
}

/** The one entry that decides, apart from an intent before it and from the lines of the people found. */
const decisionOf = async (reply: Reply, step: Pick<Step, 'asksSources' | 'lines'>): Promise<Logged> => {
  const entries = await entriesOf(house.database, reply)
  const intents = entries.filter(({ operation }) => operation === 'intent')
  expect(intents.length).toBe(step.asksSources ? 1 : 0)
  const [decision, ...others] = entries.filter((entry) => entry.operation !== 'intent' && !isLine(entry, reply))
  expect([decision?.entryId, others]).toEqual([reply.entryId, []])
  // Both ids carry the moment the request came in; which was committed first, their own instants say.
  if (intents[0] !== undefined) expect(intents[0].at <= decision!.at).toBe(true)
  const lines = entries.filter((entry) => isLine(entry, reply))
  expect(lines.length).toBe(step.lines ?? 0)
  expect(new Set(lines.map(({ offenderId }) => offenderId)).size).toBe(lines.length)
  return decision!
}

/** People shown, and people withheld with a reason: each has a line of its own. */
const toldOf = ({ body }: Reply): number =>
  (body.people as unknown[]).length + ((body.withheld as { count: number }[] | undefined) ?? []).reduce((sum, { count }) => sum + count, 0)

/** The operations whose answer tells of people one by one, each with a line of its own. */
const tellsOfPeople = [
  'search',
  'readCase',
  'readMinutes',
  'reviewEmergencyAccess',
  'retrieveProsecutionRelease',
  'retrieveDisclosure',
  'evaluateAccesses',
]

const isLine = (entry: Logged, reply: Reply): boolean =>
  tellsOfPeople.includes(entry.operation) && entry.offenderId !== null && entry.entryId !== reply.entryId

const effects: Readonly<Record<Step['outcome'], string>> = {
  allowed: 'permit',
  refused: 'deny',
  incomplete: 'deny',
  shielded: 'deny-ncnd',
  'not-found': 'deny',
  invalid: 'deny',
  conflict: 'deny',
  repeated: 'repeated',
}

const takeStep = async (operation: ContractOperation, step: Step): Promise<void> => {
  const reply = await send(operation, step)
  expect([reply.status, reply.body.code]).toEqual([step.status, step.code])
  expect(breaks(operation.operationId, reply.status, reply.body)).toBeNull()
  const entry = await decisionOf(reply, step)
  expect(entry.operation).toBe(operation.operationId)
  expect(entry.effect).toBe(step.effect ?? effects[step.outcome])
  if (step.event !== undefined) expect(entry.event).toBe(step.event)
  else if (entry.effect.startsWith('deny')) expect(entry.event).toBe('access-denied')
  if (step.outcome === 'repeated') expect(reply.headers.get('idempotency-replayed')).toBe('true')
  if (operation.operationId === 'search' && reply.body.people !== undefined) expect(toldOf(reply)).toBe(step.lines)
  if (step.keep !== undefined) made.set(step.keep, reply.body)
}

describe.each(Object.keys(walk))('%s', (operationId) => {
  const operation = operationOf(operationId)
  const steps = walk[operationId]!
  it.each(steps.map((step, place) => [step.outcome, step.as, step.status, step.code ?? '', place] as const))(
    'is %s for %s with %i %s, and one entry says so (%i)',
    async (_outcome, _as, _status, _code, place) => takeStep(operation, steps[place]!),
  )
})

/** Such a request as is allowed, or one made up from the contract. */
const plainRequest = (operation: ContractOperation): Pick<Step, 'params' | 'body'> =>
  walk[operation.operationId]?.find(({ outcome }) => outcome === 'allowed') ?? {
    params: sampleParams(operation),
    body: sampleBodies(operation)[0],
  }

describe.each(operations.map(({ operationId }) => operationId))('%s, like every operation,', (operationId) => {
  const operation = operationOf(operationId)
  const { params, body } = plainRequest(operation)

  it('is refused to a person whose service has ended, and one entry says so', async () => {
    const reply = await send(operation, { params, body, as: 'youth-mentor' })
    expect([reply.status, reply.body.code]).toEqual([403, 'user-inactive'])
    expect(breaks(operationId, 403, reply.body)).toBeNull()
    expect(await decisionOf(reply, {})).toMatchObject({
      operation: operationId,
      event: 'access-denied',
      effect: 'deny',
      reason: 'user-inactive',
    })
  })

  it.each(['nurse', 'system of hmp-ravensgill'])('answers %s, who has no part in anything, with one entry behind it', async (as) => {
    const reply = await send(operation, { params, body, as })
    expect(breaks(operationId, reply.status, reply.body)).toBeNull()
    expect(reply.status).toBeLessThan(500)
    expect((await decisionOf(reply, {})).operation).toBe(operationId)
  })

  it('is invalid with anything the contract does not know, and one entry says where', async () => {
    const strange = body === undefined ? undefined : { ...(await now(body, made, house)), noSuchMember: 1 }
    const replies = [await send(operation, { params, body, as: 'nurse', query: '?noSuchParameter=1' })]
    if (strange !== undefined) replies.push(await send(operation, { params, body: strange, as: 'nurse' }))
    for (const reply of replies) {
      expect([reply.status, reply.body.code]).toEqual([400, 'invalid'])
      expect(breaks(operationId, 400, reply.body)).toBeNull()
      const paths = (reply.body.errors as readonly { path: string }[]).map(({ path }) => path)
      const entry = await decisionOf(reply, {})
      expect(entry).toMatchObject({ operation: operationId, effect: 'deny', reason: 'invalid', paths })
    }
  })
})

describe('the walk', () => {
  it('goes through every operation of the contract', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.length).toBeGreaterThanOrEqual(32)
    expect(notWalked(walk, ids)).toEqual([])
    expect(Object.keys(walk).filter((id) => !ids.includes(id))).toEqual([])
  })

  it('would notice an operation that it has no step for', () => {
    const { search: _search, ...rest } = walk
    expect(notWalked(rest, ['search', 'enquire'])).toEqual(['search'])
    expect(notWalked({ search: [] }, ['search'])).toEqual(['search'])
  })

  it('types every release SHARE or DISCLOSE by whom it went to, whichever operation made it', async () => {
    const releases = await typedReleases(house.database.owner)
    expect(wronglyTyped(releases)).toEqual([])
    const releasing = ['enquire', 'openEmergencyAccess', 'previewConsent', 'readCase', 'readMinutes', 'retrieveDisclosure']
    expect([...new Set(releases.map(({ operation }) => operation))].sort()).toEqual([
      ...[...releasing, 'retrieveProsecutionRelease', 'search', 'viewEmergencyAccess'].sort(),
    ])
  })

  it('finds every call of nobody in particular in the log: singly up to a cap, then counted', async () => {
    const door = await house.another()
    const before = await countEntries(house.database, `p.event = 'auth-failure'`)
    for (const operation of operations) {
      const path = pathOf(operation, sampleParams(operation))
      const reply = await door.send({ method: operation.method.toUpperCase(), url: path })
      expect([operation.operationId, reply.status]).toEqual([operation.operationId, 401])
      expect(reply.headers.get('www-authenticate')).toContain('DPoP')
      expect(breaks(operation.operationId, 401, reply.body)).toBeNull()
      expect(await entriesOf(house.database, reply)).toEqual([])
    }
    await door.close()
    const singly = (await countEntries(house.database, `p.event = 'auth-failure'`)) - before - 1
    const text = `select convert_from(p.canonical, 'UTF8')::jsonb -> 'counts' as counts from access_log_payload p
                   where p.event = 'auth-failure' order by p.entry_id desc limit 1`
    const { rows } = await house.database.owner.query<{ counts: Record<string, number> }>({ text })
    const counted = Object.values(rows[0]!.counts).reduce((sum, count) => sum + count, 0)
    expect([singly, counted]).toEqual([20, operations.length - 20])
  })
})
