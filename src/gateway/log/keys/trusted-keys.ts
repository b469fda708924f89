import type { Db } from '../../../db/db.ts'
import { listLogKeys, type LogKeyRow } from '../../../db/log/log-keys.ts'
import { followKeys, type KeyWindow } from '../../../ledger/verify/keys/follow-keys.ts'
import { parseNoteKey } from '../../../ledger/verify/signed-note.ts'

/** What was stated of the keys, in the order in which it was. */
export const statementsOf = (keys: readonly LogKeyRow[]): readonly string[] =>
  keys.flatMap(({ statement, end }) => [...(statement === null ? [] : [statement]), ...(end === null ? [] : [end.statement])])

/** The keys that follow from one's own by their signatures: the database's word alone adds none. */
export const trustedKeys = async (db: Db, ownKey: string): Promise<readonly KeyWindow[]> =>
  followKeys(parseNoteKey(ownKey), statementsOf(await listLogKeys(db))).windows
