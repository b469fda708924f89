import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { followLogKeys } from '../../src/cli/witness/followed-keys.ts'
import { openWitnessKey } from '../../src/cli/witness/witness-key.ts'
import { witnessServer } from '../../src/cli/witness/witness-server.ts'
import { openWitnessState } from '../../src/cli/witness/witness-state.ts'
import { watchLog } from '../../src/cli/witness/watch-log.ts'
import { findNewestCheckpoint, findWitnessedCheckpoint } from '../../src/db/log/checkpoints.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { publishedTree } from '../../src/gateway/log/checkpoint.ts'
import { makeCosigner } from '../../src/jobs/cosigner.ts'
import { sealOnce } from '../../src/jobs/sealer.ts'
import { signCheckpoint } from '../../src/ledger/checkpoint.ts'
import { logVerifierKey, witnessVerifierKey } from '../../src/ledger/note.ts'
import { parseNote, parseNoteKey, signedBy } from '../../src/ledger/verify/signed-note.ts'
import { formatAddCheckpoint } from '../../src/ledger/witness.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { commitEntries, makeKey, makeLog, origin } from './sealing-support.ts'

const key = makeKey()
const logKey = parseNoteKey(logVerifierKey(origin, key.publicKey))
let directory: string
const running: { close(): unknown }[] = []
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'witness-'))))

