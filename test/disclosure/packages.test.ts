import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countEntries } from '../support/logged.ts'
import { must } from '../journeys/support/agree.ts'
import type { Json } from '../support/ask.ts'
import { agreedWords, landlord, openPackages, type Packages, said, type Sealed } from './package-support.ts'
import { refusal, type Scene } from './support.ts'

let house: Packages
beforeAll(async () => {
  house = await openPackages()
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
  (await entriesAbout(packageId)).filter(({ operation }) => operation === 'openDisclosurePackage').map(({ effect, reason }) => [effect, reason])

const scene = (): Promise<Scene> => house.scene([said])
const forLandlord = async (): Promise<{ readonly at: Scene; readonly permissionId: string }> => {
  const at = await scene()
  await house.consentTo(at, [landlord.agencyId])
  return { at, permissionId: await house.permitted(at, landlord) }
}
const noSuchLink = '/packages/AAAAAAAAAAAAAAAAAAAAAA'

describe('a sealed package', () => {
  it('gives a landlord the agreed words once, and nothing of what was said in the room (scenario 34, R24)', async () => {
    const { at, permissionId } = await forLandlord()
    const { packageId, link, code } = await house.sealed(permissionId)
    const page = await house.knock(link, code.toLowerCase().replaceAll('-', ' '))
    expect(page.status).toBe(200)
    expect(page.text).toContain(agreedWords)
    expect(page.text).not.toContain(said)
    for (const part of ['OFFICIAL', 'Lou Landlord', 'Hollins Lettings', 'Do not pass on', 'Return or destroy', 'Yours to use until', '&quot;batch&quot;'])
      expect(page.text).toContain(part)
    const [opened] = (await entriesAbout(packageId)).filter(({ operation, effect }) => [operation, effect].join() === 'openDisclosurePackage,permit')
    expect(opened).toMatchObject({ permissionId, outbound: 'disclose', actingFor: null, holder: landlord, sealedPackage: true })
    expect(opened!.caller).toMatchObject({ ...{ agencyId: landlord.agencyId, personSub: landlord.sub, binding: 'package' } })
    expect(page.text).toContain(String(opened!.entryId))
    const register = await rowsOf('select recipient_agency_id, recipient_person_sub, outbound, purpose from disclosure where offender_id = $1', [at.offenderId])
    expect(register).toEqual([
      { recipient_agency_id: landlord.agencyId, recipient_person_sub: landlord.sub, outbound: 'disclose', purpose: 'accommodation' },
    ])
    expect(await rowsOf('select holder_agency, holder_sub from permission_retrieval where permission_id = $1', [permissionId])).toEqual([
      { holder_agency: landlord.agencyId, holder_sub: landlord.sub },
    ])
    expect(await house.standing(packageId)).toMatchObject({ state: 'opened', delivered: true, openingEntryId: opened!.entryId, triesLeft: 5 })
    expect((await house.knock(link, code)).text).toBe((await house.knock(noSuchLink, code)).text)
    expect(refusal(await house.retrieve(permissionId, 'landlord', { purpose: 'accommodation' }))).toEqual([403, 'package-only'])
  })

  it('is opened by one of two who come at once on two instances', async () => {
    const { permissionId } = await forLandlord()
    const { packageId, link, code } = await house.sealed(permissionId)
    const second = await house.another()
    const pages = await Promise.all([house.url, second.url, house.url, second.url].map((url) => house.knock(link, code, url)))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403])
    expect(await rowsOf('select from disclosure_package_opening where package_id = $1', [packageId])).toHaveLength(1)
    await second.close()
  })

  it('stays shut for ever after five wrong codes, however many come at once, and each is logged as nobody’s', async () => {
    const { permissionId } = await forLandlord()
    const { packageId, link, code } = await house.sealed(permissionId)
    const second = await house.another()
    const guesses = Array.from({ length: 8 }, (_, place) => house.knock(link, `WRNG-CDES-${2222 + place}`, place % 2 === 0 ? house.url : second.url))
    for (const { status } of await Promise.all(guesses)) expect(status).toBe(403)
    expect(await rowsOf('select number from disclosure_package_try where package_id = $1 order by number', [packageId])).toHaveLength(5)
    expect((await house.knock(link, code)).status).toBe(403)
    const knocks = await knocksAt(packageId)
    expect(knocks.map(([, reason]) => reason).sort()).toEqual([...Array<string>(4).fill('package-closed'), ...Array<string>(5).fill('package-code')])
    const entries = (await entriesAbout(packageId)).filter(({ operation }) => operation === 'openDisclosurePackage')
    expect(entries.map(({ caller }) => caller)).toEqual(entries.map(() => null))
    expect(await house.standing(packageId)).toMatchObject({ state: 'closed', triesLeft: 0, openedAt: null })
    expect(refusal(await house.issue(packageId))).toEqual([409, 'conflict'])
    await second.close()
  })

  it('is opened by the newest code alone, and gives way to a later package', async () => {
    const { permissionId } = await forLandlord()
    const first = await house.sealed(permissionId)
    const code = String(must(await house.issue(first.packageId), 201).code)
    expect((await house.knock(first.link, first.code)).status).toBe(403)
    const second = await house.sealed(permissionId)
    expect((await house.knock(first.link, code)).status).toBe(403)
    expect(await house.standing(first.packageId)).toMatchObject({ state: 'replaced', codesIssued: 2, triesLeft: 4 })
    expect((await house.knock(second.link, second.code)).status).toBe(200)
  })

  it('has its link and its code told once, and kept nowhere', async () => {
    const { permissionId } = await forLandlord()
    const [made, again] = [await house.make(permissionId, {}, 'spoc', 'make-1'), await house.make(permissionId, {}, 'spoc', 'make-1')]
    const packageId = String(made.body.packageId)
    expect([made.body.link, again.body.packageId, again.body.link]).toEqual([expect.stringMatching(/^\/packages\/[\w-]{22}$/), packageId, undefined])
    const [issued, repeated] = [await house.issue(packageId, 'spoc', 'code-1'), await house.issue(packageId, 'spoc', 'code-1')]
    expect([issued.body.code, repeated.body.number, repeated.body.code]).toEqual([expect.stringMatching(/^[2-9A-Z]{4}(-[2-9A-Z]{4}){2}$/), 1, undefined])
    for (const { nextStep } of [made.body, issued.body]) expect(nextStep).toMatch(/by telephone/)
    const secrets = [String(made.body.link).slice('/packages/'.length), String(issued.body.code), String(issued.body.code).replaceAll('-', '')]
    expect(await findEverywhere(secrets)).toEqual([])
    // The control: what is kept is found.
    expect(await findEverywhere([packageId])).not.toEqual([])
  })
})

