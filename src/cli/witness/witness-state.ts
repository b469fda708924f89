import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Judgement, Witnessed } from '../../ledger/witness.ts'

type Evidence = NonNullable<Extract<Judgement, { accepted: false }>['evidence']>

/** What a witness remembers, in a directory of its own. */
export interface WitnessState {
  read(): Witnessed | null
  /** On disk when it returns: a signature that was given must never be forgotten. */
  write(witnessed: Witnessed): void
  /** Keeps what proves a log wrong; the same proof once. Returns the file. */
  keep(evidence: Evidence, why: string): string
}

const shape = z.strictObject({ size: z.int().min(0), root: z.string(), note: z.string() })

/**
 * Opens the witness's memory.
 * @throws Error when the file is there and cannot be read: a witness that forgot would sign a rollback
 */
export const openWitnessState = (directory: string): WitnessState => {
  mkdirSync(join(directory, 'evidence'), { recursive: true, mode: 0o700 })
  const file = join(directory, 'witnessed.json')
  const load = (): Witnessed | null => (existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))) : null)
  let known = load()
  return {
    read: () => known,
    write: (witnessed) => {
      replaceDurably(file, JSON.stringify(witnessed))
      known = witnessed
    },
    keep: ({ kind, held, shown }, why) => {
      const name = createHash('sha256').update(`${kind}\n${held}\n${shown}`).digest('hex').slice(0, 16)
      const kept = join(directory, 'evidence', `${kind}-${name}.txt`)
      if (!existsSync(kept))
        writeFileSync(kept, `${why}\n\n--- what this witness signed before\n${held}\n--- what it was shown then\n${shown}`)
      return kept
    },
  }
}

const replaceDurably = (file: string, text: string): void => {
  const beside = `${file}.new`
  const descriptor = openSync(beside, 'w', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(beside, file)
  // The directory holds the name; it is on disk too before the signature leaves. Windows has no such call, and writes it through.
  if (process.platform === 'win32') return
  const directory = openSync(dirname(file), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
