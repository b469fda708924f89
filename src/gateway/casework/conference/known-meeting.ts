import { actingChair, type ChairAuthority, type NamedPerson } from '../../../core/conference/acting-chair.ts'
import { hasPart } from '../../../core/conference/attendance.ts'
import type { ConferenceRules } from '../../../core/conference/conference-rules.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { type ConferenceKind, conferenceKinds, type DelegatedAct } from '../../../core/case-vocabulary.ts'
import { findMeeting, type Meeting } from '../../../db/conference/attending.ts'
import { readChairFacts } from '../../../db/conference/delegations.ts'
import { findAreaStanding, findMeetingLocks, type MeetingLocks } from '../../../db/conference/meeting-locks.ts'
import type { Db } from '../../../db/db.ts'
import type { ChangeContext, ChangeOutcome, CommitChange, LockKey } from '../../commit/change.ts'
import type { PolicyShelf } from '../../policies/policy-shelf.ts'
import { conferenceAreas, keepsConference, notKeeper } from './conference-area.ts'

export interface MeetingUses {
  readonly commitChange: CommitChange
  readonly database: Db
  readonly policies: PolicyShelf
  readonly newId: () => string
  /** Seals free text for the column it stands in. */
  readonly seal: (text: string, place: { readonly table: string; readonly id: string; readonly column: string }) => Uint8Array
  /** Null: what does not open for its own place. */
  readonly open: (sealed: Uint8Array, place: { readonly table: string; readonly id: string; readonly column: string }) => string | null
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

/** A meeting that is not there and one that is not yours to know of are the same answer. */
export const unknownMeeting: Refusal = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'meeting-route', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
}

export const noMeetingRules: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'default', stage: 'R46', ruleId: 'meeting-rules-published', cites: 'Case Conferencing Guidance 2009, 1.1-1.2; R46' },
}

export const rulesOf = ({ policies }: Pick<ChangeContext, 'policies'>): ConferenceRules | null => policies.bundle.change?.conference ?? null

export const conferenceIdIn = (params: Readonly<Record<string, string>>): string => (params.conferenceId ?? '').toLowerCase()

export const personOf = ({ agencyId, personSub }: Caller): NamedPerson => ({ agencyId, sub: personSub ?? '' })

/** All of an area's conferences together: what a delegation that names none of them is changed behind. */
export const areaLock = (areaId: string): LockKey => ({ class: 'conference', id: `area ${areaId}` })

/** What is held of a meeting while something is asked of it. */
export interface HeldMeeting {
  readonly conferenceId: string
  readonly locks: readonly LockKey[]
  /** Behind which it is settled who acts for the chair. */
  readonly chairing: readonly LockKey[]
  readonly offenderIds: readonly string[]
  /** By a part of their own, which nobody loses, and as nobody's deputy. */
  readonly lasting: boolean
}

/**
 * The locks of a meeting, found before any is taken, so that they are taken at once and in order. Who cannot know of the meeting
 * waits for nobody's lock: to wait would say that there is one.
 */
export const holdMeeting = async (
  { database, policies }: Pick<MeetingUses, 'database' | 'policies'>,
  conferenceId: string,
  caller: Caller,
): Promise<HeldMeeting> => {
  const found = await findMeetingLocks(database, conferenceId, personOf(caller))
  const chairAgencyIds = found?.hasPart === true ? found.chairAgencyIds : await knownByArea({ database, policies }, found, personOf(caller))
  if (found === null || chairAgencyIds === null) return { conferenceId, locks: [], chairing: [], offenderIds: [], lasting: false }
  return {
    conferenceId,
    locks: [{ class: 'conference', id: conferenceId }],
    chairing: [areaLock(found.areaId), ...chairAgencyIds.map((id): LockKey => ({ class: 'agency', id }))],
    offenderIds: found.offenderIds,
    lasting: found.hasPart && chairAgencyIds.length === 0,
  }
}

/**
 * Asked of a meeting that is not there as well, which so takes as long. Null: not to be known; otherwise the agencies whose appointments let
 * the person chair, as they were when it was asked whether anything does.
 */
