import { type NoteSigner, signNote } from './note.ts'

/** A promise about the whole log: so many leaves, with this root (C2SP tlog-checkpoint). */
export interface TreeHead {
  /** The log's name, which is the checkpoint's first line. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

export const checkpointText = ({ origin, size, root }: TreeHead): string => `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`

/** The signed note. The log signs under its origin's name. */
export const signCheckpoint = (head: TreeHead, privateKey: NoteSigner['privateKey']): string =>
  signNote(checkpointText(head), { name: head.origin, privateKey })