/** The tables in whose rows any of these texts stands. */
const findEverywhere = async (texts: readonly string[]): Promise<readonly string[]> => {
  const tables = await rowsOf<{ name: string }>(`select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`)
  const found: string[] = []
  for (const { name } of tables)
    for (const text of texts)
      if ((await rowsOf(`select from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0 limit 1`, [text])).length > 0)
        found.push(name)
  return found
}

describe('what is decided again when a package is opened', () => {
  let given: { readonly at: Scene; readonly permissionId: string }
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
    const { permissionId } = await forLandlord()
    const { link, packageId } = await house.sealed(permissionId)
    const before = await countEntries(house.database)
    const [real, invented, long] = [await house.look(link), await house.look(noSuchLink), await house.look(`/packages/${'x'.repeat(300)}`)]
    expect([real.status, real.text]).toEqual([200, invented.text])
    expect(long.text).toBe(real.text)
    expect(real.text).toContain('<form method="post"')
    expect(real.text).not.toMatch(/<script|http-equiv/)
    const headers = (seen: typeof real) => [...seen.headers].filter(([name]) => !['x-request-id', 'date'].includes(name))
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
    const { permissionId } = await forLandlord()
    const { packageId, link, code } = await house.sealed(permissionId)
    const limit = { packageLimit: { most: 2, windowSeconds: 3600 } }
    const [one, other] = [await house.another(limit), await house.another(limit)]
    await rowsOf('delete from search_quota')
    for (const { url } of [one, other]) expect((await house.knock(link, 'WRNG-CDES-2222', url)).status).toBe(403)
    const refused = await house.knock(link, code, one.url)
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect(await knocksAt(packageId)).toHaveLength(2)
    for (const instance of [one, other]) await instance.close()
  })

  it('takes nothing but a form, and no other method', async () => {
    expect((await house.look(noSuchLink, 'PUT')).status).toBe(405)
    const json = await fetch(house.url + noSuchLink, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    expect(json.status).toBe(400)
  })
})
