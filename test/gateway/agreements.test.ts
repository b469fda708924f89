import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/core/answer.ts'
import { agreementStanding } from '../../src/core/agreements/agreement.ts'
import type { Caller } from '../../src/core/caller.ts'
import type { AgreementTerms } from '../../src/core/snapshot.ts'
import { findAgreementVersionsOf } from '../../src/db/registry/agreements.ts'
import { withTransaction } from '../../src/db/db.ts'
import { agreementCoverage } from '../../src/gateway/agreements/coverage.ts'
import { draftAgreement } from '../../src/gateway/agreements/draft-agreement.ts'
import { draftAgreementVersion } from '../../src/gateway/agreements/draft-version.ts'
import { importAgreements } from '../../src/gateway/agreements/import-agreements.ts'
import { getAgreement, listAgreements } from '../../src/gateway/agreements/read-agreements.ts'
import { signAgreement } from '../../src/gateway/agreements/sign-agreement.ts'
import { liftAgreementSuspension, suspendAgreement } from '../../src/gateway/agreements/suspend-agreement.ts'
import { terminateAgreement } from '../../src/gateway/agreements/terminate-agreement.ts'
import { faultStatus } from '../../src/core/fault.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { addPerson, addSigningKey, findEntry, makeUses, requestOf, seedRegistry } from '../support/agreement-registry.ts'
import type { Sign } from '../support/agreement-registry.ts'
import { termsOf } from '../support/agreements.ts'
import { freshDatabase } from '../support/database.ts'
import type { FreshDatabase } from '../support/database.ts'

let database: FreshDatabase
let uses: Awaited<ReturnType<typeof makeUses>>
const people: Record<string, Caller> = {}
const keys: Record<string, Sign> = {}
const parties = ['ridings-police', 'ridings-probation', 'fresh-steps'] as const

beforeAll(async () => {
  database = await freshDatabase()
  await seedRegistry(database)
  uses = await makeUses(database)
  for (const agency of parties) {
    people[agency] = await addPerson(database, agency, `signatory-${agency}`, ['isa-signatory'])
    keys[agency] = await addSigningKey(database, people[agency])
  }
  people.registrar = await addPerson(database, 'ridings-partnership', 'registrar', ['isa-registrar'])
  people.clerk = await addPerson(database, 'ridings-police', 'clerk')
  people.landlord = await addPerson(database, 'hollins-lettings', 'landlord', ['isa-signatory'])
  people.seconded = await addPerson(database, 'fresh-steps', 'signatory-ridings-police', ['isa-signatory'])
  keys.seconded = await addSigningKey(database, people.seconded)
})
afterAll(() => database.drop())

let made = 0
const open = (more: Partial<AgreementTerms> = {}): AgreementTerms => {
  made += 1
  return termsOf({ reference: `TEST-${made}`, inForceTo: null, reviewOn: '2099-12-31', ...more })
}
interface Drafted {
  readonly agreementId: string
  readonly version: number
  readonly hash: string
}
const draft = async (who: Caller, terms: AgreementTerms): Promise<Drafted> => {
  const answer = await draftAgreement(uses)(who, requestOf({ body: { terms } }))
  expect(answer.status).toBe(201)
  return answer.body as Drafted
}
const signWith = (who: Caller, of: Drafted, jws: string): Promise<Answer> =>
  signAgreement(uses)(who, requestOf({ params: { agreementId: of.agreementId }, body: { version: of.version, jws } }))
const sign = (who: string, of: Drafted, payload = of.hash): Promise<Answer> => signWith(people[who]!, of, keys[who]!(payload))
const signAll = async (of: Drafted): Promise<void> => {
  for (const party of parties) expect((await sign(party, of)).status).toBe(201)
}
const change = (useCase: typeof suspendAgreement, who: string, of: Drafted): Promise<Answer> =>
  useCase(uses)(people[who]!, requestOf({ params: { agreementId: of.agreementId }, body: { why: 'A test of stopping.' } }))
