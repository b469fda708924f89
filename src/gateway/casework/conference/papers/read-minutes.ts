import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import type { NamedPerson } from '../../../../core/conference/acting-chair.ts'
import type { Facts } from '../../../../core/facts.ts'
import type { Ask, Item } from '../../../../core/snapshot.ts'
import type { LegalGateway, Purpose } from '../../../../core/vocabulary.ts'
import type { PaperForm } from '../../../../core/case-vocabulary.ts'
import { findMeeting, type Meeting } from '../../../../db/conference/attending.ts'
import type { Tx } from '../../../../db/db.ts'
import { insertReadings, listParagraphs, type Paragraph } from '../../../../db/conference/papers.ts'
import type { ChangeContext, ChangeOutcome } from '../../../commit/change.ts'
import { changedMeanwhile, conferenceIdIn, type HeldMeeting, type MeetingUses, personOf } from '../known-meeting.ts'
import { type DecidedPapers, decidePapers, type OpenParagraph, type PapersQuestion, standpointOf } from './decide-papers.ts'
import type { HoldPapers } from './hold-papers.ts'
import { openText } from './paragraph-draft.ts'
import { readingOutcome, refusedReading } from './reading-outcome.ts'

export interface ReadingBody {
  readonly form?: PaperForm
  readonly paragraphIds?: readonly string[]
  readonly matter?: string
  readonly manner?: Exclude<Facts['manner'], 'unknown'>
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly justification?: string | null
  readonly bestInterestsNote?: string
}

type Uses = Pick<MeetingUses, 'commitChange' | 'open'> & { readonly holdPapers: HoldPapers }

/** As many as one looks through at a time; there is no way to take the papers of several meetings at once. */
const MOST_READ = 200

/** Behind no lock at all, whom the id of nobody stands for. */
const NOBODY = '00000000-0000-7000-8000-000000000000'

/**
 * Operation `readMinutes`: one person reads papers of one meeting. Behind the locks of the meeting, its chairing and everybody it speaks
 * of, each paragraph is decided on like any release; what may be read is logged person by person, and only then given.
 */
export const readMinutes =
  (uses: Uses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const body = request.body as ReadingBody
    const { form = 'minutes', manner = 'view', matter = null, purpose = null, legalGateway = null, justification = null } = body
    return uses.holdPapers(conferenceId, caller, (held) =>
      uses.commitChange(caller, {
        operation: 'readMinutes',
        event: 'consultation',
        locks: [...held.locks, ...held.chairing, ...held.offenderIds.map((id) => ({ class: 'subject', id }) as const)],
        lockMode: 'shared',
        readsOnly: true,
        readAlong: held.offenderIds,
        detail: { conferenceId, form, manner, matter, purpose, legalGateway, justification },
        ahead: (tx) => lookUp(tx, caller, { held, body }),
        run: (context, found) => read(uses, context, { held, body, ...found }),
      }),
    )
  }

interface Wanted {
  readonly held: HeldMeeting
  readonly body: ReadingBody
}

interface Reading extends Wanted {
  readonly meeting: Meeting | null
  /** Of a meeting that the caller may know of; still sealed. */
  readonly found: readonly Paragraph[]
}

const lookUp = async (tx: Tx, caller: Caller, { held, body }: Wanted): Promise<Pick<Reading, 'meeting' | 'found'>> => {
  const { conferenceId } = held
  const { form = 'minutes', paragraphIds = null, matter = null } = body
  const mayKnow = held.locks.length > 0
  const [meeting, found] = await Promise.all([
    findMeeting(tx, conferenceId, personOf(caller)),
    mayKnow ? listParagraphs(tx, { conferenceId, form, paragraphIds, matter, limit: MOST_READ + 1 }) : [],
  ])
  return { meeting, found }
}

const askFor = ({ form, purpose = null, legalGateway = null, justification = null, bestInterestsNote }: ReadingBody): Ask => ({
  offenderId: NOBODY,
  categories: [{ id: form === undefined || form === 'minutes' ? 'conf-minutes' : 'conf-papers', bestInterestsNote }],
  purpose,
  legalGateway,
  justification,
})

