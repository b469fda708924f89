import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { appendEvent } from '../../src/db/events.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { readSigningKey } from '../../src/keys.ts'
import { eventPageHolds, type EventPage } from '../../src/ledger/event-page.ts'
import type { Asker } from '../support/ask.ts'
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { entriesOf } from '../support/logged.ts'
import { register } from './support.ts'

let gateway: TestGateway
let police: Asker
beforeAll(async () => {
  gateway = await openGateway()
  police = gateway.asSystem('ridings-police-records')
})
afterAll(() => gateway.close())

type Page = EventPage & { readonly nextCursor: string; readonly signature: string }
const page = async (asker: Asker, cursor?: string, limit = 100): Promise<Page> => {
  const reply = await asker.get(`/v1/events?limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`)
  if (reply.status !== 200) throw new Error(reply.text)
  return reply.body as unknown as Page
}
const everything = async (asker: Asker): Promise<Page['events']> => {
  const all: Page['events'][number][] = []
  for (let cursor: string | undefined; ;) {
    const { events, nextCursor } = await page(asker, cursor)
    if (events.length === 0) return all
    all.push(...events)
    cursor = nextCursor
  }
}
const tell = (toAgencyIds: readonly string[], hold: () => Promise<void> = () => Promise.resolve()): Promise<string> =>
  withTransaction(gateway.database.db, async (tx) => {
    const id = newId()
    await appendEvent(tx, { id, kind: 'reviewed', toAgencyIds, offenderId: null, refs: { note: 'test' }, at: new Date() })
    await hold()
    return id
  })

describe('an agency’s feed', () => {
  it('tells of a change to those entitled, in ids and kinds only, and to nobody else', async () => {
    const { offenderId } = (await register(gateway)).body
    const [event] = (await everything(police)).filter((one) => one.offenderId === offenderId)
    expect(event).toMatchObject({ kind: 'registered', refs: { cohort: 'iom' } })
    expect(JSON.stringify(await everything(police))).not.toMatch(/Frankie|Newcomer|Burglary/)
    expect((await everything(gateway.asSystem('ridings-health-records'))).map((one) => one.offenderId)).not.toContain(offenderId)
  })

  it('is read by the agency’s own system without a person, and each reading has its entry', async () => {
    const reply = await police.get('/v1/events')
    expect(reply.body.agencyId).toBe('ridings-police')
    expect(await entriesOf(gateway.database, reply)).toMatchObject([
      { operation: 'listEvents', effect: 'permit', caller: { clientId: 'ridings-police-records', personSub: null } },
    ])
    expect((await police.get('/v1/tasks')).status).toBe(403)
    expect((await gateway.as('landlord').get('/v1/events')).body).toMatchObject({ code: 'need-to-know' })
  })

  it('signs each page with the key of the log; one changed letter shows', async () => {
    await tell(['ridings-police'])
    const { agencyId, after, events, signature } = await page(police)
    const { privateKey } = readSigningKey({ mode: 'sandbox', dataDir: gateway.dataDir, keys: { signingFile: null, recordFile: null } })
    const key = createPublicKey(privateKey)
    expect(eventPageHolds({ agencyId, after, events }, signature, key)).toBe(true)
    expect(eventPageHolds({ agencyId, after: after + 1, events }, signature, key)).toBe(false)
    expect(eventPageHolds({ agencyId: 'ridings-probation', after, events }, signature, key)).toBe(false)
    expect(eventPageHolds({ agencyId, after, events: events.slice(1) }, signature, key)).toBe(false)
    expect(
      eventPageHolds({ agencyId, after, events: events.map((one, at) => (at === 0 ? { ...one, kind: 'recalled' } : one)) }, signature, key),
    ).toBe(false)
  })

  it('never puts an event before a place that was read: what is committed later stands later', async () => {
    let release = (): void => undefined
    const opened = new Promise<void>((resolve) => (release = resolve))
    const slow = tell(['ridings-police'], () => opened)
    const quick = await tell(['ridings-police'])
    const before = await everything(police)
    expect(before.at(-1)?.eventId).toBe(quick)
    release()
    const late = await slow
    const after = await everything(police)
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.slice(before.length).map(({ eventId }) => eventId)).toEqual([late])
    // The slow one was made first: neither ids nor instants would have kept this order.
    expect(late < quick).toBe(true)
  })

  it('loses nothing and repeats nothing while many write and many read', async () => {
    const second = await gateway.another()
    const written: string[] = []
    const readers = [police, second.asSystem('ridings-police-records'), police].map(async (asker) => {
      const seen: number[] = []
      let cursor: string | undefined
      let quiet = 0
      while (quiet < 5) {
        const { events, nextCursor } = await page(asker, cursor, 7)
        cursor = nextCursor
        quiet = events.length === 0 ? quiet + 1 : 0
        seen.push(...events.map(({ place }) => place))
      }
      return { seen, cursor }
    })
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 25; i += 1) written.push(await tell(['ridings-police', 'ridings-probation']))
      }),
    )
    for (const { seen } of await Promise.all(readers)) expect(seen).toEqual(seen.map((_place, index) => index + 1))
    const all = await everything(police)
    expect(all.map(({ place }) => place)).toEqual(all.map((_event, index) => index + 1))
    const ids = all.map(({ eventId }) => eventId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(written.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('is there with the change or not at all', async () => {
    const before = (await everything(police)).length
    await expect(tell(['ridings-police'], () => Promise.reject(new Error('the change failed')))).rejects.toThrow('the change failed')
    expect((await everything(police)).length).toBe(before)
  })

  it('keeps its events and their places for ever, even from the gateway itself', async () => {
    const { db } = gateway.database
    for (const text of [
      `update event_delivery set place = 1000000`,
      `delete from event_delivery`,
      `update event set kind = 'recalled'`,
      `delete from event`,
      `truncate event cascade`,
    ])
      await expect(db.query({ text })).rejects.toThrow()
  })

  it.each(['-1', '1.5', 'abc', '01', '9999999999999999'])('refuses the cursor %s', async (cursor) => {
    expect((await police.get(`/v1/events?cursor=${cursor}`)).status).toBe(400)
  })
})
