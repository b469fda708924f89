import { consistencyProof } from '../../ledger/proof.ts'
import { subtreesFromTiles, tilePath } from '../../ledger/tiles.ts'
import { parseCheckpoint, parseNote } from '../../ledger/verify/signed-note.ts'
import { judgeCheckpoint } from '../../ledger/witness.ts'
import type { WitnessUses } from './witness-server.ts'

/** Gets a path below the log's address; throws when it is not there. */
export type FetchPath = (path: string) => Promise<Buffer>

/**
 * Looks for itself, without being asked: fetches the log's checkpoint and the tiles that prove it, and judges it as if it had been
 * brought. So a log that shows this witness one thing and others another, or that went back to a backup, is noticed here.
 */
export const watchLog = async (
  uses: Pick<WitnessUses, 'logKeys' | 'state' | 'tell'>,
  fetchPath: FetchPath,
): Promise<'same' | 'grown' | 'refused'> => {
  // A log that says nothing of its keys has the ones that are known.
  const keys = await fetchPath('keys').catch(() => null)
  if (keys !== null) learn(uses, keys.toString('utf8'))
  const windows = uses.logKeys.windows()
  const note = logsOwn((await fetchPath('checkpoint')).toString('utf8'), windows[0]!.key.name)
  const known = uses.state.read()
  const shown = parseCheckpoint(parseNote(note)?.text ?? '')
  const oldSize = known?.size ?? 0
  const proof =
    shown === null || shown.size < oldSize
      ? []
      : await consistencyProof(
          { older: oldSize, newer: shown.size },
          subtreesFromTiles(shown.size, (address) => fetchPath(tilePath(address))),
        )
  const judged = judgeCheckpoint({ oldSize: shown !== null && shown.size < oldSize ? shown.size : oldSize, proof, note }, known, windows)
  if (!judged.accepted) {
    const kept = judged.evidence === undefined ? '' : ` Kept in ${uses.state.keep(judged.evidence, judged.why)}`
    uses.tell(`${judged.why}.${kept}`)
    return 'refused'
  }
  if (judged.remember.size === oldSize) return 'same'
  uses.state.write(judged.remember)
  return 'grown'
}

const learn = ({ logKeys, tell }: Pick<WitnessUses, 'logKeys' | 'tell'>, document: string): void => {
  try {
    logKeys.learn(document)
  } catch (cause) {
    tell(`What the log says of its keys is not believed: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** The note with the log's signature alone: what witnesses added is not theirs to vouch for. */
const logsOwn = (note: string, name: string): string => {
  const split = note.lastIndexOf('\n\n') + 2
  const lines = note.slice(split).split('\n')
  return (
    note.slice(0, split) +
    lines
      .filter((line) => line.startsWith(`— ${name} `))
      .map((line) => `${line}\n`)
      .join('')
  )
}
