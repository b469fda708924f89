import { createHash } from 'node:crypto'
import { daysAfter, londonDay } from '../core/london.ts'
import type { AgreementTerms, Item } from '../core/snapshot.ts'
import type { Database } from '../db/db.ts'
import { withTransaction } from '../db/db.ts'
import type { LeadTable } from '../core/casework/lead/change-rules.ts'
import { insertSandboxHistory } from '../db/registry/sandbox-history.ts'
import type { SandboxRows } from '../db/registry/sandbox-seed.ts'
import { insertSandbox, isSandboxSeeded, lockSandboxSeed, putConsoleClients, updateJwksUris } from '../db/registry/sandbox-seed.ts'
import { agencies, areas, clients, confidentialityStatement, partyAgencyIds } from './cast.ts'
import { buildHistory, type CaseClocks, type History } from './history/history.ts'
import { colleagues } from './history/staff.ts'
import { buildHostedRecords } from './hosted-records.ts'
import { keptKey } from './keys.ts'
import { buildPeople } from './people.ts'
import type { SandboxPerson } from './people/person.ts'
import { isStoryPerson, storyId } from './people/story.ts'
import { personas } from './personas.ts'
import { fixedId } from './random.ts'
import { signAgreementHash, signatoryKey } from './signatures.ts'
import { consoleClientOf, issuerOf } from './tokens.ts'

export interface SeedUses {
  readonly dataDir: string
  readonly jwksUriOf: (agencyId: string) => string
  readonly discoveryUriOf: (agencyId: string) => string
  /** Seals the items of a hosted record for the row of that id. */
  readonly seal: (items: readonly Partial<Item>[], recordId: string) => Uint8Array
  /** Terms already checked, with the hash that their parties sign. */
  readonly agreements: readonly { readonly terms: AgreementTerms; readonly hash: string }[]
  /** What the cases' past is told by; absent: the people stand there without one. */
  readonly history?: HistoryUses
}

export interface HistoryUses {
  readonly leadTable: () => LeadTable
  /** Seals free text about a person for the column it stands in. */
  readonly sealText: (text: string, place: { readonly table: string; readonly id: string; readonly column: string }) => Uint8Array
}

/** When everybody in the sandbox took up their part. */
const startedAt = '2026-01-05T09:00:00.000Z'
const vettedUntil = '2036-01-05T09:00:00.000Z'

/** Fills an empty database in one transaction; where it is filled already, only the addresses of the issuers' keys are brought up to date. */
export const seedSandbox = async (db: Database, uses: SeedUses): Promise<'seeded' | 'already-seeded'> => {
  const addresses = agencies.map(({ id }) => ({ id, jwks_uri: uses.jwksUriOf(id) }))
  const consoles = agencies.map(({ id, name }) => ({
    id: consoleClientOf(id),
    agency_id: id,
    name: `${name}: console`,
    discovery_uri: uses.discoveryUriOf(id),
  }))
  const marker = storyId('jordan')
  const today = londonDay(new Date())
  const built = (await isSandboxSeeded(db, marker)) ? null : await buildRows(uses, today)
  return withTransaction(db, async (tx) => {
    await lockSandboxSeed(tx)
    if (built === null || (await isSandboxSeeded(tx, marker))) {
      await updateJwksUris(tx, addresses)
      await putConsoleClients(tx, consoles)
      return 'already-seeded'
    }
    await insertSandbox(tx, built.rows)
    await putConsoleClients(tx, consoles)
    await insertSandboxHistory(tx, built.past)
    return 'seeded'
  })
}

const noHistory: History = { rows: {}, clocks: new Map() }

const historyOf = (people: readonly SandboxPerson[], { history }: SeedUses, today: string): History => {
  if (history === undefined) return noHistory
  const seal = (text: string, table: string, id: string) =>
    Buffer.from(history.sealText(text, { table, id, column: 'sealed' })).toString('base64')
  return buildHistory(people, { table: history.leadTable(), seal, today })
}

