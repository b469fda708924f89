import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { Fault } from '../../../../core/fault.ts'
import { correctedParagraph } from '../../../../db/copies/ended.ts'
import { findParagraph, insertVersions, type Paragraph } from '../../../../db/conference/papers.ts'
import type { ChangeContext, ChangeOutcome } from '../../../commit/change.ts'
import { raiseRecall } from '../../../copies/raise-recall.ts'
import { conferenceIdIn, getKept, type MeetingUses, noMeetingRules, rulesOf, holdMeeting } from '../known-meeting.ts'
import { labelled, type ParagraphBody, sealText } from './paragraph-draft.ts'

interface CorrectionBody extends Pick<ParagraphBody, 'text' | 'source' | 'nature' | 'marking' | 'foiLabels'> {
  readonly why: string
}

type Uses = Pick<MeetingUses, 'commitChange' | 'database' | 'policies' | 'seal'>

/** Operation `correctParagraph`: a further version supersedes the one that the corrector read; both are kept (DPA 2018 s.46). */
export const correctParagraph =
  (uses: Uses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const paragraphId = (request.params.paragraphId ?? '').toLowerCase()
    const body = request.body as CorrectionBody
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'correctParagraph',
      event: 'alteration',
      locks: held.locks,
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, paragraphId },
      async run(context) {
        const meeting = await getKept(context, held)
        if ('allowed' in meeting) return meeting
        const known = await findParagraph(context.tx, conferenceId, paragraphId)
        if (known === null) throw new Fault('not-found', 'The meeting has no such paragraph.')
        requireRead(request.ifMatch, known.version)
        return correct(uses, context, { known, body })
      },
    })
  }

/** What was read is what is corrected (RFC 9110 section 13.1.1). */
const requireRead = (ifMatch: string | null, version: number): void => {
  if (ifMatch === null) throw new Fault('precondition-required', 'Send If-Match with the version of the paragraph as you read it.')
  if (ifMatch !== `"${version}"`)
    throw new Fault('precondition-failed', 'The paragraph has been corrected since. Read it again, then decide.')
}

const correct = async (
  uses: Uses,
  context: ChangeContext,
  { known, body }: { readonly known: Paragraph; readonly body: CorrectionBody },
): Promise<ChangeOutcome<object>> => {
  const rules = rulesOf(context)
  if (rules === null) return noMeetingRules
  const source = body.source ?? known.source
  // Labels that nobody set anew follow the source; otherwise they stay as they were.
  const asked = body.foiLabels ?? (source === known.source ? known.foiLabels : null)
  const foiLabels = labelled(rules.foi, { asked, source, path: '' })
  if ('allowed' in foiLabels) return foiLabels
  const { paragraphId, conferenceId } = known
  const version = known.version + 1
  const sealed = sealText(uses, { paragraphId, version }, { text: body.text, why: body.why })
  const next = { ...known, version, source, foiLabels, sealed, nature: body.nature ?? known.nature, marking: body.marking ?? known.marking }
  const { caller, at } = context
  await insertVersions(context.tx, [next], { byAgency: caller.agencyId, byPerson: caller.personSub!, at })
  const recall = await raiseRecall(context, { cause: 'correction', ended: correctedParagraph(known) })
  return {
    ...{ allowed: true, status: 201, headers: { etag: `"${version}"` } },
    body: { conferenceId, paragraphId, version, supersedes: known.version, foiLabels },
    detail: { version, supersedes: known.version, recall },
  }
}
