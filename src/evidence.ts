import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { parse } from 'yaml'
import { z } from 'zod'
import { connect, type ConnectOptions } from './db/db.ts'
import type { Witnesses } from './gateway/log/checkpoint.ts'
import { type CosignerUses, makeCosigner, type WitnessAddress } from './jobs/cosigner.ts'
import { startIndexing } from './jobs/log-indexer.ts'
import { makeHighWater } from './jobs/high-water.ts'
import { startSealing } from './jobs/sealing-loop.ts'
import type { BatchKey } from './ledger/batch.ts'
import { logVerifierKey } from './ledger/note.ts'
import { parseNoteKey } from './ledger/verify/signed-note.ts'

/** How the log is sealed and by whom it is witnessed. */
export interface SealingOptions {
  /** The log's name in its checkpoints (C2SP tlog-checkpoint): lasts as long as the log. */
  readonly origin: string
  readonly witnesses: readonly WitnessAddress[]
  /** How many of them must sign before a checkpoint counts as witnessed. */
  readonly quorum: number
  /** False where another process seals. */
  readonly on: boolean
  /** False where another process reads what is sealed into the officers' search index. */
  readonly indexed: boolean
  /** The file, outside the database, that says how far the log has come; null: nobody keeps it. */
  readonly highWaterFile: string | null
}

export const defaultSealing: SealingOptions = {
  origin: 'sandbox.invalid/access-log',
  witnesses: [],
  quorum: 0,
  on: true,
  indexed: true,
  highWaterFile: null,
}

const witnessFile = z
  .strictObject({
    quorum: z.int().min(1),
    witnesses: z.array(z.strictObject({ key: z.string(), url: z.url({ protocol: /^https?$/ }) })).min(1),
  })
  .refine(({ quorum, witnesses }) => quorum <= witnesses.length, 'quorum is larger than the number of witnesses')

/**
 * Reads the file that names the witnesses and how many must sign.
 * @throws Error naming the file, when it says anything else
 */
export const readWitnesses = (file: string | null): Pick<SealingOptions, 'witnesses' | 'quorum'> => {
  if (file === null) return { witnesses: [], quorum: 0 }
  const read = witnessFile.safeParse(parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`${file}: ${read.error.issues.map(({ path, message }) => `${path.join('/')} ${message}`).join('; ')}`)
  const witnesses = read.data.witnesses.map(({ key, url }) => ({ key: parseNoteKey(key), url }))
  if (witnesses.some(({ key }) => key.kind !== 'witness')) throw new Error(`${file}: a key is not that of a witness.`)
  return { witnesses, quorum: read.data.quorum }
}

export interface EvidenceOptions {
  readonly database: ConnectOptions
  readonly sealing: SealingOptions
  /** Asked anew for each signature: it may be replaced. */
  readonly signingKey: BatchKey
  readonly log: Logger
  readonly measured: (sealing: { readonly size: number; readonly unsealedSeconds: number }) => void
}

/** What seals the log, collects witnesses' signatures and keeps the search index up with it, on connections of its own: a busy gateway does not keep it waiting. */
export const startEvidence = ({ database, sealing, signingKey, log, measured }: EvidenceOptions) => {
  if (!sealing.on) return { alarms: () => [], stop: () => Promise.resolve() }
  const pool = connect({ ...database, max: 3, statementTimeoutMillis: 300_000, applicationName: 'gateway sealer' })
  const cosigner = makeCosigner({
    database: pool,
    witnesses: sealing.witnesses,
    post: postText,
    warn: (message, about) => log.warn(about, message),
  })
  const collect = (): void => {
    cosigner.collect().catch((cause: unknown) => log.warn({ err: cause }, 'cosignatures could not be collected'))
  }
  const mark = sealing.highWaterFile === null ? null : makeHighWater(pool, { file: sealing.highWaterFile })
  const afterPass = (): void => {
    collect()
    mark?.().catch((cause: unknown) => log.warn({ err: cause }, 'how far the log has come could not be marked'))
  }
  const { origin } = sealing
  const loop = startSealing({
    ...{ database: pool, origin, log, measured, afterPass },
    get privateKey() {
      return signingKey.privateKey
    },
  })
  const warn = (about: object, message: string): void => log.warn(about, message)
  const indexing = sealing.indexed ? startIndexing({ database: pool, warn, busy: makeBusy() }) : null
  return {
    alarms: () => [...loop.alarms(), ...cosigner.alarms()],
    stop: async () => {
      await indexing?.stop()
      await loop.stop()
      await pool.end()
    },
  }
}

/** Whether the process was at work most of the time since it was last asked. */
const makeBusy = (): (() => boolean) => {
  let before = performance.eventLoopUtilization()
  return () => {
    const { utilization } = performance.eventLoopUtilization(before)
    before = performance.eventLoopUtilization()
    return utilization > 0.6
  }
}

export const witnessesOf = (sealing: SealingOptions, { privateKey }: BatchKey): { witnesses: Witnesses; logKey: string } => ({
  witnesses: { quorum: sealing.quorum, keys: sealing.witnesses.map(({ key }) => key.text) },
  logKey: logVerifierKey(sealing.origin, privateKey),
})

const MOST_ANSWERED = 64 * 1024

/** A witness is another agency's program: it gets two seconds, no redirect is followed, and only a short answer is read. */
const postText: CosignerUses['post'] = async (url, body) => {
  const response = await fetch(url, { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(2_000) })
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length
    if (length > MOST_ANSWERED) throw new Error('the answer is too long')
    chunks.push(chunk as Uint8Array)
  }
  return { status: response.status, body: Buffer.concat(chunks).toString('utf8') }
}
