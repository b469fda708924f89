import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Caller } from '../../src/core/caller.ts'
import { readClock } from '../../src/db/clock.ts'
import { type Database, type Db, withTransaction } from '../../src/db/db.ts'
import { type EntryFrame, writeEntry, type WrittenEntry } from '../../src/gateway/commit/log-entry.ts'
import { type LogWriter, openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { bundleMembers, type ExportOptions } from '../../src/gateway/log/export-bundle.ts'
import { zipArchive } from '../../src/gateway/log/zip-writer.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { sealOnce } from '../../src/jobs/sealer.ts'
import { logVerifierKey } from '../../src/ledger/note.ts'
import { type Verdict, verifyBundle, type VerifyOptions } from '../../src/cli/log/verify-bundle.ts'

export const origin = 'test.invalid/access-log'

export const makeKey = (kid = 'log-key') => {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { kid, privateKey, publicKey: createPublicKey(privateKey) }
}
export type LogKey = ReturnType<typeof makeKey>

export const caller: Caller = {
  agencyId: 'ridings-police',
  clientId: 'ridings-police-records',
  personSub: 'analyst',
  binding: 'bearer',
  keyThumbprint: null,
  tokenExpiresAt: new Date(8.64e15),
  requestId: newId(),
  traceparent: null,
}

type Draft = EntryFrame['draft']
const consultation: Draft = { event: 'consultation', effect: 'permit', reason: null, offenderId: null, purpose: 'audit-ig', content: {} }

/** An id as it would have been made at that instant: ids carry their time, and the log is kept by it. */
const idAt = (at: Date): string => {
  const stamp = at.getTime().toString(16).padStart(12, '0')
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}${newId().slice(13)}`
}

export const entryAt = (at: Date, draft: Partial<Draft> = {}): WrittenEntry =>
  writeEntry({
    entryId: idAt(at),
    at,
    operation: 'enquire',
    caller,
    policyHash: 'test',
    draft: { ...consultation, ...draft },
    receipt: { purpose: 'audit-ig' },
  })

/** Commits one batch of entries as the gateway does, and gives their ids back. */
export const commitEntries = async (
  db: Database,
  log: LogWriter,
  drafts: readonly Partial<Draft>[],
  at?: Date,
): Promise<readonly string[]> => {
  const done = await withTransaction(db, async (tx) => {
    const instant = at ?? (await readClock(tx))
    const entries = drafts.map((draft) => entryAt(instant, draft))
    return { batch: await log.append(tx, entries, [], instant), entries }
  })
  log.committed(done.batch)
  return done.entries.map((entry) => entry.columns.entryId)
}

/** A log of commits of the given sizes, sealed after every few of them. */
export const makeLog = async (
  db: Database,
  key: LogKey,
  { commits, sealEvery }: { readonly commits: readonly number[]; readonly sealEvery: number },
): Promise<readonly string[]> => {
  const log = await openLogWriter(db, key)
  const ids: string[] = []
  for (const [i, size] of commits.entries()) {
    ids.push(
      ...(await commitEntries(
        db,
        log,
        Array.from({ length: size }, (_, n) => ({ content: { commit: i, place: n } })),
      )),
    )
    if ((i + 1) % sealEvery === 0) await sealOnce({ database: db, origin, privateKey: key.privateKey })
  }
  await sealOnce({ database: db, origin, privateKey: key.privateKey })
  return ids
}

export const exportOptions = (key: LogKey, at: Date): ExportOptions => ({
  origin,
  logKey: logVerifierKey(origin, key.publicKey),
  batchKeys: [{ kid: key.kid, ...key.publicKey.export({ format: 'jwk' }) }],
  at,
})

/** Writes a bundle of what `db` sees and verifies it, as whoever receives it would. */
export const exportAndVerify = async (
  db: Db,
  key: LogKey,
  more: { readonly only?: ExportOptions['only']; readonly verify?: Partial<VerifyOptions> } = {},
): Promise<Verdict> => {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    const bundle = join(directory, 'bundle.zip')
    const members = bundleMembers(db, { ...exportOptions(key, await readClock(db)), only: more.only })
    await pipeline(Readable.from(zipArchive(members)), createWriteStream(bundle))
    return await verifyBundle({ bundle, ...more.verify })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
