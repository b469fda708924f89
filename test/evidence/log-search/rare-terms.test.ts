import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Db, type Query, withTransaction } from '../../../src/db/db.ts'
import { findIndexed, type IndexPlace, type IndexQuestion } from '../../../src/db/log/search/log-search.ts'
import { freshDatabase, type FreshDatabase } from '../../support/database.ts'

const ROWS = 8_000
const WALKED = 500
/** PostgreSQL 15 reads one row more than it numbers. */
const AHEAD = 1

const everything: IndexQuestion = {
  reader: { everything: true, agencyId: 'partnership', personSub: 'officer-0' },
  ...{ upTo: ROWS, offenderId: null, person: null, agencyId: null, from: null, until: null },
  ...{ refusedOnly: false, words: null, terms: [], ownTerms: [] },
}
const asAgency = (agencyId: string, terms: readonly string[] = []): IndexQuestion => ({
  ...everything,
  ...{ reader: { everything: false, agencyId, personSub: 'officer-3' }, terms },
  ownTerms: [`${agencyId}|`, ...terms.map((term) => `${agencyId}|${term}`)],
})

interface Row {
  readonly leaf_index: number
  readonly at: Date
  readonly refused: boolean
  readonly agency_id: string
  readonly person_sub: string
  readonly terms: readonly string[]
  readonly word: string
}

/** Few terms, each of them common: of one that nothing has the statistics then guess that one entry in two hundred has it. */
const fill = `
  with r as materialized (
    select n, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id, 'agency-' || n % 5 as agency, 'agency-' || (n / 5) % 4 as supplier,
           (array['oasys', 'ete', 'address'])[1 + n * 31 % 3] as category
      from generate_series(0, ${ROWS} - 1) as n
  ), payload as (
    insert into access_log_payload (entry_id, salt, canonical, event, effect) select r.id, '\\x00', '\\x7b7d', 'disclosure', 'permit' from r
  )
  insert into log_index (leaf_index, entry_id, at, refused, agency_id, person_sub, terms, words)
  select r.n, r.id, timestamptz '2026-01-01T00:00:00Z' + make_interval(mins => r.n - r.n % 3), r.n % 7 = 0, r.agency, 'officer-' || r.n % 9,
         array['event=disclosure', 'category=' || r.category, 'supplier=' || r.supplier, r.supplier || '|', r.supplier || '|category=' || r.category]
           || case when r.n in (17, 18, 4000) then array['permission=rare'] end
           || case when r.n < 5000 then array['rule=retired'] end, to_tsvector('simple', 'Case ' || r.n % 40)
    from r`

let fresh: FreshDatabase
let all: readonly Row[]
beforeAll(async () => {
  fresh = await freshDatabase()
  await withTransaction(fresh.owner, async (tx) => {
    await tx.query({ text: `set local session_replication_role = 'replica'` })
    await tx.query({ text: fill })
  })
  await fresh.owner.query({ text: 'vacuum analyze log_index' })
  const text = `select i.leaf_index, i.at, i.refused, i.agency_id, i.person_sub, i.terms, 'case ' || i.leaf_index % 40 as word from log_index i
                 order by i.at desc, i.leaf_index desc`
  all = (await fresh.owner.query<Row>({ text })).rows
})
afterAll(() => fresh.drop())

const find = async (question: IndexQuestion, mostWalked: number, limit = 51, after: IndexPlace | null = null) =>
  findIndexed(fresh.db, question, { after, limit, mostWalked })

interface Plan {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly Plan[]
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** What a search read: entries met along the time, searches of the term's own index, and pages altogether. */
const readBy = async (question: IndexQuestion, mostWalked: number) => {
  const plans: Plan[] = []
  const explaining: Db = {
    query: async <Found>({ text, values }: Query) => {
      const explain = { text: `explain (analyze, buffers, format json) ${text}`, values }
      const { rows } = await fresh.owner.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explain)
      plans.push(rows[0]!['QUERY PLAN'][0].Plan)
      return { rows: [] as Found[], rowCount: 0 }
    },
  }
  await findIndexed(explaining, question, { after: null, limit: 51, mostWalked })
  const ran = nodesOf(plans[0]!).filter((node) => node['Actual Loops'] > 0)
  const walks = ran.filter((node) => /^log_index_by_(?:time|agency)$/.test(node['Index Name'] ?? ''))
  return {
    walked: walks.reduce((sum, node) => sum + node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0), 0),
    lookedUp: ran.filter((node) => /^log_index_by_(?:term|word)$/.test(node['Index Name'] ?? '')).length,
    whole: ran.some((node) => node['Node Type'] === 'Seq Scan' && 'Relation Name' in node && node['Relation Name'] === 'log_index'),
    pages: plans[0]!['Shared Hit Blocks'] + plans[0]!['Shared Read Blocks'],
  }
}

