import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { decide } from '../../src/core/decision/decide.ts'
import { factVocabulary, type FactName, type Facts } from '../../src/core/facts.ts'
import { categories, type Category } from '../../src/core/vocabulary.ts'
import { effects, reasonCodes } from '../../src/core/decision-vocabulary.ts'
import { entryOfDecision } from '../support/table-entry.ts'
import { asFact, goodFacts, policyDirectory, shipped, shippedPolicies } from '../support/facts.ts'

interface Table {
  readonly stage: string
  readonly about: string
  readonly varies: readonly FactName[]
  readonly base?: Readonly<Record<string, string>>
  readonly rows: string
}
type Row = Readonly<Record<string, string>>

const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim())

const rowsOf = (table: Table): Row[] => {
  const [head, ...lines] = table.rows.trim().split('\n').map(cellsOf)
  return lines.map((cells) => {
    if (cells.length !== head!.length) throw new Error(`${table.about}: a row has ${cells.length} cells, not ${head!.length}`)
    return Object.fromEntries(head!.map((name, index) => [name, cells[index]!]))
  })
}

const folder = join(policyDirectory, 'tests')
const tables = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .flatMap((file) => (parse(readFileSync(join(folder, file), 'utf8')) as { tables: Table[] }).tables.map((table) => ({ file, table })))

const expectations = ['case', 'category', 'changed', 'effect', 'reason', 'fields', 'withheld', 'obliges', 'cites']

const factsOf = (table: Table, row: Row): Facts => {
  const changes = Object.entries({ ...table.base, ...row }).filter(([name]) => !expectations.includes(name))
  for (const pair of (row.changed ?? '-').split(' ').filter((word) => word !== '-')) changes.push(pair.split('=') as [string, string])
  if (!(categories as readonly string[]).includes(row.category!)) throw new Error(`no category ${row.category}`)
  return goodFacts(row.category as Category, Object.assign({}, ...changes.map(([name, value]) => asFact(name, value))) as Partial<Facts>)
}

const words = (cell: string): string[] => (cell === '-' ? [] : cell.split(' '))

describe.each(tables)('$file $table.stage: $table.about', ({ table }) => {
  const rows = rowsOf(table)
  it.each(rows.map((row) => ({ title: Object.values(row).join(' | '), row })))('$title', ({ row }) => {
    expect(effects as readonly string[]).toContain(row.effect)
    if (row.reason !== '-') expect(reasonCodes as readonly string[]).toContain(row.reason)
    const decision = decide(shippedPolicies, 'release', factsOf(table, row), { lapses: [] })
    expect({ effect: decision.effect, reason: decision.reasons[0]?.code ?? '-' }).toEqual({ effect: row.effect, reason: row.reason })
    if (row.fields !== undefined) expect(decision.fields).toEqual(words(row.fields))
    if (row.obliges !== undefined) expect(decision.obligations.toSorted()).toEqual(words(row.obliges))
    if (row.withheld !== undefined) {
      const withheld = decision.withheldFields.map(({ field, reason }) => `${field}:${reason.code}`)
      expect(withheld.sort()).toEqual(words(row.withheld).sort())
    }
  })

  it.each(rows.map((row) => ({ title: Object.values(row).join(' | '), row })))('is logged as it is told: $title', ({ row }) => {
    const facts = factsOf(table, row)
    const { event, effect, reason, content } = entryOfDecision(facts, decide(shippedPolicies, 'release', facts, { lapses: [] }))
    const refused = row.reason !== '-'
    expect({ event, effect, reason: reason ?? '-' }).toEqual({
      event: refused ? 'access-denied' : 'disclosure',
      effect: refused ? (row.effect === 'deny-ncnd' ? 'deny-ncnd' : 'deny') : 'permit',
      reason: row.reason,
    })
    const [line] = content.categories as readonly {
      effect: string
      fields?: string[]
      withheldFields?: { field: string; code: string }[]
    }[]
    expect(line!.effect).toBe(row.effect)
    if (row.fields !== undefined) expect(line!.fields ?? []).toEqual(words(row.fields))
    if (row.withheld !== undefined) {
      expect((line!.withheldFields ?? []).map(({ field, code }) => `${field}:${code}`).sort()).toEqual(words(row.withheld).sort())
    }
    // Invariant I7: the entry holds every fact that it was decided on, so that it can be decided again.
    expect({ ...(content.facts as object), ...(content.itemFacts as object) }).toEqual(facts)
  })

  it('cites a source in every row', () => {
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.cites).not.toBe('')
  })

  it('names every value of what it varies', () => {
    for (const fact of table.varies) {
      const named = new Set(rows.map((row) => row[fact]))
      expect(factVocabulary[fact].filter((value) => !named.has(value))).toEqual([])
    }
  })
})

describe('the tables together', () => {
  const varied = new Set(tables.flatMap(({ table }) => table.varies))

  it('vary every fact that a rule reads', () => {
    const read = shipped.bundle.stages.flatMap((stage) => stage.rules.flatMap((rule) => Object.keys(rule.conditions ?? {})))
    expect([...new Set(read)].filter((fact) => fact !== 'category' && !varied.has(fact as FactName))).toEqual([])
  })

  it('make every forbidding rule of a whole category or of a field refuse at least once', () => {
    const fired = new Set<string>()
    for (const { table } of tables) {
      for (const row of rowsOf(table)) {
        const { reasons, withheldFields } = decide(shippedPolicies, 'release', factsOf(table, row), { lapses: [] })
        for (const reason of [...reasons, ...withheldFields.map((entry) => entry.reason)]) fired.add(reason.ruleId)
      }
    }
    const forbidding = shipped.bundle.stages.flatMap((stage) => stage.rules.filter((rule) => rule.inverted === true).map((rule) => rule.id))
    expect(forbidding.filter((id) => !fired.has(id))).toEqual([])
  })
})
