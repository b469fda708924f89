import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { writeEntry } from '../../../src/gateway/commit/log-entry.ts'
import { type ZipMember, zipArchive } from '../../../src/gateway/log/zip-writer.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { sealBatch } from '../../../src/ledger/batch.ts'
import { signCheckpoint } from '../../../src/ledger/checkpoint.ts'
import { emptyFrontier, type Frontier, frontierRoot, growFrontier } from '../../../src/ledger/frontier.ts'
import { logVerifierKey } from '../../../src/ledger/note.ts'
import { caller, makeKey, origin } from '../sealing-support.ts'

export interface BundleShape {
  readonly entries: number
  readonly perCommit: number
  readonly commitsPerCheckpoint: number
}

const facts = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`fact${i}`, `a value of usual length ${i}`]))
const draft = {
  event: 'disclosure',
  effect: 'permit',
  reason: null,
  offenderId: '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e01',
  purpose: 'risk-management',
  content: { legalGateway: 'dpa35-task', justification: 'Home visit tomorrow', facts },
} as const

/** A sound log of any size as the gateway would export it, made without a database: for measuring how long checking takes. */
export const generateBundle = async (file: string, shape: BundleShape): Promise<void> => {
  await pipeline(Readable.from(zipArchive(members(shape))), createWriteStream(file))
}

async function* members({ entries, perCommit, commitsPerCheckpoint }: BundleShape): AsyncGenerator<ZipMember> {
  const key = makeKey()
  const [epoch, start] = [newId(), Date.now() - 86_400_000]
  const [batches, notes, files]: [string[], string[], Record<string, string>] = [[], [], {}]
  const member = (name: string, text: string): ZipMember => {
    files[name] = createHash('sha256').update(text).digest('hex')
    return { name, bytes: Buffer.from(text) }
  }
  let frontier: Frontier = emptyFrontier
  let previous: Buffer | null = null
  let lines: string[] = []
  let [index, place] = [0, 0]
  for (let counter = 1; index < entries; counter += 1) {
    const at = new Date(start + counter)
    const size = Math.min(perCommit, entries - index)
    const written = Array.from({ length: size }, () =>
      writeEntry({
        entryId: newId(),
        at,
        operation: 'enquire',
        caller,
        policyHash: 'f'.repeat(64),
        draft,
        receipt: { purpose: 'risk-management' },
      }),
    )
    const batch = sealBatch(written.map((one) => one.sealable), { epoch, counter, previous, at }, key) // prettier-ignore
    const instant = at.toISOString().replace('Z', '000Z')
    for (const [i, { columns: c, sealable }] of written.entries()) {
      const leaf = batch.leaves[i]!
      const columns = JSON.stringify([c.event, c.effect, c.reason, c.agencyId, c.clientId, c.personSub, c.offenderId, c.purpose])
      const hash = leaf.hash.toString('hex')
      lines.push(
        [index, c.entryId, hash, instant, hash, epoch, counter, i, Buffer.from(c.salt).toString('hex'), leaf.receiptDigest.toString('hex'), '', columns, Buffer.from(sealable.canonical).toString()].join('\t'), // prettier-ignore
      )
      index += 1
    }
    batches.push(
      [epoch, counter, instant, batch.hash.toString('hex'), written.map((one) => one.columns.entryId).join(','), batch.jws].join('\t'),
    )
    previous = batch.hash
    frontier = growFrontier(frontier, batch.leaves.map((leaf) => leaf.hash)).frontier // prettier-ignore
    if (counter % commitsPerCheckpoint === 0 || index === entries)
      notes.push(signCheckpoint({ origin, size: frontier.size, root: frontierRoot(frontier) }, key.privateKey))
    if (lines.length < 20_000 && index < entries) continue
    yield member(`entries/${String(place).padStart(6, '0')}.tsv`, `${lines.join('\n')}\n`)
    place += 1
    lines = []
  }
  yield member('checkpoint.txt', notes.at(-1)!)
  yield member('checkpoints.txt', notes.join('\n'))
  yield member('unsealed.tsv', '')
  yield member('outside.tsv', '')
  yield member('batches.tsv', `${batches.join('\n')}\n`)
  const manifest = {
    format: 'access-log-bundle/1',
    origin,
    treeSize: entries,
    whole: true,
    exportedAt: new Date().toISOString(),
    logKey: logVerifierKey(origin, key.publicKey),
    batchKeys: [{ kid: key.kid, ...key.publicKey.export({ format: 'jwk' }) }],
    files,
  }
  yield { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) }
}
