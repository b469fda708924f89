import { createHash } from 'node:crypto'
import type { Db } from '../../db.ts'
import { type AskedPart, MOST_WALKED, unseen, walkOrLookUp } from './walk-or-look-up.ts'

/** A question to the index, as its asker may put it. */
export interface IndexQuestion {
  readonly reader: { readonly everything: boolean; readonly agencyId: string; readonly personSub: string }
  /** Leaves from this one on are left out: the pages of one search show one state of the log. */
  readonly upTo: number
  readonly offenderId: string | null
  readonly person: { readonly agencyId: string; readonly sub: string } | null
  readonly agencyId: string | null
  /** Half-open. */
  readonly from: Date | null
  readonly until: Date | null
  readonly refusedOnly: boolean
  readonly words: string | null
  /** Terms of whole entries, and the same of the part that the asking agency supplied. */
  readonly terms: readonly string[]
  readonly ownTerms: readonly string[]
}

export interface IndexPlace {
  /** As PostgreSQL writes it, to the microsecond. */
  readonly at: string
  readonly leafIndex: number
}

export interface FoundEntry {
  readonly leafIndex: number
  readonly entryId: string
  readonly placeAt: string
  readonly canonical: Buffer
}

type Bind = (value: unknown, type: string) => string

const binder = (): { readonly values: unknown[]; readonly bind: Bind } => {
  const values: unknown[] = []
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` }
}

/** Conditions that an index holds in the order of time. */
const along = (question: IndexQuestion, bind: Bind): readonly string[] => {
  const { upTo, offenderId, person, agencyId, from, until } = question
  return [
    `i.leaf_index < ${bind(upTo, 'bigint')}`,
    ...(offenderId === null ? [] : [`i.offender_id = ${bind(offenderId, 'uuid')}`]),
    ...(person === null ? [] : [`i.agency_id = ${bind(person.agencyId, 'text')} and i.person_sub = ${bind(person.sub, 'text')}`]),
    ...(agencyId === null ? [] : [`i.agency_id = ${bind(agencyId, 'text')}`]),
    ...(from === null ? [] : [`i.at >= ${bind(from, 'timestamptz')}`]),
    ...(until === null ? [] : [`i.at < ${bind(until, 'timestamptz')}`]),
  ]
}

/** Nobody reviews their own accesses (R42). */
const notOwn = ({ reader }: IndexQuestion, bind: Bind): string =>
  `(i.agency_id is distinct from ${bind(reader.agencyId, 'text')} or i.person_sub is distinct from ${bind(reader.personSub, 'text')})`

type Seen = (value: string) => string
const seen: Seen = (value) => value

/** Entries the reader may see whole: all of them, or those that the own agency asked for. */
const wholeEntries = (question: IndexQuestion, bind: Bind, as: Seen = seen): AskedPart => {
  const { reader, refusedOnly, words, terms } = question
  return {
    along: [...along(question, bind), ...(reader.everything ? [] : [`i.agency_id = ${bind(reader.agencyId, 'text')}`])],
    only: [
      notOwn(question, bind),
      ...(refusedOnly ? ['i.refused'] : []),
      ...(words === null ? [] : [`i.words @@ ${as(`websearch_to_tsquery('simple', ${bind(words, 'text')})`)}`]),
      ...(terms.length === 0 ? [] : [`i.terms @> ${as(bind(terms, 'text[]'))}`]),
    ],
  }
}

/** Entries of others in which the own agency supplied something; never found by the others' words, nor by what another supplied. */
const ownPart = (question: IndexQuestion, bind: Bind, as: Seen = seen): AskedPart | null => {
  const { reader, words, ownTerms } = question
  if (reader.everything || words !== null) return null
  return {
    along: along(question, bind),
    only: [
      notOwn(question, bind),
      `i.agency_id is distinct from ${bind(reader.agencyId, 'text')}`,
      `i.terms @> ${as(bind(ownTerms, 'text[]'))}`,
    ],
  }
}

const whereOf = ({ along, only }: AskedPart): string => [...along, ...only].join(' and ')

/** Of an entry that is seen in part, whether that part was refused: what became of the rest is not its reader's to count. */
const ownRefused = ({ reader }: IndexQuestion, bind: Bind): string =>
  `i.terms @> array[${bind(`${reader.agencyId}|outcome=refused`, 'text')}]`

const branches = (question: IndexQuestion, bind: Bind, tail: string): string => {
  const own = ownPart(question, bind)
  const branch = (part: AskedPart, refused: string): string =>
    `(select i.at, i.leaf_index, ${refused} as refused from log_index i where ${whereOf(part)} ${tail})`
  const whole = branch(wholeEntries(question, bind), 'i.refused')
  return own === null ? whole : `${whole} union all ${branch(own, ownRefused(question, bind))}`
}

/**
 * The newest entries that a question finds, up to a number of them, as a common table expression; `prefix` stands before the terms that
 * the asker may know of an entry, and is empty where that is all of it.
 */
export const newestFound = (
  question: IndexQuestion,
  most: number,
): { readonly text: string; readonly values: unknown[]; readonly bind: Bind } => {
  const { values, bind } = binder()
  const tail = `order by i.at desc, i.leaf_index desc limit ${bind(most, 'integer')}`
  const own = ownPart(question, bind)
  const branch = (part: AskedPart, prefix: string): string =>
    `(select i.leaf_index, i.at, ${prefix === '' ? 'i.refused' : `${ownRefused(question, bind)} as refused`}, i.agency_id, i.person_sub, i.terms, ${bind(prefix, 'text')} as prefix
        from log_index i where ${whereOf(part)} ${tail})`
  const found = [branch(wholeEntries(question, bind), ''), ...(own === null ? [] : [branch(own, `${question.reader.agencyId}|`)])].join(
    ' union all ',
  )
  const text = `newest as materialized (
    select i.leaf_index, i.at, i.refused, i.agency_id, i.person_sub, i.terms, i.prefix from (${found}) as i ${tail})`
  return { text, values, bind }
}

/**
 * Questions that one index answers in order keep their plan; how rare a term or a word is decides how it is best looked for, and such a
 * question is planned anew for the values it has.
 */
const nameOf = (question: IndexQuestion, text: string): { readonly name?: string } =>
  question.reader.everything && !looksForTerms(question)
    ? { name: `find-indexed-${createHash('sha256').update(text).digest('base64url').slice(0, 22)}` }
    : {}

const looksForTerms = ({ terms, words }: IndexQuestion): boolean => terms.length > 0 || words !== null

/** A page, the newest first, with what each entry says. `mostWalked`: how far it is looked for along the time. */
export const findIndexed = async (
  db: Db,
  question: IndexQuestion,
  page: { readonly after: IndexPlace | null; readonly limit: number; readonly mostWalked?: number },
): Promise<readonly FoundEntry[]> => {
  const { values, bind } = binder()
  const limit = bind(page.limit, 'integer')
  const { ctes, rows: found } = partsFound(question, bind, { after: page.after, limit, mostWalked: page.mostWalked ?? MOST_WALKED })
  const text = `
      ${ctes.length === 0 ? '' : `with ${ctes.join(', ')}`}
      select f.leaf_index as "leafIndex", f.entry_id as "entryId", f.at::text as "placeAt", p.canonical
        from (select i.leaf_index, i.entry_id, i.at from (${found.join(' union all ')}) as i ${newestFirst} limit ${limit}) as f
        join lateral (select e.canonical from access_log_payload e where e.entry_id = f.entry_id limit 1) as p on true
       order by f.at desc, f.leaf_index desc`
  const { rows } = await db.query<FoundEntry>({ ...nameOf(question, text), text, values })
  return rows
}

const newestFirst = 'order by i.at desc, i.leaf_index desc'

/** What an index holds in the order asked for is read in it; terms and words are walked to, or looked up. */
const partsFound = (
  question: IndexQuestion,
  bind: Bind,
  page: { readonly after: IndexPlace | null; readonly limit: string; readonly mostWalked: number },
): { readonly ctes: readonly string[]; readonly rows: readonly string[] } => {
  const { after, limit } = page
  const behind = after === null ? [] : [`(i.at, i.leaf_index) < (${bind(after.at, 'timestamptz')}, ${bind(after.leafIndex, 'bigint')})`]
  const asked = (name: string, part: AskedPart) =>
    walkOrLookUp(name, { ...part, along: [...part.along, ...behind] }, { most: limit, walked: bind(page.mostWalked, 'integer') })
  const whole = wholeEntries(question, bind, unseen)
  const own = ownPart(question, bind, unseen)
  const plain = `(select i.leaf_index, i.entry_id, i.at from log_index i where ${[whereOf(whole), ...behind].join(' and ')} ${newestFirst} limit ${limit})`
  const parts = [looksForTerms(question) ? asked('whole', whole) : { ctes: [], rows: plain }, ...(own === null ? [] : [asked('own', own)])]
  return { ctes: parts.flatMap(({ ctes }) => ctes), rows: parts.map(({ rows }) => rows) }
}

export interface DayCount {
  readonly day: string
  readonly entries: number
  readonly refused: number
}

/** London days, the newest first, over the newest entries up to a number of them; `counted` tells whether that was all. */
export const countIndexedByDay = async (
  db: Db,
  question: IndexQuestion,
  most: number,
): Promise<{ readonly days: readonly DayCount[]; readonly counted: number }> => {
  const { values, bind } = binder()
  const tail = `order by i.at desc, i.leaf_index desc limit ${bind(most, 'integer')}`
  const { rows } = await db.query<DayCount>({
    text: `
      select (f.at at time zone 'Europe/London')::date::text as day, count(*) as entries, count(*) filter (where f.refused) as refused
        from (select i.at, i.refused from (${branches(question, bind, tail)}) as i ${tail}) as f
       group by 1 order by 1 desc`,
    values,
  })
  return { days: rows, counted: rows.reduce((sum, row) => sum + row.entries, 0) }
}

export interface CommittedEntry {
  readonly entryId: string
  readonly leafHash: Buffer
  readonly salt: Buffer
  readonly receiptDigest: Buffer | null
}

/** What the leaves of entries were made from besides their canonical bytes. */
export const readCommitted = async (db: Db, entryIds: readonly string[]): Promise<ReadonlyMap<string, CommittedEntry>> => {
  const { rows } = await db.query<CommittedEntry>({
    name: 'read-committed',
    text: `
      select a.entry_id as "entryId", a.leaf_hash as "leafHash", p.salt, p.receipt_digest as "receiptDigest"
        from access_log a join access_log_payload p on p.entry_id = a.entry_id where a.entry_id = any($1::uuid[])`,
    values: [entryIds],
  })
  return new Map(rows.map((row) => [row.entryId, row]))
}
