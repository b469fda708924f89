import { earliest } from '../../core/earliest.ts'
import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { areaTies, holdsAt } from '../../core/case/relationship.ts'
import type { Ask, Standing, Subject } from '../../core/snapshot.ts'
import type { Category, IdentifierKind, LegalGateway, Purpose } from '../../core/vocabulary.ts'
import type { Tx } from '../../db/db.ts'
import { type FactsRead, readFacts } from '../../db/facts.ts'
import { shareLocks } from '../../db/release-locks.ts'
import { findByIdentifier, findByName, listInReach, type Match, type Reach } from '../../db/people/people-search.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { explained } from '../commit/refusal.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'
import type { LoggedLine } from '../commit/logged-work.ts'
import { decideEnquiry, type EnquiryMaterial, isBeforeThePerson } from '../enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../enquiry/draft-enquiry.ts'
import { firstReason } from '../enquiry/enquiry-answer.ts'

export interface SearchUses {
  readonly commitChange: CommitChange
  readonly material: Omit<EnquiryMaterial, 'replies'>
}

interface SearchBody {
  readonly identifier?: { readonly kind: IdentifierKind; readonly value: string }
  readonly name?: { readonly givenName: string; readonly familyName: string; readonly bornOn?: string }
  readonly list?: 'own-area' | 'own-beat' | 'admitted'
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly justification?: string | null
  readonly bestInterestsNote?: string
}

/** A search is for finding one person; a list is as long as an area's cohort may be (60 to 100 people, and room). */
const MOST_FOUND = 20
const MOST_LISTED = 500

/**
 * Operation `search`. Only people the asker has a route to are matched at all; each one returned is decided on like an enquiry
 * about identity and cohort status and has a line of its own in the log. Spanning people, it is a COMBINATION (DPA 2018 s.62(1)(e)).
 */
export const search =
  (uses: SearchUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as SearchBody
    const by = body.identifier ? 'identifier' : body.name ? 'name' : 'list'
    return uses.commitChange(caller, {
      operation: 'search',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { by, purpose: body.purpose ?? null, legalGateway: body.legalGateway ?? null, justification: body.justification ?? null },
      run: (context) => runSearch(uses, context, body),
    })
  }

const planSummary = ['strand', 'controlItems', 'reviewOn'] as const

const askAbout = (offenderId: string, body: SearchBody): Ask => ({
  offenderId,
  // Neighbourhood teams are told who, and in outline what the plan is (Offender Management Update 2009, paper 2).
  categories: [
    ...[{ id: 'identity' as const }, { id: 'cohort-status' as const }],
    ...(body.list === 'own-beat' ? [{ id: 'interventions-plan' as const, fields: planSummary }] : []),
  ].map((category) => ({ ...category, bestInterestsNote: body.bestInterestsNote })),
  purpose: body.purpose ?? null,
  legalGateway: body.legalGateway ?? null,
  justification: body.justification ?? null,
})

const NOBODY = '00000000-0000-7000-8000-000000000000'

const runSearch = async (uses: SearchUses, context: ChangeContext, body: SearchBody): Promise<ChangeOutcome<object>> => {
  const { standing } = context
  const reading = { ...context, subject: null }
  const nobody = decideEnquiry('fetch', reading, askAbout(NOBODY, { ...body, list: 'own-area' }), { ...uses.material, replies: new Map() })
  const refused = nobody.categories.flatMap((one) => (one.kind === 'withheld' && isBeforeThePerson(one.reason.stage) ? [one.reason] : []))
  if (refused.length > 0) return { allowed: false, reason: refused[0]!, status: refused[0]!.code === 'request-incomplete' ? 422 : 403 }

  const limit = body.list ? MOST_LISTED : MOST_FOUND
  const found = await findMatches(context.tx, reachOf(standing, context.at), body, limit + 1)
  const { subjects, at } = await readSubjects(context.tx, found, body.list === 'own-beat' ? ['interventions-plan'] : [])
  const decided = found
    .slice(0, limit)
    .map((match) => decideMatch(uses, { context: { ...context, at }, body, match, subject: subjects.get(match.offenderId) }))
  const told = decided.flatMap((one) => (one === null ? [] : [one]))
  const people = told.flatMap((one) => (one.shown === null ? [] : [one.shown]))
  return {
    allowed: true,
    status: 200,
    at,
    validUntil: earliest(told.map((one) => one.validUntil)),
    body: { people, withheld: countedReasons(context, told), more: found.length > limit },
    event: people.length > 1 ? 'combination' : 'consultation',
    detail: { found: people.length },
    lines: told.map((one) => one.line),
    // Nobody and nobody-you-may-know-of take the same time.
    shielded: told.length === 0,
  }
}