/** How this one agreement stands, as the next decision would read it. */
const standingOf = async ({ agreementId }: Drafted, at = new Date()): Promise<string> => {
  const versions = await findAgreementVersionsOf(database.db, 'ridings-probation')
  return agreementStanding(
    versions.filter((version) => version.agreementId === agreementId),
    {
      recipient: 'ridings-probation',
      supplier: 'ridings-police',
      category: 'arrest-disposal',
      purpose: 'risk-management',
      cohort: 'ppo',
      ageBand: 'adult',
      at,
    },
  ).standing
}

describe('drafting', () => {
  it('is for a party’s registrar or signatory, or the registrar of the partnership', async () => {
    await draft(people['ridings-police']!, open())
    await draft(people.registrar!, open())
    for (const who of [people.clerk!, people.landlord!]) {
      const answer = await draftAgreement(uses)(who, requestOf({ body: { terms: open() } }))
      expect(answer).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
      expect(await findEntry(database, answer)).toMatchObject({ event: 'access-denied', effect: 'deny', reason: 'need-to-know' })
    }
  })

  it('is logged, and gives no authority', async () => {
    const answer = await draftAgreement(uses)(people.registrar!, requestOf({ body: { terms: open() } }))
    expect(await findEntry(database, answer)).toMatchObject({ event: 'isa-changed', effect: 'permit', reason: null })
    expect(await standingOf(answer.body as Drafted)).toBe('party-unsigned')
  })

  it('is refused, and logged, when the terms are wrong, name an unregistered agency or a reference already taken', async () => {
    const taken = open()
    await draft(people.registrar!, taken)
    const cases: [object, number, string | null][] = [
      [{ ...open(), parties: ['ridings-police'] }, faultStatus.invalid, '/terms/parties'],
      [{ ...open(), parties: [...parties, 'nowhere'] }, faultStatus.invalid, '/terms/parties/3'],
      [{ ...open(), owner: 'nowhere' }, faultStatus.invalid, '/terms/owner'],
      [taken, faultStatus.conflict, null],
    ]
    for (const [terms, status, path] of cases) {
      const answer = await draftAgreement(uses)(people.registrar!, requestOf({ body: { terms } }))
      expect(answer.status).toBe(status)
      const errors = (answer.body as { errors?: { path: string }[] }).errors ?? []
      if (path !== null) expect(errors.map((error) => error.path)).toContain(path)
      expect(await findEntry(database, answer)).toMatchObject({ effect: 'deny' })
    }
  })
})

describe('signing', () => {
  it('brings the agreement into force only with the last party, each by its own signatory', async () => {
    const drafted = await draft(people.registrar!, open())
    expect((await sign('ridings-police', drafted)).body).toMatchObject({
      state: 'signing',
      waitingFor: ['ridings-probation', 'fresh-steps'],
    })
    expect((await sign('ridings-probation', drafted)).body).toMatchObject({ state: 'signing', waitingFor: ['fresh-steps'] })
    expect(await standingOf(drafted)).toBe('party-unsigned')
    const last = await sign('fresh-steps', drafted)
    expect(last.body).toMatchObject({ state: 'in-force', waitingFor: [], signedBy: [...parties].sort() })
    expect(await findEntry(database, last)).toMatchObject({ event: 'isa-changed', effect: 'permit' })
    expect(await standingOf(drafted)).toBe('in-force')
  })

  it('is refused by whoever is no signatory of a party', async () => {
    const drafted = await draft(people.registrar!, open())
    for (const who of ['registrar', 'clerk', 'landlord']) {
      const answer = await signWith(people[who]!, drafted, keys['ridings-police']!(drafted.hash))
      expect(answer).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
    }
  })

  it('is refused with another hash, another’s key, another type or no signature at all', async () => {
    const drafted = await draft(people.registrar!, open())
    const good = keys['ridings-police']!(drafted.hash)
    const bad = [keys['ridings-police']!('another'), keys['fresh-steps']!(drafted.hash), `${good.slice(0, -4)}AAAA`, 'x.y.z', '']
    for (const jws of bad) {
      expect(await signWith(people['ridings-police']!, drafted, jws)).toMatchObject({ status: 422, body: { code: 'isa-party-unsigned' } })
    }
    expect((await signWith(people['ridings-police']!, drafted, good)).status).toBe(201)
  })

  it('is refused with a key that its agency has ended', async () => {
    const who = await addPerson(database, 'ridings-police', 'leaver', ['isa-signatory'])
    const key = await addSigningKey(database, who)
    const drafted = await draft(people.registrar!, open())
    await database.owner.query({ text: `update signatory_key set to_at = statement_timestamp() where person_sub = 'leaver'` })
    expect(await signWith(who, drafted, key(drafted.hash))).toMatchObject({ status: 422 })
  })

  it('lets the drafter sign for one party and never for a second', async () => {
    const drafted = await draft(people['ridings-police']!, open())
    expect((await sign('ridings-police', drafted)).status).toBe(201)
    expect(await sign('seconded', drafted)).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } })
    expect((await sign('fresh-steps', drafted)).status).toBe(201)
  })

  it('changes nothing the second time, and knows no other version or agreement', async () => {
    const drafted = await draft(people.registrar!, open())
    await sign('ridings-police', drafted)
    expect(await sign('ridings-police', drafted)).toMatchObject({ status: 201, body: { signedBy: ['ridings-police'] } })
    expect((await sign('ridings-police', { ...drafted, version: 2 })).status).toBe(404)
    expect((await sign('ridings-police', { ...drafted, agreementId: newId() })).status).toBe(404)
    expect((await sign('ridings-police', { ...drafted, agreementId: 'none' })).status).toBe(404)
  })
})

