import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import { shippedPolicies } from '../support/facts.ts'
import { countEntries } from '../support/logged.ts'
import { must } from '../journeys/support/agree.ts'
import { inventedId } from '../journeys/support/requests.ts'
import type { Json } from '../support/ask.ts'
import type { Instance } from '../support/gateway.ts'
import { agreedWords, landlord, openPackages, type Packages, said, type Sealed } from './package-support.ts'
import { refusal, type Scene, to } from './support.ts'

let house: Packages
let second: Instance
/** Given and never taken back. */
let shared: Given
const packageLimit = { most: 100, windowSeconds: 3600 }
beforeAll(async () => {
  house = await openPackages()
  second = await house.another({ packageLimit })
  shared = await forLandlord()
})
afterAll(() => house.close())

const rowsOf = async <Row extends object = Json>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await house.database.owner.query<Row>({ text, values })).rows

/** The entries that name this package, oldest first, as they were written. */
const entriesAbout = async (packageId: string): Promise<readonly Json[]> => {
  const text = `select convert_from(p.canonical, 'UTF8')::jsonb as entry from access_log_payload p join access_log l on l.entry_id = p.entry_id
                 where convert_from(p.canonical, 'UTF8')::jsonb ->> 'packageId' = $1 order by l.at, l.batch_position`
  return (await rowsOf<{ entry: Json }>(text, [packageId])).map(({ entry }) => entry)
}
const knocksAt = async (packageId: string) =>
  (await entriesAbout(packageId))
    .filter(({ operation }) => operation === 'openDisclosurePackage')
    .map(({ effect, reason }) => [effect, reason])

const scene = (): Promise<Scene> => house.scene([said])
interface Given {
  readonly at: Scene
  readonly permissionId: string
}
const forLandlord = async (): Promise<Given> => {
  const at = await scene()
  await house.consentTo(at, [landlord.agencyId])
  return { at, permissionId: await house.permitted(at, landlord) }
}
/** What has left is noted after it has left. */
const seenToLeave = (packageId: string) =>
  expect.poll(async () => (await house.standing(packageId)).delivered, { timeout: 10_000 }).toBe(true)
const noSuchLink = '/packages/AAAAAAAAAAAAAAAAAAAAAA'