const reachOf = (standing: Standing, at: Date): Reach => ({
  agencyId: standing.agency.id,
  personSub: standing.person?.sub ?? '',
  areaIds: areaTies(standing, at),
  beatIds: standing.appointments.flatMap((one) =>
    one.role === 'neighbourhood-officer' && one.areaId !== null && holdsAt(one, at) ? [one.areaId] : [],
  ),
  admitted: standing.appointments.some((one) => one.role === 'prison-reception' && holdsAt(one, at)),
})

const findMatches = (tx: Tx, reach: Reach, body: SearchBody, limit: number): Promise<readonly Match[]> => {
  if (body.identifier) return findByIdentifier(tx, reach, body.identifier)
  if (body.name) return findByName(tx, reach, { ...body.name, bornOn: body.name.bornOn ?? null, limit })
  return listInReach(tx, reach, { which: body.list ?? 'own-area', limit })
}

/** Behind each person's lock, like every release: what was changed and answered meanwhile is seen here, or waits for this. */
const readSubjects = async (tx: Tx, found: readonly Match[], categories: readonly Category[]): Promise<FactsRead> => {
  const names = found.map((match) => ({ class: 'subject' as const, id: match.offenderId }))
  if (names.length > 0) await shareLocks(tx, names)
  const read = await readFacts(tx, { offenderIds: found.map((match) => match.offenderId), agencyIds: [], categories })
  return read
}

interface MatchDecided {
  /** Null: the asker works with the person, and a rule refuses both who and what they are. */
  readonly shown: Record<string, unknown> | null
  readonly reason: Reason | null
  readonly validUntil: Date | null
  readonly line: LoggedLine
}

const decideMatch = (
  uses: SearchUses,
  about: { readonly context: ChangeContext; readonly body: SearchBody; readonly match: Match; readonly subject: Subject | undefined },
): MatchDecided | null => {
  if (about.subject === undefined) return null
  const ask = askAbout(about.match.offenderId, about.body)
  const reading = { ...about.context, subject: about.subject }
  const outcome = decideEnquiry('release', reading, ask, { ...uses.material, replies: new Map() })
  const released = outcome.categories.filter((one) => one.kind === 'record' && one.items.length > 0)
  const draft = draftEnquiry({ reading, outcome, ask, preview: false })
  const told = { line: { entry: draft.entry, disclosures: draft.disclosures }, validUntil: draft.validUntil }
  if (released.length === 0) return { ...told, shown: null, reason: firstReason(outcome.categories) }
  const fieldsOf = (plan: boolean): Record<string, unknown> =>
    Object.assign(
      {},
      ...released
        .filter((one) => (one.about.facts.category === 'interventions-plan') === plan)
        .flatMap((one) => (one.kind === 'record' ? one.items.map((item) => item.fields) : [])),
    ) as Record<string, unknown>
  const fields = fieldsOf(false)
  const plan = fieldsOf(true)
  const { givenName, familyName, bornOn, cohort, strand, area, leadAgency } = fields
  return {
    shown: withoutMissing({
      offenderId: about.match.offenderId,
      strength: about.match.strength,
      givenName,
      familyName,
      bornOn,
      cohort,
      strand,
      areaId: area,
      leadAgencyId: leadAgency,
      planSummary: Object.keys(plan).length === 0 ? undefined : plan,
    }),
    ...told,
    reason: null,
  }
}

const countedReasons = ({ policies }: ChangeContext, told: readonly MatchDecided[]) => {
  const reasons = told.flatMap((one) => (one.reason === null ? [] : [one.reason]))
  return [...new Map(reasons.map((reason) => [reason.ruleId, reason])).values()].map((reason) => ({
    count: reasons.filter((one) => one.ruleId === reason.ruleId).length,
    ...explained(policies, reason),
  }))
}

const withoutMissing = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined))
