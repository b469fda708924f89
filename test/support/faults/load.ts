import type { Receipt } from '../../../src/ledger/receipt.ts'
import { hasData, type Reply } from './client.ts'

/** What a client has in hand of one answer that arrived whole. */
export interface Received {
  readonly entryId: string
  readonly status: number
  readonly receipt: Receipt | null
}

export interface Answered {
  readonly status: number
  readonly beganAt: number
  readonly endedAt: number
  readonly withData: boolean
}

export interface LoadResult {
  /** Every 2xx, and every 4xx that names an entry. */
  readonly received: readonly Received[]
  readonly answered: readonly Answered[]
  readonly cutOff: number
  /** 2xx and refusals of known callers that named no entry: never right. */
  readonly nameless: number
}

export interface Load {
  /** No new requests; resolves when those under way have ended. */
  stop(): Promise<LoadResult>
}

/** Sends at a fixed rate whatever the answers do, as people do who do not know of each other. */
export const startLoad = (perSecond: number, send: (position: number) => Promise<Reply>): Load => {
  const received: Received[] = []
  const answered: Answered[] = []
  const counts = { cutOff: 0, nameless: 0 }
  const underWay = new Set<Promise<void>>()
  const one = async (position: number): Promise<void> => {
    try {
      const reply = await send(position)
      const { status, entryId, beganAt, endedAt } = reply
      answered.push({ status, beganAt, endedAt, withData: hasData(reply) })
      if (status >= 500) return
      if (entryId === null) counts.nameless += 1
      else received.push({ entryId, status, receipt: (reply.body.receipt as Receipt | undefined) ?? null })
    } catch {
      counts.cutOff += 1
    }
  }
  let sent = 0
  const startedAt = performance.now()
  const clock = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond
    for (; sent < due; sent += 1) {
      const work = one(sent).finally(() => underWay.delete(work))
      underWay.add(work)
    }
  }, 5)
  return {
    stop: async () => {
      clearInterval(clock)
      await Promise.all(underWay)
      return { received, answered, ...counts }
    },
  }
}
