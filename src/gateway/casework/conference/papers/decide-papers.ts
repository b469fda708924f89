import { acknowledgementOf, attendanceOf } from '../../../../core/conference/attendance.ts'
import { actingChair, type ChairAuthority } from '../../../../core/conference/acting-chair.ts'
import { type MeetingFacts, paperFactsOf } from '../../../../core/conference/meeting-facts.ts'
import type { CategoryDefinition } from '../../../../core/decision/category.ts'
import { decide } from '../../../../core/decision/decide.ts'
import type { Reason } from '../../../../core/decision/decision.ts'
import type { Facts } from '../../../../core/facts.ts'
import type { Ask, Item, Subject } from '../../../../core/snapshot.ts'
import type { Meeting } from '../../../../db/conference/attending.ts'
import { readChairFacts } from '../../../../db/conference/delegations.ts'
import type { Paragraph } from '../../../../db/conference/papers.ts'
import type { ChangeContext } from '../../../commit/change.ts'
import { type CategoryOutcome, isRefusal, type ReleasedItem, releaseItems } from '../../../enquiry/decide-enquiry.ts'
import { personOf, rulesOf, seesMeeting } from '../known-meeting.ts'

/** How the reader stands to the meeting, with the delegation that lets them stand in for its chair where one does. */
export interface Standpoint {
  readonly meeting: MeetingFacts
  readonly authority: ChairAuthority
}

const nobody: ChairAuthority = { may: false, because: 'none' }

/** Delegations are looked up only for whoever has no part of their own. */
export const standpointOf = async (context: ChangeContext, meeting: Meeting | null, manner: Facts['manner']): Promise<Standpoint> => {
  const { tx, caller, at } = context
  const person = personOf(caller)
  const common = { manner, copyPermission: 'none' } as const
  if (meeting === null) {
    const facts = { attendance: 'unknown', acknowledgement: 'unknown', scheme: 'none', known: false, lapsesAt: null } as const
    return { meeting: { ...common, ...facts }, authority: nobody }
  }
  const own = attendanceOf(meeting, person, nobody)
  const question = { person, conference: { id: meeting.id, areaId: meeting.areaId }, act: 'read-papers', at } as const
  const authority = own === 'attended' ? nobody : actingChair(await readChairFacts(tx, meeting.areaId, person), question)
  const attendance = own === 'attended' ? own : attendanceOf(meeting, person, authority)
  return {
    authority,
    meeting: {
      ...common,
      attendance,
      acknowledgement: acknowledgementOf(meeting),
      scheme: rulesOf(context)?.schemes[meeting.kind] ?? 'none',
      known: seesMeeting(context, meeting) || attendance === 'acting-chair',
      lapsesAt: attendance === 'acting-chair' && authority.may ? authority.lapsesAt : null,
    },
  }
}

/** A paragraph with its text opened, as an item of a release. */
export interface OpenParagraph {
  readonly paragraph: Paragraph
  readonly item: Item
}

export interface PapersQuestion {
  readonly context: ChangeContext
  readonly standpoint: Standpoint
  readonly ask: Ask
  readonly definition: CategoryDefinition
  readonly subjects: ReadonlyMap<string, Subject>
  readonly at: Date
}

export interface DecidedParagraph {
  readonly paragraph: Paragraph
  /** Null where it is withheld. */
  readonly released: ReleasedItem | null
  readonly reason: Reason | null
  /** Withheld without a word: to say so would say that there is such a person. */
  readonly unspoken: boolean
}

export interface DecidedPapers {
  readonly outcome: CategoryOutcome
  readonly paragraphs: readonly DecidedParagraph[]
}

/**
 * Decides paragraphs of one person from one agency together, each then by itself; or, with neither, those about nobody, which is also
 * the question whether the reader may open the meeting's papers at all.
 */
export const decidePapers = (question: PapersQuestion, given: readonly OpenParagraph[]): DecidedPapers => {
  const { context, standpoint, ask, definition, subjects, at } = question
  const first = given[0]?.paragraph
  const offenderId = first?.offenderId ?? null
  const about = paperFactsOf({
    ...{ standing: context.standing, ask, definition, at, meeting: standpoint.meeting },
    category: ask.categories[0]!,
    subject: offenderId === null ? null : (subjects.get(offenderId) ?? null),
    about: offenderId === null ? 'nobody' : 'person',
    originator: offenderId === null ? null : originatorOf(first!),
  })
  const more = { agreementFields: about.agreementFields, lapses: about.lapses }
  const decision = decide(context.policies, 'fetch', about.facts, more)
  if (isRefusal(decision)) {
    const [reason] = decision.reasons
    const unspoken = decision.effect === 'deny-ncnd'
    const paragraphs = given.map(({ paragraph }) => ({ paragraph, released: null, reason: reason!, unspoken }))
    return { outcome: { kind: 'withheld', about, decision, reason: reason!, refusedItems: [] }, paragraphs }
  }
  const weighing = { reading: context, category: ask.categories[0]!, definition }
  const items = given.map(({ item }) => item)
  const outcome = releaseItems(weighing, about, decision, items)
  return { outcome, paragraphs: given.map((one) => decidedOf(outcome, items, one)) }
}

const originatorOf = (paragraph: Paragraph) => ({
  agencyId: paragraph.originatorAgencyId,
  kind: paragraph.originatorKind,
  regime: paragraph.originatorRegime,
  via: 'hosted' as const,
})

/** What was refused stands in the order in which it was given. */
const decidedOf = (outcome: CategoryOutcome, items: readonly Item[], { paragraph, item }: OpenParagraph): DecidedParagraph => {
  const releasedItems = outcome.kind === 'record' ? outcome.items : []
  const released = releasedItems.find((one) => one.item === item) ?? null
  if (released !== null) return { paragraph, released, reason: null, unspoken: false }
  const refusedItems = outcome.kind === 'unavailable' ? [] : outcome.refusedItems
  const place = items.filter((one) => !releasedItems.some((other) => other.item === one)).indexOf(item)
  return { paragraph, released, reason: refusedItems[place]?.reason ?? null, unspoken: false }
}
