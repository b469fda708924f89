import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { findMeeting } from '../../db/conference/attending.ts'
import { findFoiConsultation } from '../../db/foi/foi-consultations.ts'
import { personOf } from '../casework/conference/known-meeting.ts'
import { standpointOf } from '../casework/conference/papers/decide-papers.ts'
import { notAsked, speaksFor } from './consult-originator.ts'
import { type FoiUses, requestIdIn } from './foi-officer.ts'

/**
 * Operation `readFoiConsultation`: which paragraph an agency was asked about, and where it stands; ids only. Its text is read like any
 * paper, by whoever may (R20, R21): being asked about it opens nothing. A meeting that one may not know of is not named.
 */
export const readFoiConsultation =
  ({ commitChange }: Pick<FoiUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = requestIdIn(request)
    const paragraphId = request.params.paragraphId!.toLowerCase()
    return commitChange(caller, {
      operation: 'readFoiConsultation',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared', readsOnly: true },
      detail: { requestId, paragraphId, purpose: 'foi' },
      async run(context) {
        const asked = await findFoiConsultation(context.tx, { requestId, paragraphId, agencyId: caller.agencyId })
        if (asked === null || !speaksFor(context, asked)) throw notAsked()
        const { consultationId, view, form, number } = asked
        const { meeting } = await standpointOf(context, await findMeeting(context.tx, asked.conferenceId, personOf(caller)), 'view')
        const conferenceId = meeting.known ? asked.conferenceId : null
        return { allowed: true, status: 200, body: { consultationId, requestId, paragraphId, form, number, conferenceId, view } }
      },
    })
  }
