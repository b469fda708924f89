import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { commitmentOf, leafOf } from '../../src/ledger/batch.ts'
import { type Receipt, verifyReceipt } from '../../src/ledger/receipt.ts'
import { provesInclusion } from '../../src/ledger/verify/proofs.ts'
import { merkleRoot } from '../../src/ledger/verify/hashing.ts'
import { parseCheckpoint, parseNote, parseNoteKey, signedBy } from '../../src/ledger/verify/signed-note.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { enquiryOf } from '../journeys/support/requests.ts'
import { testChangeOver } from './keys/change-over.ts'

let house: TestGateway
beforeAll(async () => void (house = await openGateway()))
afterAll(() => house.close())

interface Proof {
  readonly sealed: boolean
  readonly leafHash: string
  readonly proof: {
    readonly leafIndex: number
    readonly path: readonly string[]
    readonly checkpoint: { readonly note: string; readonly size: number }
  } | null
}
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
const proofOf = async (as: string, entryId: string, body: object = {}): Promise<Proof> => {
  const deadline = Date.now() + 5_000
  for (;;) {
    const reply = await house.as(as).post(`/v1/access-log/${entryId}/proof`, body)
    expect(reply.status).toBe(200)
    const proof = reply.body as unknown as Proof
    if (proof.sealed || Date.now() > deadline) return proof
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const leafHashOf = (receipt: Receipt): string => leafOf(bytes(receipt.commitment), Buffer.from(receipt.body)).toString('base64url')

describe('whoever holds a receipt', () => {
  test('proves with it, and with nothing of the gateway but its key, that the log holds the entry', async () => {
    const answer = await house.as('analyst').post('/v1/enquiries', enquiryOf('sam', 'identity'))
    expect(answer.status).toBe(200)
    const receipt = answer.body.receipt as unknown as Receipt
    const key = createPublicKey(readFileSync(join(house.dataDir, 'keys', 'log-signing.pem')))
    expect(verifyReceipt(receipt, key)).toBe(true)
    const { proof } = await proofOf('analyst', answer.entryId)
    const checkpoints = (await house.as('analyst').get('/v1/access-log/checkpoint')).body as { logKey: string }
    const note = parseNote(proof!.checkpoint.note)!
    expect(signedBy(note, parseNoteKey(checkpoints.logKey))).toEqual({ at: null })
    const { size, root } = parseCheckpoint(note.text)!
    const claim = { leaf: bytes(leafHashOf(receipt)), index: proof!.leafIndex, size, root, path: proof!.path.map(bytes) }
    expect(provesInclusion(claim)).toBe(true)
    expect(provesInclusion({ ...claim, leaf: leafOf(commitmentOf(Buffer.alloc(32), Buffer.alloc(1)), Buffer.from(receipt.body)) })).toBe(
      false,
    )
  })

  test('needs no more than the receipt: a colleague elsewhere with it is given the proof, one without is not', async () => {
    const answer = await house.as('analyst').post('/v1/enquiries', enquiryOf('sam', 'identity'))
    const leafHash = leafHashOf(answer.body.receipt as unknown as Receipt)
    expect((await proofOf('nurse', answer.entryId, { leafHash })).sealed).toBe(true)
    expect((await proofOf('ig-officer', answer.entryId)).sealed).toBe(true)
    const path = `/v1/access-log/${answer.entryId}/proof`
    const [without, wrong, invented] = [
      await house.as('nurse').post(path, {}),
      await house.as('nurse').post(path, { leafHash: 'A'.repeat(43) }),
      await house.as('nurse').post('/v1/access-log/01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01/proof', {}),
    ]
    for (const reply of [without, wrong, invented]) expect([reply.status, reply.body.code]).toEqual([404, 'log-purpose'])
  })
})

describe('the published tree', () => {
  const get = (path: string) => fetch(house.url + path)

  test('is read by anybody: a signed checkpoint, and hashes that give its root', async () => {
    await proofOf('analyst', (await house.as('analyst').post('/v1/enquiries', enquiryOf('sam', 'identity'))).entryId)
    const response = await get('/log/checkpoint')
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'no-cache',
    ])
    const { size, root } = parseCheckpoint(parseNote(await response.text())!.text)!
    expect(size).toBeLessThan(256)
    const tile = await get(`/log/tile/0/000.p/${size}`)
    expect([tile.status, tile.headers.get('content-type'), tile.headers.get('cache-control')]).toEqual([
      200,
      'application/octet-stream',
      'public, max-age=31536000, immutable',
    ])
    const hashes = Buffer.from(await tile.arrayBuffer())
    expect(merkleRoot(Array.from({ length: size }, (_, i) => hashes.subarray(i * 32, i * 32 + 32))).equals(root)).toBe(true)
    for (const path of [
      `/log/tile/0/000.p/${size + 100}`,
      '/log/tile/0/000',
      '/log/tile/1/000.p/1',
      '/log/tile/0/0',
      '/log/tile/entries/000',
      '/log/',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404])
  })
})

