import { daysAfter } from '../../../core/london.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { isStoryPerson } from '../../people/story.ts'
import { idAt } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { instant } from '../meetings.ts'
import { mergeRows, type Seal } from '../rows.ts'
import { workerOf } from '../staff.ts'
import { taskRow } from '../waiting/task-row.ts'

const leads = ['fresh-steps', 'ridings-probation', 'calder-yos', 'calder-dip']

/** What housing has heard and the lead has not yet taken into the case: it counts for nothing until then (R31). */
export const submittedRows = (cases: readonly Case[], today: string, seal: Seal): HistoryRows =>
  mergeRows(
    leads.flatMap((lead) => {
      const about = cases.find(
        ({ person, part }) => part === null && person.leadAgencyId === lead && person.areaId === 'calder' && !isStoryPerson(person.id),
      )
      return about === undefined ? [] : [rowsOf(about, today, seal)]
    }),
  )

const rowsOf = ({ person }: Case, today: string, seal: Seal): HistoryRows => {
  const at = instant(daysAfter(today, -3), '15:10')
  const id = idAt(`submitted ${person.id}`, at)
  const by = workerOf('calder-housing', 'calder')
  return {
    evidence: [
      {
        ...{ id, offender_id: person.id, kind: 'partner-intel', originator_agency: by.agencyId, originator_person: by.sub },
        ...{ occurred_on: daysAfter(today, -5), reference: null, direct: false, supersedes: null, recorded_at: at },
        sealed: seal('A neighbour says that visitors come late at night.', 'evidence', id),
      },
    ],
    task: [
      taskRow({
        ...{ kind: 'evidence-acceptance', subjectKey: id, offenderId: person.id, owner: person.leadAgencyId, openedAt: at },
        detail: { evidenceId: id, kind: 'partner-intel' },
      }),
    ],
  }
}