const buildRows = async (uses: SeedUses, today: string): Promise<{ readonly rows: SandboxRows; readonly past: History['rows'] }> => {
  const people = buildPeople()
  const history = historyOf(people, uses, today)
  return { rows: await presentRows(uses, people, { today, clocks: history.clocks }), past: history.rows }
}

interface Clocks {
  readonly today: string
  readonly clocks: History['clocks']
}

const presentRows = async (uses: SeedUses, people: readonly SandboxPerson[], clocks: Clocks): Promise<SandboxRows> => {
  return {
    area: areas,
    agency: agencies.map(({ areaId, ...agency }) => ({
      ...agency,
      area_id: areaId,
      issuer: issuerOf(agency.id),
      jwks_uri: uses.jwksUriOf(agency.id),
    })),
    client: clients.map(({ agencyId, ...client }) => ({ ...client, agency_id: agencyId })),
    client_key: await clientKeys(uses.dataDir),
    ...personRows(),
    signatory_key: (await Promise.all(partyAgencyIds.map((id) => signatoryKey(uses.dataDir, id)))).map((key) => ({
      thumbprint: key.thumbprint,
      agency_id: key.agencyId,
      person_sub: key.personSub,
      jwk: key.jwk,
    })),
    ...offenderRows(people, clocks),
    hosted_record: buildHostedRecords(people).map((record) => ({
      id: record.id,
      offender_id: record.offenderId,
      category: record.category,
      agency_id: record.agencyId,
      sealed: Buffer.from(uses.seal(record.items, record.id)).toString('base64'),
    })),
    confidentiality_statement: [statementRow],
    ...(await agreementRows(uses)),
  }
}

const statementRow = {
  version: 1,
  from_on: startedAt.slice(0, 10),
  text: confidentialityStatement,
  hash: createHash('sha256').update(confidentialityStatement).digest('base64url'),
  published_by_agency: 'ridings-partnership',
  published_by_person: 'ig-officer',
  published_at: startedAt,
}

const clientKeys = (dataDir: string) =>
  Promise.all(
    clients
      .filter(({ binding }) => binding === 'dpop')
      .map(async ({ id }) => ({
        id: fixedId(`client key ${id}`),
        client_id: id,
        kind: 'dpop',
        thumbprint: (await keptKey(dataDir, 'client', id)).thumbprint,
      })),
  )

const onRecord = [
  ...personas,
  ...colleagues.map(({ sub, held, ...one }) => ({ ...one, name: sub, appointments: held, intelligenceVetted: false })),
]

const personRows = (): Pick<SandboxRows, 'person' | 'appointment'> => ({
  person: onRecord.map(({ name, agencyId, displayName, intelligenceVetted }) => ({
    agency_id: agencyId,
    sub: name,
    display_name: displayName,
    intelligence_vetted_until: intelligenceVetted ? vettedUntil : null,
  })),
  appointment: onRecord.flatMap(({ name, agencyId, appointments }) =>
    appointments.map(({ role, areaId }) => ({
      id: fixedId(`appointment ${name} ${role} ${areaId ?? ''}`),
      agency_id: agencyId,
      person_sub: name,
      role,
      area_id: areaId,
      from_at: startedAt,
    })),
  ),
})

const offenderRows = (
  people: readonly SandboxPerson[],
  { today, clocks }: Clocks,
): Pick<SandboxRows, 'offender' | 'identifier' | 'case_relationship' | 'consent_event'> => ({
  offender: people.map((person, position) => ({
    id: person.id,
    basis: person.basis,
    given_name: person.givenName,
    family_name: person.familyName,
    born_on: person.bornOn,
    cohort: person.cohort,
    strand: person.strand,
    statutory: person.statutory,
    supervisor_agency_id: person.supervisorAgencyId,
    lead_agency_id: person.leadAgencyId,
    dip: person.dip,
    custody_agency_id: person.custodyAgencyId,
    area_id: person.areaId,
    ...(clocks.has(person.id) ? rememberedClocks(clocks.get(person.id)!) : clocksOf(person, position, today)),
  })),
  identifier: people.flatMap(({ id, identifiers }) =>
    identifiers.map(({ kind, value, agencyId }) => ({ kind, value, offender_id: id, agency_id: agencyId })),
  ),
  case_relationship: people.flatMap(({ id, relationships }, position) =>
    relationships.map(({ kind, agencyId, personSub }) => ({
      id: fixedId(`relationship ${id} ${kind} ${agencyId}`, position),
      offender_id: id,
      kind,
      agency_id: agencyId,
      person_sub: personSub,
      from_at: clocks.get(id)?.cohortSince ?? startedAt,
    })),
  ),
  consent_event: people.flatMap(consentRows),
})

