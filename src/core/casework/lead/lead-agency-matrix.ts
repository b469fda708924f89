import { strands } from '../../vocabulary.ts'
import type { LeadTable } from './change-rules.ts'
import { allLeadFacts, leadAgency, type LeadFacts } from './lead-agency.ts'

const cell = (facts: LeadFacts, table: LeadTable): string => {
  const answer = leadAgency(facts, table)
  if (!answer.found) return `refused: ${answer.code}`
  return answer.override === null ? answer.lead : `${answer.lead} (disputed: ${answer.override})`
}

const rowIdOf = (facts: LeadFacts, table: LeadTable): string => {
  const answers = strands.map((strand) => leadAgency({ ...facts, strand }, table))
  const rows = new Set(answers.flatMap((answer) => (answer.found ? [answer.row] : [])))
  return rows.size === 0 ? '-' : [...rows].join(', ')
}

/** The whole space of the lead-agency table as Markdown: one line a combination, one column a strand, for policies/matrix.md. */
export const leadAgencyMatrix = (table: LeadTable): string => {
  const combinations = allLeadFacts({ unknown: false }).filter(({ strand }) => strand === strands[0])
  const lines = combinations.map((facts) => {
    const cells = strands.map((strand) => cell({ ...facts, strand }, table))
    const { cohort, ageBand, statutory, dip, custody } = facts
    return `| ${[custody, statutory, cohort, ageBand, dip, rowIdOf(facts, table), ...cells].join(' | ')} |`
  })
  const rows = table.rows.map(
    (row) => `| ${row.id} | ${row.title} | ${row.cites}${row.disputed ? `; disputed: ${row.disputed.says}` : ''} |`,
  )
  return [
    '## Lead agency',
    '',
    `Precedence: ${table.precedence.join(', ')}. In the group ${table.supervisors.group} the agency that really supervises leads.`,
    '',
    '| row | title | cites |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '| custody | statutory | cohort | age | DIP | row | catch and control | prevent and deter | rehabilitate and resettle |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}
