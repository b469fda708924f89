import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from '../journeys/support/agree.ts'
import { inventedId } from '../journeys/support/requests.ts'
import { agreedWords, landlord, openPackages, type Packages, said } from './package-support.ts'
import { refusal, type Scene, to } from './support.ts'

let house: Packages
beforeAll(async () => {
  house = await openPackages()
})
afterAll(() => house.close())

const rowsOf = async (text: string, values: unknown[] = []) => (await house.database.owner.query<object>({ text, values })).rows
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
    const graded = await house.scene([{ text: said, grade: { source: '1', intelligence: 'b', handling: 'p' } }])
    await house.consentTo(graded, [almo.agencyId])
    expect(refusal(await house.make(await house.permitted(graded, almo, { legalGateway: 'cda115' })))).toEqual([403, 'handling-code'])
  })
})

describe('making a package', () => {
  let scene: Scene
  let permissionId: string
  beforeAll(async () => {
    scene = await house.scene([said])
    await house.consentTo(scene, [landlord.agencyId])
    permissionId = await house.permitted(scene, landlord)
  })

  it('is for the single point of contact of the area; to a stranger there is neither permission nor package', async () => {
    const { packageId } = await house.sealed(permissionId)
    for (const who of ['chair', 'analyst', 'landlord']) expect(refusal(await house.make(permissionId, {}, who))).toEqual([403, 'need-to-know'])
    expect(refusal(await house.issue(packageId, 'chair'))).toEqual([403, 'need-to-know'])
    const plain = ({ entryId: _, ...body }: Record<string, unknown>) => body
    for (const [real, invented] of [
      [await house.make(permissionId, {}, 'nurse'), await house.make(inventedId(), {}, 'nurse')],
      [await house.issue(packageId, 'nurse'), await house.issue(inventedId(), 'nurse')],
    ] as const)
      expect([real.status, plain(real.body)]).toEqual([404, plain(invented.body)])
  })

  it('is for nobody who has a system to ask through', async () => {
    const requestId = await house.requested(scene, to('housing-officer'))
    expect(refusal(await house.make(await house.granted(requestId)))).toEqual([409, 'conflict'])
  })

  it('ends with its permission at the latest, and no later than a week', async () => {
    const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
    for (const expiresAt of [inDays(-1), inDays(8)]) expect(refusal(await house.make(permissionId, { expiresAt }))).toEqual([400, 'invalid'])
    const made = must(await house.make(permissionId, { expiresAt: inDays(2) }), 201)
    expect(new Date(String(made.expiresAt)).getTime()).toBeLessThan(Date.now() + 3 * 86_400_000)
    const { packageId, link, code } = await house.sealed(permissionId)
    await unguarded('disclosure_package', `update disclosure_package set made_at = made_at - interval '9 days', expires_at = statement_timestamp() where id = '${packageId}'`)
    expect((await house.knock(link, code)).status).toBe(403)
    expect((await house.standing(packageId)).state).toBe('replaced')
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
    const scene = await house.scene([said])
    await house.consentTo(scene, [landlord.agencyId])
    const permissionId = await house.permitted(scene, landlord)
    const { packageId, link, code } = await house.sealed(permissionId)
    expect((await house.knock(link, code)).status).toBe(200)
    expect((await house.standing(packageId)).delivered).toBe(true)
    // As it stands when an instance ends between the commit and the answer.
    await unguarded('disclosure_package_delivery', `delete from disclosure_package_delivery where package_id = '${packageId}'`)
    await unguarded('disclosure_package_opening', `update disclosure_package_opening set opened_at = opened_at - interval '2 minutes' where package_id = '${packageId}'`)
    expect((await house.standing(packageId)).delivered).toBeNull()
    expect([await house.gateway.packages.noteLost(), await house.gateway.packages.noteLost()]).toEqual([1, 0])
    expect(await house.standing(packageId)).toMatchObject({ state: 'opened', delivered: false })
    const noted = await rowsOf(
      `select p.event, p.offender_id from access_log_payload p where convert_from(p.canonical, 'UTF8')::jsonb ->> 'about' = $1`,
      [(await house.standing(packageId)).openingEntryId],
    )
    expect(noted).toEqual([{ event: 'not-delivered', offender_id: scene.offenderId }])
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
        await expect(house.database.owner.query({ text: text.replace('package set package_id = package_id', 'package set id = id') })).rejects.toThrow()
  })
})
