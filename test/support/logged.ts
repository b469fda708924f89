import type { FreshDatabase } from './database.ts'
import type { Json, Reply } from './ask.ts'

/** An entry as it was written: its canonical JSON, parsed. */
export type Logged = Json & {
  readonly entryId: string
  readonly at: string
  readonly operation: string
  readonly event: string
  readonly effect: string
  readonly reason: string | null
  readonly offenderId: string | null
  readonly purpose: string | null
  readonly caller: Json
}

interface Row {
  readonly canonical: Buffer
  readonly at: Date
  readonly columns: Json
}

const selectLogged = `
  select p.canonical, l.at, json_build_object('entryId', p.entry_id, 'event', p.event, 'effect', p.effect, 'reason', p.reason,
         'offenderId', p.offender_id, 'purpose', p.purpose, 'agencyId', p.agency_id, 'clientId', p.client_id, 'personSub', p.person_sub)
           as columns
    from access_log_payload p
    join access_log l on l.entry_id = p.entry_id
    join log_batch b on b.epoch = l.batch_epoch and b.counter = l.batch_counter`

/** The columns an entry is found by must say what its canonical bytes say, or the log would answer two ways. */
const toLogged = ({ canonical, columns, at }: Row): Logged => {
  const entry = JSON.parse(canonical.toString('utf8')) as Logged
  const { agencyId, clientId, personSub } = (entry.caller as Json | null) ?? {}
  const said = { ...entry, agencyId, clientId, personSub }
  for (const [name, value] of Object.entries(columns)) {
    if ((said[name as keyof typeof said] ?? null) !== value)
      throw new Error(`the column ${name} of entry ${entry.entryId} is not what it says`)
  }
  if (at.toISOString() !== entry.at) throw new Error(`entry ${entry.entryId} stands in the log under another instant`)
  return entry
}

/** Every entry that one request left, oldest first. */
export const entriesOf = async ({ owner }: FreshDatabase, reply: Pick<Reply, 'requestId'>): Promise<readonly Logged[]> => {
  const find = (since: string) =>
    owner.query<Row>({
      text: `${selectLogged} where p.entry_id >= $2 and convert_from(p.canonical, 'UTF8')::jsonb #>> '{caller,requestId}' = $1
        order by l.at, l.batch_position`,
      values: [reply.requestId, since],
    })
  // Ids of requests and of entries begin with their instant; where a test moved the gateway's clock, the whole log is looked through.
  const { rows } = await find(firstIdOf(reply.requestId))
  return (rows.length > 0 ? rows : (await find(beginning)).rows).map(toLogged)
}

const beginning = '00000000-0000-0000-0000-000000000000'

/** The smallest id of the second before a UUIDv7. */
const firstIdOf = (id: string): string => {
  const instant = (parseInt(id.replaceAll('-', '').slice(0, 12), 16) - 1_000).toString(16).padStart(12, '0')
  return `${instant.slice(0, 8)}-${instant.slice(8)}-7000-8000-000000000000`
}

/** The entry that the answer names; throws when it names none or none is there. */
export const entryOf = async ({ owner }: FreshDatabase, reply: Pick<Reply, 'entryId'>): Promise<Logged> => {
  const { rows } = await owner.query<Row>({ text: `${selectLogged} where p.entry_id = $1`, values: [reply.entryId] })
  if (rows[0] === undefined) throw new Error(`no entry ${reply.entryId} stands in the log`)
  return toLogged(rows[0])
}

/** How many entries there are, with a condition on their columns where one is given. */
export const countEntries = async ({ owner }: FreshDatabase, where = 'true'): Promise<number> => {
  const { rows } = await owner.query<{ count: number }>({ text: `select count(*) as count from access_log_payload p where ${where}` })
  return rows[0]!.count
}

/** The line of an enquiry's entry about one category, with all the facts it rests on: those of the entry and those that differ. */
export const lineOf = (entry: Logged, category: string): Json => {
  const line = (entry.categories as readonly Json[]).find((one) => one.category === category)
  return line === undefined ? {} : { ...line, facts: { ...(entry.facts as Json), ...(line.facts as Json) } }
}
