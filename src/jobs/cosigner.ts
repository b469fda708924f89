import type { Database } from '../db/db.ts'
import { findCosignatures, findNewestCheckpoint, insertCosignature, type StoredCheckpoint } from '../db/log/checkpoints.ts'
import { readTile } from '../db/log/tiles.ts'
import { consistencyProof } from '../ledger/proof.ts'
import { subtreesFromTiles } from '../ledger/tiles.ts'
import { type NoteKey, parseNote, signedBy } from '../ledger/verify/signed-note.ts'
import { formatAddCheckpoint } from '../ledger/witness.ts'

/** A program at another agency that signs what it has checked. */
export interface WitnessAddress {
  readonly key: NoteKey
  /** Where its add-checkpoint is. */
  readonly url: string
}

export interface CosignerUses {
  readonly database: Database
  readonly witnesses: readonly WitnessAddress[]
  /** Sends text and gives back what came; throws when nothing did. */
  readonly post: (url: string, body: string) => Promise<{ readonly status: number; readonly body: string }>
  readonly warn: (message: string, about: object) => void
}

export interface Cosigner {
  /** Asks the witnesses that have not signed the newest checkpoint yet. One that does not answer keeps nobody waiting. */
  collect(): Promise<void>
  /** Sentences about witnesses that refuse this log; empty when none does. */
  alarms(): readonly string[]
}

export const makeCosigner = (uses: CosignerUses): Cosigner => {
  const seen = new Map<string, number>()
  const alarms = new Map<string, string>()
  const busy = new Set<string>()
  const askOne = async (witness: WitnessAddress, checkpoint: StoredCheckpoint): Promise<void> => {
    const { name } = witness.key
    if (busy.has(name)) return
    busy.add(name)
    try {
      const said = await ask(uses, { witness, checkpoint, from: seen.get(name) ?? 0 })
      seen.set(name, said.size)
      if (said.alarm === null) alarms.delete(name)
      else alarms.set(name, said.alarm)
    } catch (cause) {
      uses.warn('a witness did not answer', { witness: name, err: cause })
    } finally {
      busy.delete(name)
    }
  }
  return {
    alarms: () => [...alarms.values()],
    collect: async () => {
      const checkpoint = uses.witnesses.length === 0 ? null : await findNewestCheckpoint(uses.database)
      if (checkpoint === null) return
      const signed = new Set((await findCosignatures(uses.database, checkpoint.size)).map((one) => one.witness))
      const asked = uses.witnesses.filter((witness) => !signed.has(witness.key.name))
      await Promise.all(asked.map((witness) => askOne(witness, checkpoint)))
    },
  }
}

interface Question {
  readonly witness: WitnessAddress
  readonly checkpoint: StoredCheckpoint
  /** The size that the witness is thought to have seen. */
  readonly from: number
}

interface Said {
  readonly size: number
  readonly alarm: string | null
}

/** At most two questions: the first may learn which size the witness has seen (C2SP tlog-witness, 409). */
const ask = async (uses: CosignerUses, { witness, checkpoint, from }: Question, again = true): Promise<Said> => {
  const older = Math.min(from, checkpoint.size)
  const proof = await consistencyProof(
    { older, newer: checkpoint.size },
    subtreesFromTiles(checkpoint.size, (address) => readTile(uses.database, address)),
  )
  const reply = await uses.post(witness.url, formatAddCheckpoint({ oldSize: older, proof, note: checkpoint.note }))
  if (reply.status === 200) {
    await keep(uses, witness, checkpoint, reply.body)
    return { size: checkpoint.size, alarm: null }
  }
  const known = Number(/^(\d{1,15})\n$/.exec(reply.body)?.[1] ?? Number.NaN)
  if (reply.status !== 409 || Number.isNaN(known))
    return { size: from, alarm: `The witness ${witness.key.name} refuses this log (${reply.status}).` }
  if (known > checkpoint.size) {
    // Another instance may have sealed and shown more meanwhile; only a log that stays shorter was rolled back.
    const newest = await findNewestCheckpoint(uses.database)
    const shorter = newest === null || newest.size < known
    const alarm = `The witness ${witness.key.name} has seen ${known} entries and the log has ${newest?.size ?? 0}: it was rolled back.`
    return { size: known, alarm: shorter ? alarm : null }
  }
  if (!again) return { size: known, alarm: `The witness ${witness.key.name} has seen another log of ${known} entries.` }
  return ask(uses, { witness, checkpoint, from: known }, false)
}

/** A line is kept only when it is this witness's signature on this checkpoint. */
const keep = async (uses: CosignerUses, { key }: WitnessAddress, checkpoint: StoredCheckpoint, body: string): Promise<void> => {
  for (const line of body.split('\n').filter((one) => one.startsWith(`— ${key.name} `))) {
    const note = parseNote(`${checkpoint.note}${line}\n`)
    const signed = note === null ? null : signedBy(note, key)
    if (signed?.at == null) continue
    await insertCosignature(uses.database, { size: checkpoint.size, witness: key.name, line: `${line}\n`, cosignedAt: signed.at })
    return
  }
  throw new Error(`the witness ${key.name} answered with no signature of its own`)
}
