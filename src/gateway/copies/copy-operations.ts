import { acknowledgeReturnNotice } from './acknowledge-notice.ts'
import { listCopies } from './list-copies.ts'
import { type NoticeUses, readReturnNotice } from './read-notice.ts'
import { listCopyRecalls, readCopyRecall } from './read-recalls.ts'

/** Who holds copies, and what was asked back (R45): one part of the table of operations. */
export const copyOperations = (uses: NoticeUses) => ({
  listCopies: listCopies(uses),
  listCopyRecalls: listCopyRecalls(uses),
  readCopyRecall: readCopyRecall(uses),
  readReturnNotice: readReturnNotice(uses),
  acknowledgeReturnNotice: acknowledgeReturnNotice(uses),
})
