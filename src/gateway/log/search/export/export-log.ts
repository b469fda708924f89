import { createHash } from 'node:crypto'
import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { Fault } from '../../../../core/fault.ts'
import type { Tx } from '../../../../db/db.ts'
import { findNewestCheckpoint } from '../../../../db/log/checkpoints.ts'
import { readCommitted } from '../../../../db/log/search/log-search.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../../commit/change.ts'
import { givenCheckpoint } from '../../checkpoint.ts'
import { outsideSubtrees, rangesOfIndexes } from '../../export-bundle.ts'
import type { LogFilter } from '../log-question.ts'
import { askedDetail, askLog, indexSaid, type LogAsk, type LogPage } from '../ask-log.ts'
import { type ExportedEntry, type ExportFormat, exportText, type LeftOut } from './export-text.ts'

interface ExportBody extends LogAsk {
  readonly format: ExportFormat
  readonly leaveOut?: readonly LeftOut[]
}

/**
 * Operation `exportLogEntries`: what a search finds, as a file, with a manifest and with hashes that prove its entries under the log's own
 * checkpoint (a subset proves itself without the rest). A page at a time; each is an entry of its own.
 */
export const exportLogEntries =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ExportBody
    const { leaveOut = [] } = body
    return commitChange(caller, {
      operation: 'exportLogEntries',
      event: 'log-exported',
      locks: [],
      lockMode: 'shared',
      detail: { ...askedDetail(body), exportFormat: body.format, leftOut: leaveOut },
      run: async (context): Promise<ChangeOutcome<object>> => {
        // The other formats carry entries as they were committed: with something left out they would be no such thing.
        if (leaveOut.length > 0 && body.format !== 'csv')
          throw new Fault('invalid', 'This cannot be exported like this.', {
            details: [{ path: '/leaveOut', message: 'is for CSV alone' }],
          })
        const page = await askLog(context, caller, { ...body, limit: body.limit ?? 500 })
        return 'allowed' in page ? page : exported(context, page, body)
      },
    })
  }

const exported = async ({ tx, at }: ChangeContext, page: LogPage, body: ExportBody): Promise<ChangeOutcome<object>> => {
  const committed = await readCommitted(
    tx,
    page.entries.map(({ found }) => found.entryId),
  )
  const entries = page.entries.flatMap((shown): ExportedEntry[] => {
    const one = committed.get(shown.found.entryId)
    return one === undefined ? [] : [{ shown, committed: one }]
  })
  const { mediaType, content } = exportText(body.format, entries, body.leaveOut)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const manifest = {
    format: 'access-log-export/1',
    exportedAt: at.toISOString(),
    filter: filterTold(body),
    leftOut: body.leaveOut ?? [],
    entries: entries.length,
    sha256,
    ...indexSaid(page),
  }
  return {
    allowed: true,
    status: 200,
    body: { format: body.format, mediaType, content, manifest, proof: await proofOf(tx, entries), nextCursor: page.nextCursor },
    detail: { told: entries.length, upToLeaf: page.question.upTo, sha256 },
    shielded: !page.reader.everything && entries.length === 0,
  }
}

/** What is left out of the entries is not told by the question either. */
const filterTold = ({ filter = {}, leaveOut = [] }: ExportBody): Partial<LogFilter> => {
  const hidden: readonly string[] = leaveOut.map((one) => filterMembers[one])
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !hidden.includes(name)))
}

const filterMembers = { person: 'subject', staff: 'person', justification: 'words' } as const satisfies Record<LeftOut, keyof LogFilter>

/** Leaves and the subtrees between them: hashed together they are the root that the checkpoint signs. Null when nothing was found. */
const proofOf = async (tx: Tx, entries: readonly ExportedEntry[]): Promise<object | null> => {
  const checkpoint = entries.length === 0 ? null : await findNewestCheckpoint(tx)
  if (checkpoint === null) return null
  const leaves = entries
    .map(({ shown, committed }) => ({
      leafIndex: shown.found.leafIndex,
      entryId: shown.found.entryId,
      leafHash: committed.leafHash.toString('hex'),
    }))
    .toSorted((left, right) => left.leafIndex - right.leafIndex)
  const ranges = rangesOfIndexes(leaves.map(({ leafIndex }) => leafIndex))
  return { checkpoint: await givenCheckpoint(tx, checkpoint), leaves, outside: await outsideSubtrees(tx, checkpoint.size, ranges) }
}