const read = async (uses: Uses, context: ChangeContext, reading: Reading): Promise<ChangeOutcome<object>> => {
  const { tx, caller, policies, subjects, at } = context
  const { held, body, meeting } = reading
  const standpoint = await standpointOf(context, meeting, body.manner ?? 'view')
  const ask = askFor(body)
  const definition = policies.category(ask.categories[0]!.id)!
  const question = { context, standpoint, ask, definition, subjects, at }
  // May this person open the papers of this meeting at all? Asked before any of them is opened.
  const gate = decidePapers(question, [])
  if (meeting === null || gate.outcome.kind === 'withheld') return refusedReading(question, gate)
  const { authority } = standpoint
  const behindChair =
    !authority.may || authority.as === 'chair' || held.chairing.some((lock) => 'id' in lock && lock.id === authority.actingFor.agencyId)
  if (held.locks.length === 0 || !behindChair) throw changedMeanwhile()
  const wanted = standpoint.meeting.attendance === 'own-action' ? ownActions(reading, personOf(caller)) : reading.found
  const offenderIds = [...new Set(wanted.map(({ offenderId }) => offenderId).filter((id) => id !== null))]
  if (!offenderIds.every((id) => held.offenderIds.includes(id))) throw changedMeanwhile()
  const opened = wanted.slice(0, MOST_READ).map((paragraph) => ({ paragraph, text: openText(uses, paragraph) }))
  const open = opened.flatMap(({ paragraph, text }) =>
    text === null ? [] : [{ paragraph, item: paragraphItem(meeting, paragraph, text) }],
  )
  const decided = decideAll(question, gate, open)
  const unavailable = opened.flatMap(({ paragraph, text }) => (text === null ? [paragraph] : []))
  const outcome = readingOutcome(question, { meeting, decided, unavailable, more: wanted.length > MOST_READ })
  const released = decided.flatMap(({ paragraphs }) => paragraphs.filter((one) => one.released !== null).map((one) => one.paragraph))
  const { agencyId, sub } = personOf(caller)
  return { ...outcome, afterEntry: (entryId) => insertReadings(tx, { entryId, paragraphs: released, agencyId, sub, at }) }
}

/** "Intervention owners get their own actions", and nothing beside them. */
const ownActions = ({ found }: Reading, { agencyId, sub }: NamedPerson): readonly Paragraph[] =>
  found.filter(({ actionBy }) => actionBy?.agencyId === agencyId && actionBy.sub === sub)

/** A paragraph as an item of a release. */
export const paragraphItem = (meeting: Pick<Meeting, 'id' | 'heldOn'>, paragraph: Paragraph, text: string): Item => ({
  fields: { conference: meeting.id, heldOn: meeting.heldOn, paragraph: paragraph.number, text },
  originator: paragraph.originatorAgencyId,
  recordedOn: paragraph.recordedOn,
  nature: paragraph.nature,
  subjectType: paragraph.subjectType,
  marking: paragraph.marking,
  restricted: false,
  collectedOnConsent: false,
  grade: paragraph.grade,
  conditions: [],
  reviewBy: null,
})

/** About nobody first; then person by person, and of each the agencies it came from. */
const decideAll = (question: PapersQuestion, gate: DecidedPapers, open: readonly OpenParagraph[]): readonly DecidedPapers[] => {
  const groups = new Map<string, OpenParagraph[]>()
  for (const one of open) {
    const { offenderId, originatorAgencyId } = one.paragraph
    if (offenderId === null) continue
    const key = `${offenderId} ${originatorAgencyId}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const aboutNobody = open.filter(({ paragraph }) => paragraph.offenderId === null)
  const general = aboutNobody.length === 0 ? gate : decidePapers(question, aboutNobody)
  return [general, ...[...groups.values()].map((group) => decidePapers(question, group))]
}
