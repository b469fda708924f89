import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../../src/core/caller.ts'
import { type Tx, withTransaction } from '../../src/db/db.ts'
import { findCommittedLeaf, findLeaf } from '../../src/db/log/leaves.ts'
import { eraseLogPayloads, findErasable } from '../../src/db/log/retention.ts'
import { readTile } from '../../src/db/log/tiles.ts'
import { findNewestCheckpoint } from '../../src/db/log/checkpoints.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { approveErasure, requestErasure } from '../../src/gateway/log/retention.ts'
import { endLegalHold, placeLegalHold } from '../../src/gateway/log/retention-holds.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { sealOnce } from '../../src/jobs/sealer.ts'
import { inclusionProof } from '../../src/ledger/proof.ts'
import { subtreesFromTiles } from '../../src/ledger/tiles.ts'
import { provesInclusion } from '../../src/ledger/verify/proofs.ts'
import { sha256 } from '../../src/ledger/verify/hashing.ts'
import { addPerson, makeUses, requestOf, seedRegistry } from '../support/agreement-registry.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { commitEntries, entryAt, exportAndVerify, makeKey, origin } from './sealing-support.ts'

const key = makeKey()
const years = (count: number): Date => new Date(Date.now() - count * 365.25 * 86_400_000)
let fresh: FreshDatabase
let uses: Awaited<ReturnType<typeof makeUses>>
let officer: Caller
let second: Caller
let dpo: Caller
let both: Caller
let heldPerson: string
let otherPerson: string
let old: readonly string[]
let held: readonly string[]
let young: readonly string[]

beforeAll(async () => {
  fresh = await freshDatabase()
  await seedRegistry(fresh)
  uses = await makeUses(fresh, key)
  officer = await addPerson(fresh, 'ridings-partnership', 'officer', ['ig-officer'])
  second = await addPerson(fresh, 'ridings-partnership', 'second', ['ig-officer'])
  dpo = await addPerson(fresh, 'ridings-partnership', 'protector', ['dpo'])
  both = await addPerson(fresh, 'ridings-partnership', 'both', ['ig-officer', 'dpo'])
  const addOffender = async (): Promise<string> => {
    const id = newId()
    const text = `insert into offender (id, given_name, family_name, cohort, area_id) values ($1, 'Sam', 'Example', 'iom', 'calder')`
    await fresh.owner.query({ text, values: [id] })
    return id
  }
  heldPerson = await addOffender()
  otherPerson = await addOffender()
  const log = await openLogWriter(fresh.db, key)
  const aged = async (at: Date, offenderId: string) => {
    const ids = await commitEntries(fresh.db, log, [{ offenderId }, { offenderId }], at)
    return ids
  }
  old = await aged(years(7), otherPerson)
  held = await aged(years(7), heldPerson)
  young = await aged(years(5), otherPerson)
  await sealOnce({ database: fresh.db, origin, privateKey: key.privateKey })
})
afterAll(() => fresh.drop())

const left = async (ids: readonly string[]): Promise<number> => {
  const text = 'select count(*) as left from access_log_payload p where p.entry_id = any($1::uuid[])'
  return Number((await fresh.owner.query<{ left: number }>({ text, values: [ids] })).rows[0]?.left)
}
/** What the database itself does with an entry that says so, without any of the gateway's rules before it. */
const eraseDirectly = (ids: readonly string[], db = fresh.db): Promise<number> =>
  withTransaction(db, async (tx: Tx) => {
    const log = await openLogWriter(tx, key)
    const at = new Date()
    const entry = entryAt(at, { event: 'erasure', content: { erased: ids } })
    await log.append(tx, [entry], [], at)
    return eraseLogPayloads(tx, entry.columns.entryId)
  })
const place = (who: Caller, offenderId = heldPerson) =>
  placeLegalHold(uses)(who, requestOf({ params: { offenderId }, body: { kind: 'serious-further-offence', reference: 'SFO-7' } }))
const ask = (who: Caller, before = years(5.5)) =>
  requestErasure(uses)(who, requestOf({ body: { before: before.toISOString(), justification: 'Yearly' } }))
const approve = (who: Caller, erasureId: string) => approveErasure(uses)(who, requestOf({ params: { erasureId } }))
const idOf = (answer: { body: unknown }, name: string): string => (answer.body as Record<string, string>)[name]!

describe('the database itself', () => {
  test('erases nothing before its period, nothing twice, and nothing without the entry that says so', async () => {
    await expect(eraseDirectly(young)).rejects.toThrow(/may not be erased/)
    await expect(eraseDirectly([newId()])).rejects.toThrow(/may not be erased/)
    await expect(eraseLogPayloads(await asTx(), newId())).rejects.toThrow(/accounts for an erasure/)
    await expect(eraseLogPayloads(await asTx(), old[0]!)).rejects.toThrow(/accounts for an erasure/)
    expect(await left([...old, ...held, ...young])).toBe(6)
  })
  test('lets the application neither delete, nor shorten a period, nor become the role that may', async () => {
    for (const text of [
      'delete from access_log_payload',
      `update log_retention_period set days = 365`,
      `insert into log_retention_period values ('consultation', 365)`,
      'set role gateway_retention',
      'delete from log_erasure',
      'delete from legal_hold',
    ])
      await expect(fresh.db.query({ text })).rejects.toThrow()
    await expect(fresh.owner.query({ text: `update log_retention_period set days = 30` })).rejects.toThrow(/log_retention_period_is_long/)
  })
  const asTx = (): Promise<Tx> => Promise.resolve({ ...fresh.db, inTransaction: true } as unknown as Tx)
})

