import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { closeTask } from '../../db/casework/tasks.ts'
import { findRectification, insertAcknowledgement, type RectificationState } from '../../db/cohort/rectifications.ts'
import type { ChangeContext, CommitChange } from '../commit/change.ts'

interface Uses {
  readonly commitChange: CommitChange
}

const rectificationIdIn = (request: OperationRequest): string => (request.params.rectificationId ?? '').toLowerCase()

/** Those who were told, who recorded it and whose information it is; everybody else cannot tell it from an invented one. */
const readable = async ({ tx, standing }: ChangeContext, id: string): Promise<RectificationState> => {
  const found = await findRectification(tx, id)
  const own = standing.agency.id
  const concerned =
    found !== null &&
    (standing.agency.kind === 'governance-body' || found.byAgency === own || found.notices.some(({ agencyId }) => agencyId === own))
  if (!concerned) throw new Fault('not-found', 'There is no such correction for your agency.')
  return found
}

const shown = ({ id, kind, category, originatorAgencyId, recordedAt, notices }: RectificationState) => ({
  ...{ rectificationId: id, kind, category, originatorAgencyId, recordedAt: recordedAt.toISOString() },
  notices: notices.map(({ agencyId, releases, outcome, acknowledgedAt }) => ({
    ...{ agencyId, releases, outcome, acknowledgedAt: acknowledgedAt?.toISOString() ?? null },
  })),
  outstanding: notices.filter(({ outcome, agencyId }) => outcome === null && agencyId !== originatorAgencyId).length,
})

/** Operation `readRectification`: who was told, and who has confirmed. Nothing of the person. */
export const readRectification =
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> =>
    commitChange(caller, {
      operation: 'readRectification',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { rectificationId: rectificationIdIn(request) },
      run: async (context) => ({ allowed: true, status: 200, body: shown(await readable(context, rectificationIdIn(request))) }),
    })

/** Operation `acknowledgeRectification`: an agency that was told says what it has done with its copy (DPA 2018 s.48(9)). */
export const acknowledgeRectification =
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const rectificationId = rectificationIdIn(request)
    const { outcome } = request.body as { outcome: string }
    return commitChange(caller, {
      operation: 'acknowledgeRectification',
      event: 'acknowledged',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      detail: { rectificationId, outcome },
      async run(context) {
        const { tx, at } = context
        const { agencyId } = caller
        const found = await readable(context, rectificationId)
        if (!found.notices.some((notice) => notice.agencyId === agencyId))
          throw new Fault('conflict', 'Your agency was not asked to confirm.')
        if (!(await insertAcknowledgement(tx, { rectificationId, agencyId, outcome, personSub: caller.personSub!, at })))
          throw new Fault('conflict', 'Your agency has confirmed already.')
        await closeTask(tx, { kind: 'correction-acknowledgement', subjectKey: `${rectificationId} ${agencyId}`, outcome, at })
        return { allowed: true, status: 200, body: shown((await findRectification(tx, rectificationId))!) }
      },
    })
  }
