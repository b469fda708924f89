import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { categories as allCategories } from '../../src/core/vocabulary.ts'
import type { Json, Reply } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { must } from './support/agree.ts'
import { fingerprint, inGroups } from './support/fingerprint.ts'
import { consentOf, enquiryOf, idOf, inventedId, listIn, people, somebody } from './support/requests.ts'
import { newId } from '../../src/gateway/new-id.ts'
import type { SandboxPerson } from '../../src/sandbox/people/person.ts'
import type { ContractOperation } from '../../src/http/contract.ts'
import { contract } from '../http/support.ts'
import { pathOf, sampleBodies, sampleParams } from './support/sample.ts'

let house: TestGateway
/** Nobody; some who exist in another division, a child among them; one who may not be spoken of and one who has left the cohort. */
const persons: Readonly<Record<string, string>> = {
  invented: inventedId(),
  jordan: idOf('jordan'),
  alex: idOf('alex'),
  sam: idOf('sam'),
  pat: idOf('pat'),
  lee: idOf('lee'),
}

const everybody = ['invented', 'jordan', 'alex', 'pat', 'lee']
const excluded = ['invented', 'pat', 'lee']

/**
 * Whoever asks has no route to any of these people. A system may contribute about those whom its agency has a number for (R2),
 * which is a route of its own: whom each may not contribute about comes last.
 */
const askers: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['constable-wharfe', everybody, everybody],
  ['nurse', everybody, everybody],
  ['landlord', everybody, everybody],
  ['system of calder-dip', everybody, ['invented', 'alex', 'pat', 'lee']],
  ['analyst', excluded, excluded],
]

const askerOf = (name: string) => {
  const agencyId = /^system of (.+)$/.exec(name)?.[1]
  return agencyId === undefined ? house.as(name) : house.asSystem(`${agencyId}-records`)
}

/** Names unlike any other, so that nobody else is found for them. */
const nameOf = (id: string): readonly [string, string] => [`Zq${id.slice(9, 13)}`, `Xv${id.slice(24)}`]

beforeAll(async () => {
  house = await openGateway()
  for (const id of Object.values(persons)) {
    const text = 'update offender set given_name = $2, family_name = $3 where id = $1'
    await house.database.owner.query({ text, values: [id, ...nameOf(id)] })
  }
  // The more is held about somebody, the more there is to give them away.
  const visor = { items: [{ fields: { manager: 'A Manager', telephone: '01632 960000' } }] }
  const put = async (who: string, category: string, body: Json) =>
    must(await house.as(who).put(`/v1/offenders/${idOf('jordan')}/records/${category}`, body), 200)
  await put('analyst', 'visor-pointer', visor)
  await put('deputy', 'visor-pointer', visor)
  await put('analyst', 'marac', { items: [{ fields: { actions: ['Ring the victim'] } }] })
  await put('case-manager', 'conf-papers', { items: [{ fields: { agendaItem: '4' } }] })
  await put('housing-officer', 'partner-intel', { items: [{ fields: { reference: 'PI-1' } }] })
  // A tie to a case that is closed is no route.
  await house.database.owner.query({
    text: `insert into case_relationship (id, offender_id, kind, agency_id, person_sub, from_at)
           values ($1, $2, 'case-manager', 'ridings-health', 'nurse', '2026-01-01')`,
    values: [newId(), idOf('lee')],
  })
})
afterAll(() => house.close())

const ids = (text: string): readonly Json[] => text.split(' ').map((id) => ({ id }))

