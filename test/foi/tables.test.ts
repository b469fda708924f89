import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isPublicAuthority, offeredExemptions } from '../../src/core/foi/authority.ts'
import { type FoiRules, foiRuleProblems } from '../../src/core/foi/foi-rules.ts'
import { type Ground, judgeGrounds, type PublicInterest, testOf } from '../../src/core/foi/judge-grounds.ts'
import { agencyKinds, type AgencyKind, foiLabels, type FoiLabel } from '../../src/core/vocabulary.ts'
import { policyDirectory, shipped } from '../support/facts.ts'

const rules = shipped.bundle.change!.foi!
const tables = parse(readFileSync(join(policyDirectory, 'tests/foi/requests.yaml'), 'utf8')) as Readonly<Record<string, string>>
type Row = Readonly<Record<string, string>>
const rowsOf = (name: string): readonly Row[] => {
  const [head, ...lines] = tables[name]!.trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
  return lines.map((cells) => {
    if (cells.length !== head!.length || cells.includes(''))
      throw new Error(`${name}: a row has a cell too many or too few: ${cells.join()}`)
    return Object.fromEntries(head!.map((column, at) => [column, cells[at]!]))
  })
}
const titled = (name: string) => rowsOf(name).map((row) => ({ title: Object.values(row).join(' | '), row }))

describe('who answers requests for information', () => {
  it.each(titled('authorities'))('$title', ({ row }) => {
    const authority = { id: 'somebody', kind: row.kind as AgencyKind }
    expect(isPublicAuthority(rules, authority)).toBe(row.authority === 'yes')
    const offered = offeredExemptions(rules, authority, { ownData: false }).map(({ id }) => id)
    expect(offered.includes('foia-30-1-b')).toBe(row['30(1)(b)'] === 'offered')
    expect(offered.length > 0).toBe(row.authority === 'yes')
    expect(offered).not.toContain('foia-40-1')
  })

  it('is said of every kind of agency', () => {
    expect(rowsOf('authorities').map(({ kind }) => kind)).toEqual(agencyKinds)
  })

  it('is a body by name once an order designates it, and not before', () => {
    const charity = { id: 'fresh-steps', kind: 'third-sector' } as const
    expect(isPublicAuthority(rules, charity)).toBe(false)
    const designated = [{ agencyId: 'fresh-steps', cites: 'FOIA 2000 s.5: an order' }]
    const then: FoiRules = { ...rules, authorities: { ...rules.authorities, designated } }
    expect(isPublicAuthority(then, charity)).toBe(true)
    expect(offeredExemptions(then, charity, { ownData: true }).map(({ id }) => id)).toEqual([
      ...['foia-31', 'foia-32', 'foia-38', 'foia-40-1', 'foia-40-2', 'foia-41'],
    ])
  })
})

describe('an exemption', () => {
  it.each(titled('exemptions'))('$title', ({ row }) => {
    const exemption = rules.exemptions.find(({ id }) => id === row.exemption)!
    const ground = { exemption: exemption.id, ...(row.condition === '-' ? {} : { condition: row.condition }) } as Ground
    expect([testOf(exemption, ground, 'withhold'), testOf(exemption, ground, 'neither-confirm-nor-deny'), exemption.basis]).toEqual([
      ...[row.test, row.confirmOrDeny, row.basis],
    ])
  })

  it('is in the table for every label and every condition', () => {
    const rows = rowsOf('exemptions')
    expect(new Set(rows.map(({ exemption }) => exemption))).toEqual(new Set(foiLabels))
    expect(rows.length).toBe(rules.exemptions.reduce((sum, { conditions }) => sum + (conditions?.length ?? 1), 0))
  })
})

const request = { ownData: false, dueOn: '2026-12-21' }
const interests: Readonly<Record<string, { readonly publicInterest: PublicInterest } | object>> = {
  '-': {},
  maintained: { publicInterest: { decision: 'maintained', maintaining: ['prevention-of-crime'], disclosing: ['accountability'] } },
  undecided: { publicInterest: { decision: 'undecided', maintaining: [], disclosing: [], estimateOn: '2027-01-08' } },
}
const groundOf = (exemption: FoiLabel, { says, interest }: Row): Ground => {
  const words = says!.split(' ').filter((word) => word !== '-')
  return Object.assign({ exemption }, interests[interest!], ...words.map(memberOf)) as Ground
}
const memberOf = (word: string) => {
  if (['first', 'second', 'third'].includes(word)) return { condition: word }
  if (word === 'would') return { likelihood: word }
  return word === 'defence' ? { defenceWeighed: true } : { principle: word }
}
const labelsIn = (cell: string): readonly FoiLabel[] =>
  cell === '-' ? [] : cell.split('+').map((part) => (part.startsWith('foia-') ? part : `foia-${part}`) as FoiLabel)

