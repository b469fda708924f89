import { randomInt } from 'node:crypto'
import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Role } from '../../../core/vocabulary.ts'
import { findNewestCheckpoint, type StoredCheckpoint } from '../../../db/log/checkpoints.ts'
import { readSealingLag } from '../../../db/log/leaves.ts'
import { signedWithin } from '../../../ledger/verify/keys/follow-keys.ts'
import { parseCheckpoint, parseNote, parseNoteKey, signedBy } from '../../../ledger/verify/signed-note.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { holdsRole, notAppointed } from '../../roles.ts'
import { type CheckpointUses, givenCheckpoint, type Witnesses } from '../checkpoint.ts'
import { trustedKeys } from '../keys/trusted-keys.ts'
import { checkEntries, checkRoots, type LogFault } from './check-tree.ts'

const NEWEST = 200
const DRAWN = 100
const EARLIER = 10
const reviewers: readonly Role[] = ['ig-officer', 'dpo', 'auditor-external', 'system-admin']

/**
 * Operation `checkLog`: the gateway checks itself, and says of what: the newest checkpoint's signatures, its root and some before it
 * from the hashes as they are stored now, the newest entries and some drawn by lot from what they say now. It vouches for no more; an
 * outsider verifies an exported bundle, or the published hashes, without trusting it.
 */
export const checkLog =
  (uses: CheckpointUses) =>
  (caller: Caller, _request: OperationRequest): Promise<Answer> =>
    uses.commitChange(caller, {
      operation: 'checkLog',
      event: 'integrity-checked',
      locks: [],
      lockMode: 'shared',
      run: async (context): Promise<ChangeOutcome<object>> => {
        if (!holdsRole(context.standing, reviewers, context.at)) return { allowed: false, reason: notAppointed }
        const checkpoint = await findNewestCheckpoint(context.tx)
        const lag = await readSealingLag(context.tx)
        const unsealed = { oldestUnsealedSeconds: lag === null ? null : Math.max(0, lag) }
        if (checkpoint === null) return answered({ ...nothingSealed, ...unsealed })
        return answered({ ...(await check(uses, context, checkpoint)), ...unsealed })
      },
    })

const nothingSealed = {
  ...{ agrees: null, brokenAt: null, faults: [], checkpoint: null, signedByLog: null, signedByWitnesses: [], quorum: 0 },
  ...{ rootsCompared: 0, entriesRecomputed: 0, entriesErased: 0, entriesInLog: 0 },
}

interface Found {
  readonly agrees: boolean | null
  readonly brokenAt: number | null
  readonly entriesRecomputed: number
}

const answered = (body: Found): ChangeOutcome<object> => ({
  allowed: true,
  status: 200,
  body,
  detail: { agrees: body.agrees, brokenAt: body.brokenAt, recomputed: body.entriesRecomputed },
})

const check = async (uses: CheckpointUses, { tx }: ChangeContext, checkpoint: StoredCheckpoint) => {
  const given = await givenCheckpoint(tx, checkpoint)
  const signatures = signaturesOf(uses.witnesses, { checkpoint, text: given.note, keys: await trustedKeys(tx, uses.logKey) })
  const roots = await checkRoots(tx, checkpoint, EARLIER)
  const entries = await checkEntries(tx, checkpoint, chosen(checkpoint.size))
  const unsigned: readonly LogFault[] = signatures.signedByLog ? [] : [{ kind: 'signature', leafIndex: null }]
  const faults = [...unsigned, ...roots.faults, ...entries.faults]
  return {
    agrees: faults.length === 0,
    brokenAt: faults.find(({ leafIndex }) => leafIndex !== null)?.leafIndex ?? null,
    faults: faults.slice(0, 100),
    checkpoint: given,
    ...signatures,
    quorum: uses.witnesses.quorum,
    rootsCompared: roots.compared,
    entriesRecomputed: entries.recomputed,
    entriesErased: entries.erased,
    entriesInLog: checkpoint.size,
  }
}

interface Signed {
  readonly checkpoint: StoredCheckpoint
  readonly text: string
  readonly keys: Awaited<ReturnType<typeof trustedKeys>>
}

/** Does the note say what the database says, and who signed it? A name is not enough: each signature is verified with its key. */
const signaturesOf = (witnesses: Witnesses, { checkpoint, text, keys }: Signed) => {
  const { size, root } = checkpoint
  const note = parseNote(text)
  const said = note === null ? null : parseCheckpoint(note.text)
  if (note === null || said?.size !== size || !said.root.equals(root)) return { signedByLog: false, signedByWitnesses: [] }
  return {
    signedByLog: signedWithin(note, size, keys) === 'good',
    signedByWitnesses: witnesses.keys.map(parseNoteKey).flatMap((key) => (signedBy(note, key) === null ? [] : [key.name])),
  }
}

/** The newest entries, and some of those before them: nobody can tell beforehand which. */
const chosen = (size: number): readonly number[] => {
  const older = Math.max(0, size - NEWEST)
  const drawn = older <= DRAWN ? Array.from({ length: older }, (_, at) => at) : Array.from({ length: DRAWN }, () => randomInt(older))
  const newest = Array.from({ length: size - older }, (_, at) => older + at)
  return [...new Set([...drawn, ...newest])].toSorted((left, right) => left - right)
}
