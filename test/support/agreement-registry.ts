import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { Answer, OperationRequest } from '../../src/core/answer.ts'
import type { Caller } from '../../src/core/caller.ts'
import type { Policies } from '../../src/core/decision/policy.ts'
import { reasonCodes } from '../../src/core/decision-vocabulary.ts'
import { makeCommitChange } from '../../src/gateway/commit/commit-change.ts'
import { openLogWriter } from '../../src/gateway/commit/log-writer.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { makeStandings } from '../../src/gateway/standings.ts'
import { verifySignature } from '../../src/identity/signature.ts'
import type { FreshDatabase } from './database.ts'

const kinds = {
  'ridings-police': 'police',
  'ridings-probation': 'probation',
  'fresh-steps': 'third-sector',
  'hollins-lettings': 'private-landlord',
  'ridings-partnership': 'governance-body',
} as const
export type TestAgency = keyof typeof kinds

const reasons = Object.fromEntries(reasonCodes.map((code) => [code, { says: `Refused: ${code}.`, nextStep: 'Ask.' }]))

/** Agencies, their systems and people, and an empty policy: enough for the registry and the consent ledger. */
export const seedRegistry = async ({ owner }: FreshDatabase): Promise<void> => {
  await owner.query({ text: `insert into policy_bundle (hash, engine, content) values ('test', 'test', '{}')` })
  await owner.query({ text: `insert into policy_active (hash) values ('test')` })
  await owner.query({ text: `insert into area (id, name) values ('calder', 'Calder')` })
  for (const [id, kind] of Object.entries(kinds)) {
    const values = [id, kind]
    await owner.query({ text: `insert into agency (id, name, kind, regime) values ($1, $1, $2, 'general')`, values })
    await owner.query({
      text: `insert into client (id, agency_id, name, binding) values ($1 || '-system', $1, $1, 'bearer')`,
      values: [id],
    })
  }
}

/** Registers a person with roles in the area, and returns them as a caller. */
export const addPerson = async (
  { owner }: FreshDatabase,
  agencyId: TestAgency,
  sub: string,
  roles: readonly string[] = [],
): Promise<Caller> => {
  await owner.query({ text: 'insert into person (agency_id, sub, display_name) values ($1, $2, $2)', values: [agencyId, sub] })
  for (const role of roles) {
    await owner.query({
      text: `insert into appointment (id, agency_id, person_sub, role, area_id, from_at) values ($1, $2, $3, $4, 'calder', '2025-01-01')`,
      values: [newId(), agencyId, sub, role],
    })
  }
  return {
    agencyId,
    clientId: `${agencyId}-system`,
    personSub: sub,
    binding: 'bearer',
    keyThumbprint: null,
    tokenExpiresAt: new Date(Date.now() + 60_000),
    requestId: newId(),
    traceparent: null,
  }
}

export type Sign = (payload: string) => string

/** Registers an Ed25519 key for the person, as their own agency would, and returns what signs with it. */
export const addSigningKey = async ({ owner }: FreshDatabase, { agencyId, personSub }: Caller): Promise<Sign> => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' })
  await owner.query({
    text: 'insert into signatory_key (thumbprint, agency_id, person_sub, jwk) values ($1, $2, $3, $4)',
    values: [randomBytes(16).toString('hex'), agencyId, personSub, JSON.stringify(jwk)],
  })
  const part = (value: string): string => Buffer.from(value).toString('base64url')
  return (payload) => {
    const input = `${part(JSON.stringify({ alg: 'EdDSA', typ: 'isa-signature+jws' }))}.${part(payload)}`
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
  }
}

export const makeUses = async ({ db }: FreshDatabase, key = { kid: 'test', privateKey: generateKeyPairSync('ed25519').privateKey }) => {
  const log = await openLogWriter(db, key)
  const policies = { find: () => Promise.resolve({ bundle: { reasons } } as unknown as Policies) }
  return {
    commitChange: makeCommitChange({ database: db, standings: makeStandings(), policies, log, notDelivered: () => undefined }),
    db,
    newId,
    verifySignature,
  }
}

export const requestOf = (more: Partial<OperationRequest> = {}): OperationRequest => ({
  params: {},
  query: {},
  body: {},
  idempotencyKey: null,
  ifMatch: null,
  ...more,
})

/** The event, effect and reason of the entry that an answer names; null when there is none. */
export const findEntry = async ({ owner }: FreshDatabase, answer: Answer) => {
  const { rows } = await owner.query<{ event: string; effect: string; reason: string | null; offenderId: string | null }>({
    text: 'select p.event, p.effect, p.reason, p.offender_id as "offenderId" from access_log_payload p where p.entry_id = $1',
    values: [answer.entryId],
  })
  return rows[0] ?? null
}
