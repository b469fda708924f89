import { daysAfter } from '../../../core/london.ts'
import type { EvidenceKind } from '../../../core/case-vocabulary.ts'
import type { HistoryRows } from '../../../db/registry/sandbox-history.ts'
import { idAt, type Random, seededBy } from '../../random.ts'
import type { Case } from '../course/cases.ts'
import { instant } from '../meetings.ts'
import { answeredBy, mergeRows, type Seal } from '../rows.ts'
import { type Worker, workerOf } from '../staff.ts'
import type { Step } from '../course/timeline.ts'

const texts: Readonly<Partial<Record<EvidenceKind, readonly string[]>>> = {
  'arrest-disposal': ['Arrested for theft from a shop; charged.', 'Arrested for burglary; bailed to return.'],
  'police-intel': ['Seen at night near the depot with others of the cohort.', 'Said to be selling what others took.'],
  'non-compliance-ra': ['Missed the assessment and gave no reason.', 'Walked out of the follow-up assessment.'],
  'attitude-attendance': ['Came late to three of four sessions.', 'Argues, but comes.'],
  engagement: ['Came to every session this month.', 'Asked for help to find a course.'],
}

interface Item {
  readonly kind: EvidenceKind
  readonly by: Worker
  readonly occurredOn: string
  /** Who led when it came in, and so whether it had to be accepted. */
  readonly lead: string
  readonly at: string
  readonly areaId: Step['areaId']
}

const isOfPolice = (kind: EvidenceKind): boolean => kind === 'arrest-disposal' || kind === 'police-intel'

const idOf = ({ person }: Case, { kind, at }: Item): string => idAt(`evidence ${person.id} ${kind} ${at}`, at)

/** What a step rests on, brought in by its originator the week before; empty where the step needs none. */
const groundsOf = ({ person }: Case, step: Step): readonly Item[] => {
  const { trigger, meeting, fromLead, areaId, row, toStrand, kind } = step
  if (meeting === null || fromLead === null || !['moved', 'move-waits', 'move-declined'].includes(kind)) return []
  // "Only with sufficient justification": to this cell no move goes without evidence, whatever the trigger (para 9).
  const wanted: EvidenceKind =
    trigger === 'engaging-well'
      ? 'engagement'
      : trigger === 'conference-decision'
        ? row === 'L10' && toStrand === 'catch-and-control'
          ? 'police-intel'
          : 'engagement'
        : (trigger as EvidenceKind)
  const other = wanted === 'engagement' ? 'fresh-steps' : (person.supervisorAgencyId ?? fromLead)
  const by = workerOf(isOfPolice(wanted) ? 'ridings-police' : other, areaId)
  const occurredOn = daysAfter(meeting.heldOn, -6)
  return [{ kind: wanted, by, occurredOn, lead: fromLead, areaId, at: instant(daysAfter(occurredOn, 1), '09:20') }]
}

/** What came in between decisions: mostly arrests and intelligence outside, and word of engagement. */
const between = (one: Case, random: Random, today: string): readonly Item[] =>
  Array.from({ length: random.between(1, 3) }, () => random.between(8, 140)).flatMap((days) => {
    const occurredOn = daysAfter(today, -days)
    const at = instant(daysAfter(occurredOn, 2), '13:40')
    const step = one.steps.findLast((known) => known.at <= at)
    if (step === undefined || step.at.slice(0, 10) >= occurredOn) return []
    const outside = step.heldAt === null && !step.lead.startsWith('hmp-')
    const kind = outside ? random.pick(['arrest-disposal', 'police-intel', 'engagement'] as const) : 'engagement'
    const by = workerOf(isOfPolice(kind) ? 'ridings-police' : random.pick([step.lead, 'fresh-steps']), step.areaId)
    return [{ kind, by, occurredOn, lead: step.lead, at, areaId: step.areaId }]
  })

const rowsOf = (one: Case, item: Item, seal: Seal): HistoryRows => {
  const id = idOf(one, item)
  const { kind, by, occurredOn, lead, at, areaId } = item
  const direct = isOfPolice(kind) || by.agencyId === lead
  const text = seededBy(id).pick(texts[kind] ?? ['Reported by the worker.'])
  const evidence = {
    ...{ id, offender_id: one.person.id, kind, originator_agency: by.agencyId, originator_person: by.sub, occurred_on: occurredOn },
    ...{ reference: `${kind.slice(0, 2).toUpperCase()}-${id.slice(-6)}`, sealed: seal(text, 'evidence', id), direct, recorded_at: at },
  }
  const accepted = { evidence_id: id, decision: 'accepted', ...answeredBy(workerOf(lead, areaId), at.replace(/T.*/, 'T16:05:00.000Z')) }
  return direct ? { evidence: [evidence] } : { evidence: [evidence], evidence_answer: [accepted] }
}

/** Ids of what a step cites. */
export const citedBy = (one: Case, step: Step): readonly string[] => groundsOf(one, step).map((item) => idOf(one, item))

/** Everything that was brought in about a case, each by its originator; what the lead did not bring in itself, it accepted. */
export const evidenceRows = (one: Case, { today, seal }: { readonly today: string; readonly seal: Seal }): HistoryRows => {
  const cited = one.steps.flatMap((step) => groundsOf(one, step))
  const items = [...cited, ...between(one, seededBy(`evidence ${one.person.id}`), today)]
  const once = new Map(items.map((item) => [idOf(one, item), item]))
  return mergeRows([...once.values()].map((item) => rowsOf(one, item, seal)))
}
