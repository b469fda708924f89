import { importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../src/http/console/pages.ts'
import { keptKey } from '../../src/sandbox/keys.ts'
import { issuerOf } from '../../src/sandbox/tokens.ts'
import { audience, openGateway, type TestGateway } from '../support/gateway.ts'
import { countEntries } from '../support/logged.ts'
import { makeVisitor, type Visitor } from './support/visitor.ts'

let house: TestGateway
let admin: Visitor
/** Of a session that is over, and of another person's that is not. */
let strangeTokens: readonly string[]
beforeAll(async () => {
  house = await openGateway()
  const other = makeVisitor(house.url)
  await other.signIn('spoc')
  const over = other.token()
  await other.send('/console/sign-out', {})
  const second = makeVisitor(house.url)
  await second.signIn('spoc')
  strangeTokens = [over, second.token()]
  admin = makeVisitor(house.url)
  await admin.signIn('admin')
})
afterAll(() => house.close())

const id = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e02'
const addressOf = (path: string): string => path.replaceAll(/:\w+/g, (name) => (name === ':clientId' ? 'ridings-police-records' : id))
const forms = ['/console/sign-out', ...pages.filter((page) => page.submit !== undefined).map(({ path }) => addressOf(path))]
const confirmed = { _step: 'confirm', _key: 'a-key', why: 'Because', agencyId: 'ridings-police', sub: 'somebody', displayName: 'Some Body' }

/** Everything in the log that somebody known did. */
const deeds = (): Promise<number> => countEntries(house.database, `p.event <> 'auth-failure'`)
const sessions = async (): Promise<number> => {
  const { rows } = await house.database.owner.query<{ n: number }>({ text: 'select count(*)::integer as n from console_session' })
  return rows[0]!.n
}

describe('a form that is not ours', () => {
  it('is what every page with a form is tried with', () => expect(forms.length).toBeGreaterThan(35))

  describe.each(forms)('%s', (path) => {
    const attempts: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
      ['without a token', { _token: '' }, {}],
      ['with a made-up token', { _token: 'A'.repeat(43) }, {}],
      ['from another origin', {}, { origin: 'https://elsewhere.example' }],
      ['from nowhere', {}, { origin: 'null' }],
      ['from another site, whatever its origin says', {}, { 'sec-fetch-site': 'cross-site' }],
      ['from another port of this host', {}, { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' }],
    ]
    it('has no effect from elsewhere, nor without the token of this session', async () => {
      await admin.open('/console/accessibility')
      const token = admin.token()
      const before = [await deeds(), await sessions()]
      for (const [what, fields, headers] of attempts) {
        const seen = await admin.send(path, { ...confirmed, _token: token, ...fields }, headers)
        expect([what, seen.status]).toEqual([what, path === '/console/sign-out' ? 200 : 403])
      }
      expect([await deeds(), await sessions()]).toEqual(before)
    })

    it('has no effect with the token of a session that is over, nor with that of another person', async () => {
      const before = [await deeds(), await sessions()]
      for (const token of strangeTokens) {
        const seen = await admin.send(path, { ...confirmed, _token: token })
        expect(path === '/console/sign-out' ? 200 : 403).toBe(seen.status)
      }
      expect([await deeds(), await sessions()]).toEqual(before)
    })

    it('has no effect when it is sent by GET, or as JSON', async () => {
      const count = async () => countEntries(house.database, `p.event in ('alteration', 'isa-changed')`)
      const before = await count()
      await admin.open(`${path}?${new URLSearchParams({ ...confirmed, _token: admin.token() }).toString()}`)
      const headers = { 'content-type': 'application/json' }
      const seen = await admin.send(path, confirmed, headers)
      expect(seen.status).toBe(path === '/console/sign-out' ? seen.status : 415)
      expect(await count()).toBe(before)
    })
  })

  it('would be noticed if it had an effect: the same form from our page has one', async () => {
    await admin.signIn('admin')
    await admin.open('/console/agency/people/new')
    const before = await countEntries(house.database, `p.event = 'alteration' and p.effect = 'permit'`)
    const seen = await admin.send('/console/agency/people/new', confirmed)
    expect(seen.status).toBe(200)
    expect(await countEntries(house.database, `p.event = 'alteration' and p.effect = 'permit'`)).toBe(before + 1)
  })
})

describe('every page', () => {
  it.each(['/console', '/console/sign-in', '/console/help', '/console/accessibility', '/console/nowhere'])(
    '%s runs no script, loads nothing from elsewhere and cannot be framed',
    async (path) => {
      const { headers, text } = await admin.open(path)
      const policy = headers.get('content-security-policy')!
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("form-action 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(policy).not.toContain('script-src')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(text).not.toMatch(/<script|<[^>]+\son\w+=|style="/i)
      expect(text.match(/<h1/g)).toHaveLength(1)
    },
  )

  it('says who is looking and that it is logged, once somebody has signed in', async () => {
    const { text } = await admin.open('/console')
    expect(text).toContain('<strong>Addy Admin</strong>')
    expect(text).toContain('written to the access log')
  })

  it('serves no font of the government’s and no crown', async () => {
    const { text } = await admin.open('/console')
    const sheets = await Promise.all([...text.matchAll(/href="(\/console\/assets\/[^"]+)"/g)].map((found) => admin.open(found[1]!)))
    expect(sheets).toHaveLength(3)
    for (const sheet of sheets) {
      expect(sheet.headers.get('content-type')).toContain('text/css')
      expect(sheet.headers.get('cache-control')).toContain('immutable')
      expect(sheet.text).not.toMatch(/GDS Transport|@font-face/)
    }
  })
})

describe('the console as a system', () => {
  it('has no tokens: one that its agency’s issuer signed for it is refused at the interface', async () => {
    const tokenFor = async (clientId: string): Promise<string> => {
      const key = await keptKey(house.dataDir, 'issuer', 'ridings-police')
      return new SignJWT({ client_id: clientId })
        .setProtectedHeader({ typ: 'at+jwt', alg: 'ES256', kid: key.thumbprint })
        .setIssuer(issuerOf('ridings-police'))
        .setAudience(audience)
        .setSubject('analyst')
        .setIssuedAt()
        .setExpirationTime('5m')
        .setJti(clientId)
        .sign(await importJWK(key.privateJwk, 'ES256'))
    }
    const send = async (clientId: string) =>
      house.send({ method: 'GET', url: '/v1/me/access', headers: { authorization: `Bearer ${await tokenFor(clientId)}` } })
    const refused = await send('ridings-police-console')
    expect([refused.status, refused.body.detail]).toEqual([401, expect.stringContaining('no token of it is accepted')])
    expect((await send('ridings-police-records')).status).toBe(200)
  })
})

describe('the session', () => {
  it('is a cookie of this host alone that no other site can send along; its token is nowhere in the database', async () => {
    const visitor = makeVisitor(house.url)
    await visitor.signIn('chair')
    const line = visitor.setCookies.find((cookie) => cookie.startsWith('__Host-console='))!
    for (const flag of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']) expect(line.split('; ')).toContain(flag)
    expect(line).not.toMatch(/domain/i)
    const token = visitor.cookies.get('__Host-console')!
    const { rows } = await house.database.owner.query<{ text: string }>({ text: 'select s::text as text from console_session s' })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some(({ text }) => text.includes(token) || text.includes(Buffer.from(token).toString('hex')))).toBe(false)
  })

  it('is over after 15 minutes without a page; sign-in leads back to the page that was asked for', async () => {
    const visitor = makeVisitor(house.url)
    await visitor.signIn('spoc')
    const age = (minutes: string) =>
      house.database.owner.query({
        text: `update console_session set seen_at = statement_timestamp() - $1::interval where person_sub = 'spoc'`,
        values: [minutes],
      })
    await age('14 minutes 50 seconds')
    expect((await visitor.open('/console/agency/clients')).url).toContain('/console/agency/clients')
    await age('15 minutes 1 second')
    const asked = await visitor.open('/console/agency/clients')
    expect(asked.url).toBe(`${house.url}/console/sign-in?to=${encodeURIComponent('/console/agency/clients')}`)
    const link = /href="(\/console\/sign-in\/ridings-partnership[^"]*)"/.exec(asked.text)![1]!
    expect(link).toContain(encodeURIComponent('/console/agency/clients'))
    const posted = await visitor.send('/console/agency/people/new', confirmed)
    expect(posted.url).toContain(`/console/sign-in?to=${encodeURIComponent('/console/agency/people/new')}`)
  })

  it('ends with signing out, for whoever kept the cookie as well', async () => {
    const visitor = makeVisitor(house.url)
    await visitor.signIn('spoc')
    const kept = new Map(visitor.cookies)
    await visitor.send('/console/sign-out', {})
    for (const [name, value] of kept) visitor.cookies.set(name, value)
    expect((await visitor.open('/console')).url).toContain('/console/sign-in')
  })

  it('leads nowhere but to pages of the console', async () => {
    const visitor = makeVisitor(house.url)
    for (const to of [
      'https://elsewhere.example',
      '//elsewhere.example',
      '/console/../v1/agencies',
      '/v1/agencies',
      '/console?x=1',
      'javascript:1',
    ]) {
      const { text } = await visitor.open(`/console/sign-in?to=${encodeURIComponent(to)}`)
      expect(text).not.toContain('?to=')
    }
  })
})
