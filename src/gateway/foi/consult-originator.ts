import type { Answer, OperationRequest } from '../../core/answer.ts'
import { holdsAt } from '../../core/case/relationship.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { startOfLondonDay } from '../../core/london.ts'
import { closeTask, openTask } from '../../db/casework/tasks.ts'
import {
  findFoiConsultation,
  type FoiConsultation,
  insertFoiConsultation,
  insertFoiConsultationAnswer,
} from '../../db/foi/foi-consultations.ts'
import type { FoiRequest } from '../../db/foi/foi-requests.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { holdsRole } from '../roles.ts'
import { type FoiUses, requestIdIn, requestLock } from './foi-officer.ts'

interface Consulted {
  readonly request: FoiRequest
  readonly paragraph: { readonly paragraphId: string; readonly originatorAgencyId: string; readonly areaId: string }
}

/**
 * Asks whom a paragraph came from, once, by a task for the agency's members of that conference, who know of it already. It names ids
 * only; the authority decides whatever they say (FOI Code of Practice, part 3).
 */
export const consultOriginator = async (uses: FoiUses, { tx, at }: ChangeContext, { request, paragraph }: Consulted): Promise<void> => {
  const { paragraphId, originatorAgencyId, areaId } = paragraph
  const id = uses.newId()
  if (!(await insertFoiConsultation(tx, { id, requestId: request.id, paragraphId, originatorAgencyId, at }))) return
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'foi-consultation', subjectKey: id, offenderId: null, openedAt: at },
    ...{ ownerAgencyId: originatorAgencyId, ownerRole: 'core-member', ownerPersonSub: null },
    // Its view has to come before the authority's own time is out.
    ...{ dueAt: startOfLondonDay(request.dueOn), detail: { requestId: request.id, paragraphId, areaId, authorityId: request.authorityId } },
  })
}

interface Body {
  readonly paragraphId: string
  readonly view: 'objects' | 'no-objection'
  readonly reasons: string
}

/** Operation `answerFoiConsultation`: whom a paragraph came from says what they think of its disclosure. */
export const answerFoiConsultation =
  (uses: FoiUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = requestIdIn(request)
    const body = request.body as Body
    const paragraphId = body.paragraphId.toLowerCase()
    return uses.commitChange(caller, {
      operation: 'answerFoiConsultation',
      event: 'foi-request',
      locks: [requestLock(requestId)],
      idempotencyKey: request.idempotencyKey,
      detail: { requestId, paragraphId, view: body.view, purpose: 'foi' },
      run: (context) => answer(uses, context, { requestId, body: { ...body, paragraphId } }),
    })
  }

/** Its member of that conference speaks for an agency, or the officer who answers for its information. */
export const speaksFor = ({ standing, at }: ChangeContext, { areaId }: Pick<FoiConsultation, 'areaId'>): boolean =>
  holdsRole(standing, ['foi-officer', 'ig-officer', 'dpo'], at) ||
  standing.appointments.some((one) => one.role === 'core-member' && one.areaId === areaId && holdsAt(one, at))

export const notAsked = (): Fault => new Fault('not-found', 'Your agency was not asked about this.')

const answer = async (
  uses: FoiUses,
  context: ChangeContext,
  { requestId, body }: { readonly requestId: string; readonly body: Body },
): Promise<ChangeOutcome<object>> => {
  const { tx, caller, at } = context
  const asked = await findFoiConsultation(tx, { requestId, paragraphId: body.paragraphId, agencyId: caller.agencyId })
  // Who does not speak for the agency is told what somebody is told who was never asked.
  if (asked === null || !speaksFor(context, asked)) throw notAsked()
  const { consultationId } = asked
  const answered = await insertFoiConsultationAnswer(tx, {
    ...{ consultationId, view: body.view, byAgency: caller.agencyId, byPerson: caller.personSub!, at },
    sealed: uses.seal(JSON.stringify({ reasons: body.reasons }), {
      table: 'foi_consultation_answer',
      id: consultationId,
      column: 'sealed',
    }),
  })
  if (!answered) throw new Fault('conflict', 'Your agency has answered this.')
  await closeTask(tx, { kind: 'foi-consultation', subjectKey: consultationId, outcome: body.view, at })
  return { allowed: true, status: 201, body: { consultationId, requestId, view: body.view }, detail: { consultationId } }
}
