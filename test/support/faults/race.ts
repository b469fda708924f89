import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../../src/db/db.ts'
import { hasData, type Reply } from './client.ts'

type AskAt = (url: string) => Promise<Reply>

/** One thing that is stopped while readers are reading what rests on it. */
export interface Contest {
  readonly offenderId: string
  /** Those who ask, each again and again. */
  readonly readers: readonly AskAt[]
  /** Withdraws, suspends, ends: from the moment it is answered nothing may be released. */
  readonly stop: AskAt
  /** Makes it possible again, where the next round needs that. */
  readonly lift?: AskAt
  /** Whose releases count, where others may read on. */
  readonly only?: { readonly personSub?: string; readonly clientId?: string }
}

export interface Round {
  readonly offenderId: string
  readonly only: Contest['only']
  readonly stopEntryId: string
  readonly liftEntryId: string | null
  readonly requests: number
  readonly released: number
  readonly unavailable: number
  /** Data in the answer to a request that began after the stop had been answered. */
  readonly lateReleases: number
}

const openWithinMs = 20_000
/** The stop falls at a random instant of the readers' work. */
const strikeWithinMs = 40

/** Lets everybody read until each has been given data, stops it, and lets each ask until one question begun afterwards is answered. */
export const runRound = async (contest: Contest, urls: readonly [string, string], position: number): Promise<Round> => {
  const tally = { requests: 0, released: 0, unavailable: 0, lateReleases: 0, open: 0, stopped: false, abandoned: false }
  const read = async (ask: AskAt, first: number): Promise<void> => {
    let given = false
    for (let turn = first; !tally.abandoned; turn += 1) {
      const late = tally.stopped
      const reply = await ask(urls[turn % 2]!)
      tally.requests += 1
      if (reply.status >= 500) tally.unavailable += 1
      if (hasData(reply)) {
        tally.released += 1
        if (late) tally.lateReleases += 1
        if (!given) tally.open += 1
        given = true
      }
      if (late && reply.status < 500) return
    }
  }
  const reading = Promise.all(contest.readers.map((ask, index) => read(ask, position + index)))
  const strike = async (): Promise<Reply> => {
    await untilOpen(() => tally.open === contest.readers.length, contest, urls[0])
    await delay(Math.random() * strikeWithinMs)
    return requireDone(await contest.stop(urls[position % 2]!))
  }
  const stopped = await strike().catch(async (cause: unknown) => {
    tally.abandoned = true
    await reading.catch(() => undefined)
    throw cause
  })
  tally.stopped = true
  await reading
  const lifted = contest.lift === undefined ? null : requireDone(await contest.lift(urls[(position + 1) % 2]!))
  const { requests, released, unavailable, lateReleases } = tally
  const { offenderId, only } = contest
  const entries = { stopEntryId: stopped.entryId!, liftEntryId: lifted?.entryId ?? null }
  return { offenderId, only, ...entries, requests, released, unavailable, lateReleases }
}

/** A race about a gate that was never open would prove nothing. */
const untilOpen = async (isOpen: () => boolean, contest: Contest, url: string): Promise<void> => {
  const deadline = performance.now() + openWithinMs
  while (!isOpen()) {
    if (performance.now() > deadline) {
      const { status, text } = await contest.readers[0]!(url)
      throw new Error(`The readers were not given data before the stop: ${status} ${text.slice(0, 1_500)}`)
    }
    await delay(2)
  }
}

const requireDone = (reply: Reply): Reply => {
  if (reply.status >= 300 || reply.entryId === null) throw new Error(`The change was not made: ${reply.status} ${reply.text}`)
  return reply
}

export interface Verdict {
  readonly rounds: number
  readonly requests: number
  readonly released: number
  readonly unavailable: number
  readonly lateReleases: number
  /** Releases whose entry was committed after the stop's entry, and before it was lifted. */
  readonly loggedAfter: number
  /** The same by the instant that the decisions name. */
  readonly decidedAfter: number
  /** Questions to an agency's own system that were put on the log after the stop. */
  readonly askedAfter: number
}

type Order = Pick<Verdict, 'loggedAfter' | 'decidedAfter' | 'askedAfter'>

/** Runs every contest, so many at once, and reads from the evidence what was committed after what. */
export const race = async (
  owner: Database,
  contests: AsyncIterable<Contest>,
  field: { readonly urls: readonly [string, string]; readonly parallel: number },
): Promise<Verdict> => {
  const rounds: Round[] = []
  const queue = contests[Symbol.asyncIterator]()
  let position = 0
  const lane = async (): Promise<void> => {
    for (let next = await queue.next(); next.done !== true; next = await queue.next()) {
      rounds.push(await runRound(next.value, field.urls, (position += 1)))
    }
  }
  await Promise.all(Array.from({ length: field.parallel }, lane))
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0)
  return {
    rounds: rounds.length,
    requests: sum((one) => one.requests),
    released: sum((one) => one.released),
    unavailable: sum((one) => one.unavailable),
    lateReleases: sum((one) => one.lateReleases),
    ...(await readOrder(owner, rounds)),
  }
}

/** Commits carry the server's own instant, taken while their locks are held: that, not what an entry says, is the order of the log. */
const readOrder = async (owner: Database, rounds: readonly Round[]): Promise<Order> => {
  const { rows } = await owner.query<Order>({
    text: `
      with round as (
        select r.offender_id, r.person_sub, r.client_id, s.at as stopped_at, f.at as lifted_at,
               pg_xact_commit_timestamp(s.xmin) as stop_committed, pg_xact_commit_timestamp(f.xmin) as lift_committed
          from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) as r (stop_id, lift_id, offender_id, person_sub, client_id)
          join access_log s on s.entry_id = r.stop_id
          left join access_log f on f.entry_id = r.lift_id
      ), permitted as (
        select l.at, pg_xact_commit_timestamp(l.xmin) as committed, p.event, p.offender_id, p.person_sub, p.client_id
          from access_log_payload p join access_log l on l.entry_id = p.entry_id
         where p.event in ('disclosure', 'intent') and p.effect = 'permit' and p.offender_id = any($3::uuid[])
           -- An intent under a permission that has ended names nobody to ask.
           and (p.event <> 'intent' or convert_from(p.canonical, 'UTF8')::jsonb -> 'asks' <> '[]')
      ), found as (
        select x.event, x.committed > r.stop_committed and (r.lift_committed is null or x.committed < r.lift_committed) as logged_after,
               x.at > r.stopped_at and (r.lifted_at is null or x.at < r.lifted_at) as decided_after
          from round r
          join permitted x on x.offender_id = r.offender_id
                          and (r.person_sub is null or x.person_sub = r.person_sub) and (r.client_id is null or x.client_id = r.client_id)
      )
      select count(*) filter (where f.event = 'disclosure' and f.logged_after) as "loggedAfter",
             count(*) filter (where f.event = 'disclosure' and f.decided_after) as "decidedAfter",
             count(*) filter (where f.event = 'intent' and f.logged_after) as "askedAfter"
        from found f`,
    values: [
      rounds.map((one) => one.stopEntryId),
      rounds.map((one) => one.liftEntryId),
      rounds.map((one) => one.offenderId),
      rounds.map((one) => one.only?.personSub ?? null),
      rounds.map((one) => one.only?.clientId ?? null),
    ],
  })
  return rows[0]!
}
