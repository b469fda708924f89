import { existsSync, writeFileSync } from 'node:fs'
import type pg from 'pg'
import { connect } from '../../../src/db/db.ts'
import { sendMoves } from '../../../src/gateway/casework/mi-case/send-moves.ts'
import type { SourceDescription } from '../../../src/sources/description.ts'
import { movesOf, usesOf } from './support.ts'

/** An instance that dies while it tells MI-Case of a move: `before` it leaves, or `after` MI-Case has taken it. */
export interface SenderTask {
  readonly connection: pg.ClientConfig
  readonly description: SourceDescription
  readonly hang: 'before' | 'after'
  /** Written when the blow may fall. */
  readonly reached: string
}

const task = JSON.parse(process.argv[2] ?? 'null') as SenderTask | null
if (task !== null) {
  const { hang: when, reached } = task
  const hang = (): never => {
    if (!existsSync(reached)) writeFileSync(reached, 'reached')
    // Blocks the whole process, as one that is out of memory or out of time would.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    throw new Error('unreachable')
  }
  const moves = movesOf(task.description)
  const uses = await usesOf(connect({ connection: task.connection, max: 2 }), {
    ...moves,
    record: async (move) => {
      if (when === 'before') hang()
      await moves.record(move)
      return hang()
    },
  })
  await sendMoves(uses)
}
