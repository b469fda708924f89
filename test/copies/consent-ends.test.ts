import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consentFor } from '../../src/core/case/consent.ts'
import { sixteenthBirthday, startOfLondonDay } from '../../src/core/london.ts'
import type { ConsentEvent } from '../../src/core/snapshot.ts'
import type { Category } from '../../src/core/vocabulary.ts'
import { endedConsents } from '../../src/db/copies/ended.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
  await fresh.owner.query({
    text: `insert into area (id, name) values ('north', 'North');
           insert into agency (id, name, kind, regime)
           select id, id, 'probation', 'law-enforcement' from unnest('{police,probation,mentors,supplier}'::text[]) as id`,
  })
})
afterAll(() => fresh.drop())

const now = Date.now()
const hours = (n: number): Date => new Date(now + n * 3_600_000)
const oneOf = <Value extends string>(...all: readonly Value[]) => fc.subarray([...all], { minLength: 0, maxLength: 2 })
const categories = ['engagement', 'drug-treatment'] as const
const recipients = ['police', 'probation', 'mentors'] as const
const purposes = ['rehab-support', 'risk-management'] as const

interface Line {
  readonly entryId: string
  readonly category: Category
  readonly recipient: string
  readonly purpose: (typeof purposes)[number]
  /** Which of what the person said it left on. */
  readonly rests: number
}

interface Person {
  readonly id: string
  readonly bornOn: string
  readonly said: readonly ConsentEvent[]
  readonly lines: readonly Line[]
}

const kinds = ['given', 'given', 'given', 'given', 'refused', 'withdrawn', 'no-capacity', 'sought'] as const
const saidBy = (person: { readonly id: string; readonly child: boolean }) =>
  fc
    .record({
      ...{ kind: fc.constantFrom(...kinds), ago: fc.integer({ min: 50, max: 90 }), ends: fc.option(fc.integer({ min: -40, max: 40 })) },
      ...{ categories: oneOf(...categories), recipients: oneOf(...recipients), purposes: oneOf(...purposes) },
    })
    .map(({ kind, ago, ends, ...scope }): ConsentEvent => {
      const given = kind === 'given'
      return {
        ...{ id: newId(), offenderId: person.id, kind, scope, happenedAt: hours(-ago), recordedAt: hours(-ago) },
        capacityBasis: given ? (person.child ? 'parental' : 'adult-presumed') : null,
        ...{ evidence: 'Form', expiresAt: given && ends !== null && ends !== 0 ? hours(ends) : null },
      }
    })

const people = fc.record({ child: fc.boolean(), sixteenIn: fc.integer({ min: -1, max: 2 }) }).chain(({ child, sixteenIn }) => {
  const id = newId()
  const day = new Date(now + sixteenIn * 86_400_000).toISOString().slice(5, 10)
  const line = fc.record({
    ...{ category: fc.constantFrom(...categories), recipient: fc.constantFrom(...recipients), purpose: fc.constantFrom(...purposes) },
    rests: fc.nat({ max: 3 }),
  })
  return fc.record({
    id: fc.constant(id),
    bornOn: fc.constant(`${new Date(now).getUTCFullYear() - (child ? 16 : 30)}-${day === '02-29' ? '02-28' : day}`),
    said: fc.array(saidBy({ id, child }), { minLength: 1, maxLength: 4 }),
    lines: fc.array(
      line.map((one): Line => ({ ...one, entryId: newId() })),
      { minLength: 1, maxLength: 4 },
    ),
  })
})

const keep = async (all: readonly Person[], disclosed: readonly string[] = []): Promise<void> => {
  const said = all.flatMap((one) => one.said)
  const lines = all.flatMap((one) => one.lines.map((line) => ({ ...line, offenderId: one.id, consent: restsOn(one, line).id })))
  await fresh.owner.query({
    text: `insert into offender (id, given_name, family_name, area_id, born_on)
           select r.id, 'Ann', 'Example', 'north', r.born_on from jsonb_to_recordset($1::jsonb) as r (id uuid, born_on date)`,
    values: [JSON.stringify(all.map(({ id, bornOn }) => ({ id, born_on: bornOn })))],
  })
  await fresh.owner.query({
    text: `insert into consent_event (id, offender_id, kind, categories, recipients, purposes, capacity_basis, evidence, happened_at,
                                      expires_at, recorded_by_agency, recorded_at)
           select r.id, r."offenderId", r.kind, r.categories, r.recipients, r.purposes, r."capacityBasis", 'Form', r."happenedAt",
                  r."expiresAt", 'supplier', r."recordedAt"
             from jsonb_to_recordset($1::jsonb) as r (id uuid, "offenderId" uuid, kind text, categories text[], recipients text[],
                  purposes text[], "capacityBasis" text, "happenedAt" timestamptz, "expiresAt" timestamptz, "recordedAt" timestamptz)`,
    values: [JSON.stringify(said.map(({ scope, ...event }) => ({ ...event, ...scope })))],
  })
  await fresh.owner.query({
    text: `insert into disclosure (entry_id, position, offender_id, category, fields, items, supplier_agency_id, recipient_agency_id,
                                   recipient_person_sub, purpose, outbound, released_at, consent_event_id)
           select r."entryId", 0, r."offenderId", r.category, '{attendance}', 1, 'supplier', r.recipient, 'worker', r.purpose,
                  case when r."entryId" = any($2::uuid[]) then 'disclose' else 'share' end,
                  statement_timestamp(), r.consent
             from jsonb_to_recordset($1::jsonb) as r ("entryId" uuid, "offenderId" uuid, category text, recipient text, purpose text,
                  consent uuid)`,
    values: [JSON.stringify(lines), disclosed],
  })
}

