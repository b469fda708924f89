import { createHash } from 'node:crypto'
import type { Caller } from '../../core/caller.ts'
import { type NamedPerson, samePerson } from '../../core/conference/acting-chair.ts'
import { type DecidingAuthority, decidersOf, decidingAuthority, isInterested } from '../../core/disclosure/decider.ts'
import { mayHappen, type RequestEventKind, requestState, type RequestState } from '../../core/disclosure/request-state.ts'
import type { DisclosureRules } from '../../core/disclosure/disclosure-rules.ts'
import { Fault } from '../../core/fault.ts'
import { attended, readDecidingFacts } from '../../db/disclosure/deciding.ts'
import { listAboutPerson, type ScopedParagraph } from '../../db/disclosure/permissions.ts'
import { chairsElsewhere, findRequestPlace, type RequestKey, type RequestPlace } from '../../db/disclosure/request-place.ts'
import { findRequest, type RequestFile } from '../../db/disclosure/requests.ts'
import type { Tx } from '../../db/db.ts'
import { keepsConference } from '../casework/conference/conference-area.ts'
import { areaLock, closedKinds, holdMeeting, type MeetingUses, personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome, LockKey } from '../commit/change.ts'
import type { EnquireUses } from '../enquiry/enquire.ts'

/** Where parts of a person's shared record come from, besides what a meeting does. */
export type RecordUses = Pick<EnquireUses, 'sources' | 'directory' | 'partnershipId' | 'openHosted'>

export type DisclosureUses = MeetingUses & { readonly records: RecordUses }
export type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/** A request that is not there and one that is not yours to know of are the same answer. */
export const unknownRequest: Refusal = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'disclosure-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

export const noDisclosureRules: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'default', stage: 'R46', ruleId: 'disclosure-rules-published', cites: 'R23; R46' },
}

export const disclosureRulesOf = ({ policies }: ChangeContext): DisclosureRules | null => policies.bundle.change?.disclosure ?? null

export const requestLock = (requestId: string): LockKey => ({ class: 'permission', id: requestId })

/** More than one case of one meeting has; what is beyond it is asked for in another request. */
export const MOST_PARAGRAPHS = 200

/** What is held of a request while something is asked of it. */
export interface HeldRequest {
  readonly requestId: string
  /** The request, and with it the permission that it became. */
  readonly own: readonly LockKey[]
  /** The meeting, who chairs it, whose agreements count and whom it is about. */
  readonly along: readonly LockKey[]
  readonly offenderId: string | null
  /** Null: none that the caller may know of. */
  readonly place: RequestPlace | null
}

/** The id of no meeting. */
const NO_MEETING = '00000000-0000-7000-8000-000000000000'

/** Found before any lock is taken. Who cannot know of the request waits for nobody's lock: to wait would say that there is one. */
export const holdRequest = async (
  uses: Pick<MeetingUses, 'database' | 'policies'>,
  by: RequestKey,
  caller: Caller,
): Promise<HeldRequest> => {
  const place = await findRequestPlace(uses.database, by)
  return holdPlace(uses, { place, id: 'requestId' in by ? by.requestId : by.permissionId }, caller)
}

/** Of a request that was looked up already; null: none. */
export const holdPlace = async (
  uses: Pick<MeetingUses, 'database' | 'policies'>,
  { place, id }: { readonly place: RequestPlace | null; readonly id: string },
  caller: Caller,
): Promise<HeldRequest> => {
  const mayKnow = (place !== null && isInterested(place, personOf(caller))) || (await knowsByMeeting(uses, place, caller))
  if (place !== null && mayKnow) return heldOf(place)
  return { requestId: id, own: [], along: [], offenderId: null, place: null }
}

/** Asked of a request that is not there as well, which so takes as long. */
const knowsByMeeting = async (
  uses: Pick<MeetingUses, 'database' | 'policies'>,
  place: RequestPlace | null,
  caller: Caller,
): Promise<boolean> => {
  const elsewhere = await chairsElsewhere(uses.database, place?.areaId ?? null, personOf(caller))
  return elsewhere || (await holdMeeting(uses, place?.conferenceId ?? NO_MEETING, caller)).locks.length > 0
}

/** The same for whoever holds a sealed package, and proves it once the locks are taken; null: no such permission. */
export const holdForHolder = async ({ database }: Pick<MeetingUses, 'database'>, permissionId: string): Promise<HeldRequest | null> => {
  const place = await findRequestPlace(database, { permissionId })
  return place === null ? null : heldOf(place)
}

const heldOf = (place: RequestPlace): HeldRequest => ({
  requestId: place.id,
  own: [requestLock(place.id)],
  along: [
    ...[...new Set([...place.agencyIds, place.recipient.agencyId])].map((id): LockKey => ({ class: 'agency', id })),
    areaLock(place.areaId),
    { class: 'conference', id: place.conferenceId },
    { class: 'subject', id: place.offenderId },
  ],
  offenderId: place.offenderId,
  place,
})

