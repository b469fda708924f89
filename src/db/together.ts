import { Fault } from '../core/fault.ts'
import type { Db } from './db.ts'

/** More keys than this go in a further statement. */
const MOST_KEYS = 256

/** Ids as the text of a PostgreSQL array, for a key that has several: arrays of arrays are flattened. */
export const idArray = (ids: readonly string[]): string => `{${ids.map((id) => JSON.stringify(id)).join(',')}}`

interface Together<Key> {
  readonly name: string
  /** Has the keys as arrays with their ordinality, and gives `place`, the number of the key from 1, with every row. */
  readonly text: string
  readonly values: (keys: readonly Key[]) => readonly unknown[]
}

interface Asked<Key, Row> {
  readonly key: Key
  readonly resolve: (rows: readonly Row[]) => void
  readonly reject: (cause: unknown) => void
}

/** Of the pool no more than these are under way at once: whoever asks meanwhile goes with the next. */
const MOST_AT_ONCE = 2
const MOST_WAITING = 2_000

/**
 * One statement for all who ask the same of the same connection in one turn: releases that share a commit share what they read and write
 * for it as well. Each is given the rows of its own key, in the order of the statement; the same text twice is asked once.
 */
export const together = <Key, Row extends object>(statement: Together<Key>): ((db: Db, key: Key) => Promise<readonly Row[]>) => {
  const queues = new WeakMap<Db, { readonly asked: Asked<Key, Row>[]; running: number; called: boolean }>()

  const answer = async (db: Db, asked: readonly Asked<Key, Row>[]): Promise<void> => {
    const places = new Map<Key, number>()
    for (const { key } of asked) if (!places.has(key)) places.set(key, places.size + 1)
    try {
      const { name, text, values } = statement
      const { rows } = await db.query<Row & { place: number }>({ name, text, values: values([...places.keys()]) })
      const found = new Map<number, Row[]>()
      for (const { place, ...row } of rows) {
        const own = found.get(place)
        if (own === undefined) found.set(place, [row as unknown as Row])
        else own.push(row as unknown as Row)
      }
      for (const { key, resolve } of asked) resolve(found.get(places.get(key)!) ?? [])
    } catch (cause) {
      // A transaction is over with its first failure, and a database that cannot answer is not asked as often again.
      const forAll = 'inTransaction' in db || (cause instanceof Fault && cause.code === 'unavailable')
      if (asked.length > 1 && !forAll) for (const one of asked) await answer(db, [one])
      else for (const { reject } of asked) reject(cause)
    }
  }

  const pump = (db: Db): void => {
    const queue = queues.get(db)!
    queue.called = false
    while (queue.asked.length > 0 && queue.running < MOST_AT_ONCE) {
      queue.running += 1
      void answer(db, queue.asked.splice(0, MOST_KEYS)).finally(() => {
        queue.running -= 1
        pump(db)
      })
    }
  }

  return (db, key) =>
    new Promise((resolve, reject) => {
      const queue = queues.get(db) ?? { asked: [], running: 0, called: false }
      queues.set(db, queue)
      if (queue.asked.length >= MOST_WAITING) {
        reject(new Fault('unavailable', 'The gateway has more requests waiting than it can answer in time.', { retryAfterSeconds: 1 }))
        return
      }
      queue.asked.push({ key, resolve, reject })
      if (queue.called) return
      queue.called = true
      // In a transaction once everything that runs now has come as far; of the pool whatever came in with the same turn.
      if ('inTransaction' in db) process.nextTick(pump, db)
      else setImmediate(pump, db)
    })
}