/** Enquiries that differ in everything but the person. */
const enquiries: readonly Json[] = [
  { categories: ids('identity cohort-status address consent-record interventions-plan') },
  { categories: ids('arrest-disposal police-intel offence-history drug-treatment health-mental engagement stat-compliance') },
  { categories: ids('mappa marac mash-results visor-pointer identity') },
  { categories: ids('mappa visor-pointer') },
  { categories: ids('visor-pointer conf-papers aggregate marac') },
  { categories: ids('conf-papers conf-minutes disclosure-text') },
  { categories: allCategories.map((id) => ({ id })) },
  {
    categories: [
      { id: 'arrest-disposal', fields: ['offence', 'noSuchField'] },
      { id: 'identity', fields: ['givenName'] },
    ],
  },
  { categories: [{ id: 'identity', fields: ['noSuchField'] }] },
  {
    categories: [
      { id: 'identity', bestInterestsNote: 'For the child' },
      { id: 'ogrs', legalGateway: 'oma14' },
    ],
  },
  { categories: ids('identity arrest-disposal'), purpose: null },
  { categories: ids('identity arrest-disposal'), justification: '' },
  { categories: ids('identity arrest-disposal'), legalGateway: null },
  { categories: [{ id: 'identity', legalGateway: 'dpa35-task' }, { id: 'arrest-disposal' }, { id: 'visor-pointer' }], legalGateway: null },
  { categories: ids('identity arrest-disposal'), purpose: 'foi' },
  { categories: ids('identity aggregate'), purpose: 'performance', legalGateway: 'cda17a' },
  { categories: ids('identity cohort-status'), purpose: 'rehab-support', legalGateway: 'gdpr-6-1-e' },
  { categories: ids('identity cohort-status accommodation'), purpose: 'accommodation', legalGateway: 'gdpr-6-1-a' },
  { categories: ids('arrest-disposal accommodation'), purpose: 'accommodation', legalGateway: 'cda115' },
]

interface Question {
  readonly title: string
  readonly send: (offenderId: string, asker: ReturnType<typeof askerOf>) => Promise<Reply>
}

const post =
  (path: string, body: Json) =>
  (offenderId: string, asker: ReturnType<typeof askerOf>): Promise<Reply> =>
    asker.post(path, enquiryOf(offenderId, [], body))

const oneByOne: readonly Question[] = allCategories.map((id) => ({
  title: `an enquiry about ${id}`,
  send: post('/v1/enquiries', { categories: [{ id }] }),
}))
const questions: readonly Question[] = [
  ...enquiries.map((body) => ({ title: `the enquiry ${JSON.stringify(body)}`, send: post('/v1/enquiries', body) })),
  ...enquiries.map((body) => ({ title: `the preview ${JSON.stringify(body)}`, send: post('/v1/enquiries/preview', body) })),
  {
    title: 'an enquiry under the id in capitals',
    send: (id, asker) => asker.post('/v1/enquiries', enquiryOf(id.toUpperCase(), 'identity arrest-disposal')),
  },
]

const records: readonly (readonly [string, Json])[] = [
  ['address', { items: [{ fields: { line: '1 Sample Street' } }] }],
  ['address', { items: [{ fields: { noSuchField: 1 } }] }],
  ['address', { items: [] }],
  ['drug-treatment', { items: [{ fields: { noSuchField: 1 } }] }],
  ['arrest-disposal', { items: [{ fields: { offence: 'Theft' } }], justification: 'Correction' }],
  ['health-mental', { items: [{ fields: { service: 'Talking therapies' } }] }],
  ['oasys', { items: [{ fields: {} }] }],
]
const said: readonly Json[] = [
  consentOf('refused'),
  consentOf('withdrawn', { scope: { recipients: ['no-such-agency'] } }),
  consentOf('given'),
  consentOf('given', { evidence: null }),
  consentOf('given', { happenedAt: '2099-01-01T00:00:00Z' }),
  consentOf('sought', { expiresAt: '2099-01-01T00:00:00Z' }),
  consentOf('refused', { capacityBasis: 'mca-assessed-lacks' }),
]

const sendTo = (operation: ContractOperation, body: Json | undefined, more: Readonly<Record<string, string>> = {}): Question['send'] => {
  return (offenderId, asker) => {
    const path = pathOf(operation, { ...sampleParams(operation), ...more, offenderId })
    if (operation.method === 'get' || operation.method === 'delete') return asker[operation.method](path)
    return operation.method === 'put' ? asker.put(path, body) : asker.post(path, body)
  }
}

const written: Readonly<Record<string, readonly (readonly [Json, Record<string, string>?])[]>> = {
  contributeRecord: records.map(([category, body]) => [body, { category }]),
  recordConsent: said.map((body) => [body]),
  previewConsent: said.map((body) => [{ ...body, purpose: 'risk-management', legalGateway: 'dpa35-task' }]),
}

/** Every path under a person that the contract has, with bodies made up from it, so that a path which comes later is asked about too. */
const pathsUnderPerson = contract.operations.filter(({ path }) => path.startsWith('/v1/offenders/{offenderId}/'))
const aboutOffender: Readonly<Record<string, readonly Question[]>> = Object.fromEntries(
  pathsUnderPerson.map((operation) => {
    const bodies = written[operation.operationId] ?? sampleBodies(operation).map((body) => [body] as const)
    const asked = bodies.map(([body, more]): Question => ({
      title: `${operation.operationId} of ${JSON.stringify(body)}`,
      send: sendTo(operation, body, more),
    }))
    return [operation.operationId, asked]
  }),
)

