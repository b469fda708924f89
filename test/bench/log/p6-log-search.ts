import pg from 'pg'
import { connect, type Database } from '../../../src/db/db.ts'
import { findIndexed, type IndexPlace, type IndexQuestion } from '../../../src/db/log/search/log-search.ts'
import { showEntries } from '../../../src/gateway/log/search/log-line.ts'
import { logLine } from '../../../src/gateway/log/search/log-line.ts'
import { mintToken } from '../../../src/sandbox/tokens.ts'
import { type BenchWorld, openWorld } from '../data.ts'
import { median, startServer } from '../load.ts'
import { audience } from '../p1-enquiry.ts'
import type { Row } from '../table.ts'
import { type GeneratedLog, generateLog } from './log-data.ts'

const PAGE = 51
const ROUNDS = 31
const TIMES = 10

/** P6: the two questions that officers ask most, first and deep page, beside the bare query on the same index, prepared once. */
export const p6 = async (entries = 1_000_000): Promise<readonly Row[]> => {
  const world = await openWorld()
  const owner = new pg.Client(world.owner)
  await owner.connect()
  const bare = new pg.Client(world.app)
  await bare.connect()
  const database = connect({ connection: world.app, max: 2 })
  try {
    const log = await generateLog(owner, entries)
    const rows: Row[] = [{ what: 'P6 entries', value: entries, note: await sizes(owner) }]
    for (const asked of questionsOf(log)) rows.push(...(await measureQuestion({ database, bare }, asked)))
    for (const [what, more] of otherQuestions) rows.push(await measureOther(database, what, more))
    return [...rows, await wholeOperation(world, log)]
  } finally {
    await database.end()
    await Promise.all([owner.end(), bare.end()])
    await world.close()
  }
}

const sizes = async (owner: pg.Client): Promise<string> => {
  const { rows } = await owner.query<{ index: string; log: string }>(`
    select pg_size_pretty(pg_total_relation_size('log_index')) as index,
           pg_size_pretty((select sum(pg_total_relation_size(i.inhrelid)) from pg_inherits i where i.inhparent = 'access_log_payload'::regclass)) as log`)
  return `search index ${rows[0]!.index} beside payloads of ${rows[0]!.log}`
}

const everything: IndexQuestion = {
  reader: { everything: true, agencyId: 'ridings-partnership', personSub: 'ig-officer' },
  ...{ upTo: Number.MAX_SAFE_INTEGER, offenderId: null, person: null, agencyId: null, from: null, until: null },
  ...{ refusedOnly: false, words: null, terms: [], ownTerms: [] },
}

interface Asked {
  readonly what: string
  readonly question: IndexQuestion
  readonly deep: number
  readonly bareText: string
  readonly bareValues: readonly unknown[]
}

const bareSelect = 'select i.entry_id, p.canonical from log_index i join access_log_payload p on p.entry_id = i.entry_id'

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000)

const questionsOf = ({ entries, subject, officer }: GeneratedLog): readonly Asked[] => {
  const [from, until] = [daysAgo(120), daysAgo(30)]
  return [
    {
      what: 'all accesses to a subject',
      question: { ...everything, offenderId: subject },
      deep: Math.floor(entries / 1_000),
      bareText: `${bareSelect} where i.offender_id = $1`,
      bareValues: [subject],
    },
    {
      what: 'all refusals of a person in a period',
      question: { ...everything, person: officer, refusedOnly: true, from, until },
      deep: Math.floor(entries / 5_000),
      bareText: `${bareSelect} where i.agency_id = $1 and i.person_sub = $2 and i.refused and i.at >= $3 and i.at < $4`,
      bareValues: [officer.agencyId, officer.sub, from, until],
    },
  ]
}

const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  for (let i = 0; i < TIMES; i += 1) await work()
  return (performance.now() - started) / TIMES
}

interface Connections {
  readonly database: Database
  readonly bare: pg.Client
}

