import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import type { Article8Ground } from '../../../../core/case-vocabulary.ts'
import { findDiscussed, insertDiscussion } from '../../../../db/conference/discussions.ts'
import type { ChangeOutcome } from '../../../commit/change.ts'
import { conferenceIdIn, getKept, type MeetingUses, noMeetingRules, rulesOf, holdMeeting } from '../known-meeting.ts'

interface DiscussionBody {
  readonly offenderId: string
  readonly riskOutweighsConfidentiality: boolean
  readonly article8Grounds: readonly Article8Ground[]
  readonly finding: string
}

/** A case that is not on the agenda looks like one that is nobody's. */
export const notOnAgenda = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'meeting-own-agenda', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
} as const

const unfound = (ruleId: string, path: string, message: string): ChangeOutcome<never> => ({
  allowed: false,
  status: 422,
  reason: { code: 'evidence', stage: 'R23', ruleId, cites: 'Confidentiality Statement, para 1 and (e)-(h); ECHR Art 8(2)' },
  errors: [{ path, message }],
})

/** Why the finding does not stand; null when it does. */
const missing = (body: DiscussionBody, selectable: readonly Article8Ground[]): ChangeOutcome<never> | null => {
  if (!body.riskOutweighsConfidentiality) {
    return unfound('discussion-risk-found', '/riskOutweighsConfidentiality', 'must be found before a case is discussed')
  }
  if (body.article8Grounds.length === 0) return unfound('discussion-grounds', '/article8Grounds', 'names no ground')
  const barred = body.article8Grounds.findIndex((ground) => !selectable.includes(ground))
  return barred < 0 ? null : unfound('discussion-grounds', `/article8Grounds/${barred}`, 'is no ground of the confidentiality statement')
}

/** Operation `recordDiscussion`: of each case, that "the presenting risk to the public outweighs confidentiality", and on which grounds. */
export const recordDiscussion =
  (uses: Pick<MeetingUses, 'commitChange' | 'database' | 'policies' | 'newId' | 'seal'>) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const body = request.body as DiscussionBody
    const offenderId = body.offenderId.toLowerCase()
    const { riskOutweighsConfidentiality, article8Grounds } = body
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'recordDiscussion',
      event: 'alteration',
      offenderId,
      locks: held.locks,
      sharedLocks: held.locks.length === 0 ? [] : [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, riskOutweighsConfidentiality, article8Grounds },
      async run(context): Promise<ChangeOutcome<object>> {
        const rules = rulesOf(context)
        if (rules === null) return noMeetingRules
        const meeting = await getKept(context, held)
        if ('allowed' in meeting) return meeting
        if (!(await findDiscussed(context.tx, conferenceId, [offenderId])).has(offenderId)) return notOnAgenda
        const refused = missing(body, rules.article8.selectable)
        if (refused !== null) return refused
        const id = uses.newId()
        const sealed = uses.seal(body.finding, { table: 'case_discussion', id, column: 'sealed' })
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at: context.at }
        await insertDiscussion(context.tx, { id, conferenceId, offenderId, article8Grounds, sealed, ...by })
        return { allowed: true, status: 201, body: { discussionId: id, conferenceId, offenderId, article8Grounds } }
      },
    })
  }
