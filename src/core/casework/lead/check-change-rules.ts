import { ageBands, agencyKinds, cohorts, strands } from '../../vocabulary.ts'
import { custodyStatuses, evidenceKinds, recallTiers, strandTriggers } from '../../case-vocabulary.ts'
import type { ChangeRules, LeadTable } from './change-rules.ts'
import { aggregateRuleProblems } from '../../aggregates/aggregate-rules.ts'
import { conferenceRuleProblems } from '../../conference/conference-rules.ts'
import { foiRuleProblems } from '../../foi/foi-rules.ts'
import { clockRuleProblems } from '../clock-rules.ts'
import { consentRuleProblems, systemRuleProblems } from '../system-rules.ts'
import { allLeadFacts, leadAgency } from './lead-agency.ts'

type Path = readonly (string | number)[]
type Report = (path: Path, message: string) => void
type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isWord = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

const expectAll = (report: Report, path: Path, check: { values: readonly unknown[]; of: readonly string[]; what: string }): void => {
  for (const value of check.values) if (!check.of.includes(value as string)) report(path, `there is no ${check.what} ${String(value)}`)
}

/** Each id of the vocabulary has exactly one rule: a kind that nobody spoke of is refused at the start, not in use. */
const expectEach = (report: Report, path: Path, check: { entries: readonly Json[]; of: readonly string[] }): void => {
  for (const id of check.of) {
    const found = check.entries.filter((entry) => entry['id'] === id).length
    if (found !== 1) report(path, `${id} has ${found} rules; it needs one`)
  }
  check.entries.forEach((entry, index) => {
    if (!isWord(entry['cites'])) report([...path, index], `${String(entry['id'])} cites nothing`)
  })
  expectAll(report, path, { values: check.entries.map((entry) => entry['id']), of: check.of, what: 'kind' })
}

const providers = ['service-provider', 'yp-service-provider'] as const

const checkRow = (report: Report, path: Path, row: Json): void => {
  const when = isRecord(row['when']) ? row['when'] : {}
  const expect = (name: string, of: readonly string[]): void =>
    expectAll(report, [...path, 'when', name], { values: name in when ? [when[name]].flat() : [], of, what: name })
  for (const name of ['custody', 'statutory', 'dip']) expect(name, ['yes', 'no'])
  expect('ageBand', ageBands)
  expect('cohort', cohorts)
  if (!isWord(row['cites'])) report(path, `${String(row['id'])} cites nothing`)
  if (listIn(row['leads']).length !== strands.length) report([...path, 'leads'], 'needs one lead for each strand')
  expectAll(report, [...path, 'leads'], { values: listIn(row['leads']), of: [...agencyKinds, ...providers, 'none'], what: 'lead' })
}

/** No combination may have two rows, and every one outside custody has a lead: "never blank" (the concluding table). */
const checkSpace = (report: Report, table: LeadTable): void => {
  for (const facts of allLeadFacts({ unknown: false })) {
    const answer = leadAgency(facts, table)
    if (answer.found || answer.code === 'custody-strand') continue
    report(['leadAgency', 'rows'], `${Object.values(facts).join(', ')}: ${answer.why}`)
  }
}

const checkTable = (report: Report, table: unknown): void => {
  if (!isRecord(table) || !Array.isArray(table['rows']) || !isRecord(table['supervisors']) || !isRecord(table['namedProviders'])) {
    report(['leadAgency'], 'needs rows, supervisors and namedProviders')
    return
  }
  const before = { faults: 0 }
  const tell: Report = (path, message) => {
    before.faults += 1
    report(path, message)
  }
  const rows = table['rows'] as readonly Json[]
  rows.forEach((row, index) => checkRow(tell, ['leadAgency', 'rows', index], row))
  expectAll(tell, ['leadAgency', 'precedence'], {
    values: rows.map((row) => row['group']),
    of: listIn(table['precedence']) as readonly string[],
    what: 'group',
  })
  for (const role of providers) {
    const kinds = listIn(table['namedProviders'][role])
    if (kinds.length === 0) tell(['leadAgency', 'namedProviders'], `${role} may be nobody`)
    expectAll(tell, ['leadAgency', 'namedProviders', role], { values: kinds, of: agencyKinds, what: 'agency kind' })
  }
  if (before.faults === 0) checkSpace(report, table as unknown as LeadTable)
}

const checkTriggers = (report: Report, strand: ChangeRules['strand'], table: ChangeRules['leadAgency']): void => {
  const path = ['strand', 'triggers']
  expectEach(report, path, { entries: strand.triggers as unknown as readonly Json[], of: strandTriggers })
  for (const rule of strand.triggers) {
    expectAll(report, path, { values: rule.to, of: strands, what: 'strand' })
    expectAll(report, path, { values: rule.evidence, of: evidenceKinds, what: 'evidence' })
    expectAll(report, path, { values: [rule.records], of: ['lead', 'destination-lead', 'custody'], what: 'recorder' })
  }
  const rows = [...strand.conferenceRows.rows, strand.sufficientJustification.row]
  expectAll(report, ['strand'], { values: rows, of: table.rows.map((row) => row.id), what: 'row' })
}

/** Everything wrong with the rules for changes; empty when they may be used. */
export const changeRuleProblems = (rules: ChangeRules): readonly { readonly path: Path; readonly message: string }[] => {
  const problems: { path: Path; message: string }[] = []
  const report: Report = (path, message) => problems.push({ path: ['change', ...path], message })
  checkTable(report, rules.leadAgency)
  for (const section of ['evidence', 'strand', 'custody', 'recall'] as const) {
    if (!isRecord(rules[section])) report([section], `there are no rules for ${section}`)
  }
  if (rules.conference !== undefined) {
    for (const { path, message } of conferenceRuleProblems(rules.conference)) report(['conference', ...path], message)
  }
  for (const { path, message } of clockRuleProblems(rules.clocks)) report(['clocks', ...path], message)
  if (rules.aggregates !== undefined)
    for (const { path, message } of aggregateRuleProblems(rules.aggregates)) report(['aggregates', ...path], message)
  if (rules.foi !== undefined) for (const { path, message } of foiRuleProblems(rules.foi)) report(['foi', ...path], message)
  const { consent, systems } = rules
  const named = consent === undefined ? [] : consentRuleProblems(consent).map((one) => ({ ...one, path: ['consent', ...one.path] }))
  const more = systems === undefined ? [] : systemRuleProblems(systems).map((one) => ({ ...one, path: ['systems', ...one.path] }))
  for (const { path, message } of [...named, ...more]) report(path, message)
  if (problems.length > 0) return problems
  expectEach(report, ['evidence', 'kinds'], { entries: rules.evidence.kinds as unknown as readonly Json[], of: evidenceKinds })
  checkTriggers(report, rules.strand, rules.leadAgency)
  for (const status of custodyStatuses) {
    expectAll(report, ['custody', 'statuses', status], {
      values: [rules.custody.statuses[status]],
      of: ['custody', 'release', 'neither'],
      what: 'meaning',
    })
  }
  expectAll(report, ['custody', 'recordedBy'], { values: rules.custody.recordedBy, of: agencyKinds, what: 'agency kind' })
  expectAll(report, ['recall', 'proposedBy'], { values: rules.recall.proposedBy, of: agencyKinds, what: 'agency kind' })
  for (const tier of recallTiers) {
    if (!(rules.recall.tiers[tier] as unknown as { hours: unknown } | undefined)?.hours) report(['recall', 'tiers'], `${tier} has no hours`)
  }
  return problems
}
