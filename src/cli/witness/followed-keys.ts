import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { followKeys, type KeyWindow } from '../../ledger/verify/keys/follow-keys.ts'
import type { NoteKey } from '../../ledger/verify/signed-note.ts'

/** The keys of a log as a witness follows them from the one that it was told. */
export interface FollowedLogKeys {
  windows(): readonly KeyWindow[]
  /**
   * Takes over what the log's key document says, as far as it is signed by keys that are known; kept for the next start.
   * @throws Error when it is no key document, or when it names two keys for one place: the one that was known stays
   */
  learn(document: string): void
}

const shape = z.object({ statements: z.array(z.string().max(4_096)).max(1_000) })

export const followLogKeys = (told: NoteKey, directory: string): FollowedLogKeys => {
  const file = join(directory, 'log-keys.json')
  let statements: readonly string[] = existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))).statements : []
  let { windows } = followKeys(told, statements)
  return {
    windows: () => windows,
    learn: (document) => {
      const shown = shape.parse(JSON.parse(document)).statements
      // What was learned first comes first: of two successors the one that is known stays.
      const all = [...new Set([...statements, ...shown])]
      if (all.length === statements.length) return
      const followed = followKeys(told, all)
      const forked = followed.findings.find(({ kind }) => kind === 'key-forked')
      if (forked !== undefined) throw new Error(`The log has two keys for one place: ${forked.says}`)
      const believed = new Set(followed.believed.map(({ note }) => note.text))
      statements = all.filter((one) => believed.has(one.slice(0, one.lastIndexOf('\n\n') + 1)))
      windows = followed.windows
      writeFileSync(`${file}.new`, JSON.stringify({ statements }), { mode: 0o600, flush: true })
      renameSync(`${file}.new`, file)
    },
  }
}
