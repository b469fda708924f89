import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { Ask, CategoryAsk, Standing, Subject } from '../../core/snapshot.ts'
import type { LegalGateway, Purpose } from '../../core/vocabulary.ts'
import type { Source, SourceReply } from '../../sources/source.ts'
import { identifiersFor } from '../../sources/suppliers.ts'
import { type CategoryOutcome, decideEnquiry, type EnquiryMaterial, replyKey } from './decide-enquiry.ts'
import { draftEnquiry } from './draft-enquiry.ts'
import { draftNoStanding } from './no-standing.ts'
import type { Draft, Reading, Work } from '../commit/logged-work.ts'
import type { ReleaseCommit } from '../commit/release-commit.ts'
import type { AgencyDirectory } from '../standings.ts'

export interface EnquireUses {
  readonly releaseCommit: ReleaseCommit
  /** Facts without a lock, for the first look. */
  readonly look: (work: Pick<Work, 'caller' | 'offenderId' | 'categories'>) => Promise<Reading>
  readonly sources: readonly Source[]
  readonly directory: AgencyDirectory
  readonly partnershipId: string
  readonly openHosted: EnquiryMaterial['openHosted']
}

interface EnquiryBody {
  readonly offenderId: string
  readonly categories: readonly CategoryAsk[]
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly justification?: string | null
}

/** Operation `enquire`: first look, ask the sources that may be asked, then decide again, log, commit and answer. */
export const enquire =
  (uses: EnquireUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const ask = askFrom(request.body as EnquiryBody)
    const remote = await askSources(uses, caller, ask)
    return uses.releaseCommit(workFor(uses, { caller, ask, operation: 'enquire', action: 'release', replies: remote }))
  }

/** Operation `previewEnquiry`: the same decision; nothing is fetched and nothing released. */
export const previewEnquiry =
  (uses: EnquireUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> =>
    uses.releaseCommit(
      workFor(uses, {
        caller,
        ask: askFrom(request.body as EnquiryBody),
        operation: 'previewEnquiry',
        action: 'fetch',
        replies: new Map(),
      }),
    )

const askFrom = (body: EnquiryBody): Ask => ({
  offenderId: body.offenderId.toLowerCase(),
  categories: body.categories,
  purpose: body.purpose ?? null,
  legalGateway: body.legalGateway ?? null,
  justification: body.justification ?? null,
})

interface Enquiry {
  readonly caller: Caller
  readonly ask: Ask
  readonly operation: string
  readonly action: 'fetch' | 'release'
  readonly replies: ReadonlyMap<string, SourceReply>
}

const workFor = (uses: EnquireUses, enquiry: Enquiry): Work => {
  const material: EnquiryMaterial = {
    sources: uses.sources,
    directory: uses.directory,
    partnershipId: uses.partnershipId,
    openHosted: uses.openHosted,
    replies: enquiry.replies,
  }
  return {
    caller: enquiry.caller,
    operation: enquiry.operation,
    offenderId: enquiry.ask.offenderId,
    categories: enquiry.ask.categories.map((category) => category.id),
    decide: (reading): Draft => {
      if (!hasStanding(reading)) return draftNoStanding(reading, enquiry)
      const outcome = decideEnquiry(enquiry.action, reading, enquiry.ask, material)
      return draftEnquiry({ reading, outcome, ask: enquiry.ask, preview: enquiry.action === 'fetch' })
    },
  }
}

const hasStanding = (reading: Reading): reading is Reading & { standing: Standing } => reading.standing !== null

/**
 * Door 4. Only categories that some agency's own system serves need a first look; only sources that hold their own number for
 * the person are asked, only for categories permitted now, and only after the intent to ask is committed to the log. Whether it
 * is still permitted is decided again in that commit: what was withdrawn since the first look is not asked for.
 */
export const askSources = async (uses: EnquireUses, caller: Caller, ask: Ask): Promise<ReadonlyMap<string, SourceReply>> => {
  const served = ask.categories.filter((category) => uses.sources.some((source) => source.categories.includes(category.id)))
  if (served.length === 0) return new Map()
  const planAt = (reading: Reading): Plan => {
    if (!hasStanding(reading) || reading.subject === null) return []
    const outcome = decideEnquiry('fetch', reading, { ...ask, categories: served }, { ...uses, replies: new Map() })
    return planFor(uses.sources, reading.subject, outcome.categories)
  }
  const looked = await uses.look({ caller, offenderId: ask.offenderId, categories: ask.categories.map((category) => category.id) })
  if (planAt(looked).length === 0) return new Map()
  const plan = await commitIntent(uses, { caller, ask, planAt })
  const replies = await Promise.all(
    plan.map(async ({ source, identifier, categories }) => {
      const given = await source.fetch({ identifier, categories, requestId: caller.requestId })
      return given.map((reply) => [replyKey(source.agencyId, reply.category), reply] as const)
    }),
  )
  return mergeReplies(replies.flat())
}

/** One agency may know a person by two numbers; half an answer is not passed off as a whole one. */
export const mergeReplies = (replies: readonly (readonly [string, SourceReply])[]): ReadonlyMap<string, SourceReply> => {
  const merged = new Map<string, SourceReply>()
  for (const [key, reply] of replies) {
    const before = merged.get(key)
    if (before === undefined || (before.outcome === 'items' && reply.outcome === 'unavailable')) merged.set(key, reply)
    else if (before.outcome === 'items' && reply.outcome === 'items')
      merged.set(key, { ...reply, items: [...before.items, ...reply.items] })
  }
  return merged
}

interface PlannedQuestion {
  readonly source: Source
  readonly identifier: string
  readonly categories: readonly CategoryAsk['id'][]
}

type Plan = readonly PlannedQuestion[]

const planFor = (sources: readonly Source[], subject: Subject, outcomes: readonly CategoryOutcome[]): Plan =>
  sources.flatMap((source) => {
    const permitted = outcomes.filter(
      (one) => one.kind === 'record' && one.about.supplier?.via === 'http' && one.about.supplier.agencyId === source.agencyId,
    )
    if (permitted.length === 0) return []
    const categories = permitted.map((one) => one.about.facts.category)
    return identifiersFor(subject, source).map((identifier) => ({ source, identifier, categories }))
  })

interface Intent {
  readonly caller: Caller
  readonly ask: Ask
  readonly planAt: (reading: Reading) => Plan
}

/** What stands in the log if the gateway dies between asking and answering: who was going to be asked what, and for whom. */
const commitIntent = async (uses: EnquireUses, { caller, ask, planAt }: Intent): Promise<Plan> => {
  let committedPlan: Plan = []
  await uses.releaseCommit({
    caller,
    operation: 'intent',
    offenderId: ask.offenderId,
    categories: [],
    decide: (reading) => {
      const plan = planAt(reading)
      const asks = plan.map((one) => ({ supplier: one.source.agencyId, categories: one.categories }))
      const effect = plan.length === 0 ? 'deny' : 'permit'
      return {
        entry: { event: 'intent', effect, reason: null, offenderId: ask.offenderId, purpose: ask.purpose, content: { asks } },
        receipt: {},
        disclosures: [],
        validUntil: null,
        answer: (committed) => {
          committedPlan = plan
          return { status: 200, body: {}, entryId: committed.entryId }
        },
      }
    },
  })
  return committedPlan
}
