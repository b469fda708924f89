import { daysAfter } from '../../../core/london.ts'
import type { EventKind } from '../../../core/case-vocabulary.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { idAt } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { changeIdOf, custodyIdOf } from '../decided/moves.ts'
import type { Step } from '../course/timeline.ts'

/** The agencies' feeds were opened eight weeks ago: what was decided before, they learnt at the conferences. */
const daysOfFeed = 56

const told = (one: Case, step: Step): { readonly kind: EventKind; readonly refs: Readonly<Record<string, string>> } | null => {
  const { person } = one
  switch (step.kind) {
    case 'moved':
      return {
        kind: step.fromLead === step.toLead ? 'strand-changed' : 'lead-changed',
        refs: { changeId: changeIdOf(one, step), trigger: step.trigger! },
      }
    case 'admitted':
      return { kind: 'custody-entered', refs: { custodyEventId: custodyIdOf(one, step.at), changeId: changeIdOf(one, step) } }
    case 'released':
      return { kind: 'released', refs: { custodyEventId: custodyIdOf(one, step.at), status: step.status! } }
    case 'reviewed':
      return { kind: 'reviewed', refs: { reviewId: idAt(`review ${person.id} ${step.at}`, step.at) } }
    default:
      return null
  }
}

/** Who is told of a change: the lead, the police, whoever works with the person; and the incoming lead. */
const toldTo = ({ person }: Case, { lead, toLead, fromLead }: Step): readonly string[] => [
  ...new Set([lead, toLead, fromLead ?? lead, 'ridings-police', ...person.relationships.map(({ agencyId }) => agencyId)]),
]

export const eventRows = (cases: readonly Case[], today: string): HistoryRows => {
  const since = daysAfter(today, -daysOfFeed)
  const events = cases.flatMap((one) =>
    one.steps.flatMap((step) => {
      const about = step.at < since ? null : told(one, step)
      if (about === null) return []
      const id = idAt(`event ${about.kind} ${one.person.id} ${step.at}`, step.at)
      const row = { id, kind: about.kind, offender_id: one.person.id, refs: about.refs, happened_at: step.at }
      return [{ row, deliveries: toldTo(one, step).map((agencyId) => ({ event_id: id, agency_id: agencyId })) }]
    }),
  )
  return { event: events.map(({ row }) => row), event_delivery: events.flatMap(({ deliveries }) => deliveries) }
}
