import { createHash } from 'node:crypto'
import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { draftNotice, type Notice } from '../../core/foi/draft-notice.ts'
import type { FoiRules } from '../../core/foi/foi-rules.ts'
import { dayAfter, isDay, londonDay, startOfLondonDay } from '../../core/london.ts'
import { closeTask, openTask } from '../../db/casework/tasks.ts'
import { listFoiAdjudications } from '../../db/foi/foi-adjudications.ts'
import { type FoiRequest, insertFoiNotice, listFoiNotices } from '../../db/foi/foi-requests.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { type FoiUses, getFoiRequest, officerRules, requestIdIn, requestLock } from './foi-officer.ts'

/**
 * Operation `draftFoiNotice`: the notice of s.17 as it follows from what was decided, and, where the authority gave it, on which day. The
 * gateway sends it to nobody.
 */
export const draftFoiNotice =
  (uses: Pick<FoiUses, 'commitChange' | 'newId'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = requestIdIn(request)
    const { givenOn = null } = request.body as { readonly givenOn?: string | null }
    return uses.commitChange(caller, {
      operation: 'draftFoiNotice',
      event: 'foi-request',
      locks: [requestLock(requestId)],
      idempotencyKey: request.idempotencyKey,
      detail: { requestId, givenOn, purpose: 'foi' },
      async run(context) {
        const rules = officerRules(context)
        if ('allowed' in rules) return rules
        const found = await getFoiRequest(context, requestId)
        return draft(uses, context, { rules, request: found, givenOn })
      },
    })
  }

interface Drafting {
  readonly rules: FoiRules
  readonly request: FoiRequest
  readonly givenOn: string | null
}

const draft = async (uses: Pick<FoiUses, 'newId'>, context: ChangeContext, drafting: Drafting): Promise<ChangeOutcome<object>> => {
  const { rules, request, givenOn } = drafting
  const { tx, caller, at } = context
  if (givenOn !== null && (!isDay(givenOn) || givenOn > londonDay(at) || givenOn < request.receivedOn))
    throw new Fault('invalid', 'The notice cannot have been given then.', {
      details: [{ path: '/givenOn', message: 'is no day from the receipt of the request until today' }],
    })
  const decided = await listFoiAdjudications(tx, request.id)
  const whole = decided.find(({ paragraphId }) => paragraphId === null) ?? null
  const notice = draftNotice({ rules, request, whole, paragraphs: decided.filter(({ paragraphId }) => paragraphId !== null) })
  if (notice === null) throw new Fault('conflict', 'Something is still to be decided before there can be a notice.')
  const noticeId = uses.newId()
  const hash = createHash('sha256')
    .update(JSON.stringify([notice.text, notice.schedule]))
    .digest('base64url')
  const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at }
  if (givenOn !== null) await settleClock(uses, context, { request, notice, hash })
  await insertFoiNotice(tx, { noticeId, requestId: request.id, kind: notice.kind, hash, givenOn, ...by })
  const told = { noticeId, requestId: request.id, kind: notice.kind, hash, givenOn, dueOn: request.dueOn }
  return {
    allowed: true,
    status: 201,
    body: { ...told, text: notice.text, schedule: notice.schedule, estimateOn: notice.estimateOn },
    detail: told,
  }
}

/** The clock stops when the notice is given, and runs on to the estimated day where the public interest is still being weighed. */
const settleClock = async (
  uses: Pick<FoiUses, 'newId'>,
  { tx, caller, at }: ChangeContext,
  { request, notice, hash }: { readonly request: FoiRequest; readonly notice: Notice; readonly hash: string },
): Promise<void> => {
  // What is given is what the officer saw: words that were drafted, and not others that follow from what was decided meanwhile.
  const drafted = await listFoiNotices(tx, request.id)
  if (!drafted.some((one) => one.hash === hash))
    throw new Fault('conflict', 'This notice has not been drafted in these words. Read the draft first.')
  await closeTask(tx, { kind: 'foi-request', subjectKey: request.id, outcome: notice.kind, at })
  if (notice.estimateOn === null) return
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'foi-request', subjectKey: request.id, offenderId: null, openedAt: at },
    ...{ ownerAgencyId: caller.agencyId, ownerRole: 'foi-officer', ownerPersonSub: null },
    ...{ dueAt: startOfLondonDay(dayAfter(notice.estimateOn)), detail: { requestId: request.id } },
  })
}
