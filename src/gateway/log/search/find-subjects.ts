import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { type Described, findDescribed } from '../../../db/log/search/log-subjects.ts'
import type { CommitChange } from '../../commit/change.ts'
import { logReaderOf } from './entry-view.ts'
import { notReviewer, type ReadingReasons, refusedReading } from './reading-reasons.ts'

/**
 * Operation `findLogSubjects`: the ids under which the log speaks of somebody whom an officer can describe exactly: by a number, or by
 * name and date of birth. Nothing is told but ids; an agency's officer finds whom the agency knows by a number of its own, nobody else.
 */
export const findLogSubjects =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { purpose, justification, ...described } = request.body as ReadingReasons & Described
    return commitChange(caller, {
      operation: 'findLogSubjects',
      event: 'log-queried',
      locks: [],
      lockMode: 'shared',
      detail: { logPurpose: purpose ?? null, justification: justification ?? null, by: 'name' in described ? 'name' : 'identifier' },
      run: async ({ tx, standing, at }) => {
        const refused = refusedReading({ purpose, justification })
        if (refused !== null) return refused
        const reader = logReaderOf(standing, at)
        if (reader === null) return notReviewer
        const subjects = await findDescribed(tx, described, reader.everything ? null : reader.agencyId)
        return {
          allowed: true,
          status: 200,
          body: { subjects },
          detail: { subjects },
          // Whom the agency does not know and whom nobody knows take the same time.
          shielded: !reader.everything && subjects.length === 0,
        }
      },
    })
  }
