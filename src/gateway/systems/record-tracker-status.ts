import type { Answer, OperationRequest } from '../../core/answer.ts'
import { relationshipTo } from '../../core/case/relationship.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { isDay, londonDay } from '../../core/london.ts'
import type { Standing, Subject } from '../../core/snapshot.ts'
import { readFacts } from '../../db/facts.ts'
import { insertTrackerStatus, type TrackerStatus } from '../../db/systems/tracker-statuses.ts'
import type { CommitChange } from '../commit/change.ts'

/**
 * Operation `recordTrackerStatus`: what the police's offender tracker (JTrack) says of a person comes in, from the tracker itself or by
 * hand. "Inbound status only": nothing goes back, and it moves nobody.
 */
export const recordTrackerStatus =
  (uses: { readonly commitChange: CommitChange; readonly newId: () => string }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = (request.params.offenderId ?? '').toLowerCase()
    const { status, asOf } = request.body as { status: TrackerStatus; asOf: string }
    return uses.commitChange(caller, {
      operation: 'recordTrackerStatus',
      event: 'collection',
      offenderId,
      systemMay: true,
      locks: [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: { status, asOf },
      async run({ tx, standing, policies, at }) {
        const rules = policies.bundle.change?.systems?.tracker
        const read = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories: [] })
        if (!knows(standing, read.subjects.get(offenderId) ?? null, at)) return shielded
        if (rules?.from.includes(standing.agency.kind) !== true) return notPolice
        if (!isDay(asOf) || asOf > londonDay(at))
          throw new Fault('invalid', 'A status is of a day that has come.', {
            details: [{ path: '/asOf', message: 'is no day up to today' }],
          })
        const id = uses.newId()
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub }
        await insertTrackerStatus(tx, { id, offenderId, status, asOf, ...by, at })
        const body = { trackerStatusId: id, offenderId, status, asOf, recordedAt: at.toISOString() }
        return { allowed: true, status: 201, body, detail: { trackerStatusId: id } }
      },
    })
  }

const shielded = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'tracker-known-person', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
} as const

const notPolice = {
  allowed: false,
  status: 403,
  reason: { code: 'originator', stage: 'R31', ruleId: 'tracker-police', cites: 'Offender Management Update 2009, paper 2; R31' },
} as const

/** A person by their tie to the case; a system by a number of its own agency (R2). */
const knows = (standing: Standing, subject: Subject | null, at: Date): boolean => {
  if (subject?.basis !== 'cohort') return false
  if (standing.person === null) return subject.identifiers.some(({ agencyId }) => agencyId === standing.agency.id)
  return relationshipTo(standing, subject, at).relationship !== 'none'
}