describe('what is looked for', () => {
  const rare: readonly (readonly [string, IndexQuestion, number])[] = [
    ['a term that no entry has', { ...everything, terms: ['permission=none'] }, 0],
    ['a word that no entry has', { ...everything, words: 'quetzalcoatl' }, 0],
    ['two terms that never stand together', { ...everything, terms: ['category=oasys', 'category=ete'] }, 0],
    ['a term that three entries have', { ...everything, terms: ['permission=rare'] }, 3],
    ['the part of an agency that supplied nothing', asAgency('agency-9'), 0],
    ['a common term and a rare one', { ...everything, terms: ['event=disclosure', 'permission=rare'], refusedOnly: false }, 3],
  ]
  test.each(rare)('%s: by its own index after a short walk', async (_name, question, found) => {
    expect((await find(question, WALKED)).length).toBe(found)
    const read = await readBy(question, WALKED)
    expect(read).toMatchObject({ lookedUp: 1, whole: false })
    expect(read.walked).toBeLessThanOrEqual(WALKED + AHEAD)
    // Without an end to the walk the same question meets every entry: what is measured here does tell.
    const endless = await readBy(question, ROWS + 1)
    expect(endless.lookedUp).toBe(0)
    expect(endless.pages).toBeGreaterThan(read.pages * 4)
  })

  test.each([
    ['a common term', { ...everything, terms: ['category=oasys'] }, 51 * 3],
    ['a common word', { ...everything, words: 'case' }, 51],
    ['the part of an agency that supplies much', asAgency('agency-1'), WALKED],
  ] as const)('%s: along the time, and no further than the page', async (_name, question, most) => {
    expect((await find(question, WALKED)).length).toBe(51)
    const read = await readBy(question, WALKED)
    expect(read).toMatchObject({ lookedUp: 0, whole: false })
    expect(read.walked).toBeLessThanOrEqual(most + AHEAD)
  })

  test('a common term that ended long ago: the newest of it all the same', async () => {
    const question = { ...everything, terms: ['rule=retired'] }
    expect(await readBy(question, WALKED)).toMatchObject({ lookedUp: 1, whole: false })
    const expected = all.filter(({ terms }) => terms.includes('rule=retired')).slice(0, 51)
    expect((await find(question, WALKED)).map(({ leafIndex }) => leafIndex)).toEqual(expected.map((row) => row.leaf_index))
  })
})

/** Always the same numbers, so that what fails once fails again. */
const makeDice = (seed: number) => {
  let state = seed
  return (sides: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}

const meets = (row: Row, question: IndexQuestion): boolean => {
  const { reader, agencyId, from, until, refusedOnly, words, terms, ownTerms } = question
  if (row.agency_id === reader.agencyId && row.person_sub === reader.personSub) return false
  if ((agencyId !== null && row.agency_id !== agencyId) || (from !== null && row.at < from) || (until !== null && row.at >= until))
    return false
  if (!reader.everything && row.agency_id !== reader.agencyId) return words === null && ownTerms.every((term) => row.terms.includes(term))
  return (!refusedOnly || row.refused) && (words === null || words === row.word) && terms.every((term) => row.terms.includes(term))
}

test('any question finds the same, page by page, however far it is walked to', async () => {
  const dice = makeDice(20261122)
  const some = <Value>(values: readonly Value[]): Value => values[dice(values.length)]!
  const terms = [
    'event=disclosure',
    'category=oasys',
    'category=ete',
    'supplier=agency-2',
    'rule=retired',
    'permission=rare',
    'permission=none',
  ]
  const instants = [null, null, ...[1, 17, 3_000, 7_999].map((minutes) => new Date(Date.UTC(2026, 0, 1, 0, minutes)))]
  for (let round = 0; round < 40; round += 1) {
    const asked = Array.from({ length: dice(3) }, () => some(terms))
    const base = dice(2) === 0 ? { ...everything, terms: asked } : asAgency(some(['agency-0', 'agency-2', 'agency-4', 'agency-9']), asked)
    const words = some([null, null, null, 'case 7', 'case none'])
    const question = {
      ...base,
      words,
      from: some(instants),
      until: some(instants),
      agencyId: some([null, null, 'agency-2']),
      refusedOnly: dice(4) === 0,
    }
    const expected = all.filter((row) => meets(row, question)).map((row) => row.leaf_index)
    const limit = some([1, 20, 200])
    for (const mostWalked of [1, 40, ROWS + 1]) {
      const first = await find(question, mostWalked, limit)
      const last = first.at(-1)
      const second = last === undefined ? [] : await find(question, mostWalked, limit, { at: last.placeAt, leafIndex: last.leafIndex })
      const told = [...first, ...second].map(({ leafIndex }) => leafIndex)
      expect(told, JSON.stringify({ question, mostWalked, limit })).toEqual(expected.slice(0, 2 * limit))
    }
  }
})
