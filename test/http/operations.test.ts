import { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeMetrics, metricsServer } from '../../src/http/routes/metrics.ts'
import type { DoorRequest } from '../../src/identity/identity-uses.ts'
import { bodyOf, caller, contract, good, openDoors, type TestDoors } from './support.ts'

let doors: TestDoors
beforeAll(async () => void (doors = await openDoors({ readiness: async () => ({ ready: false, why: ['fsync is off'] }) })))
afterAll(() => doors.stop())
const get = (path: string) => fetch(doors.url + path)

describe('what operators ask', () => {
  it('is answered without a token', async () => {
    expect((await get('/health/liveness')).status).toBe(200)
    const readiness = await get('/health/readiness')
    expect([readiness.status, await bodyOf(readiness)]).toEqual([503, { ready: false, why: ['fsync is off'] }])
    expect(await bodyOf(await get('/info'))).toEqual({ name: 'gateway' })
    expect(await bodyOf(await get('/openapi.json'))).toEqual(contract.document)
  })

  it('says not ready when readiness itself fails', async () => {
    const failing = await openDoors({ readiness: () => Promise.reject(new Error('canary')) })
    const response = await fetch(`${failing.url}/health/readiness`)
    expect([response.status, await response.text()]).toEqual([503, expect.not.stringContaining('canary')])
    await failing.stop()
  })

  it('has a reference page that needs nothing from elsewhere and no inline script', async () => {
    const page = await get('/docs')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none';script-src 'self';style-src 'self'")
    expect(policy).not.toContain('unsafe')
    const html = await page.text()
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string)
    expect(links.length).toBe(4)
    for (const link of links) expect([link, (await get(link)).status]).toEqual([expect.stringMatching(/^\/docs\//), 200])
    expect(html).not.toMatch(/<script>|style=|onload=/)
  })

  it.each(['/docs/', '/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui.js.map', '/metrics', '/'])(
    'does not offer %s',
    async (path) => expect((await get(path)).status).toBe(404),
  )

  it('counts requests on a port of their own, by operation and status', async () => {
    const metrics = makeMetrics()
    const counted = await openDoors({ metrics })
    await fetch(`${counted.url}/v1/me/access`, { headers: good })
    const server = metricsServer(metrics).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect
      .poll(async () => (await fetch(`${base}/metrics`)).text())
      .toContain('gateway_requests_total{operation="myAccess",status="200"} 1')
    expect((await fetch(`${base}/else`)).status).toBe(404)
    server.close()
    await counted.stop()
  })
})

describe('the caller over TLS', () => {
  it('brings its certificate, and is asked for by the address it used', async () => {
    const pem = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 })
    const seen: DoorRequest[] = []
    const secure = await openDoors({
      tls: { key: pem.private, cert: pem.cert },
      authenticate: async (asked) => {
        seen.push(asked)
        return caller
      },
    })
    const ask = (more: object) =>
      new Promise<number>((resolve, reject) => {
        const options = { port: secure.port, host: '127.0.0.1', path: '/v1/agencies?limit=5', headers: good, rejectUnauthorized: false }
        request({ ...options, ...more }, (response) => resolve(response.resume().statusCode ?? 0))
          .on('error', reject)
          .end()
      })
    expect(await ask({ key: pem.private, cert: pem.cert, agent: false })).toBe(200)
    expect(await ask({ agent: false })).toBe(200)
    expect(Buffer.from(seen[0]?.peerCertificate ?? [])).toEqual(new X509Certificate(pem.cert).raw)
    expect(seen[1]?.peerCertificate).toBeNull()
    expect(seen[0]?.url).toBe(`https://127.0.0.1:${secure.port}/v1/agencies?limit=5`)
    await secure.stop()
  })

  it('is asked for by the public address where one is set, whatever Host says', async () => {
    const seen: DoorRequest[] = []
    const proxied = await openDoors({
      options: { publicUrl: 'https://gateway.example/' },
      authenticate: async (asked) => {
        seen.push(asked)
        return caller
      },
    })
    await fetch(`${proxied.url}/v1/me/access`, { headers: { ...good, 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '10.0.0.1' } })
    expect(seen[0]?.url).toBe('https://gateway.example/v1/me/access')
    await proxied.stop()
  })
})
