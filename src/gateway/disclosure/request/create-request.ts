import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { relationshipTo } from '../../../core/case/relationship.ts'
import type { NamedPerson } from '../../../core/conference/acting-chair.ts'
import { Fault } from '../../../core/fault.ts'
import type { LegalGateway, Purpose } from '../../../core/vocabulary.ts'
import { findMeeting } from '../../../db/conference/attending.ts'
import { findDiscussed } from '../../../db/conference/discussions.ts'
import { listAboutPerson } from '../../../db/disclosure/permissions.ts'
import { insertRequest, insertRequestEvent, type DisclosureRequest } from '../../../db/disclosure/requests.ts'
import type { NamedRecord } from '../../../db/disclosure/records.ts'
import { insertWords } from '../../../db/disclosure/words.ts'
import { personExists } from '../../../db/registry/registry.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import {
  changedMeanwhile,
  closedKinds,
  holdMeeting,
  personOf,
  seesMeeting,
  type HeldMeeting,
} from '../../casework/conference/known-meeting.ts'
import {
  type DisclosureUses,
  hashOf,
  MOST_PARAGRAPHS,
  placeOfRequest,
  placeOfWords,
  type RequestText,
  unknownRequest,
} from '../known-request.ts'
import { recordProblem } from '../records/record-problem.ts'
import { tellOfDisclosure } from '../tell-of-disclosure.ts'
import { askDecider } from './ask-decider.ts'

export interface RequestBody {
  readonly conferenceId: string
  readonly offenderId: string
  readonly paragraphIds?: readonly string[]
  readonly records?: readonly NamedRecord[]
  readonly recipient: NamedPerson
  readonly recipientWithoutAccount?: boolean
  readonly beneficiaries?: readonly NamedPerson[]
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly what: string
  readonly necessity: string
  readonly proportionality: string
  readonly lessIntrusive: string
  readonly bestInterestsNote?: string
  readonly formOfWords?: string
  readonly riskAssessment?: string
  readonly urgency?: 'routine' | 'soon' | 'urgent'
  readonly until?: string
}

const incomplete = {
  allowed: false,
  status: 422,
  reason: { code: 'request-incomplete', stage: 'R4', ruleId: 'disclosure-complete', cites: 'DPA 2018 ss.36-37; R4' },
} as const

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'This cannot be asked like this.', { details: [{ path, message }] })

/** Operation `createDisclosureRequest`: somebody who may know of the meeting asks its chair to let something out of the room. */
export const createDisclosureRequest =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as RequestBody
    const conferenceId = body.conferenceId.toLowerCase()
    const offenderId = body.offenderId.toLowerCase()
    const { purpose = null, legalGateway = null, urgency = 'routine' } = body
    const held = await holdMeeting(uses, conferenceId, caller)
    const { recipient } = body
    return uses.commitChange(caller, {
      operation: 'createDisclosureRequest',
      event: 'alteration',
      offenderId,
      locks: held.locks,
      sharedLocks: held.locks.length === 0 ? [] : [...held.chairing, { class: 'subject', id: offenderId }],
      readAlong: held.locks.length === 0 ? [] : [offenderId],
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, recipient, purpose, legalGateway, urgency, riskAssessment: body.riskAssessment ?? null },
      run: (context) => writeRequest(uses, context, { held, body: { ...body, conferenceId, offenderId } }),
    })
  }

interface Asked {
  readonly held: HeldMeeting
  readonly body: RequestBody
}

/** Writes the request down and puts it before whoever decides; behind the locks of the meeting and the person. Ids are in lower case. */
export const writeRequest = async (
  uses: DisclosureUses,
  context: ChangeContext,
  { held, body }: Asked,
): Promise<ChangeOutcome<{ readonly requestId: string; readonly state: string; readonly formOfWordsHash: string | null }>> => {
  const { tx, caller, standing, subjects, at } = context
  const { conferenceId, offenderId, purpose = null, legalGateway = null } = body
  const person = personOf(caller)
  const meeting = await findMeeting(tx, conferenceId, person)
  if (meeting === null || !seesMeeting(context, meeting)) return unknownRequest
  // That somebody was spoken of at a scheme's meeting is the scheme's own: outside it nobody asks, part in it or not (R7).
  if (closedKinds(context).includes(meeting.kind)) return unknownRequest
  if (held.locks.length === 0) throw changedMeanwhile()
  const subject = subjects.get(offenderId) ?? null
  const tied = relationshipTo(standing, subject, at).relationship !== 'none' || meeting.state === 'attended'
  const discussed = (await findDiscussed(tx, conferenceId, [offenderId])).get(offenderId)
  if (subject?.basis !== 'cohort' || !tied || discussed === undefined) return unknownRequest
  if (purpose === null || legalGateway === null) return incomplete
  const paragraphIds = (body.paragraphIds ?? []).map((id) => id.toLowerCase())
  const { records = [] } = body
  await check(context, { ...body, paragraphIds })
  const id = uses.newId()
  const row: DisclosureRequest = {
    ...{ id, conferenceId, offenderId, requester: person, purpose, legalGateway, paragraphIds, records },
    ...{ recipient: body.recipient, recipientWithoutAccount: body.recipientWithoutAccount ?? false },
    ...{ beneficiaries: body.beneficiaries ?? [], urgency: body.urgency ?? 'routine', riskAssessment: body.riskAssessment ?? null },
    askedUntil: body.until === undefined ? null : new Date(body.until),
    ...{ sealed: uses.seal(JSON.stringify(textIn(body)), placeOfRequest(id)), requestedAt: at },
  }
  await insertRequest(tx, row)
  await insertRequestEvent(tx, { requestId: id, kind: 'submitted', by: person, at })
  const words = body.formOfWords ?? null
  const wordsHash = words === null ? null : hashOf(words)
  if (words !== null && wordsHash !== null) {
    await insertWords(tx, { requestId: id, version: 1, hash: wordsHash, sealed: uses.seal(words, placeOfWords(id, 1)) })
  }
  const decider = await askDecider(uses, tx, { requestId: id, at })
  const toAgencyIds = decider === null ? [] : [decider.agencyId]
  await tellOfDisclosure(uses, tx, { kind: 'disclosure-requested', file: row, refs: {}, toAgencyIds, at })
  const made = { requestId: id, state: 'submitted', formOfWordsHash: wordsHash }
  return { allowed: true, status: 201, body: made, detail: { requestId: id, paragraphIds, records, formOfWordsHash: wordsHash } }
}

const textIn = ({ what, necessity, proportionality, lessIntrusive, bestInterestsNote }: RequestBody): RequestText => ({
  ...{ what, necessity, proportionality, lessIntrusive },
  bestInterestsNote: bestInterestsNote ?? null,
})

const check = async ({ tx, at, policies }: ChangeContext, body: RequestBody): Promise<void> => {
  const { recipient } = body
  if (!(await personExists(tx, recipient.agencyId, recipient.sub))) {
    throw wrong('/recipient', 'is nobody that the agency has registered')
  }
  if (body.until !== undefined && !(new Date(body.until) > at)) throw wrong('/until', 'is over already')
  const about = await listAboutPerson(tx, { ...body, limit: MOST_PARAGRAPHS })
  const strange = (body.paragraphIds ?? []).findIndex((id) => !about.some(({ paragraphId }) => paragraphId === id))
  if (strange >= 0) throw wrong(`/paragraphIds/${strange}`, 'is no paragraph of this meeting about this person')
  const problem = await recordProblem(tx, policies, body.records ?? [])
  if (problem !== null) throw wrong(problem.path, problem.message)
}