/** The first line that differs, in both: enough to see what gives whom away. */
const difference = (one: string, other: string): string => {
  const [lines, others] = [one.split('\n'), other.split('\n')]
  const at = lines.findIndex((line, index) => line !== others[index])
  return `is told "${lines[at]}", not "${others[at]}"`
}

/** A machine that is busy elsewhere makes a lock wait too long, which is nobody's secret: it is asked again. */
const patiently = async (send: () => Promise<Reply>): Promise<Reply> => {
  const reply = await send()
  if (reply.status !== 503) return reply
  await sleep(250)
  return patiently(send)
}

/** The question put about each person: every answer must be the first one over again. */
const differences = async (asker: string, names: readonly string[], asked: readonly Question[]): Promise<readonly string[]> => {
  const found = await inGroups(
    asked,
    async ({ title, send }) => {
      const replies = await Promise.all(names.map((name) => patiently(() => send(persons[name]!, askerOf(asker)))))
      if (replies.some(({ status }) => status >= 500)) return [`${title} fails`]
      const [first, ...rest] = replies.map(fingerprint)
      return rest.flatMap((one, index) => (one === first ? [] : [`${title}: ${names[index + 1]} ${difference(one, first!)}`]))
    },
    20,
  )
  return found.flat()
}

describe.each(askers)('%s', (asker, names, unknownToIts) => {
  it('learns nothing about anybody from an enquiry or a preview', async () => {
    expect(await differences(asker, names, questions)).toEqual([])
  })

  it('learns nothing from any path under a person', async () => {
    expect(await differences(asker, unknownToIts, Object.values(aboutOffender).flat())).toEqual([])
  })

  it('learns nothing from sending a change again, or another under its key', async () => {
    const withKey = (key: string, body: Json): Question => ({
      title: `the key ${key}`,
      send: (id, who) => who.post(`/v1/offenders/${id}/consent-events`, body, { 'idempotency-key': key }),
    })
    const refused = consentOf('refused')
    const asked = [withKey('again', refused), withKey('again', refused), withKey('again', consentOf('withdrawn'))]
    for (const question of asked) expect(await differences(asker, names, [question])).toEqual([])
  })

  it('learns nothing from a search, whatever is searched by', async () => {
    const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' }
    const bodyFor = (id: string): readonly Json[] => {
      const { bornOn = '1990-01-01', identifiers = [] } = people.find((one) => one.id === id) ?? {}
      const [givenName, familyName] = nameOf(id)
      const number = identifiers.find(({ kind }) => kind === 'pnc-id')?.value ?? '20080199999Z'
      return [
        { identifier: { kind: 'pnc-id', value: number } },
        { identifier: { kind: 'pnc-id', value: number }, purpose: null },
        { name: { givenName, familyName } },
        { name: { givenName, familyName, bornOn } },
        { name: { givenName: givenName.slice(0, -1), familyName } },
      ].map((body) => ({ ...looking, ...body }))
    }
    const asked = [0, 1, 2, 3, 4].map((variant) => ({
      title: `search ${variant}`,
      send: (id: string, who: ReturnType<typeof askerOf>) => who.post('/v1/searches', bodyFor(id)[variant]),
    }))
    expect(await differences(asker, names, asked)).toEqual([])
  })

  it('learns nothing from a nomination', async () => {
    const nominate: Question = {
      title: 'a nomination',
      send: (id, who) => {
        const [givenName, familyName] = nameOf(id)
        const bornOn = people.find((one) => one.id === id)?.bornOn ?? '1990-01-01'
        return who.post('/v1/nominations', {
          areaId: 'calder',
          cohort: 'iom',
          person: { givenName, familyName, bornOn },
          grounds: 'Four burglaries',
        })
      },
    }
    expect(await differences(asker, names, [nominate])).toEqual([])
  })

  it('learns nothing from reading the entry of the refusal', async () => {
    const reading = { purpose: 'self-monitoring', justification: 'To see why' }
    const readBack = (asked: Question): Question => ({
      title: `the entry of ${asked.title}`,
      send: async (id, who) => {
        const { entryId } = await patiently(() => asked.send(id, who))
        return who.post(`/v1/access-log/${entryId}/readings`, reading)
      },
    })
    const asked = [...questions.slice(-3), ...Object.values(aboutOffender).map(([first]) => first!)].map(readBack)
    expect(await differences(asker, unknownToIts, asked)).toEqual([])
  })
})

