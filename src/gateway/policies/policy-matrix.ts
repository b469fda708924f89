import { caseFactsOf, categoryFactsOf } from '../../core/case/derive-facts.ts'
import { decide } from '../../core/decision/decide.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { AgreementVersion, Standing, Subject, Supplier } from '../../core/snapshot.ts'
import { type AgencyKind, type Category, categories, type LegalGateway, type Purpose } from '../../core/vocabulary.ts'

export interface MatrixAgency {
  readonly id: string
  readonly kind: AgencyKind
  readonly regime: 'law-enforcement' | 'general'
}

export interface MatrixInput {
  readonly policies: Policies
  /** Signed and in force at `at`, as far as their own dates allow. */
  readonly agreements: readonly AgreementVersion[]
  readonly agencies: readonly MatrixAgency[]
  readonly at: Date
}

/**
 * Who may have what from whom for which purpose, where the person and the case stand in nobody's way: an adult under statutory
 * supervision who consents, asked about by a vetted core member. Made for reading: a change of rules or agreements shows as its diff.
 */
export const policyMatrix = (input: MatrixInput): string =>
  categories
    .map((category) => [category, rowsOf(input, category)] as const)
    .filter(([, rows]) => rows.length > 0)
    .map(([category, rows]) =>
      [`## ${category}`, '', '| giver | receiver | may, for | refused, for |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    )
    .join('\n\n')

interface Row {
  readonly givers: readonly string[]
  readonly receivers: readonly string[]
  readonly outcome: string
}

const rowsOf = (input: MatrixInput, category: Category): readonly string[] => {
  const cells = input.agencies.flatMap((giver) =>
    input.agencies.flatMap((receiver): readonly Row[] => {
      const purposes = giver.id === receiver.id ? [] : named(input, { category, giver, receiver })
      if (purposes.length === 0) return []
      const outcomes = purposes.map((purpose) => [purpose, outcomeOf(input, { category, giver, receiver, purpose })] as const)
      const may = outcomes.filter(([, outcome]) => outcome.startsWith('permit')).map(([purpose, outcome]) => shown(purpose, outcome))
      const refused = outcomes.filter(([, outcome]) => !outcome.startsWith('permit')).map(([purpose, outcome]) => `${purpose} (${outcome})`)
      return [{ givers: [giver.id], receivers: [receiver.id], outcome: `${may.join(', ') || '–'} | ${refused.join(', ') || '–'}` }]
    }),
  )
  const byGiver = merged(cells, (row) => `${row.givers.join()} ${row.outcome}`)
  return merged(byGiver, (row) => `${row.receivers.join()} ${row.outcome}`).map(
    (row) => `| ${row.givers.join(', ')} | ${row.receivers.join(', ')} | ${row.outcome} |`,
  )
}

/** Rows that say the same of several givers or receivers become one. */
const merged = (rows: readonly Row[], key: (row: Row) => string): readonly Row[] => {
  const groups = new Map<string, Row>()
  for (const row of rows) {
    const known = groups.get(key(row))
    groups.set(
      key(row),
      known === undefined
        ? row
        : {
            ...known,
            givers: [...new Set([...known.givers, ...row.givers])],
            receivers: [...new Set([...known.receivers, ...row.receivers])],
          },
    )
  }
  return [...groups.values()]
}

const shown = (purpose: Purpose, outcome: string): string => (outcome === 'permit-redacted' ? `${purpose} (in part)` : purpose)

interface Cell {
  readonly category: Category
  readonly giver: MatrixAgency
  readonly receiver: MatrixAgency
}

const grantsFor = (input: MatrixInput, { category, giver, receiver }: Cell) =>
  input.agreements.flatMap((version) =>
    version.terms.grants.filter(
      (grant) =>
        grant.providers.includes(giver.id) &&
        grant.recipients.includes(receiver.id) &&
        grant.categories.some((entry) => entry.id === category),
    ),
  )

const named = (input: MatrixInput, cell: Cell): readonly Purpose[] => [
  ...new Set(grantsFor(input, cell).flatMap((grant) => grant.purposes)),
]

/** The best that any gateway of the grants for this purpose gives, or why the first of them is refused. */
const outcomeOf = (input: MatrixInput, cell: Cell & { readonly purpose: Purpose }): string => {
  const gateways = [
    ...new Set(
      grantsFor(input, cell)
        .filter((grant) => grant.purposes.includes(cell.purpose))
        .flatMap((grant) => grant.legalGateways),
    ),
  ]
  const outcomes = gateways.map((gateway) => decided(input, cell, gateway))
  return outcomes.find((outcome) => outcome.startsWith('permit')) ?? outcomes[0] ?? 'default'
}

const decided = (input: MatrixInput, cell: Cell & { readonly purpose: Purpose }, legalGateway: LegalGateway): string => {
  const ask = { offenderId: subject.offenderId, categories: [], purpose: cell.purpose, legalGateway, justification: 'matrix' }
  const caseFacts = caseFactsOf({ standing: standingOf(input, cell.receiver), subject, ask, at: input.at })
  const definition = input.policies.category(cell.category)!
  const supplier: Supplier = { agencyId: cell.giver.id, kind: cell.giver.kind, regime: cell.giver.regime, via: 'hosted' }
  const about = categoryFactsOf(caseFacts, { id: cell.category }, { definition, supplier, ownSupplies: false })
  const decision = decide(input.policies, 'fetch', about.facts, { agreementFields: about.agreementFields, lapses: [] })
  return decision.effect.startsWith('permit') ? decision.effect : decision.reasons[0]!.code
}

const always = new Date(0)

const standings = new WeakMap<readonly AgreementVersion[], Map<string, Standing>>()

const standingOf = (input: MatrixInput, agency: MatrixAgency): Standing => {
  const known = standings.get(input.agreements) ?? new Map<string, Standing>()
  standings.set(input.agreements, known)
  const standing = known.get(agency.id) ?? makeStanding(input, agency)
  known.set(agency.id, standing)
  return standing
}

const makeStanding = ({ agreements }: MatrixInput, { id, kind, regime }: MatrixAgency): Standing => ({
  agency: { id, kind, regime, clearance: 'official-sensitive', active: true, schemes: [] },
  clientActive: true,
  person: { sub: 'core-member', active: true, intelligenceVetted: true, visorTrained: false },
  appointments: [{ role: 'core-member', areaId: 'area', fromAt: always, toAt: null }],
  agreements: agreements.filter((version) => version.terms.parties.includes(id)),
})

const subject = {
  offenderId: '00000000-0000-7000-8000-000000000001',
  basis: 'cohort',
  givenName: '',
  familyName: '',
  bornOn: '1990-01-01',
  cohort: 'iom',
  strand: 'rehabilitate-and-resettle',
  statutory: true,
  supervisorAgencyId: null,
  leadAgencyId: null,
  leadAgencyKind: null,
  dip: false,
  custodyAgencyId: null,
  areaId: 'area',
  processingRestricted: false,
  reviewOn: null,
  identifiers: [],
  relationships: [],
  consentEvents: [
    {
      id: '00000000-0000-7000-8000-000000000002',
      offenderId: '00000000-0000-7000-8000-000000000001',
      kind: 'given',
      scope: { categories: [], recipients: [], purposes: [] },
      capacityBasis: 'adult-presumed',
      evidence: null,
      happenedAt: new Date('2026-01-05T09:00:00Z'),
      expiresAt: null,
      recordedAt: new Date('2026-01-05T09:00:00Z'),
    },
  ],
  hosted: [],
} as unknown as Subject
