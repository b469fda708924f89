import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config.ts'
import { type CurrentKey, makeCurrentKey } from '../../../src/gateway/log/keys/current-key.ts'
import { admitKey } from '../../../src/gateway/log/keys/admit-key.ts'
import { readSigningKey, signingKeyFile } from '../../../src/keys.ts'
import { type Receipt, verifyReceipt } from '../../../src/ledger/receipt.ts'
import { logVerifierKey } from '../../../src/ledger/note.ts'
import { defaultSealing } from '../../../src/evidence.ts'
import type { Verdict } from '../../../src/cli/log/verify-bundle.ts'
import { type CommandLine, commandLineOn } from '../../cli/support/iom.ts'
import { enquiryOf } from '../../journeys/support/requests.ts'
import { urlOf } from '../../support/database.ts'
import type { Instance, TestGateway } from '../../support/gateway.ts'

const { origin } = defaultSealing
const reason = ['--by', 'Ola Operator', '--why', 'Yearly change']

/** The key of a log that is written by two running instances is changed by command, and everything that they sign stays proved. */
export const testChangeOver = (gateway: () => TestGateway): void => {
  let house: TestGateway
  let iom: CommandLine['iom']
  let config: CommandLine['config']
  let scratch: string
  /** What the process holds that is given the new key while it runs. */
  let held: CurrentKey
  let other: Instance
  const receipts: Receipt[] = []
  let firstKey: string

  const keyNow = () => readSigningKey(config)
  const askOn = async (instance: Instance): Promise<number> => {
    const answer = await instance.as('analyst').post('/v1/enquiries', enquiryOf('sam', 'identity'))
    if (answer.status === 200) receipts.push(answer.body.receipt as unknown as Receipt)
    return answer.status
  }
  const kidOf = (receipt: Receipt): string =>
    (JSON.parse(Buffer.from(receipt.batch.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid
  const documentOf = async () =>
    (await (await fetch(`${house.url}/log/keys`)).json()) as { keys: (JsonWebKey & { kid: string; untilSize: number | null })[] }
  const bundleVerdict = async (): Promise<Verdict> => {
    const bundle = join(scratch, 'bundle.zip')
    rmSync(bundle, { force: true })
    const exported = await iom('log', 'export', bundle, '--purpose', 'integrity', ...reason)
    expect([exported.exitCode, exported.err]).toEqual([0, ''])
    const { out } = await iom('log', 'verify', bundle, '--key', firstKey, '--json')
    return JSON.parse(out) as Verdict
  }

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'log-key-change-'))
    house = gateway()
    config = loadConfig({ DATA_DIR: house.dataDir, DATABASE_URL: urlOf(house.database.ownerConnection), PORT: '0' })
    iom = commandLineOn(config).iom
    firstKey = logVerifierKey(origin, keyNow().privateKey)
    held = makeCurrentKey(keyNow())
    other = await house.another({ signingKey: held })
  })
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true })
  })

  test('the next key is endorsed by the present one, made where there is none, and entered in the log', async () => {
    expect(await askOn(house)).toBe(200)
    expect((await iom('log', 'endorse-key', '--by', 'Ola Operator')).exitCode).toBe(2)
    const done = await iom('log', 'endorse-key', ...reason)
    expect([done.exitCode, done.err]).toEqual([0, ''])
    expect(existsSync(`${signingKeyFile(config)}.next`)).toBe(true)
    const entryId = /Entry (\S+) says so/.exec(done.out)![1]!
    const { rows } = await house.database.owner.query<{ entry: object }>({
      text: `select convert_from(p.canonical, 'UTF8')::jsonb as entry from access_log_payload p where p.entry_id = $1`,
      values: [entryId],
    })
    expect(rows[0]!.entry).toMatchObject({ operation: 'endorseLogKey', event: 'key-changed', by: 'Ola Operator', endorsed: true })
    expect((await iom('log', 'endorse-key', ...reason)).err).toContain('That is a key of the log already')
  })

  test('a gateway on a key that nobody entered does not start', async () => {
    const strange = makeCurrentKey({ ...keyNow(), privateKey: generateKeyPairSync('ed25519').privateKey })
    await expect(house.another({ signingKey: strange })).rejects.toThrow('is none of the keys of the log')
  })

  test('two instances with different keys: both answer, each signs with its own, and everything is proved from the first key', async () => {
    renameSync(signingKeyFile(config), join(scratch, 'old.pem'))
    renameSync(`${signingKeyFile(config)}.next`, signingKeyFile(config))
    const next = keyNow()
    await admitKey(other.gateway.database, { origin, key: next })
    held.replace(next)
    for (const instance of [house, other, house, other]) expect(await askOn(instance)).toBe(200)
    const document = await documentOf()
    expect(new Set(receipts.slice(-4).map(kidOf))).toEqual(new Set(document.keys.map(({ kid }) => kid)))
    const info = async (one: Instance) => ((await (await fetch(`${one.url}/info`)).json()) as { logKey: { kid: string } }).logKey.kid
    expect([await info(house), await info(other)]).toEqual(document.keys.map(({ kid }) => kid))
    expect(await bundleVerdict()).toMatchObject({ findings: [], whole: true, keys: [{ text: firstKey }, { until: null }] })
    const told = (await house.as('ig-officer').get('/v1/access-log/checkpoint')).body as { logKeys: string[] }
    expect(told.logKeys).toEqual([firstKey, logVerifierKey(origin, next.privateKey)])
    const checked = await house.as('ig-officer').post('/v1/access-log/checks')
    expect(checked.body).toMatchObject({ signedByLog: true, faults: [] })
  })

  test('an older key is not ended while an instance signs with it, unless it is said to be; then that one answers 503', async () => {
    const hasty = await iom('log', 'end-key', ...reason)
    expect([hasty.exitCode, hasty.err]).toEqual([1, expect.stringContaining('Give every instance the new key')])
    const done = await iom('log', 'end-key', '--anyway', ...reason)
    expect([done.exitCode, done.err]).toEqual([0, ''])
    expect(await askOn(house)).toBe(503)
    expect(await askOn(other)).toBe(200)
    const ready = await Promise.all([house, other].map(async ({ url }) => (await fetch(`${url}/health/readiness`)).json()))
    expect(ready).toMatchObject([{ ready: false, why: [expect.stringContaining('has ended')] }, { ready: true }])
    const { keys } = await documentOf()
    expect(keys.map(({ untilSize }) => untilSize === null)).toEqual([false, true])
    expect((await iom('log', 'keys')).out).toMatch(/ended at \d+ .*\n.*signs/)
  })

  test('afterwards the whole log, and every receipt that was ever given, is proved with the published keys', async () => {
    const { keys } = await documentOf()
    const byKid = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]))
    expect(receipts.map((receipt) => verifyReceipt(receipt, byKid.get(kidOf(receipt))!))).toEqual(receipts.map(() => true))
    const [early] = receipts
    const wrong = [...byKid].find(([kid]) => kid !== kidOf(early!))![1]
    expect(verifyReceipt(early!, wrong)).toBe(false)
    const verdict = await bundleVerdict()
    expect(verdict).toMatchObject({ findings: [], whole: true })
    expect(verdict.keys[0]!.until).toBe(keys[0]!.untilSize)
  })
}
