import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { FoiRules } from '../../core/foi/foi-rules.ts'
import { type FoiOutcome, type Ground, judgeGrounds } from '../../core/foi/judge-grounds.ts'
import { londonDay } from '../../core/london.ts'
import { insertFoiAdjudication, listFoiAdjudications, type ReadParagraph } from '../../db/foi/foi-adjudications.ts'
import type { FoiRequest } from '../../db/foi/foi-requests.ts'
import { type HeldMeeting, holdMeeting } from '../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { consultOriginator } from './consult-originator.ts'
import { type FoiUses, getFoiRequest, officerRules, type Refusal, requestIdIn, requestLock } from './foi-officer.ts'
import { getReadParagraph } from './read-paragraph.ts'

interface Body {
  /** Null: the answer as a whole is decided. */
  readonly paragraph?: { readonly conferenceId: string; readonly paragraphId: string } | null
  readonly outcome: FoiOutcome
  readonly grounds?: readonly Ground[]
  readonly reasons: string
}

/** Behind no lock at all: the answer as a whole rests on no meeting. */
const noMeeting: HeldMeeting = { conferenceId: '', locks: [], chairing: [], offenderIds: [], lasting: false }

/**
 * Operation `adjudicateFoiRequest`: the authority decides of one paragraph that its officer has read, or of the answer as a whole, on
 * which exemption it rests. It is written down; nothing is released.
 */
export const adjudicateFoiRequest =
  (uses: FoiUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = requestIdIn(request)
    const body = request.body as Body
    const { outcome, grounds = [] } = body
    const paragraph = lowered(body.paragraph ?? null)
    const held = paragraph === null ? noMeeting : await holdMeeting(uses, paragraph.conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'adjudicateFoiRequest',
      event: 'foi-request',
      locks: [requestLock(requestId)],
      sharedLocks: [...held.locks, ...held.chairing],
      idempotencyKey: request.idempotencyKey,
      detail: { requestId, ...paragraph, outcome, exemptions: grounds.map(({ exemption }) => exemption), purpose: 'foi' },
      async run(context) {
        const rules = officerRules(context)
        if ('allowed' in rules) return rules
        const found = await getFoiRequest(context, requestId)
        requireOfOthers(found)
        return adjudicate(uses, context, { rules, request: found, held, asked: { ...body, grounds, paragraph } })
      },
    })
  }

const lowered = (paragraph: { readonly conferenceId: string; readonly paragraphId: string } | null) =>
  paragraph === null ? null : { conferenceId: paragraph.conferenceId.toLowerCase(), paragraphId: paragraph.paragraphId.toLowerCase() }

const requireOfOthers = ({ ownData }: FoiRequest): void => {
  if (ownData)
    throw new Fault(
      'conflict',
      'What people ask about themselves is answered as a request for access. Record what else was asked by itself.',
    )
}

interface Adjudication {
  readonly rules: FoiRules
  readonly request: FoiRequest
  readonly held: HeldMeeting
  readonly asked: Body & { readonly grounds: readonly Ground[]; readonly paragraph: ReturnType<typeof lowered> }
}

const adjudicate = async (uses: FoiUses, context: ChangeContext, given: Adjudication): Promise<ChangeOutcome<object>> => {
  const { rules, request, held, asked } = given
  const { tx, caller, standing, at } = context
  await requireConsistent(context, request.id, asked)
  const read = asked.paragraph === null ? null : await getReadParagraph(context, held, asked.paragraph)
  if (read !== null && 'allowed' in read) return read
  const misfit = judgeGrounds(
    { rules, authority: standing.agency, request, outcome: asked.outcome, paragraph: read, today: londonDay(at) },
    asked.grounds,
  )
  if (misfit !== null) return unfit(misfit)
  const adjudicationId = uses.newId()
  await insertFoiAdjudication(tx, {
    ...{ adjudicationId, requestId: request.id, paragraphId: read?.paragraphId ?? null, version: read?.version ?? null },
    ...{ outcome: asked.outcome, grounds: asked.grounds, byAgency: caller.agencyId, byPerson: caller.personSub!, at },
    sealed: uses.seal(JSON.stringify({ reasons: asked.reasons }), { table: 'foi_adjudication', id: adjudicationId, column: 'sealed' }),
  })
  const consulted = read === null ? null : await askOriginator(uses, context, { request, read })
  return {
    allowed: true,
    status: 201,
    body: { adjudicationId, requestId: request.id, outcome: asked.outcome, version: read?.version ?? null, consulted },
    detail: { adjudicationId, version: read?.version ?? null, consulted },
  }
}

/** Of the whole it is said whether there is anything, of a paragraph what becomes of it; the two must not contradict each other. */
const requireConsistent = async (
  { tx }: ChangeContext,
  requestId: string,
  { paragraph, outcome }: Adjudication['asked'],
): Promise<void> => {
  const ofParagraph = outcome === 'consider' || outcome === 'withhold' || outcome === 'disclose'
  if (ofParagraph !== (paragraph !== null))
    throw new Fault('invalid', 'This is not decided like this.', {
      details: [{ path: '/outcome', message: ofParagraph ? 'is of a paragraph, and none is named' : 'is of the answer as a whole' }],
    })
  const standing = await listFoiAdjudications(tx, requestId)
  if (outcome === 'not-held' && standing.some(({ paragraphId }) => paragraphId !== null))
    throw new Fault('conflict', 'Paragraphs that are within the request have been found.')
  if (ofParagraph && standing.some((one) => one.paragraphId === null && one.outcome === 'not-held'))
    throw new Fault('conflict', 'It was decided that nothing is held. Decide first that something is.')
}

const unfit = ({ ruleId, cites, path, message }: NonNullable<ReturnType<typeof judgeGrounds>>): Refusal => ({
  allowed: false,
  status: 422,
  reason: { code: 'foi-exemption', stage: 'R22', ruleId, cites },
  errors: [{ path, message }],
  detail: { path },
})

/** The agency that is asked for its view; null where the words are the authority's own. */
const askOriginator = async (
  uses: FoiUses,
  context: ChangeContext,
  { request, read }: { readonly request: FoiRequest; readonly read: ReadParagraph & { readonly areaId: string } },
): Promise<string | null> => {
  if (read.originatorAgencyId === request.authorityId) return null
  await consultOriginator(uses, context, { request, paragraph: read })
  return read.originatorAgencyId
}
