import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { decide } from '../../src/core/decision/decide.ts'
import { bundleProblems } from '../../src/core/decision/bundle.ts'
import { disclosurePolicies } from '../../src/core/disclosure/disclosure-policies.ts'
import { factVocabulary, type FactName, type Facts } from '../../src/core/facts.ts'
import type { Category } from '../../src/core/vocabulary.ts'
import { asFact, goodFacts, policyDirectory, shipped, shippedPolicies } from '../support/facts.ts'

interface Table {
  readonly about: string
  readonly varies: readonly FactName[]
  readonly base?: Readonly<Record<string, string>>
  readonly rows: string
}
type Row = Readonly<Record<string, string>>

const folder = join(policyDirectory, 'tests/disclose')
const tables = readdirSync(folder).flatMap((file) => (parse(readFileSync(join(folder, file), 'utf8')) as { tables: Table[] }).tables)
const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim())

const rowsOf = ({ rows }: Table): Row[] => {
  const [head, ...lines] = rows.trim().split('\n').map(cellsOf)
  return lines.map((cells) => {
    if (cells.length !== head!.length) throw new Error(`a row has ${cells.length} cells, not ${head!.length}`)
    return Object.fromEntries(head!.map((name, at) => [name, cells[at]!]))
  })
}

const policies = disclosurePolicies(shippedPolicies)!
const notFacts = ['category', 'changed', 'effect', 'reason', 'cites']
const factsOf = (table: Table, row: Row): Facts => {
  const changes = Object.entries({ ...table.base, ...row }).filter(([name]) => !notFacts.includes(name))
  for (const pair of (row.changed ?? '').split(' ').filter((word) => word !== '')) changes.push(pair.split('=') as [string, string])
  const { category } = row
  return goodFacts(category as Category, Object.assign({}, ...changes.map(([name, value]) => asFact(name, value))) as Partial<Facts>)
}
const decided = (table: Table, row: Row) => decide(policies, 'release', factsOf(table, row), { lapses: [] })

describe.each(tables)('$about', (table) => {
  const rows = rowsOf(table)
  it.each(rows.map((row) => ({ title: Object.values(row).join(' | '), row })))('$title', ({ row }) => {
    const decision = decided(table, row)
    expect({ effect: decision.effect, reason: decision.reasons[0]?.code ?? '-' }).toEqual({ effect: row.effect, reason: row.reason })
    expect(row.cites).not.toBe('')
  })

  it('names every value of what it varies', () => {
    for (const fact of table.varies) {
      const named = new Set(rows.map((row) => row[fact]))
      expect(factVocabulary[fact].filter((value) => !named.has(value) && !elsewhere(fact, value))).toEqual([])
    }
  })
})

const elsewhere = (fact: FactName, value: string): boolean =>
  tables.some((table) => table.base?.[fact] === value || rowsOf(table).some((row) => row[fact] === value))

describe('the tables together', () => {
  it('vary every fact that only a permission has, and make every rule that forbids refuse at least once', () => {
    const varied = new Set(tables.flatMap(({ varies }) => varies))
    const own = ['permission', 'onward', 'riskAssessment', 'formalConsent', 'words', 'contributors', 'participants'] as const
    expect(own.filter((fact) => !varied.has(fact))).toEqual([])
    const fired = new Set(
      tables.flatMap((table) => rowsOf(table).flatMap((row) => decided(table, row).reasons.map(({ ruleId }) => ruleId))),
    )
    const forbidding = shipped.bundle.disclose!.flatMap(({ rules }) =>
      rules.filter(({ inverted }) => inverted === true).map(({ id }) => id),
    )
    expect(forbidding.length).toBeGreaterThan(10)
    expect(forbidding.filter((id) => !fired.has(id))).toEqual([])
  })

  it('stand on rules that cannot be made to cure what a permission never cures', () => {
    const disclosure = shipped.bundle.change!.disclosure!
    const bold = { ...disclosure, bypasses: { stages: ['R7'], rules: ['r12-cda115', 'no-such-rule'] } }
    const messages = bundleProblems({ ...shipped.bundle, change: { ...shipped.bundle.change!, disclosure: bold } }).map(
      ({ message }) => message,
    )
    expect(messages).toEqual([
      'R7 never gives way to a permission (R23)',
      'r12-cda115 never gives way to a permission (R23)',
      'there is no rule no-such-rule',
    ])
  })
})
