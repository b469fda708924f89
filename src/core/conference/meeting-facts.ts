import { caseFactsOf, type CategoryFacts, categoryFactsOf } from '../case/derive-facts.ts'
import type { CategoryDefinition } from '../decision/category.ts'
import { type Facts, relationships } from '../facts.ts'
import type { Ask, CategoryAsk, Standing, Subject, Supplier } from '../snapshot.ts'

/** What the meeting adds to the facts of an ordinary release. */
export interface MeetingFacts {
  readonly attendance: Facts['attendance']
  readonly acknowledgement: Facts['acknowledgement']
  readonly manner: Facts['manner']
  readonly copyPermission: Facts['copyPermission']
  readonly scheme: Facts['scheme']
  /** May the person know that the meeting was held at all? */
  readonly known: boolean
  /** When the authority to act for the chair ends by itself. */
  readonly lapsesAt: Date | null
}

export interface PaperQuestion {
  readonly standing: Standing
  /** Null: a matter of the meeting itself, which is about nobody. */
  readonly subject: Subject | null
  readonly about: 'person' | 'nobody'
  /** The agency that the paragraph came from; null for a matter of the meeting, which is the conference's own. */
  readonly originator: Supplier | null
  readonly ask: Ask
  readonly category: CategoryAsk
  readonly definition: CategoryDefinition
  readonly meeting: MeetingFacts
  readonly at: Date
}

/**
 * The facts that a paper of a meeting is decided on: those of any release of the category from its originator, and how the person
 * stood to the meeting. Having been there is a route to what was said there and a tie to it, stronger than a seat in the area.
 */
export const paperFactsOf = (question: PaperQuestion): CategoryFacts => {
  const { standing, subject, ask, category, definition, originator, meeting, at } = question
  const caseFacts = caseFactsOf({ standing, subject, ask, at })
  // A matter of the meeting is the conference's own, and so are an agency's own words to that agency: no agreement has to cover them.
  const ownSupplies = originator === null || originator.agencyId === standing.agency.id
  const about = categoryFactsOf(caseFacts, category, { definition, supplier: originator, ownSupplies })
  const { attendance, acknowledgement, manner, copyPermission, scheme } = meeting
  const facts: Facts = {
    ...about.facts,
    // Whose data they are is told paragraph by paragraph, so their regime goes by the originator alone (DPA 2018 s.36(4)).
    dataRegime: originator?.regime ?? 'general',
    ...(question.about === 'nobody' ? aboutNobody : {}),
    route: meeting.known ? 'established' : 'none',
    relationship: tieOf(caseFacts.base.relationship, attendance),
    ...{ attendance, acknowledgement, manner, copyPermission, scheme },
    schemeMembership: scheme === 'none' || standing.agency.schemes.includes(scheme) ? 'member' : 'not-member',
  }
  return { ...about, facts: Object.freeze(facts), lapses: meeting.lapsesAt === null ? about.lapses : [...about.lapses, meeting.lapsesAt] }
}

/** There is nobody whose processing could be restricted or whose review be due, and nothing sensitive about nobody. */
const aboutNobody = { subject: 'none', processing: 'unrestricted', sensitivity: 'none', review: 'exempt' } as const

const tieOf = (tie: Facts['relationship'], attendance: Facts['attendance']): Facts['relationship'] => {
  if (attendance === 'unknown' || attendance === 'not-attended') return tie
  return relationships.indexOf(tie) < relationships.indexOf('attendee') ? tie : 'attendee'
}
