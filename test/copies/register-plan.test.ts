import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withTransaction } from '../../src/db/db.ts'
import { copiesQuery, holdersQuery, listCopies, listHolders } from '../../src/db/copies/copy-graph.ts'
import { correctedCategory, endedAgreements, endedConsents, withdrawnConsent } from '../../src/db/copies/ended.ts'
import { raiseRecalls, recallsQuery } from '../../src/db/copies/raise-recalls.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { freshDatabase, type FreshDatabase } from '../support/database.ts'
import { fillRegister, person, releaseId } from './many-releases.ts'

const count = 10_000

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
  await fillRegister(fresh.owner, { about: count, others: 20_000 })
})
afterAll(() => fresh.drop())

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly Node[]
}
const nodesOf = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
const read = async (query: { readonly text: string; readonly values?: readonly unknown[] }): Promise<readonly string[]> => {
  const { rows } = await fresh.db.query<{ 'QUERY PLAN': readonly { Plan: Node }[] }>({
    text: `explain (format json) ${query.text}`,
    ...(query.values === undefined ? {} : { values: query.values }),
  })
  return nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan)
    .filter((node) => node['Relation Name'] === 'disclosure')
    .map((node) => node['Node Type'])
}

const recall = { cause: 'consent-withdrawn', cites: 'R45', at: new Date(), dueAt: new Date(), by: null } as const
const everything = { categories: [], recipients: [], purposes: [] }
const withdrawn = withdrawnConsent({ id: newId(), offenderId: person, scope: everything })

describe('the register of a person with 10,000 releases', () => {
  it.each([
    ['who holds copies', holdersQuery({ offenderId: person, supplierAgencyId: null })],
    ['what one agency supplied', holdersQuery({ offenderId: person, supplierAgencyId: 'agency-0' })],
    ['a page of copies', copiesQuery({ offenderId: person, supplierAgencyId: null, after: null, limit: 100 })],
    ['a consent taken back', recallsQuery(withdrawn, recall)],
    [
      'a correction',
      recallsQuery(
        correctedCategory({ rectificationId: newId(), offenderId: person, category: 'accommodation', originatorAgencyId: 'agency-0' }),
        recall,
      ),
    ],
    ['agreements that ended', recallsQuery(endedAgreements, recall)],
    ['consents whose day came', recallsQuery(endedConsents, recall)],
  ])('is never read through for %s', async (_, query) => {
    const scans = await read(query)
    expect(scans.length).toBeGreaterThan(0)
    expect(scans).not.toContain('Seq Scan')
  })

  it('would be seen to be read through', async () => {
    expect(await read({ text: `select d.entry_id from disclosure d where d.purpose = 'none'` })).toEqual(['Seq Scan'])
  })

  it('is found whole, with what went on through other hands, within a second', async () => {
    const started = performance.now()
    const holders = await listHolders(fresh.db, { offenderId: person, supplierAgencyId: null })
    const took = performance.now() - started
    expect(holders.reduce((sum, { releases }) => sum + releases, 0)).toBe(count)
    expect(holders.reduce((sum, { onward }) => sum + onward, 0)).toBe((count - 100) / 10)
    expect(took).toBeLessThan(1_000)
    const copies = await listCopies(fresh.db, { offenderId: person, supplierAgencyId: null, after: null, limit: 201 })
    const passedOn = copies.filter(({ onwardOf }) => onwardOf !== null)
    expect(passedOn.map(({ entryId }) => entryId)).toContain(releaseId(100))
    expect(passedOn.find(({ entryId }) => entryId === releaseId(100))?.onwardOf).toEqual({ entryId: releaseId(1), position: 0 })
  })
})

describe('a consent taken back', () => {
  it('asks back each copy once, and with them those that went on from them and rested on nothing themselves', async () => {
    const raise = () => withTransaction(fresh.db, (tx) => raiseRecalls(tx, withdrawn, recall))
    const [raised] = await raise()
    // Every line but those of whole tens rests on the consent; of those all but the first ten hang under one that does.
    expect(raised).toMatchObject({ releases: count - 10 })
    const { rows } = await fresh.owner.query<{ agencies: number; outside: number; tasks: number; told: number }>({
      text: `select count(*) filter (where not n.outside) as agencies, count(*) filter (where n.outside) as outside,
                    (select count(*) from task t where t.kind = 'copy-return') as tasks, (select count(*) from event_delivery) as told
               from copy_notice n where n.recall_id = $1`,
      values: [raised!.recallId],
    })
    // Agency 40 has no system and is asked person by person, like whoever is beyond the partnership.
    expect(rows).toEqual([{ agencies: 39, outside: 3, tasks: 39, told: 42 }])
    expect(await raise()).toEqual([])
  })
})

describe('what was asked back, and what was said of it', () => {
  const id = releaseId(1)
  const rows: Readonly<Record<string, string>> = {
    copy_recall: `(id, cause, cause_key, cites, raised_at, due_at)
                  values ('${id}', 'expiry', '${id}', 'R45', statement_timestamp(), statement_timestamp())`,
    copy_notice: `(id, recall_id, holder_agency, outside, releases, issued_at)
                  values ('${id}', '${id}', 'agency-1', false, 1, statement_timestamp())`,
    copy_notice_line: `(entry_id, position, notice_id) values ('${releaseId(0)}', 0, '${id}')`,
    copy_recall_lift: `(recall_id, lifted_at) values ('${id}', statement_timestamp())`,
    copy_return: `(notice_id, outcome, on_their_word, by_agency, by_person, acknowledged_at)
                  values ('${id}', 'returned', false, 'agency-1', 'worker-1', statement_timestamp())`,
  }
  const column: Readonly<Record<string, string>> = {
    copy_notice_line: 'notice_id',
    copy_return: 'outcome',
    copy_recall: 'due_at',
    copy_recall_lift: 'lifted_at',
  }
  const codeOf = (text: string, as = fresh.db) =>
    as.query({ text }).then(
      () => 'was allowed',
      (error: unknown) => (error as { cause?: { code?: string }; code?: string }).cause?.code ?? (error as { code?: string }).code,
    )

  it.each(Object.keys(rows))('the gateway adds to %s and reads it, and neither it nor the owner changes it', async (table) => {
    expect(await codeOf(`insert into ${table} ${rows[table]!}`)).toBe('was allowed')
    expect(await codeOf(`select 1 from ${table}`)).toBe('was allowed')
    const set = column[table] ?? 'releases'
    for (const verb of [`update ${table} set ${set} = ${set}`, `delete from ${table}`, `truncate ${table} cascade`]) {
      expect([verb, await codeOf(verb), await codeOf(verb, fresh.owner)]).toEqual([verb, '42501', '42501'])
    }
  })
})
