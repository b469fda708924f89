import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/core/caller.ts'
import type { Db, Query } from '../../src/db/db.ts'
import { makeStandings } from '../../src/gateway/standings.ts'

const at = new Date('2026-11-21T10:00:00Z')
const before = new Date('2026-11-21T09:00:00Z')

const caller: Caller = {
  agencyId: 'ridings-police',
  clientId: 'ridings-police-records',
  personSub: 'analyst',
  binding: 'bearer',
  keyThumbprint: null,
  tokenExpiresAt: new Date('2026-11-21T10:05:00Z'),
  requestId: 'one',
  traceparent: null,
}

const fileOf = (version: number, suspendedAt: Date | null) => ({
  version,
  id: 'ridings-police',
  kind: 'police',
  regime: 'law-enforcement',
  clearance: 'official-sensitive',
  schemes: [],
  activeFrom: before,
  activeTo: null,
  suspendedAt: null,
  clients: [{ id: 'ridings-police-records', suspendedAt: suspendedAt?.toISOString() ?? null, keys: null }],
})

const analyst = {
  sub: 'analyst',
  activeFrom: before,
  activeTo: null,
  intelligenceVettedUntil: null,
  visorTrainedUntil: null,
  appointments: [],
}

/** A database as it stood at one version; `untilReadOn` is waited for before the statement of that name is answered. */
const databaseAt = (file: ReturnType<typeof fileOf>, wait: { readonly name?: string; readonly untilReadOn?: Promise<void> } = {}): Db => ({
  query: async <Row>({ name = '' }: Query) => {
    if (name === wait.name) await wait.untilReadOn
    const rows: Record<string, readonly unknown[]> = { 'find-agency-file': [file], 'find-person-files': [analyst] }
    const found = (rows[name] ?? []) as Row[]
    return { rows: found, rowCount: found.length }
  },
})

const versions = (version: number): ReadonlyMap<string, number> => new Map([['ridings-police', version]])

const gate = () => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

describe('what is remembered of an agency', () => {
  it('is nothing older for the work that read of a suspension, though a slower reader brings back what was before it', async () => {
    const standings = makeStandings()
    const [slow, held] = [gate(), gate()]
    const stale = standings.refresh(
      databaseAt(fileOf(1, null), { name: 'list-agency-kinds', untilReadOn: slow.opened }),
      [caller],
      versions(1),
    )
    const fresh = standings.refresh(
      databaseAt(fileOf(2, before), { name: 'find-person-files', untilReadOn: held.opened }),
      [caller],
      versions(2),
    )
    slow.open()
    await stale
    held.open()
    expect((await fresh)(caller, at)?.clientActive).toBe(false)
  })

  it('is no stranger to those who work for it, though others are reading it anew at the same time', async () => {
    const standings = makeStandings()
    const wait = gate()
    const first = await standings.refresh(databaseAt(fileOf(1, null)), [caller], versions(1))
    const again = standings.refresh(
      databaseAt(fileOf(2, null), { name: 'find-person-files', untilReadOn: wait.opened }),
      [caller],
      versions(2),
    )
    await new Promise((resolve) => setImmediate(resolve))
    expect(first(caller, at)?.person?.active).toBe(true)
    wait.open()
    expect((await again)(caller, at)?.person?.active).toBe(true)
  })
})

describe('a caller', () => {
  it.each([
    ['2026-11-21T10:04:59.999Z', true],
    ['2026-11-21T10:05:00.000Z', false],
  ])('whose token expires at 10:05 is at %s, by the clock that decides: %s', async (instant, active) => {
    const standingOf = await makeStandings().refresh(databaseAt(fileOf(1, null)), [caller], versions(1))
    expect(standingOf(caller, new Date(instant))?.clientActive).toBe(active)
  })
})
