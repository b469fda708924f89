import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Database } from '../../../src/db/db.ts'
import type { MiCaseUses } from '../../../src/gateway/casework/mi-case/mi-case-uses.ts'
import { openLogWriter } from '../../../src/gateway/commit/log-writer.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { makePolicyShelf } from '../../../src/gateway/policies/policy-shelf.ts'
import type { SourceDescription } from '../../../src/sources/description.ts'
import { httpMoves } from '../../../src/sources/moves/http-moves.ts'
import type { MoveRegister } from '../../../src/sources/moves/move-register.ts'
import { CC, type Casework, idOf } from '../strand/strand-support.ts'

/** MI-Case as the house reaches it. */
export const movesOf = (description: SourceDescription): MoveRegister =>
  httpMoves(description, { readSecret: (file) => readFileSync(file, 'utf8').trim() })!

export const descriptionOf = (house: Casework): SourceDescription => house.sandbox.descriptions.find(({ moves }) => moves !== undefined)!

/** What the jobs work with, at the database's clock or at a moved one. */
export const usesOf = async (database: Database, moves: MoveRegister, now?: () => Date): Promise<MiCaseUses> => ({
  ...{ database, moves, policies: makePolicyShelf(), partnershipId: 'ridings-partnership' },
  log: await openLogWriter(database, { kid: 'test', privateKey: generateKeyPairSync('ed25519').privateKey }),
  ...(now === undefined ? {} : { now }),
})

/** A person of the Calder cohort whom probation leads, and whom MI-Case knows by the number of one of the sandbox's own. */
export const knownPerson = async (house: Casework): Promise<{ readonly offenderId: string; readonly number: string }> => {
  const { rows } = await house.database.owner.query<{ number: string; id: string }>({
    text: `select i.value as number, i.offender_id as id from identifier i join offender o on o.id = i.offender_id
            where i.kind = 'dip-number' and o.basis = 'cohort' and o.strand = 'rehabilitate-and-resettle'
              and o.family_name <> 'Inventworth' order by i.value limit 1`,
  })
  const offenderId = await house.person({
    ...{ cohort: 'iom', strand: 'rehabilitate-and-resettle', lead: 'ridings-probation', statutory: true, supervisor: 'ridings-probation' },
  })
  // The number moves to the new person: one number, one person.
  await house.database.owner.query({
    text: `update identifier set offender_id = $1 where identifier.kind = 'dip-number' and identifier.value = $2`,
    values: [offenderId, rows[0]!.number],
  })
  return { offenderId, number: rows[0]!.number }
}

/** Probation moves its case on an arrest. */
export const moveOnArrest = async (house: Casework, offenderId: string): Promise<string> => {
  const evidenceId = idOf(await house.evidence('analyst', offenderId, 'arrest-disposal'), 'evidenceId')
  const asked = { lead: 'ridings-probation', toStrand: CC, trigger: 'arrest-disposal', evidenceIds: [evidenceId] }
  return idOf(await house.move('case-manager', offenderId, asked), 'changeId')
}

export interface MessageNow {
  readonly id: string
  readonly attempts: number
  readonly outcome: string | null
  readonly waitSeconds: number
}
export const messagesOf = async (house: Casework, offenderId: string): Promise<readonly MessageNow[]> =>
  (
    await house.database.owner.query<MessageNow>({
      text: `select m.id, m.attempts, m.outcome, extract(epoch from m.next_attempt_at - statement_timestamp())::float as "waitSeconds"
               from mi_case_message m where m.offender_id = $1 order by m.place`,
      values: [offenderId],
    })
  ).rows

/** Entries of these operations about the person, in the order in which they were committed. */
export const entriesAbout = async (house: Casework, offenderId: string, operation: string): Promise<readonly Record<string, unknown>[]> =>
  (
    await house.database.owner.query<{ said: Record<string, unknown> }>({
      text: `select convert_from(p.canonical, 'UTF8')::jsonb as said from access_log_payload p join access_log a on a.entry_id = p.entry_id
              where p.offender_id = $1 and convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = $2 order by a.at, p.entry_id`,
      values: [offenderId, operation],
    })
  ).rows.map(({ said }) => said)

/** Somebody at MI-Case writes another strand down. */
export const writtenThere = (
  moves: MoveRegister,
  identifier: string,
  strand: 'catch-and-control' | 'prevent-and-deter' | 'rehabilitate-and-resettle',
) =>
  moves.record({
    ...{ messageId: newId(), identifier, strand, leadAgencyId: 'calder-dip', trigger: 'engaging-well', evidenceIds: [] },
    effectiveAt: new Date().toISOString(),
  })