const rememberedClocks = (clocks: CaseClocks) => ({
  review_on: clocks.reviewOn,
  cohort_since: clocks.cohortSince,
  admitted_at: clocks.admittedAt,
  earliest_release_on: clocks.earliestReleaseOn,
})

/** Reviews are spread over the sixteen weeks ahead of the day of seeding; now and then one has been missed, as it happens. */
const clocksOf = ({ id, basis, custodyAgencyId }: SandboxPerson, position: number, today: string) => {
  if (basis !== 'cohort') return { review_on: null, cohort_since: null, admitted_at: null }
  const missed = position % 40 === 39 && !isStoryPerson(id)
  return {
    review_on: daysAfter(today, missed ? -9 : 20 + ((position * 7) % 90)),
    cohort_since: startedAt,
    admitted_at: custodyAgencyId === null ? null : startedAt,
  }
}

const consentRows = ({ id, consent }: SandboxPerson, position: number) =>
  consent.map((event, index) => ({
    id: fixedId(`consent ${id} ${index}`, position),
    offender_id: id,
    kind: event.kind,
    categories: event.categories,
    recipients: [],
    purposes: [],
    capacity_basis: event.capacityBasis,
    evidence: event.evidence,
    happened_at: event.happenedAt,
    expires_at: event.expiresAt,
    recorded_by_agency: event.recordedByAgency,
    recorded_by_person: event.recordedByPerson,
    recorded_at: event.happenedAt,
  }))

type AgreementTables = Pick<SandboxRows, 'agreement' | 'agreement_version' | 'agreement_party' | 'agreement_signature'>

/** Left unsigned on purpose, so that it shows what an agreement without a party's signature is worth: nothing. */
const neverSigned: readonly { readonly reference: string; readonly agencyId: string }[] = [
  { reference: 'FRESH-STEPS-LINK-007', agencyId: 'ridings-police' },
]

/** Drafted by the registrar, signed by the parties' own signatories: nobody signs for another agency. */
const agreementRows = async ({ agreements, dataDir }: SeedUses): Promise<AgreementTables> => {
  const known = agreements.map(({ terms, hash }) => ({ id: fixedId(`agreement ${terms.reference}`), terms, hash }))
  const parties = known.flatMap(({ id, terms, hash }) =>
    terms.parties.map((agencyId) => ({ id, agencyId, hash, reference: terms.reference })),
  )
  const signing = parties.filter(
    (party) => !neverSigned.some(({ reference, agencyId }) => party.reference === reference && party.agencyId === agencyId),
  )
  return {
    agreement: known.map(({ id, terms }) => ({ id, reference: terms.reference })),
    agreement_version: known.map(({ id, terms, hash }) => ({
      agreement_id: id,
      version: 1,
      hash,
      terms,
      drafted_by_agency: 'ridings-partnership',
      drafted_by_person: 'registrar',
    })),
    agreement_party: parties.map(({ id, agencyId }) => ({ agreement_id: id, version: 1, agency_id: agencyId })),
    agreement_signature: await Promise.all(
      signing.map(async ({ id, agencyId, hash }) => ({
        agreement_id: id,
        version: 1,
        agency_id: agencyId,
        person_sub: `signatory-${agencyId}`,
        jws: await signAgreementHash(dataDir, agencyId, hash),
      })),
    ),
  }
}