describe('the shield', () => {
  it.each(['constable-wharfe', 'nurse'])('gives nobody away to %s, who asks for one category after the other', async (asker) => {
    expect(await differences(asker, everybody, oneByOne)).toEqual([])
  })

  it('is asked about on every path under a person that the contract has', () => {
    const paths = contract.operations.filter(({ path }) => path.includes('offenderId'))
    expect(paths.map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(['contributeRecord', 'recordConsent']))
    for (const { operationId } of paths) expect(aboutOffender[operationId]?.length).toBeGreaterThan(0)
  })

  it('says nothing to a colleague who repeats the key of a change they may not know of', async () => {
    const body = consentOf('sought')
    const record = (who: string, id: string) =>
      house.as(who).post(`/v1/offenders/${id}/consent-events`, body, { 'idempotency-key': 'one-system-two-people' })
    expect((await record('analyst', idOf('sam'))).status).toBe(201)
    const [real, invented] = [await record('constable-wharfe', idOf('sam')), await record('constable-wharfe', inventedId())]
    expect(real.status).toBe(404)
    expect(fingerprint(real)).toBe(fingerprint(invented))
    const other = { ...body, kind: 'refused' }
    const change = (id: string) =>
      house.as('constable-wharfe').post(`/v1/offenders/${id}/consent-events`, other, { 'idempotency-key': 'one-system-two-people' })
    expect(fingerprint(await change(idOf('sam')))).toBe(fingerprint(await change(inventedId())))
    // Whoever made the change gets it told again.
    const again = await record('analyst', idOf('sam'))
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
  })

  it('leaves one entry for each answer, which does hold the true reason', async () => {
    const reasons: Record<string, unknown> = {}
    for (const [name, id] of Object.entries(persons)) {
      const reply = await house.as('analyst').post('/v1/enquiries', enquiryOf(id, 'selection-score'))
      const entries = await entriesOf(house.database, reply)
      expect(entries.map((entry) => entry.entryId)).toEqual([reply.entryId])
      reasons[name] = [entries[0]?.effect, entries[0]?.reason]
    }
    expect(reasons).toMatchObject({
      invented: ['deny-ncnd', 'ncnd'],
      pat: ['deny-ncnd', 'pdp-excluded'],
      lee: ['deny-ncnd', 'subject-scope'],
    })
  })

  it('stands before what is held too: a refusal that weighs the person says the same whether anybody holds anything', async () => {
    const isClient = (one: SandboxPerson) => one.identifiers.some(({ kind }) => kind === 'dip-number')
    const supervised = (one: SandboxPerson) =>
      one.statutory === true && one.areaId === 'calder' && one.consent.length === 0 && one.bornOn < '2000' && one.custodyAgencyId === null
    const [client, nobodys] = [somebody((one) => supervised(one) && isClient(one)), somebody((one) => supervised(one) && !isClient(one))]
    for (const path of ['/v1/enquiries', '/v1/enquiries/preview']) {
      for (const [who, categories] of [
        ['case-manager', 'drug-treatment'],
        ['area-commander', 'drug-treatment health-mental oasys'],
      ] as const) {
        const ask = (id: string) => house.as(who).post(path, enquiryOf(id, categories))
        const refused = await ask(client.id)
        expect(refused.status).toBe(403)
        expect(fingerprint(refused)).toBe(fingerprint(await ask(nobodys.id)))
      }
    }
    expect((await house.as('case-manager').post('/v1/enquiries', enquiryOf(client.id, 'stat-compliance'))).text).toContain('calder-dip')
  })

  it('lets a search find by those names whoever has a route', async () => {
    const [givenName, familyName] = nameOf(persons.sam!)
    const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' }
    const reply = await house.as('analyst').post('/v1/searches', { name: { givenName, familyName }, ...looking })
    expect(listIn(reply, 'people')).toMatchObject([{ offenderId: persons.sam, strength: 'exact' }])
  })

  it('would be seen to leak: the same comparison tells apart what somebody with a route is told', async () => {
    const found = await differences('analyst', ['invented', 'sam'], questions.slice(0, 3))
    expect(found.length).toBe(3)
  })
})
