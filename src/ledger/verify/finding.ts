/** What can be wrong with a log, each told with the entry it is about wherever one can be named. */
export type FindingKind =
  | 'entry-altered'
  | 'leaf-altered'
  | 'columns-altered'
  | 'instant-altered'
  | 'entry-deleted'
  | 'payload-deleted'
  | 'payload-without-entry'
  | 'leaf-missing'
  | 'leaf-twice'
  | 'moved'
  | 'backfilled'
  | 'batch-deleted'
  | 'batch-forged'
  | 'batch-altered'
  | 'batch-link-broken'
  | 'tree-altered'
  | 'checkpoint-forged'
  | 'tail-cut'
  | 'rewritten'
  | 'erasure-unaccounted'
  | 'file-damaged'
  | 'key-forged'
  | 'key-forked'
  | 'key-not-endorsed'
  | 'key-out-of-time'
  | 'key-unlogged'
  | 'key-withheld'

export interface Finding {
  readonly kind: FindingKind
  readonly entryId: string | null
  readonly leafIndex: number | null
  /** One sentence for whoever reads the report. */
  readonly says: string
}