const emptyLog = async (): Promise<FreshDatabase> => {
  const database = await freshDatabase()
  running.push({ close: () => database.drop() })
  return database
}
afterAll(async () => {
  for (const one of running) await one.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A witness program on a port of its own, started again on the same directory by the same name. */
const startWitness = async (name: string) => {
  const home = join(directory, name)
  const state = openWitnessState(home)
  const signer = openWitnessKey(join(home, 'witness.pem'), `${name}.invalid/witness`)
  const told: string[] = []
  const uses = {
    logKeys: followLogKeys(logKey, home),
    signer,
    state,
    now: () => new Date(),
    tell: (message: string) => void told.push(message),
  }
  const server = witnessServer(uses).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  running.push(server)
  return {
    uses,
    told,
    server,
    address: {
      key: parseNoteKey(witnessVerifierKey(signer.name, signer.privateKey)),
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/add-checkpoint`,
    },
    evidence: () => readdirSync(join(home, 'evidence')).map((file) => readFileSync(join(home, 'evidence', file), 'utf8')),
  }
}
type Witness = Awaited<ReturnType<typeof startWitness>>

const post = async (url: string, body: string) => {
  const response = await fetch(url, { method: 'POST', body })
  return { status: response.status, body: await response.text() }
}
const cosignerFor = (db: FreshDatabase, witnesses: readonly Witness[]) =>
  makeCosigner({ database: db.db, witnesses: witnesses.map((one) => one.address), post, warn: () => undefined })
const grow = async (db: FreshDatabase, commits: number): Promise<void> => {
  const log = await openLogWriter(db.db, key)
  for (let i = 0; i < commits; i += 1) await commitEntries(db.db, log, [{ content: { i } }])
  await sealOnce({ database: db.db, origin, privateKey: key.privateKey })
}

const fetchFrom =
  ({ db }: FreshDatabase) =>
  async (path: string): Promise<Buffer> => {
    const tree = publishedTree(db)
    if (path === 'keys') return Buffer.from(await tree.keys())
    return Buffer.from((path === 'checkpoint' ? await tree.checkpoint() : await tree.tile(path))!)
  }

describe('witnesses', () => {
  test('sign what continues what they saw, and two of three suffice when one is down', async () => {
    const fresh = await emptyLog()
    const witnesses = [await startWitness('one'), await startWitness('two'), await startWitness('three')]
    const cosigner = cosignerFor(fresh, witnesses)
    for (const commits of [1, 300, 5]) {
      await grow(fresh, commits)
      await cosigner.collect()
    }
    const all = await findWitnessedCheckpoint(fresh.db, 3)
    expect(all?.size).toBe(306)
    await new Promise((resolve) => witnesses[2]!.server.close(resolve))
    witnesses[2]!.server.closeAllConnections()
    await grow(fresh, 2)
    await cosigner.collect()
    expect((await findWitnessedCheckpoint(fresh.db, 3))?.size).toBe(306)
    expect((await findWitnessedCheckpoint(fresh.db, 2))?.size).toBe(308)
    const note = parseNote((await publishedTree(fresh.db).checkpoint())!)!
    for (const one of witnesses.slice(0, 2)) expect(signedBy(note, one.address.key)?.at).toBeInstanceOf(Date)
    expect(signedBy(note, witnesses[2]!.address.key)).toBeNull()
    expect(cosigner.alarms()).toEqual([])
  })

  test('remember over a restart, and tell a gateway that forgot what they saw', async () => {
    const fresh = await emptyLog()
    const before = await startWitness('lasting')
    await grow(fresh, 3)
    await cosignerFor(fresh, [before]).collect()
    before.server.closeAllConnections()
    await new Promise((resolve) => before.server.close(resolve))
    const after = await startWitness('lasting')
    expect(after.uses.state.read()?.size).toBe(3)
    await grow(fresh, 2)
    await cosignerFor(fresh, [after]).collect()
    expect((await findWitnessedCheckpoint(fresh.db, 1))?.size).toBe(5)
    writeFileSync(join(directory, 'lasting', 'witnessed.json'), '{}')
    expect(() => openWitnessState(join(directory, 'lasting'))).toThrow()
  })

  test('refuse a log that was rolled back to a backup, keep the proof, and the gateway raises the alarm', async () => {
    const fresh = await emptyLog()
    const witness = await startWitness('rollback')
    await grow(fresh, 9)
    await cosignerFor(fresh, [witness]).collect()
    const restored = await emptyLog()
    await grow(restored, 4)
    const cosigner = cosignerFor(restored, [witness])
    await cosigner.collect()
    expect(cosigner.alarms()).toEqual(['The witness rollback.invalid/witness has seen 9 entries and the log has 4: it was rolled back.'])
    expect(await findWitnessedCheckpoint(restored.db, 1)).toBeNull()
    expect(witness.uses.state.read()?.size).toBe(9)
    expect(witness.evidence()).toEqual([expect.stringContaining('the log shows 4 entries after it had shown 9')])
    // Looking for itself it finds the same.
    const fetchPath = fetchFrom(restored)
    expect(await watchLog(witness.uses, fetchPath)).toBe('refused')
  })

  test('refuse a second history, shorter ones that grew past it as well, and keep both signed sides', async () => {
    const fresh = await emptyLog()
    const witness = await startWitness('split')
    await makeLog(fresh.db, key, { commits: [1, 1, 1, 1], sealEvery: 1 })
    await cosignerFor(fresh, [witness]).collect()
    const other = await emptyLog()
    await makeLog(other.db, key, { commits: [1, 1, 1, 1], sealEvery: 1 })
    const cosigner = cosignerFor(other, [witness])
    await cosigner.collect()
    expect(cosigner.alarms()).toEqual(['The witness split.invalid/witness has seen another log of 4 entries.'])
    await grow(other, 3)
    await cosigner.collect()
    expect(cosigner.alarms()).toEqual(['The witness split.invalid/witness refuses this log (422).'])
    const kept = witness.evidence()
    expect(kept).toHaveLength(2)
    for (const text of kept) {
      const [, held, shown] = /before\n([^]*)\n--- what it was shown then\n([^]*)$/.exec(text)!
      for (const note of [held!, shown!]) expect(signedBy(parseNote(note)!, logKey)).toEqual({ at: null })
    }
    const fetchPath = fetchFrom(other)
    expect(await watchLog(witness.uses, fetchPath)).toBe('refused')
    const first = fetchFrom(fresh)
    expect(await watchLog(witness.uses, first)).toBe('same')
    await grow(fresh, 700)
    expect(await watchLog(witness.uses, first)).toBe('grown')
  })

  test.each([
    ['no request', 'hello', 400],
    ['a proof that is no hash', 'old 0\nAAAA\n\nx\n', 400],
    ['no checkpoint', 'old 0\n\nhello\n', 400],
    ['another log', 'other', 404],
    ['a signature by somebody else', 'forged', 403],
    ['an old size beyond the checkpoint', 'beyond', 400],
    ['a size it has not seen', 'unseen', 409],
  ])('refuse %s', async (_title, what, status) => {
    const witness = await startWitness('strict')
    const note = (name: string, privateKey = key.privateKey) =>
      signCheckpoint({ origin: name, size: 1, root: Buffer.alloc(32) }, privateKey)
    const bodies: Record<string, string> = {
      other: formatAddCheckpoint({ oldSize: 0, proof: [], note: note('other.invalid/log') }),
      forged: formatAddCheckpoint({ oldSize: 0, proof: [], note: note(origin, makeKey().privateKey) }),
      beyond: formatAddCheckpoint({ oldSize: 2, proof: [], note: note(origin) }),
      unseen: formatAddCheckpoint({ oldSize: 1, proof: [], note: note(origin) }),
    }
    const reply = await post(witness.address.url, bodies[what] ?? what)
    expect(reply.status).toBe(status)
    if (status === 409) expect(reply.body).toBe('0\n')
    expect(witness.uses.state.read()).toBeNull()
  })

  test('a signature that is not the witness’s own is not stored', async () => {
    const fresh = await emptyLog()
    const witness = await startWitness('honest')
    const liar = {
      ...witness,
      address: { ...witness.address, key: parseNoteKey(witnessVerifierKey('honest.invalid/witness', makeKey().publicKey)) },
    }
    await grow(fresh, 1)
    await cosignerFor(fresh, [liar]).collect()
    expect(await findWitnessedCheckpoint(fresh.db, 1)).toBeNull()
    expect((await findNewestCheckpoint(fresh.db))?.size).toBe(1)
  })
})
