import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { offeredExemptions } from '../../core/foi/authority.ts'
import type { FoiRules } from '../../core/foi/foi-rules.ts'
import { londonDay } from '../../core/london.ts'
import { listFoiAdjudications, listReadParagraphs } from '../../db/foi/foi-adjudications.ts'
import { listFoiConsultations } from '../../db/foi/foi-consultations.ts'
import { type FoiRequest, listFoiNotices } from '../../db/foi/foi-requests.ts'
import { personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { type FoiUses, getFoiRequest, officerRules, requestIdIn } from './foi-officer.ts'

/** Operation `readFoiRequest`: the file of a request for its own officer: the clock, what was decided, who was asked; ids and codes only. */
export const readFoiRequest =
  ({ commitChange }: Pick<FoiUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = requestIdIn(request)
    return commitChange(caller, {
      operation: 'readFoiRequest',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      readsOnly: true,
      detail: { requestId, purpose: 'foi' },
      async run(context) {
        const rules = officerRules(context)
        if ('allowed' in rules) return rules
        return file(context, rules, await getFoiRequest(context, requestId))
      },
    })
  }

/** As many of those read last as one chooses from. */
const MOST_PARAGRAPHS = 300

/** What an officer chooses from, in the words that a notice would have. */
const asWorded = ({ id, words }: { readonly id: string; readonly words: string }) => ({ id, words })

const file = async (context: ChangeContext, rules: FoiRules, request: FoiRequest): Promise<ChangeOutcome<object>> => {
  const { tx, standing, caller, at } = context
  const decided = await listFoiAdjudications(tx, request.id)
  const consultations = await listFoiConsultations(tx, request.id)
  // A request opens no papers: what may be decided on is what the officer has read at the record of its meeting.
  const paragraphs = await listReadParagraphs(tx, { ...personOf(caller), limit: MOST_PARAGRAPHS })
  const notices = await listFoiNotices(tx, request.id)
  const answered = notices.some(({ givenOn }) => givenOn !== null)
  const { id: requestId, reference, receivedOn, clarifiedOn, dueOn, ownData, rightsRequestId } = request
  return {
    allowed: true,
    status: 200,
    body: {
      ...{ requestId, reference, receivedOn, clarifiedOn, dueOn, ownData, rightsRequestId },
      overdue: !answered && londonDay(at) > dueOn,
      offered: offeredExemptions(rules, standing.agency, request).map(({ id, clause, test, basis, cites }) => ({
        id,
        clause,
        test,
        basis,
        cites,
      })),
      principles: rules.principles.map(asWorded),
      factors: { maintaining: rules.factors.maintaining.map(asWorded), disclosing: rules.factors.disclosing.map(asWorded) },
      paragraphs,
      decisions: decided.map(({ decidedAt, ...one }) => ({ ...one, decidedAt: decidedAt.toISOString() })),
      consultations: consultations.map(({ areaId: _areaId, ...one }) => one),
      notices: notices.map(({ draftedAt, ...one }) => ({ ...one, draftedAt: draftedAt.toISOString() })),
    },
  }
}
