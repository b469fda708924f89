import { relationshipTo } from '../../core/case/relationship.ts'
import { Fault } from '../../core/fault.ts'
import { findMeeting, type Meeting } from '../../db/conference/attending.ts'
import { findDiscussed } from '../../db/conference/discussions.ts'
import type { Tx } from '../../db/db.ts'
import { holdMeeting, personOf, seesMeeting } from '../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../commit/change.ts'
import type { Draft, Reading, Work } from '../commit/logged-work.ts'
import { refusal } from '../commit/refusal.ts'
import { type DisclosureUses, holdRequest } from '../disclosure/known-request.ts'
import { draftNoStanding, refusedAtTheDoor } from '../enquiry/no-standing.ts'
import { askedOf, type AccessQuestion, draftNotOneself } from './evaluation.ts'
import { draftMinutes, draftUnsaid } from './minutes-draft.ts'
import { couldBeLifted, findApproval, weighApproval } from './weigh-approval.ts'
import { weighDirect } from './weigh-direct.ts'

/**
 * What the minutes of a meeting say of one person: weighed like a reading, and where an approval is named like a retrieval under it,
 * behind the same locks. Nothing is opened and nothing released.
 */
export const minutesWork = async (uses: DisclosureUses, question: AccessQuestion): Promise<Work> => {
  const { caller, operation, approvalId, ask } = question
  const meeting = question.aboutOneself ? await holdMeeting(uses, question.conferenceId!, caller) : null
  const named = meeting === null || approvalId === null ? null : await holdRequest(uses, { permissionId: approvalId }, caller)
  const alongLocks = [...(meeting?.locks ?? []), ...(meeting?.chairing ?? []), ...(named?.own ?? []), ...(named?.along ?? [])]
  return {
    ...{ caller, operation, alongLocks, categories: [] },
    // Whoever cannot know of the meeting waits for nobody's lock: to wait would say that there is one.
    offenderId: alongLocks.length === 0 ? null : ask.offenderId,
    decide: () => {
      throw new Error('decided after reading')
    },
    prepare: async (tx, read) => {
      const draft = await prepared(uses, { tx, reading: await read, question, held: alongLocks.length > 0 })
      return () => draft
    },
  }
}

interface Preparing {
  readonly tx: Tx
  readonly reading: Reading
  readonly question: AccessQuestion
  readonly held: boolean
}

const prepared = async (uses: DisclosureUses, preparing: Preparing): Promise<Draft> => {
  const { tx, reading, question, held } = preparing
  const { caller, ask } = question
  const { standing, subject } = reading
  const door = refusedAtTheDoor(standing, caller)
  if (standing === null) return draftNoStanding(reading, { ask })
  if (door !== null) {
    const answer: Draft['answer'] = ({ entryId }) => refusal(reading.policies, door, { status: 403, entryId })
    const entry = { event: 'access-denied', effect: 'deny', reason: door.code, offenderId: ask.offenderId, purpose: ask.purpose } as const
    const content = { ...askedOf(ask), conferenceId: question.conferenceId, stage: door.stage, ruleId: door.ruleId }
    return { entry: { ...entry, content }, receipt: {}, disclosures: [], validUntil: null, refusesWhoever: true, answer }
  }
  if (!question.aboutOneself) return draftNotOneself(reading, question)
  const subjects = new Map(subject === null ? [] : [[ask.offenderId, subject] as const])
  return weigh(uses, { ...reading, tx, caller, standing, subjects }, { reading, question, held })
}

const weigh = async (uses: DisclosureUses, context: ChangeContext, { reading, question, held }: Omit<Preparing, 'tx'>): Promise<Draft> => {
  const { ask } = question
  const approval = held ? await findApproval(context, question) : null
  const meeting = await knownMeeting(context, question)
  // It became knowable between the look for its locks and now.
  if (meeting !== null && !held) throw new Fault('unavailable', 'This meeting changed just now. Ask again.', { retryAfterSeconds: 1 })
  const direct = meeting === null ? null : await weighDirect(context, meeting, ask)
  const about = { context, reading, question, approval }
  if (direct?.permitted === true) return draftMinutes(about, { direct, approved: null, requestable: false })
  const approved = approval === null ? null : await weighApproval(uses, context, { approval, ask })
  if (approved === null && direct === null) return draftUnsaid(question)
  const permitted = approved !== null && approved.refused === null
  const requestable = !permitted && meeting !== null && (await couldBeLifted(context, meeting, ask))
  return draftMinutes(about, { direct, approved, requestable })
}

/** The meeting, for whoever may ask its chair about this person; as for a request, anything else was never heard of. */
const knownMeeting = async (context: ChangeContext, { conferenceId, ask }: AccessQuestion): Promise<Meeting | null> => {
  const { tx, caller, standing, subjects, at } = context
  const person = personOf(caller)
  const meeting = await findMeeting(tx, conferenceId!, person)
  if (meeting === null || !seesMeeting(context, meeting)) return null
  const subject = subjects.get(ask.offenderId) ?? null
  const tied = relationshipTo(standing, subject, at).relationship !== 'none' || meeting.state === 'attended'
  const discussed = (await findDiscussed(tx, conferenceId!, [ask.offenderId])).has(ask.offenderId)
  return subject?.basis === 'cohort' && tied && discussed ? meeting : null
}
