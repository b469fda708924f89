import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Category } from '../../core/vocabulary.ts'
import { isKnownTo } from '../../db/casework/custody.ts'
import { openTask } from '../../db/casework/tasks.ts'
import { insertNotices, insertRectification, type RectificationRow, setRestricted } from '../../db/cohort/rectifications.ts'
import { correctedCategory } from '../../db/copies/ended.ts'
import { appendEvent } from '../../db/events.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { raiseRecall } from '../copies/raise-recall.ts'
import { holdsRole, isPartnershipOfficer } from '../roles.ts'
import { type CaseContext, type CaseUses, changeCase } from './strand/case-change.ts'

interface Request {
  readonly kind: RectificationRow['kind']
  readonly category: Category
  /** Whose information it is; the asking agency's own where absent. */
  readonly originatorAgencyId?: string
  readonly itemReference?: string | null
  readonly ground: string
  /** Everything about the person, until it is lifted: for the partnership's information governance only. */
  readonly wholeCase?: boolean
}

/**
 * Operation `rectify`: something was wrong, or its use is restricted while that is found out. "The controller must notify the
 * originator, and every recipient" (DPA 2018 s.48(7) and (9)): each gets an event and a task, and each confirms.
 */
export const rectify =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const asked = request.body as Request
    const { kind, category, wholeCase = false } = asked
    const originatorAgencyId = asked.originatorAgencyId ?? caller.agencyId
    return changeCase(uses, {
      caller,
      request,
      operation: 'rectify',
      event: 'correction-notified',
      otherRoute: (context, known) => guards(context, known.offenderId),
      detail: { kind, category, originatorAgencyId, wholeCase },
      async run(context) {
        const governance = isPartnershipOfficer(context.standing, ['ig-officer', 'dpo'], context.at)
        if (!governance && (originatorAgencyId !== caller.agencyId || wholeCase)) return notOriginator
        return write(uses, context, { ...asked, wholeCase, originatorAgencyId })
      },
    })
  }

/** Besides those who work with the person: whoever answers for the agency's own records of somebody it knows. */
const guards = async ({ tx, standing, at }: ChangeContext, offenderId: string): Promise<boolean> =>
  isPartnershipOfficer(standing, ['ig-officer', 'dpo'], at) ||
  (holdsRole(standing, ['ig-officer', 'dpo'], at) && (await isKnownTo(tx, offenderId, standing.agency.id)))

const notOriginator = {
  allowed: false,
  status: 403,
  reason: { code: 'originator', stage: 'R36', ruleId: 'r36-originator-rectifies', cites: 'DPA 2018 s.46-48; R36' },
} as const

const write = async (
  uses: CaseUses,
  context: CaseContext,
  asked: Request & { readonly originatorAgencyId: string; readonly wholeCase: boolean },
): Promise<ChangeOutcome<object>> => {
  const { known, tx, at, caller } = context
  const { offenderId } = known
  const { kind, category, originatorAgencyId } = asked
  const id = uses.newId()
  await insertRectification(tx, {
    ...{ id, offenderId, kind, category, originatorAgencyId, at, byAgency: caller.agencyId, byPerson: caller.personSub! },
    sealed: uses.seal(JSON.stringify({ ground: asked.ground, itemReference: asked.itemReference ?? null }), {
      ...{ table: 'rectification', id, column: 'sealed' },
    }),
  })
  const told = await insertNotices(tx, { rectificationId: id, offenderId, category, originatorAgencyId })
  const notified = told.map(({ agencyId }) => agencyId).filter((agencyId) => agencyId !== caller.agencyId)
  // Those who had it straight from the originator correct their copy; whoever else has one is asked to give it up.
  const wrong = { rectificationId: id, offenderId, category, originatorAgencyId }
  const exceptAgencyIds = told.map(({ agencyId }) => agencyId)
  const recall =
    kind === 'rectified' ? await raiseRecall(context, { cause: 'correction', ended: correctedCategory(wrong), exceptAgencyIds }) : null
  const restricted = asked.wholeCase && kind !== 'rectified' && (await setRestricted(tx, offenderId, kind === 'restricted'))
  const refs = { rectificationId: id, category, change: kind }
  const eventKind = kind === 'rectified' ? 'corrected' : 'restricted'
  await appendEvent(tx, { id: uses.newId(), kind: eventKind, toAgencyIds: notified, offenderId, refs, at })
  for (const agencyId of notified) {
    await openTask(tx, {
      // Whoever of the agency: those who received it may have left, and the task itself names nobody.
      ...{
        id: uses.newId(),
        kind: 'correction-acknowledgement',
        offenderId: null,
        subjectKey: `${id} ${agencyId}`,
        dueAt: null,
        openedAt: at,
      },
      ...{ ownerAgencyId: agencyId, ownerRole: null, ownerPersonSub: null, detail: refs },
    })
  }
  return {
    ...{ allowed: true, status: 201, detail: { rectificationId: id, notified, restricted, recall } },
    body: { rectificationId: id, offenderId, kind, notified, recordedAt: at.toISOString() },
  }
}
