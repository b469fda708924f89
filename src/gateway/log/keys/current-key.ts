import type { BatchKey } from '../../../ledger/batch.ts'

/** The key that this instance signs with: whoever holds this object signs with the new one from the moment it was replaced. */
export interface CurrentKey extends BatchKey {
  replace(key: BatchKey): void
}

export const makeCurrentKey = (first: BatchKey): CurrentKey => {
  let { kid, privateKey } = first
  return {
    get kid() {
      return kid
    },
    get privateKey() {
      return privateKey
    },
    // Both at once: a signature is made in one turn and never sees half of a change.
    replace: (key) => {
      ;({ kid, privateKey } = key)
    },
  }
}
