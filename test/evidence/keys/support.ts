import { type Tx, withTransaction } from '../../../src/db/db.ts'
import { openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { admitKey } from '../../../src/gateway/log/keys/admit-key.ts'
import { endorseKey } from '../../../src/gateway/log/keys/endorse-key.ts'
import { endKeys } from '../../../src/jobs/end-key.ts'
import { sealOnce } from '../../../src/jobs/sealer.ts'
import { logVerifierKey } from '../../../src/ledger/note.ts'
import { freshDatabase, type FreshDatabase } from '../../support/database.ts'
import { commitEntries, type LogKey, makeKey, origin } from '../sealing-support.ts'

export const reason = { by: 'Ola Operator', justification: 'Yearly change' }
export const told = (key: LogKey): string => logVerifierKey(origin, key.publicKey)

/** A log whose key can be changed, without a gateway around it. */
export const openKeyedLog = async (first = makeKey('first')) => {
  const fresh = await freshDatabase()
  await admitKey(fresh.db, { origin, key: first })
  return { fresh, first, ...actsOn(fresh) }
}
export type KeyedLog = Awaited<ReturnType<typeof openKeyedLog>>

const actsOn = ({ db }: FreshDatabase) => {
  const seal = (key: LogKey) => sealOnce({ database: db, origin, privateKey: key.privateKey })
  /** Commits made by an instance that signs with this key, and their entries' ids. */
  const commit = async (key: LogKey, commits: number): Promise<readonly string[]> => {
    const log = await openLogWriter(db, key)
    const ids: string[] = []
    for (let i = 0; i < commits; i += 1) ids.push(...(await commitEntries(db, log, [{ content: { i } }, {}])))
    return ids
  }
  return {
    seal,
    commit,
    work: async (key: LogKey, commits: number): Promise<readonly string[]> => {
      const ids = await commit(key, commits)
      await seal(key)
      return ids
    },
    endorse: (current: LogKey | null, next: LogKey) => endorseKey(db, { origin, current, next, ...reason }),
    end: (current: LogKey, anyway = true) => endKeys(db, { origin, current, anyway, ...reason }),
  }
}

class Undone extends Error {}

/** What `look` sees after somebody who owns the database has done that with the triggers off; everything is taken back. */
export const undone = async <Seen>(
  { fresh }: KeyedLog,
  act: (tx: Tx) => Promise<unknown>,
  look: (tx: Tx) => Promise<Seen>,
): Promise<Seen> => {
  let seen: { readonly value: Seen } | null = null
  const attempt = withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    await act(tx)
    seen = { value: await look(tx) }
    throw new Undone()
  })
  await attempt.catch((cause: unknown) => {
    if (!(cause instanceof Undone)) throw cause
  })
  return seen!.value
}
