import { describe, expect, it } from 'vitest'
import { changeRuleProblems } from '../../src/core/casework/lead/check-change-rules.ts'
import type { ChangeRules, LeadTable } from '../../src/core/casework/lead/change-rules.ts'
import { allLeadFacts, leadAgency, type LeadFacts } from '../../src/core/casework/lead/lead-agency.ts'
import { leadAgencyMatrix } from '../../src/core/casework/lead/lead-agency-matrix.ts'
import { strands } from '../../src/core/vocabulary.ts'
import { reasonCodes } from '../../src/core/decision-vocabulary.ts'
import { shipped } from '../support/facts.ts'

const rules = shipped.bundle.change!
const table = rules.leadAgency

/** The concluding table of the Strand Clarification of 29.3.09 as printed, with the doubtful cell as paragraph 6 resolves it. */
const printed: Readonly<Record<string, readonly [string, string, string]>> = {
  L1: ['probation', 'probation', 'probation'],
  L2: ['yos', 'yos', 'yos'],
  L3: ['police', 'police', 'probation'],
  L4: ['police', 'police', 'police'],
  L5: ['probation', 'probation', 'probation'],
  L6: ['yos', 'yos', 'yos'],
  L7: ['police', 'police', 'service-provider'],
  L8: ['police', 'police', 'yp-service-provider'],
  L9: ['probation', 'probation', 'probation'],
  L10: ['dip-police', 'dip', 'dip'],
  L11: ['none', 'none', 'prison'],
}

/** Which row a case belongs to, written a second time and in words of its own: custody, statutory, PPO, adult DIP, IOM. */
const rowExpected = ({ custody, statutory, cohort, ageBand, dip }: LeadFacts): string => {
  if (custody === 'yes') return 'L11'
  const juvenile = ageBand === 'juvenile'
  if (statutory === 'yes') {
    if (juvenile) return cohort === 'ppo' ? 'L2' : 'L6'
    return dip === 'yes' ? 'L9' : cohort === 'ppo' ? 'L1' : 'L5'
  }
  if (cohort === 'ppo') return juvenile ? 'L4' : 'L3'
  if (dip === 'yes' && !juvenile) return 'L10'
  return juvenile ? 'L8' : 'L7'
}

describe('the lead-agency table', () => {
  it('has eleven rows by three strands, each citing its paragraph, and the disputed one says so', () => {
    expect(Object.fromEntries(table.rows.map(({ id, leads }) => [id, leads]))).toEqual(printed)
    for (const { cites } of table.rows) expect(cites).toMatch(/^Strand Clarification 2009, /)
    const disputed = table.rows.filter((row) => row.disputed !== undefined)
    expect(disputed.map(({ id, disputed: cell }) => [id, cell!.strand, cell!.says])).toEqual([
      ['L4', 'rehabilitate-and-resettle', 'the table prints "Young people Service Provider ?"'],
    ])
  })

  it('answers every combination of what is known with exactly one row, or refuses it with a reason', () => {
    const space = allLeadFacts({ unknown: false })
    expect(space).toHaveLength(3 * 2 * 2 * 2 * 2 * 3)
    let refused = 0
    for (const facts of space) {
      const answer = leadAgency(facts, table)
      const row = rowExpected(facts)
      const lead = printed[row]![strands.indexOf(facts.strand as (typeof strands)[number])]
      if (lead === 'none') {
        refused += 1
        expect(answer).toMatchObject({ found: false, code: 'custody-strand' })
      } else expect(answer).toMatchObject({ found: true, row, lead })
    }
    expect(refused).toBe(48)
  })

  it('refuses rather than falls through to a lesser row where something that decides is unknown', () => {
    const unknown = allLeadFacts({ unknown: true })
    expect(unknown).toHaveLength(4 * 3 * 3 * 3 * 3 * 4)
    for (const facts of unknown) {
      const answer = leadAgency(facts, table)
      if (!answer.found) {
        expect(reasonCodes).toContain(answer.code)
        expect(answer.why).not.toBe('')
        continue
      }
      // Whatever the unknown turns out to be, the answer stays.
      const known = allLeadFacts({ unknown: false }).filter((one) =>
        (Object.keys(facts) as (keyof LeadFacts)[]).every((name) => facts[name] === 'unknown' || facts[name] === one[name]),
      )
      for (const one of known) expect(leadAgency(one, table)).toEqual(answer)
    }
    expect(leadAgency({ ...unknown[0]!, custody: 'unknown', strand: 'catch-and-control' }, table)).toMatchObject({ found: false })
  })

  it('is printed whole, one line a combination', () => {
    const printout = leadAgencyMatrix(table)
    expect(printout.split('\n').filter((line) => /^\| (yes|no) \|/.test(line))).toHaveLength(48)
    expect(printout).toContain('| no | no | ppo | juvenile | no | L4 | police | police | police (disputed: yp-service-provider) |')
  })
})

