import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import type { Db, Query, Rows } from '../../src/db/db.ts'
import { together } from '../../src/db/together.ts'

/** Answers every key with itself, twice over, the last key first. */
const echo = (statements: Query[], fails = false): Db => ({
  query: <Row>(query: Query): Promise<Rows<Row>> => {
    statements.push(query)
    if (fails) return Promise.reject(new Error('refused'))
    const keys = query.values![0] as readonly string[]
    const rows = keys.flatMap((key, at) => [1, 2].map((copy) => ({ place: at + 1, key, copy }))).reverse()
    return Promise.resolve({ rows: rows as Row[], rowCount: rows.length })
  },
})
const inTransaction = (db: Db): Db => ({ ...db, ...{ inTransaction: true } })
const make = () => together<string, { key: string; copy: number }>({ name: 'echo', text: '', values: (keys) => [keys] })
const both = (key: string) => [2, 1].map((copy) => ({ key, copy }))

describe('what is asked together', () => {
  it.each([
    ['of the pool', (db: Db) => db],
    ['in a transaction', inTransaction],
  ])('%s is one statement, and each is given the rows of its own key, in order', async (_where, of) => {
    const statements: Query[] = []
    const [ask, db] = [make(), of(echo(statements))]
    const keys = ['b', 'a', 'b', 'c']
    expect(await Promise.all(keys.map((key) => ask(db, key)))).toEqual(keys.map(both))
    expect(statements.map(({ values }) => values)).toEqual([[['b', 'a', 'c']]])
  })

  it('is never asked of another connection', async () => {
    const [first, second]: [Query[], Query[]] = [[], []]
    const ask = make()
    await Promise.all([ask(inTransaction(echo(first)), 'a'), ask(inTransaction(echo(second)), 'b')])
    expect([first, second].map((all) => all.map(({ values }) => values))).toEqual([[[['a']]], [[['b']]]])
  })

  it('is asked of one transaction by all that go on together, however deep each has come', async () => {
    const statements: Query[] = []
    const [ask, db] = [make(), inTransaction(echo(statements))]
    const after = async (turns: number): Promise<unknown> => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      return ask(db, String(turns))
    }
    expect(await Promise.all([0, 1, 5].map(after))).toEqual(['0', '1', '5'].map(both))
    expect(statements.length).toBe(1)
  })

  it('fails for all of them when it fails, and is asked anew the next time', async () => {
    const statements: Query[] = []
    const [ask, db] = [make(), inTransaction(echo(statements, true))]
    const settled = await Promise.allSettled(['a', 'b'].map((key) => ask(db, key)))
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(ask(db, 'a')).rejects.toThrow('refused')
    expect(statements.length).toBe(2)
  })

  it('fails of the pool for nobody but whose own look-up fails', async () => {
    const statements: Query[] = []
    const fine = echo(statements)
    const db: Db = {
      query: <Row>(query: Query) =>
        (query.values![0] as string[]).includes('bad') ? Promise.reject<Rows<Row>>(new Error('refused')) : fine.query<Row>(query),
    }
    const ask = make()
    const settled = await Promise.allSettled(['a', 'bad', 'b'].map((key) => ask(db, key)))
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([both('a'), 'failed', both('b')])
  })

  it('is not asked again one by one of a database that cannot answer', async () => {
    let asked = 0
    const down: Db = {
      query: () => {
        asked += 1
        return Promise.reject(new Fault('unavailable', 'The database cannot answer at the moment.'))
      },
    }
    const ask = make()
    const settled = await Promise.allSettled(['a', 'b', 'c'].map((key) => ask(down, key)))
    expect([settled.map(({ status }) => status), asked]).toEqual([['rejected', 'rejected', 'rejected'], 1])
  })

  it('is refused above what can be answered in time', async () => {
    const never: Db = { query: () => new Promise(() => undefined) }
    const ask = make()
    for (let at = 0; at < 2_000; at += 1) void ask(never, String(at))
    await expect(ask(never, 'one more')).rejects.toThrow('more requests waiting')
  })

  it('goes in several statements when it is very much', async () => {
    const statements: Query[] = []
    const [ask, db] = [make(), echo(statements)]
    const keys = Array.from({ length: 300 }, (_, at) => String(at))
    expect(await Promise.all(keys.map((key) => ask(db, key)))).toEqual(keys.map(both))
    expect(statements.map(({ values }) => (values![0] as unknown[]).length)).toEqual([256, 44])
  })
})