describe('what is withheld', () => {
  it.each(titled('grounds'))('$title', ({ row }) => {
    const authority = { id: row.kind === 'police' ? 'ridings-police' : `the-${row.kind}`, kind: row.kind as AgencyKind }
    const paragraph = { source: row.source as 'own' | 'another-person', originatorAgencyId: row.originator! }
    const grounds = labelsIn(row.exemption!).map((exemption) => groundOf(exemption, row))
    const misfit = judgeGrounds({ rules, authority, request, outcome: 'withhold', paragraph, today: '2026-11-22' }, grounds)
    expect(misfit?.ruleId ?? '-').toBe(row.rule)
    if (misfit !== null) expect([misfit.cites, misfit.path, misfit.message].every((said) => said.length > 2)).toBe(true)
  })

  const undecided = (estimateOn: string | undefined, more: Partial<PublicInterest> = {}) => {
    const publicInterest = {
      decision: 'undecided',
      maintaining: [],
      disclosing: [],
      ...(estimateOn && { estimateOn }),
      ...more,
    } as PublicInterest
    return judgeGrounds(
      {
        ...{ rules, authority: { id: 'ridings-police', kind: 'police' }, request, outcome: 'withhold', today: '2026-11-22' },
        paragraph: { source: 'own', originatorAgencyId: 'ridings-police' },
      },
      [{ exemption: 'foia-30-1-a', publicInterest }],
    )
  }

  it('is weighed longer only with a day by which it will be decided, at most twenty working days after the answer was due', () => {
    expect(undecided('2026-12-22')).toBeNull()
    // From 21 December: without Christmas, Boxing Day in lieu, New Year and the Scottish 2 January in lieu.
    expect(undecided('2027-01-22')).toBeNull()
    for (const day of [undefined, '2026-11-22', '2026-02-30', '2027-01-25'])
      expect(undecided(day)).toMatchObject({ ruleId: 'foi-public-interest', path: '/grounds/0/publicInterest/estimateOn' })
    const weighed = { decision: 'maintained', maintaining: ['prevention-of-crime'], disclosing: ['accountability'] } as const
    expect(undecided('2026-12-22', weighed)?.path).toBe('/grounds/0/publicInterest/estimateOn')
    expect(undecided(undefined, { ...weighed, disclosing: [] })?.path).toBe('/grounds/0/publicInterest/disclosing')
    expect(undecided(undefined, { ...weighed, maintaining: ['embarrassment'] })?.path).toBe('/grounds/0/publicInterest/maintaining/0')
  })

  it('is neither confirmed nor denied on the exclusion of that duty, with its own test', () => {
    const neither = (kind: AgencyKind, ground: Ground) =>
      judgeGrounds(
        { rules, authority: { id: 'x', kind }, request, outcome: 'neither-confirm-nor-deny', paragraph: null, today: '2026-11-22' },
        [ground],
      )?.ruleId
    expect(neither('probation', { exemption: 'foia-40-2' })).toBeUndefined()
    expect(neither('probation', { exemption: 'foia-41' })).toBeUndefined()
    expect(neither('probation', { exemption: 'foia-38' })).toBe('foi-public-interest')
    expect(neither('probation', { exemption: 'foia-38', ...interests.maintained })).toBeUndefined()
    expect(neither('probation', { exemption: 'foia-30-1-b', ...interests.maintained })).toBe('foi-open-to-authority')
    expect(neither('police', { exemption: 'foia-30-1-b', ...interests.maintained })).toBeUndefined()
    expect(neither('police', { exemption: 'foia-40-1' })).toBe('foi-own-data')
  })
})

describe('rules for requests', () => {
  it('as shipped have nothing wrong with them', () => {
    expect(foiRuleProblems(rules)).toEqual([])
  })

  it.each<[string, object, string]>([
    ['an exemption without a rule', { exemptions: rules.exemptions.slice(1) }, 'foia-30-1-a needs one rule'],
    ['a clock without days', { clock: { ...rules.clock, workingDays: 0 } }, 'workingDays'],
    ['an authority that is no kind of agency', { authorities: { ...rules.authorities, kinds: [{ kind: 'guild', cites: 'x' }] } }, 'guild'],
    ['a designation without its order', { authorities: { ...rules.authorities, designated: [{ agencyId: 'fresh-steps' }] } }, 'order'],
    ['an exemption open to nobody', { exemptions: rules.exemptions.map((one) => ({ ...one, onlyFor: [] })) }, 'is open to nobody'],
    ['no right to complain', { notice: { ...rules.notice, commissioner: '' } }, 'commissioner'],
    ['factors that are not there', { neitherConfirmNorDeny: { factors: { maintaining: ['x'], disclosing: [] } } }, 'disclosing'],
    ['nothing at all', { exemptions: undefined, factors: undefined, notice: undefined }, 'complaints'],
  ])('are not published with %s', (_what, change, says) => {
    const problems = foiRuleProblems({ ...rules, ...change })
    expect(problems.map(({ message }) => message).join('; ')).toContain(says)
  })
})