describe('the rules for changes as they are loaded', () => {
  const problemsOf = (change: (draft: ChangeRules) => unknown): string => {
    const draft = structuredClone(rules)
    change(draft)
    return changeRuleProblems(draft)
      .map(({ path, message }) => `${path.join('/')}: ${message}`)
      .join('\n')
  }
  const rowOf = (draft: ChangeRules, id: string) =>
    draft.leadAgency.rows.find((row) => row.id === id) as {
      -readonly [Key in keyof LeadTable['rows'][number]]: LeadTable['rows'][number][Key]
    }

  it('are sound as shipped', () => expect(changeRuleProblems(rules)).toEqual([]))

  it.each([
    [
      'two rows for one case',
      (draft: ChangeRules): unknown => (rowOf(draft, 'L1').when = { custody: 'no', statutory: 'yes', ageBand: 'adult' }),
      /rows L\d+ and L\d+ both answer/,
    ],
    ['no row for a case', (draft: ChangeRules): unknown => (rowOf(draft, 'L8').when = { custody: 'yes' }), /no row is for such a case/],
    [
      'a lead that is no agency kind',
      (draft: ChangeRules): unknown => (rowOf(draft, 'L3').leads = ['police', 'police', 'probatoin' as 'probation']),
      /no lead probatoin/,
    ],
    ['a row without its paragraph', (draft: ChangeRules): unknown => (rowOf(draft, 'L3').cites = ' '), /L3 cites nothing/],
    ['a trigger without a rule', (draft: ChangeRules): unknown => (draft.strand.triggers as unknown[]).pop(), /custody-entry has 0 rules/],
    [
      'evidence with two rules',
      (draft: ChangeRules): unknown => (draft.evidence.kinds as unknown[]).push(draft.evidence.kinds[0]),
      /arrest-disposal has 2 rules/,
    ],
    [
      'a word for custody that means nothing',
      (draft: ChangeRules): unknown => delete (draft.custody.statuses as Record<string, unknown>)['rotl'],
      /custody\/statuses\/rotl/,
    ],
    [
      'a question of consent about nothing',
      (draft: ChangeRules): unknown => ((draft.consent!.strandQuestion as { categories: unknown }).categories = []),
      /consent\/strandQuestion\/categories: names nothing/,
    ],
    [
      'a unit that is nobody’s role',
      (draft: ChangeRules): unknown => ((draft.systems!.releasePoints[0] as { role: string }).role = 'spy'),
      /systems\/releasePoints\/0\/role: there is no spy/,
    ],
    [
      'a retry after no time',
      (draft: ChangeRules): unknown => ((draft.systems!.miCase as { firstRetrySeconds: number }).firstRetrySeconds = 0),
      /systems\/miCase\/firstRetrySeconds/,
    ],
    [
      'a prosecutor who is no agency',
      (draft: ChangeRules): unknown => ((draft.systems!.prosecution as { to: unknown }).to = ['the-bar']),
      /systems\/prosecution\/to: there is no the-bar/,
    ],
  ] as const)('are refused with %s', (_title, change, says) => expect(problemsOf(change)).toMatch(says))
})