describe('a sealed package', () => {
  it('gives a landlord the agreed words once, and nothing of what was said in the room (scenario 34, R24)', async () => {
    const { at, permissionId } = shared
    const { packageId, link, code } = await house.sealed(permissionId)
    const page = await house.knock(link, code.toLowerCase().replaceAll('-', ' '))
    expect(page.status).toBe(200)
    expect(page.text).toContain(agreedWords)
    for (const hidden of [said, 'ridings-police', 'conf-minutes', at.offenderId, at.conferenceId]) expect(page.text).not.toContain(hidden)
    for (const part of [
      'OFFICIAL',
      'Lou Landlord',
      'Hollins Lettings',
      'Do not pass on',
      'Return or destroy',
      'Yours to use until',
      '&quot;batch&quot;',
    ])
      expect(page.text).toContain(part)
    const [opened] = (await entriesAbout(packageId)).filter(
      ({ operation, effect }) => [operation, effect].join() === 'openDisclosurePackage,permit',
    )
    expect(opened).toMatchObject({ permissionId, outbound: 'disclose', actingFor: null, holder: landlord, sealedPackage: true })
    expect(opened!.caller).toMatchObject({ ...{ agencyId: landlord.agencyId, personSub: landlord.sub, binding: 'package' } })
    expect(page.text).toContain(String(opened!.entryId))
    // The line of the release is decided again from itself to the same result.
    const text = `select convert_from(p.canonical, 'UTF8')::jsonb as entry from access_log_payload p where p.event = 'disclosure' and p.offender_id = $1`
    const [line] = await rowsOf<{ entry: Json }>(text, [at.offenderId])
    expect(replayEntry(line!.entry, shippedPolicies)).toEqual({ decisions: 2, differences: [] })
    const register = await rowsOf(
      'select recipient_agency_id, recipient_person_sub, outbound, purpose from disclosure where offender_id = $1',
      [at.offenderId],
    )
    expect(register).toEqual([
      { recipient_agency_id: landlord.agencyId, recipient_person_sub: landlord.sub, outbound: 'disclose', purpose: 'accommodation' },
    ])
    expect(await rowsOf('select holder_agency, holder_sub from permission_retrieval where permission_id = $1', [permissionId])).toEqual([
      { holder_agency: landlord.agencyId, holder_sub: landlord.sub },
    ])
    await seenToLeave(packageId)
    expect(await house.standing(packageId)).toMatchObject({
      state: 'opened',
      delivered: true,
      openingEntryId: opened!.entryId,
      triesLeft: 5,
    })
    expect((await house.knock(link, code)).text).toBe((await house.knock(noSuchLink, code)).text)
    expect(refusal(await house.retrieve(permissionId, 'landlord', { purpose: 'accommodation' }))).toEqual([403, 'package-only'])
  })

  it('is opened by one of two who come at once on two instances', async () => {
    const { permissionId } = shared
    const { packageId, link, code } = await house.sealed(permissionId)
    const pages = await Promise.all([house.url, second.url, house.url, second.url].map((url) => house.knock(link, code, url)))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403])
    expect(await rowsOf('select from disclosure_package_opening where package_id = $1', [packageId])).toHaveLength(1)
  })

  it('stays shut for ever after five wrong codes, however many come at once, and each is logged as nobody’s', async () => {
    const { permissionId } = shared
    const { packageId, link, code } = await house.sealed(permissionId)
    const guesses = Array.from({ length: 6 }, (_, place) =>
      house.knock(link, `WRNG-CDES-${2222 + place}`, place % 2 === 0 ? house.url : second.url),
    )
    for (const { status } of await Promise.all(guesses)) expect(status).toBe(403)
    expect(await rowsOf('select number from disclosure_package_try where package_id = $1 order by number', [packageId])).toHaveLength(5)
    expect((await house.knock(link, code)).status).toBe(403)
    const knocks = await knocksAt(packageId)
    expect(knocks.map(([, reason]) => reason).sort()).toEqual([
      ...Array<string>(2).fill('package-closed'),
      ...Array<string>(5).fill('package-code'),
    ])
    const entries = (await entriesAbout(packageId)).filter(({ operation }) => operation === 'openDisclosurePackage')
    expect(entries.map(({ caller }) => caller)).toEqual(entries.map(() => null))
    expect(await house.standing(packageId)).toMatchObject({ state: 'closed', triesLeft: 0, openedAt: null })
    expect(refusal(await house.issue(packageId))).toEqual([409, 'conflict'])
  })

  it('is opened by the newest code alone, and gives way to a later package', async () => {
    const { permissionId } = shared
    const first = await house.sealed(permissionId)
    const code = String(must(await house.issue(first.packageId), 201).packageCode)
    expect((await house.knock(first.link, first.code)).status).toBe(403)
    const second = await house.sealed(permissionId)
    expect((await house.knock(first.link, code)).status).toBe(403)
    expect(await house.standing(first.packageId)).toMatchObject({ state: 'replaced', codesIssued: 2, triesLeft: 4 })
    expect((await house.knock(second.link, second.code)).status).toBe(200)
  })

  it('has its link and its code told once, and kept nowhere', async () => {
    const { permissionId } = shared
    const [made, again] = [await house.make(permissionId, {}, 'spoc', 'make-1'), await house.make(permissionId, {}, 'spoc', 'make-1')]
    const packageId = String(made.body.packageId)
    expect([made.body.link, again.body.packageId, again.body.link]).toEqual([
      expect.stringMatching(/^\/packages\/[\w-]{22}$/),
      packageId,
      undefined,
    ])
    const [issued, repeated] = [await house.issue(packageId, 'spoc', 'code-1'), await house.issue(packageId, 'spoc', 'code-1')]
    expect([issued.body.packageCode, repeated.body.number, repeated.body.packageCode]).toEqual([
      expect.stringMatching(/^[2-9A-Z]{4}(-[2-9A-Z]{4}){2}$/),
      1,
      undefined,
    ])
    for (const { nextStep } of [made.body, issued.body]) expect(nextStep).toMatch(/by telephone/)
    const secrets = [
      String(made.body.link).slice('/packages/'.length),
      String(issued.body.packageCode),
      String(issued.body.packageCode).replaceAll('-', ''),
    ]
    expect(await findEverywhere(secrets)).toEqual([])
    // The control: what is kept is found.
    expect(await findEverywhere([packageId])).not.toEqual([])
  })
})