const measureQuestion = async ({ database, bare }: Connections, asked: Asked): Promise<readonly Row[]> => {
  const rows: Row[] = []
  const before = await findIndexed(database, asked.question, { after: null, limit: asked.deep })
  const last = before.at(-1)
  if (before.length < asked.deep || last === undefined) throw new Error(`${asked.what}: only ${before.length} entries`)
  const pages: readonly (readonly [string, IndexPlace | null])[] = [
    ['first page', null],
    [`page behind ${asked.deep}`, { at: last.placeAt, leafIndex: last.leafIndex }],
  ]
  for (const [page, after] of pages) {
    const behind = after === null ? '' : ` and (i.at, i.leaf_index) < ('${after.at}', ${after.leafIndex})`
    const text = `${asked.bareText}${behind} order by i.at desc, i.leaf_index desc limit ${PAGE}`
    const name = `bare ${rows.length} ${asked.what}`.slice(0, 60)
    const bareOnce = () => bare.query({ name, text, values: [...asked.bareValues] })
    const oursOnce = () => findShown(database, asked.question, after)
    const same = (await bareOnce()).rows.map((row) => (row as { entry_id: string }).entry_id).join() === (await oursOnce()).ids.join()
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await timeOf(bareOnce))
      ours.push(await timeOf(oursOnce))
    }
    const ratio = median(ours) / median(theirs)
    const note = `${median(ours).toFixed(2)} ms, bare ${median(theirs).toFixed(2)} ms, ${same ? 'the same entries' : 'OTHER ENTRIES'}`
    rows.push({ what: `P6 ${asked.what}, ${page}: bare`, value: ratio, goal: '<= 2', met: ratio <= 2 && same, note })
  }
  return rows
}

/** As an officer is shown it: found, read, masked. */
const findShown = async (database: Database, question: IndexQuestion, after: IndexPlace | null) => {
  const found = await findIndexed(database, question, { after, limit: PAGE })
  const lines = showEntries(question.reader, found).map(logLine)
  return { ids: found.map(({ entryId }) => entryId), lines }
}

const otherQuestions: readonly (readonly [string, Partial<IndexQuestion>])[] = [
  ['a common category', { terms: ['category=oasys'] }],
  ['a rare rule', { terms: ['rule=r-7'] }],
  ['a rule and a category', { terms: ['rule=r-7', 'category=police-intel'] }],
  ['words', { words: 'case 77' }],
  ['a term that nothing has', { terms: ['permission=none'] }],
]

const measureOther = async (database: Database, what: string, more: Partial<IndexQuestion>): Promise<Row> => {
  const times: number[] = []
  const name = `P6 first page by ${what}, ms`
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now()
    try {
      await findShown(database, { ...everything, ...more }, null)
    } catch (cause) {
      // One question that is given up says so in its row, and loses no other its figure.
      return { what: name, value: performance.now() - started, note: `given up: ${String(cause)}` }
    }
    times.push(performance.now() - started)
  }
  return { what: name, value: median(times) }
}

/** With its token, its rules and its own committed entry: a reading, since a bare query commits nothing. */
const wholeOperation = async (world: BenchWorld, { subject }: GeneratedLog): Promise<Row> => {
  const server = await startServer({ kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience })
  try {
    const token = await mintToken({ dataDir: world.dataDir, persona: 'ig-officer', audience, ttlSeconds: 600 })
    const body = JSON.stringify({ purpose: 'integrity', justification: 'Measured', filter: { subject } })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const times: number[] = []
    for (let i = 0; i < 60; i += 1) {
      const started = performance.now()
      const reply = await fetch(`${server.url}/v1/access-log/searches`, { method: 'POST', headers, body })
      await reply.text()
      if (reply.status !== 200) throw new Error(`the search was answered ${reply.status}`)
      times.push(performance.now() - started)
    }
    return { what: 'P6 the whole search over HTTP, with its own entry, ms', value: median(times.slice(10)) }
  } finally {
    server.stop()
  }
}
