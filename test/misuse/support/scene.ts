import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { MisuseRules } from '../../../src/core/misuse/misuse-rules.ts'
import type { Policies } from '../../../src/core/decision/policy.ts'
import { connect, type Database, withTransaction } from '../../../src/db/db.ts'
import { writeEntry } from '../../../src/gateway/commit/log-entry.ts'
import { type LogWriter, openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { detectOnce, type DetectUses } from '../../../src/gateway/misuse/detect.ts'
import { newIdAt } from '../../../src/gateway/new-id.ts'
import { sealOnce } from '../../../src/jobs/sealer.ts'
import { makeSealer } from '../../../src/sources/hosted.ts'
import { freshDatabase, type FreshDatabase } from '../../support/database.ts'
import { shipped } from '../../support/facts.ts'

/** One look-up as it happened, to be written into the log the way the gateway writes it. */
export interface Look {
  readonly at: Date
  readonly agencyId: string
  readonly personSub: string
  readonly offenderId: string | null
  readonly relationship?: string
  readonly operation?: string
  readonly effect?: string
  readonly reason?: string
  readonly emergency?: true
  /** Of a search: how many it found. */
  readonly found?: number
}

export interface Scene {
  readonly fresh: FreshDatabase
  readonly database: Database
  readonly uses: DetectUses
  readonly staffKey: Uint8Array
  /** Writes look-ups, those of one instant in one commit, seals them, and gives their entry ids back in the same order. */
  log(looks: readonly Look[]): Promise<readonly string[]>
  /** Detects as of an instant, under the shipped rules or these. */
  detect(now: string, which?: 'quick' | 'hourly' | 'nightly', rules?: MisuseRules): ReturnType<typeof detectOnce>
  close(): Promise<void>
}

export const shippedMisuse = shipped.bundle.misuse!

export const openScene = async (): Promise<Scene> => {
  const fresh = await freshDatabase()
  await fresh.owner.query({ text: `insert into policy_bundle (hash, engine, content) values ('test', 'test', '{}')` })
  await fresh.owner.query({ text: `insert into policy_active (hash) values ('test')` })
  const database = connect({ connection: fresh.appConnection, max: 3, statementTimeoutMillis: 120_000, idleInTransactionMillis: 120_000 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const log = await openLogWriter(database, { kid: 'test', privateKey })
  const staffKey = randomBytes(32)
  const sealer = makeSealer({ current: { id: 'test', key: randomBytes(32) }, older: [] })
  const uses = { database, log, policies: shelfOf(shippedMisuse), partnershipId: 'ridings-partnership', staffKey, sealer }
  const seal = async (): Promise<void> => {
    while ((await sealOnce({ database, origin: 'test.invalid/log', privateKey }))?.more === true);
  }
  return {
    ...{ fresh, database, uses, staffKey },
    log: async (looks) => {
      const ids = await writeLooks(database, log, looks)
      await seal()
      return ids
    },
    detect: (now, which = 'hourly', rules = shippedMisuse) =>
      detectOnce({ ...uses, policies: shelfOf(rules), now: () => new Date(now) }, which),
    close: async () => {
      await database.end()
      await fresh.drop()
    },
  }
}

export const shelfOf = (misuse: MisuseRules): DetectUses['policies'] => ({
  find: () => Promise.resolve({ bundle: { misuse } } as unknown as Policies),
})

const writeLooks = (database: Database, log: LogWriter, looks: readonly Look[]): Promise<readonly string[]> =>
  withTransaction(database, async (tx) => {
    const ids = new Map<Look, string>()
    for (const [instant, together] of [...Map.groupBy(looks, ({ at }) => at.getTime())].sort(([a], [b]) => a - b)) {
      const commits = [together.filter(({ operation }) => operation !== 'search'), ...searchesIn(together)]
      for (const commit of commits.filter(({ length }) => length > 0)) {
        const entries = commit.map((look) => entryFor(look))
        commit.forEach((look, index) => ids.set(look, entries[index]!.columns.entryId))
        log.committed(await log.append(tx, entries, [], new Date(instant)))
      }
    }
    return looks.map((look) => ids.get(look)!)
  })

/** Each search is a commit of its own: its frame first, then whom it found. */
const searchesIn = (looks: readonly Look[]): readonly (readonly Look[])[] =>
  looks
    .filter(({ operation }) => operation === 'search')
    .map((one) => (one.offenderId === null ? [one] : [{ ...one, offenderId: null, found: 1 }, one]))

const entryFor = (look: Look) => {
  const { at, agencyId, personSub, offenderId, relationship, operation = 'enquire', effect = 'permit', reason = null } = look
  const told =
    operation === 'search' && offenderId === null
      ? { by: 'name', found: look.found ?? 0 }
      : { facts: { relationship: relationship ?? 'none' } }
  return writeEntry({
    entryId: newIdAt(at),
    ...{ at, operation, policyHash: 'test', receipt: {} },
    caller: {
      ...{ agencyId, personSub, clientId: `${agencyId}-system`, binding: 'bearer', keyThumbprint: null },
      ...{ tokenExpiresAt: new Date(8.64e15), requestId: 'r', traceparent: null },
    },
    draft: {
      event: look.emergency === true ? 'emergency-opened' : effect === 'permit' ? 'disclosure' : 'access-denied',
      ...{ effect, reason, offenderId, purpose: 'risk-management' },
      content: {
        ...told,
        ...(look.emergency === true ? { emergency: {} } : {}),
        justification: 'Weekly check',
        legalGateway: 'dpa35-task',
      },
    },
  })
}

export interface FlagSeen {
  readonly id: string
  readonly ruleId: string
  readonly agencyId: string
  readonly personSub: string
  readonly offenderId: string | null
  readonly rank: string
  readonly words: string
  readonly cites: string
  readonly entryIds: readonly string[]
}

/** Every flag with its entries, the oldest first; those drawn at random apart. */
export const flagsIn = async ({ fresh }: Pick<Scene, 'fresh'>): Promise<readonly FlagSeen[]> => {
  const { rows } = await fresh.owner.query<FlagSeen>({
    text: `
      select f.id, f.rule_id as "ruleId", f.agency_id as "agencyId", f.person_sub as "personSub", f.offender_id as "offenderId", f.rank,
             f.words, f.cites, array(select e.entry_id from misuse_flag_entry e where e.flag_id = f.id) as "entryIds"
        from misuse_flag f where f.rule_id <> 'random-sample' order by f.id`,
  })
  return rows
}
