import type { Ask } from '../../core/snapshot.ts'
import type { Meeting } from '../../db/conference/attending.ts'
import { listParagraphs } from '../../db/conference/papers.ts'
import { decidePapers, type DecidedPapers, type OpenParagraph, standpointOf } from '../casework/conference/papers/decide-papers.ts'
import { paragraphItem } from '../casework/conference/papers/read-minutes.ts'
import { personOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../commit/change.ts'
import type { CategoryOutcome } from '../enquiry/decide-enquiry.ts'
import { MOST_PARAGRAPHS } from '../disclosure/known-request.ts'

export interface WeighedDirectly {
  readonly outcomes: readonly CategoryOutcome[]
  readonly permitted: boolean
}

/**
 * May the person read what the minutes say of this subject as things stand, without anybody's permission? Decided like a reading, with
 * no text opened: what is decided never depends on it.
 */
export const weighDirect = async (context: ChangeContext, meeting: Meeting, ask: Ask): Promise<WeighedDirectly> => {
  const { tx, caller, policies, subjects, at } = context
  const standpoint = await standpointOf(context, meeting, 'view')
  const definition = policies.category('conf-minutes')!
  const question = { context, standpoint, ask, definition, subjects, at }
  const gate = decidePapers(question, [])
  if (gate.outcome.kind === 'withheld') return { outcomes: [gate.outcome], permitted: false }
  const wanted = { conferenceId: meeting.id, form: 'minutes', paragraphIds: null, matter: null, limit: MOST_PARAGRAPHS } as const
  const { agencyId, sub } = personOf(caller)
  const own = standpoint.meeting.attendance === 'own-action'
  const about = (await listParagraphs(tx, wanted)).filter(
    ({ offenderId, actionBy }) => offenderId === ask.offenderId && (!own || (actionBy?.agencyId === agencyId && actionBy.sub === sub)),
  )
  const items = about.map((paragraph) => ({ paragraph, item: paragraphItem(meeting, paragraph, '') }))
  const decided = byOriginator(items).map((group) => decidePapers(question, group))
  if (decided.length === 0) return { outcomes: [gate.outcome], permitted: true }
  return { outcomes: decided.map(({ outcome }) => outcome), permitted: decided.some(releases) }
}

const releases = ({ paragraphs }: DecidedPapers): boolean => paragraphs.some(({ released }) => released !== null)

const byOriginator = (items: readonly OpenParagraph[]): readonly (readonly OpenParagraph[])[] => [
  ...Map.groupBy(items, ({ paragraph }) => paragraph.originatorAgencyId).values(),
]
