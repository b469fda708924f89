import type { Tx } from './db.ts'

/** Marks a place in an open transaction to which `backToSavepoint` returns. One is open at a time. */
export async function setSavepoint(tx: Tx): Promise<void> {
  await tx.query({ text: 'savepoint before_change' })
}

/** Undoes everything since `setSavepoint`; the transaction, and the locks it took before, stay. */
export async function backToSavepoint(tx: Tx): Promise<void> {
  await tx.query({ text: 'rollback to savepoint before_change' })
}