/** The request as it stands, with what the caller is to it. */
export interface KnownRequest {
  readonly file: RequestFile
  readonly state: RequestState
  /** Counts what happened to it: the version that If-Match names. */
  readonly version: number
  readonly authority: DecidingAuthority
  readonly isRequester: boolean
  readonly isRecipient: boolean
  readonly keeps: boolean
  /** The agency of the caller contributed words to what is asked, and the caller was there. */
  readonly contributes: boolean
}

const aboutOf = (file: RequestFile, at: Date) => ({ interested: file, conference: { id: file.conferenceId, areaId: file.areaId }, at })

/** The request, for whoever may know of it; behind the locks. */
export const getRequest = async (context: ChangeContext, held: HeldRequest): Promise<KnownRequest | Refusal> => {
  const { tx, caller, standing, at } = context
  const file = held.own.length === 0 ? null : await findRequest(tx, { requestId: held.requestId })
  if (file === null) return unknownRequest
  const person = personOf(caller)
  const authority = decidingAuthority(await readDecidingFacts(tx, file.areaId), { ...aboutOf(file, at), person })
  const known: KnownRequest = {
    ...{ file, authority, state: requestState(file.events, file.expiresAt, at), version: file.events.length },
    isRequester: samePerson(file.requester, person),
    isRecipient: samePerson(file.recipient, person),
    keeps: keepsConference(standing, file.areaId, at) && !closedKinds(context).includes(file.conferenceKind),
    contributes: (await contributorsOf(tx, file)).includes(person.agencyId) && (await attended(tx, file.conferenceId, person)),
  }
  return known.isRequester || known.isRecipient || known.keeps || known.contributes || authority.may ? known : unknownRequest
}

/** The agencies that what is asked came from: each has to accept the words of a product (R25). */
export const contributorsOf = async (
  tx: Tx,
  file: Pick<RequestFile, 'conferenceId' | 'offenderId' | 'paragraphIds' | 'records'>,
): Promise<readonly string[]> => {
  const asked = await listAsked(tx, file)
  const suppliers = file.records.map(({ supplierAgencyId }) => supplierAgencyId)
  return [...new Set([...asked.map(({ originatorAgencyId }) => originatorAgencyId), ...suppliers])].sort()
}

/** The paragraphs that a request asks for; all that the meeting wrote about the person where it names neither these nor a record. */
export const listAsked = async (
  tx: Tx,
  file: Pick<RequestFile, 'conferenceId' | 'offenderId' | 'paragraphIds' | 'records'>,
): Promise<readonly ScopedParagraph[]> => {
  if (file.paragraphIds.length === 0 && file.records.length > 0) return []
  const about = await listAboutPerson(tx, { ...file, limit: MOST_PARAGRAPHS })
  return file.paragraphIds.length === 0 ? about : about.filter(({ paragraphId }) => file.paragraphIds.includes(paragraphId))
}

/** Whom the decision waits for, first of all those who may make it. */
export const firstDecider = async (tx: Tx, file: RequestFile, at: Date): Promise<NamedPerson | null> =>
  decidersOf(await readDecidingFacts(tx, file.areaId), aboutOf(file, at))[0] ?? null

export const requireMove = (known: KnownRequest, kind: RequestEventKind): void => {
  if (!mayHappen(known.state, kind)) throw new Fault('conflict', `This request is ${known.state}: that is not possible any more.`)
}

export const etagOf = (version: number): string => `"${version}"`

export const requireVersion = (ifMatch: string | null, version: number): void => {
  if (ifMatch === null) throw new Fault('precondition-required', 'Send If-Match with the ETag of the request as you read it.')
  if (ifMatch !== etagOf(version)) throw new Fault('precondition-failed', 'The request changed since you read it. Read it again.')
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

export const placeOfRequest = (id: string) => ({ table: 'disclosure_request', id, column: 'sealed' })
export const placeOfWords = (requestId: string, version: number) => ({
  table: 'form_of_words',
  id: `${requestId} ${version}`,
  column: 'sealed',
})
export const placeOfEvent = (requestId: string, kind: string, at: Date) => ({
  table: 'disclosure_request_event',
  id: `${requestId} ${kind} ${at.toISOString()}`,
  column: 'sealed',
})

/** What a request says in words. */
export interface RequestText {
  readonly what: string
  readonly necessity: string
  readonly proportionality: string
  readonly lessIntrusive: string
  readonly bestInterestsNote: string | null
}

export const openRequestText = (uses: Pick<DisclosureUses, 'open'>, file: Pick<RequestFile, 'id' | 'sealed'>): RequestText => {
  const opened = uses.open(file.sealed, placeOfRequest(file.id))
  if (opened === null) throw new Error(`the words of request ${file.id} do not open`)
  return JSON.parse(opened) as RequestText
}
