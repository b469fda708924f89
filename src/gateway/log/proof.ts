import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Tx } from '../../db/db.ts'
import { findNewestCheckpoint, findWitnessedCheckpoint, type StoredCheckpoint } from '../../db/log/checkpoints.ts'
import { findCommittedLeaf, findLeaf } from '../../db/log/leaves.ts'
import { readTile } from '../../db/log/tiles.ts'
import { inclusionProof } from '../../ledger/proof.ts'
import { subtreesFromTiles } from '../../ledger/tiles.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import { isPartnershipOfficer } from '../roles.ts'
import { givenCheckpoint, type Witnesses } from './checkpoint.ts'

export interface ProofUses {
  readonly commitChange: CommitChange
  readonly witnesses: Witnesses
}

/**
 * Operation `proveEntry`: that an entry is a leaf of the log which the log, and its witnesses, signed. For the agency whose entry it
 * is, for whoever holds its receipt (they alone know the leaf), and for the partnership's officers. Hashes only.
 */
export const proveEntry =
  ({ commitChange, witnesses }: ProofUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const entryId = request.params.entryId!.toLowerCase()
    const { leafHash = null } = request.body as { leafHash?: string | null }
    return commitChange(caller, {
      operation: 'proveEntry',
      event: 'integrity-checked',
      locks: [],
      lockMode: 'shared',
      detail: { proves: entryId },
      run: (context) => prove(context, { entryId, leafHash, quorum: witnesses.quorum }),
    })
  }

interface Asked {
  readonly entryId: string
  readonly leafHash: string | null
  readonly quorum: number
}

const prove = async (context: ChangeContext, { entryId, leafHash, quorum }: Asked): Promise<ChangeOutcome<object>> => {
  const committed = await findCommittedLeaf(context.tx, entryId)
  if (committed === null || !mayProve(context, committed, leafHash)) return notYours
  const leaf = await findLeaf(context.tx, entryId)
  const checkpoint = leaf === null ? null : await checkpointOver(context.tx, leaf.index, quorum)
  const common = { provesEntryId: entryId, leafHash: committed.leafHash.toString('base64url') }
  if (leaf === null || checkpoint === null) return { allowed: true, status: 200, body: { ...common, sealed: false, proof: null } }
  const read = subtreesFromTiles(checkpoint.size, (address) => readTile(context.tx, address))
  const path = await inclusionProof({ index: leaf.index, size: checkpoint.size }, read)
  return {
    allowed: true,
    status: 200,
    body: {
      ...common,
      sealed: true,
      proof: {
        leafIndex: leaf.index,
        path: path.map((node) => node.toString('base64url')),
        checkpoint: await givenCheckpoint(context.tx, checkpoint),
      },
    },
    detail: { leafIndex: leaf.index, treeSize: checkpoint.size },
  }
}

/** An entry that is not there and one that is not yours to prove are the same answer. */
const notYours: ChangeOutcome<never> = {
  allowed: false,
  status: 404,
  reason: { code: 'log-purpose', stage: 'R42', ruleId: 'log-own-receipt-or-officer', cites: 'DPA 2018 s.62(4); R42' },
}

const mayProve = (
  { standing, at }: ChangeContext,
  committed: { readonly leafHash: Buffer; readonly agencyId: string | null },
  leafHash: string | null,
): boolean =>
  leafHash === committed.leafHash.toString('base64url') ||
  committed.agencyId === standing.agency.id ||
  isPartnershipOfficer(standing, ['ig-officer', 'dpo', 'auditor-external'], at)

/** What witnesses signed is worth more than what the log signed last, where it covers the leaf. */
const checkpointOver = async (tx: Tx, index: number, quorum: number): Promise<StoredCheckpoint | null> => {
  const witnessed = quorum === 0 ? null : await findWitnessedCheckpoint(tx, quorum, index)
  if (witnessed !== null) return witnessed
  const newest = await findNewestCheckpoint(tx)
  return newest !== null && newest.size > index ? newest : null
}