const knownByArea = async (
  { database, policies }: Pick<MeetingUses, 'database' | 'policies'>,
  found: MeetingLocks | null,
  person: NamedPerson,
): Promise<readonly string[] | null> => {
  const area = await findAreaStanding(database, found?.areaId ?? null, person)
  if (found === null) return null
  const bundle = area.policyHash === null ? null : await policies.find(database, area.policyHash)
  const rules = bundle === null ? null : rulesOf({ policies: bundle })
  const known = area.overMeetings || (area.inArea && !closedTo(rules, area.schemes).includes(found.kind))
  return known ? area.chairAgencyIds : null
}

const changes = new WeakSet<object>()

export const changedMeanwhile = (): Fault => {
  const fault = new Fault('unavailable', 'This meeting changed just now. Ask again.', { retryAfterSeconds: 1 })
  changes.add(fault)
  return fault
}

export const isChangedMeanwhile = (cause: unknown): boolean => cause instanceof Fault && changes.has(cause)

/** The kinds of meeting that only a scheme's members hold, and of which the agency is none (R7). */
export const closedKinds = (context: Pick<ChangeContext, 'policies' | 'standing'>): readonly ConferenceKind[] =>
  closedTo(rulesOf(context), context.standing.agency.schemes)

const closedTo = (rules: ConferenceRules | null, schemes: readonly string[]): readonly ConferenceKind[] =>
  conferenceKinds.filter((kind) => {
    const scheme = rules?.schemes[kind] ?? 'none'
    return rules === null || (scheme !== 'none' && !schemes.includes(scheme))
  })

/**
 * Whoever works in the area, and whoever has a part in the meeting, may know that it was held; of a scheme's meeting, outside the scheme,
 * only who has a part in it and the partnership's own officers.
 */
export const seesMeeting = (context: Pick<ChangeContext, 'policies' | 'standing' | 'caller' | 'at'>, meeting: Meeting): boolean => {
  const areas = conferenceAreas(context.standing, context.at)
  if (areas === null || hasPart(meeting, personOf(context.caller))) return true
  return areas.includes(meeting.areaId) && !closedKinds(context).includes(meeting.kind)
}

/** The meeting, for whoever may know of it. */
export const getSeen = async (context: ChangeContext, held: HeldMeeting): Promise<Meeting | Refusal> => {
  const meeting = await findMeeting(context.tx, held.conferenceId, personOf(context.caller))
  if (meeting === null || !seesMeeting(context, meeting)) return unknownMeeting
  if (held.locks.length === 0) throw changedMeanwhile()
  return meeting
}

/** The meeting, for those who keep its record. */
export const getKept = async (context: ChangeContext, held: HeldMeeting): Promise<Meeting | Refusal> => {
  const meeting = await getSeen(context, held)
  if ('allowed' in meeting) return meeting
  return keepsConference(context.standing, meeting.areaId, context.at) ? meeting : notKeeper
}

/** May the caller do this as chair of the meeting, and for whom? Behind the area's lock and those of the chairs' agencies. */
export const chairAuthority = async (context: ChangeContext, meeting: Meeting, act: DelegatedAct): Promise<ChairAuthority> => {
  const person = personOf(context.caller)
  const facts = await readChairFacts(context.tx, meeting.areaId, person)
  return actingChair(facts, { person, conference: { id: meeting.id, areaId: meeting.areaId }, act, at: context.at })
}

/** What the entry says of who acted for whom (R44). */
export const actedAs = (authority: Extract<ChairAuthority, { may: true }>): Readonly<Record<string, unknown>> => ({
  actedAs: authority.as,
  actingFor: authority.actingFor,
  delegationId: authority.delegationId,
})

export const noDelegation = (ruleId: string, because: string): Refusal => ({
  allowed: false,
  status: 403,
  reason: { code: 'delegation', stage: 'R44', ruleId, cites: 'Case Conferencing Guidance 2009, 1.1-1.2; R44' },
  detail: { because },
})