/** The tables in whose rows any of these texts stands. */
const findEverywhere = async (texts: readonly string[]): Promise<readonly string[]> => {
  const tables = await rowsOf<{ name: string }>(
    `select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const holds = `strpos(t::text, s.secret) > 0 or strpos(t::text, encode(convert_to(s.secret, 'UTF8'), 'hex')) > 0`
    const text = `select from ${name} t where exists (select from unnest($1::text[]) as s (secret) where ${holds}) limit 1`
    if ((await rowsOf(text, [texts])).length > 0) found.push(name)
  }
  return found
}

describe('what is decided again when a package is opened', () => {
  let given: Given
  let sealed: Sealed
  beforeAll(async () => {
    given = await forLandlord()
    sealed = await house.sealed(given.permissionId)
  })

  it('is the consent: withdrawn it stays shut and is not used up, given again it opens', async () => {
    await house.consentTo(given.at, [landlord.agencyId], 'withdrawn')
    expect((await house.knock(sealed.link, sealed.code)).text).toBe((await house.knock(noSuchLink, sealed.code)).text)
    expect(refusal(await house.make(given.permissionId))).toEqual([403, 'formal-consent'])
    expect(await knocksAt(sealed.packageId)).toEqual([['deny', 'formal-consent']])
    await house.consentTo(given.at, [landlord.agencyId])
    expect((await house.knock(sealed.link, sealed.code)).status).toBe(200)
  })

  it('is the permission: taken back, nothing is opened under it and nothing made', async () => {
    const another = await house.sealed(given.permissionId)
    expect((await house.revoke(given.permissionId)).status).toBe(201)
    expect((await house.knock(another.link, another.code)).status).toBe(403)
    expect(await knocksAt(another.packageId)).toEqual([['deny', 'chair-revoked']])
    expect(refusal(await house.make(given.permissionId))).toEqual([409, 'conflict'])
    expect(refusal(await house.issue(another.packageId))).toEqual([409, 'conflict'])
  })
})

describe('the page of a package', () => {
  it('is the same for every link there is, was or never was, and to look at it changes nothing', async () => {
    const { permissionId } = shared
    const { link, packageId } = await house.sealed(permissionId)
    const before = await countEntries(house.database)
    const [real, invented, long] = [await house.look(link), await house.look(noSuchLink), await house.look(`/packages/${'x'.repeat(300)}`)]
    expect([real.status, real.text]).toEqual([200, invented.text])
    expect(long.text).toBe(real.text)
    expect(real.text).toContain('<form method="post"')
    expect(real.text).not.toMatch(/<script|http-equiv/)
    const headers = (seen: typeof real) =>
      [...seen.headers].filter(([name]) => !['x-request-id', 'date', 'connection', 'keep-alive'].includes(name))
    expect(headers(invented)).toEqual(headers(real))
    const head = await house.look(link, 'HEAD')
    expect([head.status, head.text, headers(head)]).toEqual([200, '', headers(real)])
    expect(Object.fromEntries(real.headers)).toMatchObject({
      ...{ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': expect.stringContaining('noindex') as string },
      'content-security-policy': expect.stringMatching(/default-src 'none';(?!.*script-src)/) as string,
    })
    expect(real.headers.get('set-cookie')).toBeNull()
    expect([await countEntries(house.database), (await house.standing(packageId)).state]).toEqual([before, 'open'])
  })

  it('answers an address that tries too often without looking at its code, and counts over instances', async () => {
    const { permissionId } = shared
    const { packageId, link, code } = await house.sealed(permissionId)
    await house.knock(noSuchLink, code)
    // The first of three is counted by another instance.
    await rowsOf('update search_quota set used = $1', [packageLimit.most - 2])
    for (const url of [house.url, second.url]) expect((await house.knock(link, 'WRNG-CDES-2222', url)).status).toBe(403)
    const refused = await house.knock(link, code, second.url)
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect(await knocksAt(packageId)).toHaveLength(2)
  })

  it('takes nothing but a form, and no other method', async () => {
    expect((await house.look(noSuchLink, 'PUT')).status).toBe(405)
    const json = await fetch(house.url + noSuchLink, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    expect(json.status).toBe(400)
  })
})

const toCouncillor = { purpose: 'community-reassurance', legalGateway: 'dpa36-4-authorised' }

describe('a councillor (scenario 32)', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await house.scene([said])
  })

  it('without formal consent, or with one to whomever it may concern, gets no package', async () => {
    const councillor = await house.outsider('councillor')
    const permissionId = await house.permitted(scene, councillor, { ...toCouncillor, riskAssessment: 'RA-2026-14' })
    expect(refusal(await house.make(permissionId))).toEqual([403, 'formal-consent'])
    await house.consentTo(scene, [])
    expect(refusal(await house.make(permissionId))).toEqual([403, 'formal-consent'])
    await house.consentTo(scene, [councillor.agencyId])
    expect((await house.make(permissionId)).status).toBe(201)
  })

  it('without a risk assessment gets no package, consent or not', async () => {
    const councillor = await house.outsider('councillor')
    await house.consentTo(scene, [councillor.agencyId])
    expect(refusal(await house.make(await house.permitted(scene, councillor, toCouncillor)))).toEqual([403, 'risk-assessment'])
  })

  it('with both and the chair’s permission gets the form of words only', async () => {
    const councillor = await house.outsider('councillor')
    await house.consentTo(scene, [councillor.agencyId])
    const { link, code } = await house.sealed(await house.permitted(scene, councillor, { ...toCouncillor, riskAssessment: 'RA-2026-15' }))
    const page = await house.knock(link, code)
    expect([page.status, page.text.includes(agreedWords), page.text.includes(said)]).toEqual([200, true, false])
    const asked = { recipient: councillor, ...toCouncillor, riskAssessment: 'RA-2026-16' }
    const bare = await house.granted(await house.requested(scene, asked))
    expect(refusal(await house.make(bare))).toEqual([403, 'form-of-words'])
  })
})

describe('a landlord (scenario 34)', () => {
  it('who is private is no relevant authority under the Crime and Disorder Act', async () => {
    const scene = await house.scene([said])
    await house.consentTo(scene, [landlord.agencyId])
    expect(refusal(await house.make(await house.permitted(scene, landlord, { legalGateway: 'cda115' })))).toEqual([403, 'legal-gateway'])
  })

  it('who manages homes for the council gets words with consent, and no intelligence', async () => {
    const scene = await house.scene([said])
    const almo = await house.outsider('almo')
    expect(refusal(await house.make(await house.permitted(scene, almo, { legalGateway: 'cda115' })))).toEqual([403, 'formal-consent'])
    await house.consentTo(scene, [almo.agencyId])
    const { link, code } = await house.sealed(await house.permitted(scene, almo, { legalGateway: 'cda115' }))
    expect((await house.knock(link, code)).text).toContain(agreedWords)
    const graded = await house.scene([{ text: said, grade: { source: '1', intelligence: 'B', handling: 'P' } }])
    await house.consentTo(graded, [almo.agencyId])
    expect(refusal(await house.make(await house.permitted(graded, almo, { legalGateway: 'cda115' })))).toEqual([403, 'handling-code'])
  })
})

describe('making a package', () => {
  it('is for the single point of contact of the area; to a stranger there is neither permission nor package', async () => {
    const { permissionId } = shared
    const { packageId } = await house.sealed(permissionId)
    for (const who of ['chair', 'analyst', 'landlord'])
      expect(refusal(await house.make(permissionId, {}, who))).toEqual([403, 'need-to-know'])
    expect(refusal(await house.issue(packageId, 'chair'))).toEqual([403, 'need-to-know'])
    const plain = ({ entryId: _, ...body }: Record<string, unknown>) => body
    for (const [real, invented] of [
      [await house.make(permissionId, {}, 'nurse'), await house.make(inventedId(), {}, 'nurse')],
      [await house.issue(packageId, 'nurse'), await house.issue(inventedId(), 'nurse')],
    ] as const)
      expect([real.status, plain(real.body)]).toEqual([404, plain(invented.body)])
  })

  it('is for nobody who has a system to ask through, unless they have no account there', async () => {
    const more = { ...to('housing-officer'), recipientWithoutAccount: true, purpose: 'accommodation', legalGateway: 'dpa36-4-authorised' }
    const without = await house.granted(await house.requested(shared.at, more))
    expect((await house.make(without)).status).toBe(201)
    expect(refusal(await house.retrieve(without, 'housing-officer', { purpose: 'accommodation' }))).toEqual([403, 'package-only'])
    const requestId = await house.requested(shared.at, to('housing-officer'))
    expect(refusal(await house.make(await house.granted(requestId)))).toEqual([409, 'conflict'])
  })

  it('ends with its permission at the latest, and no later than a week', async () => {
    const { permissionId } = shared
    const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
    for (const expiresAt of [inDays(-1), inDays(8)])
      expect(refusal(await house.make(permissionId, { expiresAt }))).toEqual([400, 'invalid'])
    const made = must(await house.make(permissionId, { expiresAt: inDays(2) }), 201)
    expect(new Date(String(made.expiresAt)).getTime()).toBeLessThan(Date.now() + 3 * 86_400_000)
    const { packageId, link, code } = await house.sealed(permissionId)
    await unguarded('disclosure_package', `update disclosure_package set expires_at = statement_timestamp() where id = '${packageId}'`)
    expect((await house.knock(link, code)).status).toBe(403)
    expect((await house.standing(packageId)).state).toBe('expired')
  })
})

/** As the owner of the tables, past what keeps them as they are. */
const unguarded = async (table: string, text: string): Promise<void> => {
  await house.database.owner.query({ text: `alter table ${table} disable trigger all` })
  await house.database.owner.query({ text })
  await house.database.owner.query({ text: `alter table ${table} enable trigger all` })
}

describe('a package whose answer never left', () => {
  it('stays used up, the log says so once, and another may be made', async () => {
    const { at, permissionId } = shared
    const { packageId, link, code } = await house.sealed(permissionId)
    for (const [typed, status] of [
      ['WRNG-CDES-2222', 403],
      [code, 200],
    ] as const)
      expect((await house.knock(link, typed)).status).toBe(status)
    await seenToLeave(packageId)
    // As it stands when an instance ends between the commit and the answer.
    await unguarded('disclosure_package_delivery', `delete from disclosure_package_delivery where package_id = '${packageId}'`)
    await unguarded(
      'disclosure_package_opening',
      `update disclosure_package_opening set opened_at = opened_at - interval '2 minutes' where package_id = '${packageId}'`,
    )
    expect((await house.standing(packageId)).delivered).toBeNull()
    expect([await house.gateway.packages.noteLost(), await house.gateway.packages.noteLost()]).toEqual([1, 0])
    expect(await house.standing(packageId)).toMatchObject({ state: 'opened', delivered: false })
    const noted = await rowsOf(
      `select p.event, p.offender_id from access_log_payload p where convert_from(p.canonical, 'UTF8')::jsonb ->> 'about' = $1`,
      [(await house.standing(packageId)).openingEntryId],
    )
    expect(noted).toEqual([{ event: 'not-delivered', offender_id: at.offenderId }])
    const again = await house.sealed(permissionId)
    expect((await house.knock(again.link, again.code)).status).toBe(200)
  })
})

describe('the tables of packages', () => {
  it('are added to by the gateway and changed by nobody', async () => {
    const tables = ['', '_code', '_try', '_opening', '_delivery'].map((end) => `disclosure_package${end}`)
    const granted = await rowsOf(
      `select g.table_name as name, string_agg(g.privilege_type, ' ' order by g.privilege_type) as may from information_schema.role_table_grants g
        where g.grantee = 'gateway_app' and g.table_name = any($1) group by 1 order by 1`,
      [tables],
    )
    expect(granted).toEqual([...tables].sort().map((name) => ({ name, may: 'INSERT SELECT' })))
    for (const table of tables)
      for (const text of [`update ${table} set package_id = package_id`, `delete from ${table}`, `truncate ${table} cascade`])
        await expect(
          house.database.owner.query({ text: text.replace('package set package_id = package_id', 'package set id = id') }),
        ).rejects.toThrow()
  })
})