describe('retention (A0-3, quality T21)', () => {
  test('a hold is placed by an officer, and everybody else learns nothing', async () => {
    const stranger = await addPerson(fresh, 'ridings-police', 'stranger')
    const [hidden, invented] = [await place(stranger), await place(officer, newId())]
    expect([hidden.status, invented.status]).toEqual([404, 404])
    expect({ ...(hidden.body as object), entryId: '' }).toEqual({ ...(invented.body as object), entryId: '' })
    const placed = await place(officer)
    expect(placed.status).toBe(201)
    await expect(eraseDirectly(held)).rejects.toThrow(/may not be erased/)
    const end = (who: Caller) =>
      endLegalHold(uses)(who, requestOf({ params: { holdId: idOf(placed, 'holdId') }, body: { justification: 'Closed' } }))
    expect(await end(officer)).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } })
    expect(await left(held)).toBe(2)
  })

  test('an officer asks and a data protection officer approves: what may go goes, with an entry that names it', async () => {
    expect(await ask(dpo)).toMatchObject({ status: 403, body: { code: 'need-to-know' } })
    expect(await ask(officer, new Date(Date.now() + 60_000))).toMatchObject({ status: 400 })
    const own = await ask(both)
    expect(await approve(both, idOf(own, 'erasureId'))).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } })
    const asked = await ask(officer)
    expect(asked).toMatchObject({ status: 201, body: { erasableNow: 2 } })
    expect(await approve(second, idOf(asked, 'erasureId'))).toMatchObject({ status: 403 })
    const proofsBefore = await Promise.all([...old, ...held, ...young].map(proves))
    const approved = await approve(dpo, idOf(asked, 'erasureId'))
    expect(approved).toMatchObject({ status: 200, body: { erased: 2, more: false } })
    expect([await left(old), await left(held), await left(young)]).toEqual([0, 2, 2])
    const text = 'select p.event, p.canonical from access_log_payload p where p.entry_id = $1'
    const { rows } = await fresh.owner.query<{ event: string; canonical: Buffer }>({ text, values: [approved.entryId] })
    expect(rows[0]?.event).toBe('erasure')
    expect((JSON.parse(rows[0]!.canonical.toString('utf8')) as { erased: string[] }).erased.toSorted()).toEqual(old.toSorted())
    expect(await Promise.all([...old, ...held, ...young].map(proves))).toEqual(proofsBefore.map(() => true))
    expect(await findErasable(fresh.db, new Date(), 10)).toEqual([])
    expect(await approve(dpo, idOf(asked, 'erasureId'))).toMatchObject({ body: { erased: 0, more: false } })
    expect(await approve(dpo, newId())).toMatchObject({ status: 404 })
  })

  test('after it every proof still verifies, and the bundle is whole', async () => {
    await sealOnce({ database: fresh.db, origin, privateKey: key.privateKey })
    expect((await exportAndVerify(fresh.owner, key)).findings).toEqual([])
  })

  test('no name can be guessed from what is left of an erased entry', async () => {
    const text = `select row_to_json(a)::text as row from access_log a where a.entry_id = $1
                  union all select row_to_json(l)::text from log_leaf l where l.entry_id = $1`
    const { rows } = await fresh.owner.query<{ row: string }>({ text, values: [old[0]] })
    expect(rows).toHaveLength(2)
    for (const { row } of rows) for (const word of [otherPerson, 'analyst', 'ridings-police']) expect(row).not.toContain(word)
    const leaf = (await findCommittedLeaf(fresh.db, old[0]!))!.leafHash
    const guesses = [otherPerson, heldPerson, 'analyst', old[0]!].flatMap((word) => [
      sha256(Buffer.from(word)),
      sha256(Buffer.from([0]), Buffer.from(word)),
    ])
    expect(guesses.some((guess) => guess.equals(leaf))).toBe(false)
  })

  test('when the hold has ended, ended by another officer, what it held may go', async () => {
    const text = 'select h.id from legal_hold h'
    const holds = (await fresh.owner.query<{ id: string }>({ text })).rows
    for (const { id } of holds)
      expect(await endLegalHold(uses)(second, requestOf({ params: { holdId: id }, body: { justification: 'Closed' } }))).toMatchObject({
        status: 200,
      })
    const again = endLegalHold(uses)(second, requestOf({ params: { holdId: holds[0]!.id }, body: { justification: 'Closed' } }))
    expect(await again).toMatchObject({ status: 409 })
    const asked = await ask(officer)
    expect(await approve(dpo, idOf(asked, 'erasureId'))).toMatchObject({ body: { erased: 2 } })
    expect(await left(held)).toBe(0)
  })
})

const proves = async (entryId: string): Promise<boolean> => {
  const [leaf, committed, head] = await Promise.all([
    findLeaf(fresh.db, entryId),
    findCommittedLeaf(fresh.db, entryId),
    findNewestCheckpoint(fresh.db),
  ])
  const place = { index: leaf!.index, size: head!.size }
  const path = await inclusionProof(
    place,
    subtreesFromTiles(head!.size, (address) => readTile(fresh.db, address)),
  )
  return provesInclusion({ ...place, leaf: committed!.leafHash, root: head!.root, path })
}
