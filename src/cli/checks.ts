import { createPublicKey } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'undici'
import { parse } from 'yaml'
import type { Config } from '../config.ts'
import { compilePolicies } from '../core/decision/policy.ts'
import { readClock } from '../db/clock.ts'
import { connect, type Database } from '../db/db.ts'
import { findActivePolicyHash, findPolicyBundle } from '../db/registry/policies.ts'
import { listMigrations } from '../db/server/migrate.ts'
import { checkDurability } from '../db/server/ready.ts'
import { readRecordKey, readSigningKey } from '../keys.ts'
import { parseSourceDescription } from '../sources/description.ts'
import { openCommandDatabase } from './database.ts'
import type { RunningGateway } from './gateway/gateway-address.ts'
import { askOpenly } from './gateway/gateway-client.ts'

/** One thing looked at: what it is, whether it is well, and a sentence for whoever has to mend it. */
export interface Check {
  readonly name: string
  readonly well: boolean
  readonly says: string
}

const well = (name: string, says: string): Check => ({ name, well: true, says })
const wrong = (name: string, says: string): Check => ({ name, well: false, says })
const because = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Is a gateway running, and does it call itself ready? */
export const checkGateway = async (url: string | null): Promise<readonly Check[]> => {
  if (url === null) return [wrong('gateway', 'No gateway runs on this data directory. Start one with: npm start')]
  try {
    const { status, body } = await askOpenly(url, '/health/readiness')
    return [
      status === 200
        ? well('gateway', `answers at ${url} and is ready`)
        : wrong('gateway', `answers at ${url} but is not ready: ${(body as { why: readonly string[] }).why.join(' ')}`),
    ]
  } catch (cause) {
    return [wrong('gateway', because(cause))]
  }
}

/** The database, what it promises about durability, its clock, and the rules in force. */
export const checkDatabase = async (config: Config): Promise<readonly Check[]> => {
  if (config.database.url === null && !existsSync(join(config.dataDir, 'keys')))
    return [wrong('database', `Nothing was ever started on ${config.dataDir}. Start a gateway with: npm start`)]
  try {
    const opened = await openCommandDatabase(config)
    try {
      const database = connect({ connection: await opened.app(), max: 1 })
      try {
        return [well('database', `${opened.says} answers`), await durability(database), await clock(database), await policy(database)]
      } finally {
        await database.end()
      }
    } finally {
      await opened.close()
    }
  } catch (cause) {
    return [wrong('database', because(cause))]
  }
}

const durability = async (database: Database): Promise<Check> => {
  const { ready, problems } = await checkDurability(database, listMigrations())
  return ready
    ? well('durability', 'what is committed survives a power cut; the schema is this build’s')
    : wrong('durability', problems.join(' '))
}

/** Decisions go by the database's clock; tokens are checked by this machine's, and are refused ten seconds ahead. */
const MOST_APART_MS = 5_000

const clock = async (database: Database): Promise<Check> => {
  const before = Date.now()
  const at = (await readClock(database)).getTime()
  const apart = Math.round(Math.abs(at - (before + Date.now()) / 2))
  return apart <= MOST_APART_MS
    ? well('clock', `this machine and the database are ${apart} ms apart`)
    : wrong(
        'clock',
        `this machine and the database are ${apart} ms apart; more than ${MOST_APART_MS} ms refuses good tokens: set the clocks`,
      )
}

const policy = async (database: Database): Promise<Check> => {
  const hash = await findActivePolicyHash(database)
  if (hash === null) return wrong('policy', 'No rules are in force: nothing can be decided. Publish them with: iom policy publish')
  const bundle = await findPolicyBundle(database, hash)
  if (bundle === null) return wrong('policy', `The rules in force, ${hash}, are not in the database.`)
  try {
    compilePolicies(bundle)
  } catch (cause) {
    return wrong('policy', `The rules in force, ${hash}, cannot be used: ${because(cause)}`)
  }
  const rules = bundle.stages.reduce((sum, stage) => sum + stage.rules.length, 0)
  return well('policy', `${hash} is in force: ${rules} rules in ${bundle.stages.length} stages, ${bundle.categories.length} categories`)
}

/** The keys can be read, and the log's key is the one that the running gateway signs with. */
export const checkKeys = async (config: Config, url: string | null): Promise<readonly Check[]> => {
  const made = config.keys.signingFile !== null || existsSync(join(config.dataDir, 'keys', 'log-signing.pem'))
  // Reading would make the sandbox's keys, and a doctor changes nothing.
  if (!made) return [wrong('keys', `There are no keys in ${config.dataDir} yet. Start a gateway with: npm start`)]
  try {
    const signing = readSigningKey(config)
    const record = readRecordKey(config)
    const { x } = createPublicKey(signing.privateKey).export({ format: 'jwk' })
    const used = url === null ? null : await logKeyOf(url)
    if (used !== null && used !== x) return [wrong('keys', `The gateway at ${url ?? '?'} signs with another key than ${signing.kid}.`)]
    return [well('keys', `the log is signed with ${signing.kid}, hosted records are sealed with ${record.id}`)]
  } catch (cause) {
    return [wrong('keys', because(cause))]
  }
}

/** Null when nobody answers there: that is told by another check. */
const logKeyOf = async (url: string): Promise<string | null> => {
  const info = await askOpenly(url, '/info').catch(() => null)
  return (info?.body as { logKey?: { x?: string } } | undefined)?.logKey?.x ?? null
}

/** Does each agency's system answer at all? Nothing is asked of it, so any answer will do. */
export const checkSources = async (config: Config, running: RunningGateway | null): Promise<readonly Check[]> => {
  try {
    const sources = config.sourcesDir === null ? (running?.sources ?? []) : describedIn(config.sourcesDir)
    if (sources.length === 0)
      return [wrong('sources', 'No agency’s system is known: the sandbox does not run, and SOURCES_DIR is not set.')]
    return await Promise.all(sources.map(checkSource))
  } catch (cause) {
    return [wrong('sources', because(cause))]
  }
}

const checkSource = async ({ agencyId, address }: RunningGateway['sources'][number]): Promise<Check> => {
  try {
    const reply = await request(address, { method: 'HEAD', signal: AbortSignal.timeout(3_000) })
    await reply.body.dump()
    return well('source', `${agencyId} answers at ${address}`)
  } catch (cause) {
    return wrong('source', `${agencyId} does not answer at ${address}: ${because(cause)}`)
  }
}

const describedIn = (directory: string): RunningGateway['sources'] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => parseSourceDescription(parse(readFileSync(join(directory, name), 'utf8')), name))
    .map(({ agency, address }) => ({ agencyId: agency, address }))
