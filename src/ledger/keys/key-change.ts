import { type NoteSigner, signNote } from '../note.ts'

/** What is said of a key of the log, for whoever has to follow the log from one key to the next. */
export interface KeyChange {
  readonly origin: string
  /** `follows`: `key` signs the log too from now on, after `other`. `ends`: `key` signs nothing beyond this tree, says its successor `other`. */
  readonly change: 'follows' | 'ends'
  /** Verifier keys (C2SP signed-note). */
  readonly key: string
  readonly other: string
  /** The tree at which it happens: a place in the log that nobody can move, where an instant is only somebody's word. */
  readonly size: number
  readonly root: Uint8Array
  /** The entry of the log that carries this statement. */
  readonly entryId: string
  readonly at: Date
}

/** Its first line is no log's name and its second no number, so that no statement passes for a checkpoint. */
export const keyChangeText = ({ origin, change, key, other, size, root, entryId, at }: KeyChange): string =>
  [
    'access-log key change v1',
    `log ${origin}`,
    `key ${key}`,
    `${change === 'follows' ? 'follows' : 'ends-by'} ${other}`,
    `size ${size}`,
    `root ${Buffer.from(root).toString('base64')}`,
    `entry ${entryId}`,
    `at ${at.toISOString()}`,
    '',
  ].join('\n')

/** The statement as a signed note; each of the keys signs under the log's name. */
export const signKeyChange = (said: KeyChange, privateKeys: readonly NoteSigner['privateKey'][]): string =>
  signNote(keyChangeText(said), ...privateKeys.map((privateKey) => ({ name: said.origin, privateKey })))
