import { areaTies, holdsAt } from '../../core/case/relationship.ts'
import type { Standing } from '../../core/snapshot.ts'
import type { TaskReader } from '../../db/casework/task-list.ts'

/** What the person holds now decides which tasks are theirs. */
export const taskReaderOf = (standing: Standing, at: Date): TaskReader => {
  const held = standing.appointments.filter((one) => holdsAt(one, at))
  return {
    agencyId: standing.agency.id,
    personSub: standing.person?.sub ?? '',
    held: held.map(({ role, areaId }) => ({ role, areaId })),
    areaIds: areaTies(standing, at),
    admitted: held.some(({ role }) => role === 'prison-reception'),
  }
}
