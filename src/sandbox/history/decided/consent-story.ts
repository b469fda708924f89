import { daysAfter } from '../../../core/london.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { fixedId, idAt } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { instant } from '../meetings.ts'
import { mergeRows, type Seal } from '../rows.ts'
import { workerOf } from '../staff.ts'
import { taskRow } from '../waiting/task-row.ts'

const reasons = [
  'Has kept every appointment since; nothing is gained by a move. To be looked at again if that changes.',
  'Refuses to have treatment spoken of, not to be treated. Stays where the work is.',
] as const

/** The id under which the person's first word on consent was seeded; `position` among all people. */
export const consentIdOf = (personId: string, index: number, position: number): string => fixedId(`consent ${personId} ${index}`, position)

/**
 * Two people refused: "a decision would be taken by the Police" (Scrutiny Board 2009, 1.24). The police were asked, and decided in both
 * cases that nothing moves; the gates stay closed.
 */
export const refusalRows = (
  cases: readonly Case[],
  { positions, seal }: { positions: ReadonlyMap<string, number>; seal: Seal },
): HistoryRows =>
  mergeRows(
    cases
      .filter(({ person }) => person.consent.some(({ kind }) => kind === 'refused'))
      .map(({ person }, told): HistoryRows => {
        const index = person.consent.findIndex(({ kind }) => kind === 'refused')
        const openedAt = person.consent[index]!.happenedAt
        const decidedAt = instant(daysAfter(openedAt.slice(0, 10), 3), '11:30')
        const analyst = workerOf('ridings-police', person.areaId)
        const questionId = idAt(`consent question ${person.id}`, openedAt)
        const id = idAt(`police decision ${person.id}`, decidedAt)
        return {
          consent_question: [
            {
              ...{ id: questionId, offender_id: person.id, kind: 'police-strand-decision', state: 'decided' },
              consent_event_id: consentIdOf(person.id, index, positions.get(person.id)!),
              ...{ opened_at: openedAt, ended_at: decidedAt },
            },
          ],
          police_decision: [
            {
              ...{ id, offender_id: person.id, question_id: questionId, outcome: 'no-move' },
              sealed: seal(reasons[told % reasons.length]!, 'police_decision', id),
              ...{ decided_by_agency: analyst.agencyId, decided_by_person: analyst.sub, decided_at: decidedAt },
            },
          ],
          task: [
            taskRow({
              ...{ kind: 'police-strand-decision', subjectKey: person.id, offenderId: person.id, owner: 'ridings-police' },
              ...{ openedAt, closed: { at: decidedAt, outcome: 'no-move' } },
            }),
          ],
        }
      }),
  )