describe('a new version', () => {
  const redraft = (who: Caller, of: Drafted, terms: AgreementTerms): Promise<Answer> =>
    draftAgreementVersion(uses)(who, requestOf({ params: { agreementId: of.agreementId }, body: { terms } }))

  it('replaces the older on its own first day, when all have signed, and not before', async () => {
    const terms = open()
    const first = await draft(people.registrar!, terms)
    await signAll(first)
    const answer = await redraft(people['fresh-steps']!, first, {
      ...terms,
      inForceFrom: '2099-04-01',
      grants: terms.grants.slice(0, 1),
      title: 'Renewed',
    })
    expect(answer).toMatchObject({ status: 201, body: { version: 2, state: 'draft' } })
    const second = answer.body as Drafted
    expect(await standingOf(first)).toBe('in-force')
    await signAll(second)
    const read = await getAgreement(uses)(people['ridings-police']!, requestOf({ params: { agreementId: first.agreementId } }))
    expect(read.body).toMatchObject({
      versions: [
        { version: 1, state: 'in-force', replacedAt: '2099-03-31T23:00:00.000Z' },
        { version: 2, state: 'not-started', replacedAt: null },
      ],
    })
    expect(await standingOf(first, new Date('2099-03-31T22:59:59.999Z'))).toBe('in-force')
    expect(await standingOf(first, new Date('2099-03-31T23:00:00.000Z'))).toBe('in-force')
  })

  it('takes away at once what it no longer grants', async () => {
    const terms = open()
    const first = await draft(people.registrar!, terms)
    await signAll(first)
    const narrower = { ...terms, grants: terms.grants.map((grant) => ({ ...grant, categories: [{ id: 'offence-history' as const }] })) }
    await signAll((await redraft(people.registrar!, first, narrower)).body as Drafted)
    expect(await standingOf(first)).toBe('category')
    expect(await sign('ridings-police', first)).toMatchObject({ status: 409, body: { code: 'isa-terminated' } })
  })

  it('keeps its reference, differs from the others and is not for strangers who write themselves in', async () => {
    const terms = open()
    const first = await draft(people.registrar!, terms)
    expect((await redraft(people.registrar!, first, { ...terms, reference: 'OTHER' })).status).toBe(faultStatus.invalid)
    expect((await redraft(people.registrar!, first, terms)).status).toBe(409)
    const intruding = { ...terms, parties: [...terms.parties, 'hollins-lettings'] }
    expect(await redraft(people.landlord!, first, intruding)).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
  })
})