const restsOn = ({ said }: Person, { rests }: Line): ConsentEvent => said[rests % said.length]!

/** The consent for whose end the copy is asked back, as the same question at a release is decided. */
const endedFor = (person: Person, line: Line, at: Date): string | null => {
  const { category, recipient, purpose } = line
  const question = { offenderId: person.id, category, recipient, purpose, bornOn: person.bornOn, at }
  const stands = consentFor(person.said, question)
  if (stands.state === 'expired' || stands.state === 'invalid') return stands.eventId
  return null
}

describe('a consent whose day came', () => {
  it('ends for whom a release would be refused because of it, by date or by the sixteenth birthday, and for nobody else', async () => {
    const all = fc.sample(people, { numRuns: 200, seed: 16 })
    await keep(all)
    const at = new Date(now)
    const { rows } = await fresh.db.query<{ cause_key: string; entry_id: string }>({
      text: `select e.cause_key, e.entry_id from (${endedConsents.text}) as e`,
      values: [at],
    })
    const found = new Map(rows.map(({ cause_key, entry_id }) => [entry_id, cause_key]))
    const lines = all.flatMap((person) => person.lines.map((line) => ({ person, line })))
    // What was refused, or found to be beyond the person, after it: then only its own day says that it ended by itself.
    const bySaying = ({ person, line }: (typeof lines)[number]): boolean => {
      const { category, recipient, purpose } = line
      const { state } = consentFor(person.said, { offenderId: person.id, category, recipient, purpose, bornOn: person.bornOn, at })
      return ['refused', 'withdrawn', 'no-capacity'].includes(state)
    }
    const decided = lines.filter((one) => !bySaying(one))
    const differ = decided.filter(
      ({ person, line }) => endedFor(person, line, new Date(now - 60_000)) !== (found.get(line.entryId) ?? null),
    )
    expect(differ.map(({ person, line }) => ({ line, said: person.said, found: found.get(line.entryId) }))).toEqual([])
    const ended = decided.filter(({ line }) => found.has(line.entryId))
    expect([ended.length > 50, decided.length - ended.length > 50]).toEqual([true, true])
    for (const { person, line } of lines.filter(bySaying)) {
      const own = restsOn(person, line)
      const key = found.get(line.entryId)
      if (key !== undefined) expect([key, own.kind, endOf(person, own) <= now]).toEqual([own.id, 'given', true])
    }
  })
})

describe('a consent that named somebody beyond the partnership', () => {
  it('ends for them with its day, whatever was agreed to in general since (R24)', async () => {
    const person = { id: newId(), bornOn: '1990-04-02' }
    const given = (scope: Partial<ConsentEvent['scope']>, ago: number, ends: number | null): ConsentEvent => ({
      ...{ id: newId(), offenderId: person.id, kind: 'given', capacityBasis: 'adult-presumed', evidence: 'Form' },
      scope: { categories: [], recipients: [], purposes: [], ...scope },
      ...{ happenedAt: hours(-ago), recordedAt: hours(-ago), expiresAt: ends === null ? null : hours(ends) },
    })
    const said = [given({ recipients: ['mentors', 'police'] }, 30, -2), given({}, 20, null)]
    const line = (recipient: string): Line => ({
      ...{ entryId: newId(), category: 'engagement', purpose: 'rehab-support', rests: 0 },
      recipient,
    })
    const [outside, inside] = [line('mentors'), line('police')]
    await keep([{ ...person, said, lines: [outside, inside] }], [outside.entryId])
    const { rows } = await fresh.db.query<{ entry_id: string; cause_key: string }>({
      text: `select e.entry_id, e.cause_key from (${endedConsents.text}) as e where e.offender_id = $2`,
      values: [new Date(now), person.id],
    })
    expect(rows).toEqual([{ entry_id: outside.entryId, cause_key: said[0]!.id }])
  })
})

const endOf = ({ bornOn }: Person, { expiresAt, capacityBasis }: ConsentEvent): number =>
  Math.min(
    expiresAt?.getTime() ?? Infinity,
    capacityBasis === 'parental' ? startOfLondonDay(sixteenthBirthday(bornOn)).getTime() : Infinity,
  )