describe('the key that signs the log is changed while two instances run:', () => testChangeOver(() => house))

describe('quality F16: when the log has not been sealed for fifteen minutes', () => {
  let deaf: TestGateway
  beforeAll(async () => void (deaf = await openGateway({ sealing: { on: false } })))
  afterAll(() => deaf.close())
  const ageOldest = (age: string) =>
    withTransaction(deaf.database.owner, async (tx) => {
      await tx.query({ text: `set local session_replication_role = 'replica'` })
      await tx.query({
        text: `update log_batch set committed_at = statement_timestamp() - $1::interval
                where (epoch, counter) = (select b.epoch, b.counter from log_batch b order by b.committed_at limit 1)`,
        values: [age],
      })
    })
  const ask = () => deaf.as('analyst').post('/v1/enquiries', enquiryOf('sam', 'identity'))
  const find = () =>
    deaf
      .as('analyst')
      .post('/v1/searches', { list: 'own-area', purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Checking' })

  test('ordinary data stop, refusals go on and are logged; when the log is sealed again, data flow by themselves', async () => {
    expect((await ask()).status).toBe(200)
    await ageOldest('14 minutes 50 seconds')
    expect([(await ask()).status, (await find()).status]).toEqual([200, 200])
    await ageOldest('15 minutes')
    const stopped = await ask()
    expect([stopped.status, stopped.headers.get('retry-after')]).toEqual([503, '30'])
    expect(stopped.text).not.toContain('Sam')
    expect((await find()).status).toBe(503)
    const refused = await deaf.as('landlord').post('/v1/enquiries', enquiryOf('sam', 'accommodation', { legalGateway: 'gdpr-6-1-e' }))
    expect([refused.status, refused.entryId]).toEqual([403, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect((await ask()).status).toBe(503)
    const sealing = await deaf.another({ sealing: { on: true } })
    await expect.poll(async () => (await ask()).status, { timeout: 5_000 }).toBe(200)
    await sealing.close()
  })

  test('the gateway stays ready, and health says why there is an alarm', async () => {
    await ask()
    await withTransaction(deaf.database.owner, async (tx) => {
      await tx.query({ text: `set local session_replication_role = 'replica'` })
      await tx.query({
        text: `update log_checkpoint set frontier = set_byte(frontier, 0, get_byte(frontier, 0) # 1), covers_until = '-infinity'`,
      })
    })
    await ageOldest('61 seconds')
    const stuck = await deaf.another({ sealing: { on: true } })
    const health = async () => (await (await fetch(`${stuck.url}/health/readiness`)).json()) as { ready: boolean; alarms?: string[] }
    await expect
      .poll(async () => (await health()).alarms, { timeout: 8_000 })
      .toEqual([
        expect.stringMatching(
          /^The oldest log entry that is not sealed is \d+ seconds old\. the stored tree is not the one its checkpoint signs\.$/,
        ),
      ])
    expect((await health()).ready).toBe(true)
    await stuck.close()
  })
})
