import { daysAfter } from '../../../core/london.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { idAt } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { citedBy } from './evidence.ts'
import { instant } from '../meetings.ts'
import { planIdOf, planRows } from './plans.ts'
import { answeredBy, mergeRows, recordedBy, type Seal } from '../rows.ts'
import { type Worker, workerOf } from '../staff.ts'
import type { Step } from '../course/timeline.ts'

export const changeIdOf = ({ person }: Case, step: Step): string => idAt(`strand ${person.id} ${step.at}`, step.at)
export const custodyIdOf = ({ person }: Case, at: string): string => idAt(`custody ${person.id} ${at}`, at)

const says: Readonly<Record<string, string>> = {
  'taken-over': 'Taken over from the partnership’s paper list as it stood.',
  release: 'Released on licence; the plan was gone through on the day.',
}

const changeRow = (one: Case, step: Step, more: { readonly by: Worker; readonly seal: Seal; readonly immediate: boolean }) => {
  const id = changeIdOf(one, step)
  const { by, seal, immediate } = more
  const entry = step.kind === 'admitted'
  const text = entry ? '' : (says[step.kind] ?? says[step.trigger!] ?? 'What is cited, and what the conference made of it.')
  return {
    ...{ id, offender_id: one.person.id, trigger: step.trigger, from_strand: step.fromStrand, to_strand: step.toStrand },
    ...{ from_lead: step.fromLead, to_lead: step.toLead, row_id: step.row, lead_override: false, immediate },
    ...{ evidence_ids: citedBy(one, step), conference_id: step.meeting?.id ?? null, plan_id: entry ? null : planIdOf(one, step) },
    ...{ custody_event_id: entry ? custodyIdOf(one, step.at) : null, sealed: seal(text, 'strand_change', id), ...recordedBy(by, step.at) },
  }
}

/** Who wrote the move down: the outgoing lead; after a release the lead of the destination (A2 conflict 4). */
const recorderOf = ({ kind, trigger, toLead, fromLead, areaId, meeting }: Step): Worker =>
  kind === 'taken-over' ? meeting!.spoc : workerOf(trigger === 'release' ? toLead : fromLead!, areaId)

/** A change of strand or lead with the plan amended; where the lead changes, what the incoming one answered. */
export const moveRows = (one: Case, step: Step, seal: Seal): HistoryRows => {
  const by = recorderOf(step)
  const immediate = step.kind === 'taken-over' || step.trigger === 'release' || step.fromLead === step.toLead
  const change = changeRow(one, step, { by, seal, immediate })
  const at = instant(daysAfter(step.at.slice(0, 10), 1), '09:15')
  const declined = step.kind === 'move-declined'
  const answer = {
    ...{ strand_change_id: change.id, decision: declined ? 'declined' : 'accepted' },
    ...answeredBy(workerOf(step.toLead, step.areaId), step.kind === 'moved' ? step.at.replace('16:00', '16:30') : at),
  }
  const answered = !immediate && step.kind !== 'move-waits'
  return mergeRows([planRows(one, step, { by, seal }), { strand_change: [change], strand_change_answer: answered ? [answer] : [] }])
}

interface Custody {
  readonly at: string
  readonly status: string
  readonly effect: 'entry' | 'release'
  readonly establishmentId: string
}

const custodyRow = (one: Case, event: Custody, from: { readonly strand: string | null; readonly lead: string | null }) => ({
  ...{ id: custodyIdOf(one, event.at), offender_id: one.person.id, status: event.status, effect: event.effect },
  ...{ establishment_id: event.establishmentId, happened_at: event.at, from_strand: from.strand, from_lead: from.lead },
  ...recordedBy(workerOf(event.establishmentId, one.person.areaId), event.at),
})

/** Into custody, by the establishment: strand and lead follow at once (R30). Out of it they stay until somebody decides. */
export const custodyRows = (one: Case, step: Step, seal: Seal): HistoryRows => {
  const { at, status = 'sentenced', custodyAgencyId: establishmentId } = step
  const from = { strand: step.fromStrand, lead: step.fromLead }
  if (step.kind === 'released')
    return { custody_event: [custodyRow(one, { at, status, effect: 'release', establishmentId: establishmentId! }, from)] }
  const change = changeRow(one, step, { by: workerOf(establishmentId!, one.person.areaId), seal, immediate: true })
  return {
    custody_event: [custodyRow(one, { at, status, effect: 'entry', establishmentId: establishmentId! }, from)],
    strand_change: [change],
  }
}

/** Since when the person is held; null while at liberty. Who was held before the case was registered was admitted two days before. */
export const admittedAt = ({ person, steps }: Case): string | null => {
  if (person.custodyAgencyId === null) return null
  return steps.findLast(({ kind }) => kind === 'admitted')?.at ?? instant(daysAfter(steps[0]!.at.slice(0, 10), -2), '08:00')
}

/** Held already when the conference registered the case: nothing moved, but the prison had said so. */
export const heldBefore = (one: Case): HistoryRows => {
  const held = one.person.custodyAgencyId !== null && one.steps.every(({ kind }) => kind !== 'admitted')
  if (!held) return {}
  const event: Custody = { at: admittedAt(one)!, status: 'sentenced', effect: 'entry', establishmentId: one.person.custodyAgencyId }
  return { custody_event: [custodyRow(one, event, { strand: null, lead: null })] }
}