describe('stopping', () => {
  it('suspends at once for any party alone; only the partnership’s registrar lifts it', async () => {
    const drafted = await draft(people.registrar!, open())
    await signAll(drafted)
    for (const who of ['clerk', 'landlord']) expect((await change(suspendAgreement, who, drafted)).status).toBe(403)
    expect(await standingOf(drafted)).toBe('in-force')
    expect(await change(suspendAgreement, 'fresh-steps', drafted)).toMatchObject({ status: 200, body: { state: 'suspended' } })
    expect(await standingOf(drafted)).toBe('suspended')
    expect((await change(liftAgreementSuspension, 'ridings-police', drafted)).status).toBe(403)
    expect(await standingOf(drafted)).toBe('suspended')
    expect((await change(liftAgreementSuspension, 'registrar', drafted)).status).toBe(200)
    expect(await standingOf(drafted)).toBe('in-force')
  })

  it('terminates for good', async () => {
    const drafted = await draft(people.registrar!, open())
    await signAll(drafted)
    expect((await change(terminateAgreement, 'clerk', drafted)).status).toBe(403)
    expect((await change(terminateAgreement, 'ridings-probation', drafted)).status).toBe(200)
    expect(await standingOf(drafted)).toBe('terminated')
    expect(await change(liftAgreementSuspension, 'registrar', drafted)).toMatchObject({ status: 409, body: { code: 'isa-terminated' } })
    expect((await sign('ridings-police', drafted)).status).toBe(409)
  })

  it('raises the version number of every party, so that nothing remembered outlives it', async () => {
    const versions = async () =>
      (
        await database.owner.query<{ version: number }>({
          text: 'select a.version from agency a where a.id = any($1) order by a.id',
          values: [parties],
        })
      ).rows
    const drafted = await draft(people.registrar!, open())
    const before = await versions()
    await change(suspendAgreement, 'ridings-police', drafted)
    expect((await versions()).map(({ version }, index) => version > before[index]!.version)).toEqual([true, true, true])
  })
})

describe('reading', () => {
  it('pages from the newest, for parties; the governance body sees all', async () => {
    const list = async (who: string, query = {}) =>
      (await listAgreements(uses)(people[who]!, requestOf({ query }))).body as {
        agreements: { agreementId: string }[]
        nextCursor: string | null
      }
    const all = await list('clerk', { limit: '100' })
    const first = await list('clerk', { limit: '2' })
    const second = await list('clerk', { limit: '2', cursor: first.nextCursor! })
    expect([...first.agreements, ...second.agreements]).toEqual(all.agreements.slice(0, 4))
    expect(all.nextCursor).toBeNull()
    expect((await list('registrar', { limit: '100' })).agreements).toEqual(all.agreements)
    expect(await list('landlord')).toMatchObject({ agreements: [], nextCursor: null })
    expect((await listAgreements(uses)(people.clerk!, requestOf({ query: { cursor: 'x' } }))).status).toBe(faultStatus.invalid)
    const one = requestOf({ params: { agreementId: all.agreements[0]!.agreementId } })
    expect((await getAgreement(uses)(people.landlord!, one)).status).toBe(403)
    expect((await getAgreement(uses)(people.registrar!, one)).status).toBe(200)
  })

  it('tells an agency what it may receive and what is missing', async () => {
    await signAll(await draft(people.registrar!, open()))
    const answer = await agreementCoverage(uses)(people['ridings-probation']!, requestOf())
    const { covered, gaps } = answer.body as { covered: Record<string, unknown>[]; gaps: unknown[] }
    expect(covered.find(({ category, purpose }) => category === 'arrest-disposal' && purpose === 'risk-management')).toMatchObject({
      providerAgencyId: 'ridings-police',
      state: 'in-force',
      until: '2100-01-01T00:00:00.000Z',
    })
    expect(gaps).toContainEqual({ category: 'oasys', purpose: 'risk-management', nearest: 'category' })
  })
})

describe('importing', () => {
  it('drafts what the registry lacks, once, and leaves signing to the parties', async () => {
    const terms = open()
    const files = [{ name: 'one.yaml', text: JSON.stringify(terms) }]
    const draftedBy = { agencyId: 'ridings-partnership', personSub: 'registrar' }
    const run = (list = files) => withTransaction(database.db, (tx) => importAgreements({ tx, newId }, { files: list, draftedBy }))
    const [first] = await run()
    const [again] = await run()
    expect(again).toEqual({ ...first, added: false })
    expect(await standingOf(first!)).toBe('party-unsigned')
    const [renewed] = await run([{ name: 'one.yaml', text: JSON.stringify({ ...terms, title: 'Renewed' }) }])
    expect(renewed).toMatchObject({ agreementId: first!.agreementId, version: 2, added: true })
  })
})
