import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import { closeServer, listenLocally, sendJson } from '../../../src/sandbox/local-server.ts'
import { parseSourceDescription, type SourceDescription } from '../../../src/sources/description.ts'

export interface SlowSource {
  readonly description: SourceDescription
  close(): Promise<void>
}

export interface Slowness {
  readonly agencyId: 'fresh-steps' | 'young-horizons'
  /** Milliseconds before an answer; null: it never comes. */
  readonly delayMs: (() => number) | null
  readonly timeoutMs?: number
  readonly restMs?: number
}

const shipped = new URL('../../../src/sandbox/sources/fresh-steps.yaml', import.meta.url)

/** A provider's own system that knows everybody it is asked about, and takes its time over it. */
export const startSlowSource = async ({ agencyId, delayMs, timeoutMs = 2_000, restMs = 10_000 }: Slowness): Promise<SlowSource> => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { 'Client reference': number } = JSON.parse(await text(request)) as { 'Client reference': string }
      if (delayMs === null) return
      await delay(delayMs())
      const session = { Service: 'Mentoring', 'Last seen': '20 October 2026', Attendance: '7 of 10', Attitude: 'Open', Progress: 'Steady' }
      sendJson(response, 200, { Client: { 'Client reference': number }, Sessions: [session] })
    }
    answer().catch(() => response.destroy())
  })
  const address = await listenLocally(server, 0)
  const { categories, identifierKind } = parse(readFileSync(shipped, 'utf8')) as Pick<SourceDescription, 'categories' | 'identifierKind'>
  const description = parseSourceDescription(
    {
      agency: agencyId,
      identifierKind,
      address,
      credential: { type: 'none' },
      timeoutMs,
      breaker: { failures: 5, restMs },
      categories: { engagement: categories.engagement },
    },
    agencyId,
  )
  return { description, close: () => closeServer(server) }
}
