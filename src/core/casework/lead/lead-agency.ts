import { ageBands, cohorts, strands, type AgeBand, type AgencyKind, type Cohort, type Strand } from '../../vocabulary.ts'
import { type ReasonCode } from '../../decision-vocabulary.ts'
import type { LeadRole, LeadRow, LeadTable, ProviderRole } from './change-rules.ts'

type YesNo = 'yes' | 'no' | 'unknown'

/** What decides which agency leads. Total: what is not known says so, and refuses rather than falls through to a lesser row. */
export interface LeadFacts {
  readonly cohort: Cohort | 'unknown'
  readonly ageBand: AgeBand | 'unknown'
  readonly statutory: YesNo
  readonly dip: YesNo
  readonly custody: YesNo
  readonly strand: Strand | 'unknown'
}

export type LeadAnswer =
  | {
      readonly found: true
      readonly row: string
      readonly group: string
      readonly lead: Exclude<LeadRole, 'none'>
      readonly cites: string
      /** Set where the source doubts the cell: the role that may lead instead, when a conference records it and both accept. */
      readonly override: ProviderRole | null
    }
  | { readonly found: false; readonly code: ReasonCode; readonly ruleId: string; readonly cites: string; readonly why: string }

type Match = 'yes' | 'no' | 'unknown'

const matchOf = (row: LeadRow, facts: LeadFacts): Match => {
  let match: Match = 'yes'
  for (const name of ['custody', 'statutory', 'dip', 'ageBand', 'cohort'] as const) {
    const wanted = row.when[name]
    if (wanted === undefined) continue
    const value = facts[name]
    if (value === 'unknown') match = 'unknown'
    else if (!(Array.isArray(wanted) ? (wanted as readonly string[]) : [wanted as string]).includes(value)) return 'no'
  }
  return match
}

const refused = (table: LeadTable, why: string, code: ReasonCode = 'default', ruleId = 'lead-agency-row'): LeadAnswer => ({
  found: false,
  code,
  ruleId,
  cites: `${table.cites}; R29`,
  why,
})

/** The one row that answers for the case, or why none does. Pure and total: every combination gives one or the other. */
export const leadAgency = (facts: LeadFacts, table: LeadTable): LeadAnswer => {
  for (const group of table.precedence) {
    const rows = table.rows.filter((row) => row.group === group).map((row) => ({ row, match: matchOf(row, facts) }))
    const sure = rows.filter(({ match }) => match === 'yes')
    // What is unknown might have put the case under this group, which goes before all that follow.
    if (rows.some(({ match }) => match === 'unknown')) return refused(table, `what decides ${group} is not recorded`)
    if (sure.length > 1) return refused(table, `rows ${sure.map(({ row }) => row.id).join(' and ')} both answer`)
    if (sure.length === 1) return cellOf(sure[0]!.row, facts.strand, table)
  }
  return refused(table, 'no row is for such a case', 'subject-scope')
}

const cellOf = (row: LeadRow, strand: LeadFacts['strand'], table: LeadTable): LeadAnswer => {
  if (strand === 'unknown') return refused(table, 'the strand is not recorded')
  const lead = row.leads[strands.indexOf(strand)] ?? 'none'
  if (lead === 'none') {
    return { found: false, code: 'custody-strand', ruleId: 'custody-strand', cites: `${row.cites}; R30`, why: `${row.id} has no ${strand}` }
  }
  const override = row.disputed?.strand === strand ? row.disputed.override : null
  return { found: true, row: row.id, group: row.group, lead, cites: row.cites, override }
}

/** The kinds of agency that may fill a role of the table. */
export const kindsFor = (lead: Exclude<LeadRole, 'none'>, table: LeadTable): readonly AgencyKind[] =>
  lead === 'service-provider' || lead === 'yp-service-provider' ? table.namedProviders[lead] : [lead]

export const isNamedProvider = (lead: LeadRole): lead is ProviderRole => lead === 'service-provider' || lead === 'yp-service-provider'

const known = <Value extends string>(values: readonly Value[]): readonly Value[] => values

/** Every combination of what decides the lead; with `unknown` among the values where that is asked for. */
export const allLeadFacts = (more: { readonly unknown: boolean }): readonly LeadFacts[] => {
  const also = more.unknown ? (['unknown'] as const) : []
  const yesNo: readonly YesNo[] = [...known<YesNo>(['yes', 'no']), ...also]
  return [...cohorts, ...also].flatMap((cohort) =>
    [...ageBands, ...also].flatMap((ageBand) =>
      yesNo.flatMap((statutory) =>
        yesNo.flatMap((dip) =>
          yesNo.flatMap((custody) => [...strands, ...also].map((strand) => ({ cohort, ageBand, statutory, dip, custody, strand }))),
        ),
      ),
    ),
  )
}
