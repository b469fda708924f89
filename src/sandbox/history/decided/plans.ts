import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { idAt, seededBy } from '../../random.ts'
import { reviewAfter, type Case } from '../course/cases.ts'
import { recordedBy, type Seal } from '../rows.ts'
import { type Worker, workerOf } from '../staff.ts'
import type { Step } from '../course/timeline.ts'

const work = ['Weekly session at the office', 'Help to keep the tenancy', 'Course on finding work', 'Home visit each month'] as const

/** Beside the manager of the case: who works with the person by a tie of their own, or in the other areas a colleague. */
const ownersOf = ({ person }: Case, manager: Worker, step: Step): readonly Worker[] => {
  const tied = person.relationships.flatMap(({ kind, agencyId, personSub }) =>
    kind === 'intervention-owner' && personSub !== null ? [{ agencyId, sub: personSub }] : [],
  )
  const probation = person.supervisorAgencyId === 'ridings-probation' ? [workerOf('ridings-probation', step.areaId)] : []
  return [manager, ...tied, ...probation.filter(({ sub }) => sub !== manager.sub)]
}

export const planIdOf = ({ person }: Case, step: Step): string => idAt(`plan ${person.id} ${step.at}`, step.at)

/** The interventions plan as it was made or amended with that step: each intervention has a named person. */
export const planRows = (one: Case, step: Step, { by, seal }: { readonly by: Worker; readonly seal: Seal }): HistoryRows => {
  const id = planIdOf(one, step)
  const manager = workerOf(step.toLead, step.areaId)
  const random = seededBy(`plan ${id}`)
  const owners = ownersOf(one, manager, step)
  const interventions = owners.map(({ agencyId, sub }) => ({ agencyId, personSub: sub, what: random.pick(work) }))
  const plan = {
    ...{ id, offender_id: one.person.id, strand: step.toStrand, lead_manager_agency: manager.agencyId, lead_manager_sub: manager.sub },
    ...{
      review_on: reviewAfter(step.at),
      sealed: seal(JSON.stringify(interventions), 'interventions_plan', id),
      ...recordedBy(by, step.at),
    },
  }
  return {
    interventions_plan: [plan],
    intervention: owners.map(({ agencyId, sub }, index) => ({ plan_id: id, position: index + 1, agency_id: agencyId, person_sub: sub })),
  }
}
