import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { Fault } from '../../../../core/fault.ts'
import type { FoiLabel } from '../../../../core/vocabulary.ts'
import type { PaperForm } from '../../../../core/case-vocabulary.ts'
import { findUnregistered } from '../../../../db/conference/attending.ts'
import { findDiscussed, findMinuteReferences } from '../../../../db/conference/discussions.ts'
import { countParagraphs, insertParagraphs, insertReferences, insertVersions } from '../../../../db/conference/papers.ts'
import type { Db } from '../../../../db/db.ts'
import { findRegisteredAgencies } from '../../../../db/registry/agreements.ts'
import type { ChangeContext, ChangeOutcome } from '../../../commit/change.ts'
import { conferenceIdIn, getKept, type MeetingUses, noMeetingRules, rulesOf, holdMeeting } from '../known-meeting.ts'
import { notOnAgenda } from './discuss-case.ts'
import { firstVersion, labelled, type ParagraphBody, sealText } from './paragraph-draft.ts'

interface MinutesBody {
  readonly form: PaperForm
  readonly paragraphs: readonly ParagraphBody[]
}

type Uses = Pick<MeetingUses, 'commitChange' | 'database' | 'policies' | 'newId' | 'seal'>
type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const unfound = (place: number): Refusal => ({
  allowed: false,
  status: 422,
  reason: { code: 'evidence', stage: 'R23', ruleId: 'paragraph-case-found', cites: 'Confidentiality Statement, para 1; ECHR Art 8(2)' },
  errors: [{ path: `/paragraphs/${place}/offenderId`, message: 'has no finding that the risk outweighs confidentiality' }],
})

/** Operation `writeMinutes`: paragraphs are added at the end of one of the meeting's forms; nothing that stands is changed. */
export const writeMinutes =
  (uses: Uses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = conferenceIdIn(request.params)
    const body = request.body as MinutesBody
    const offenderIds = [...new Set(body.paragraphs.flatMap(({ offenderId }) => (offenderId ? [offenderId.toLowerCase()] : [])))]
    const held = await holdMeeting(uses, conferenceId, caller)
    return uses.commitChange(caller, {
      operation: 'writeMinutes',
      event: 'collection',
      locks: held.locks,
      sharedLocks: held.locks.length === 0 ? [] : offenderIds.map((id) => ({ class: 'subject', id })),
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, form: body.form, offenderIds, paragraphCount: body.paragraphs.length },
      async run(context) {
        const meeting = await getKept(context, held)
        if ('allowed' in meeting) return meeting
        const discussed = await findDiscussed(context.tx, conferenceId, offenderIds)
        if (!offenderIds.every((id) => discussed.has(id))) return notOnAgenda
        const place = body.paragraphs.findIndex(({ offenderId }) => offenderId && !discussed.get(offenderId.toLowerCase())!.found)
        if (place >= 0) return unfound(place)
        await requireNamed(context.tx, conferenceId, body.paragraphs)
        return write(uses, context, { conferenceId, body })
      },
    })
  }

/** Agencies, people and minute references that are named have to be there, and the references about the same person. */
const requireNamed = async (db: Db, conferenceId: string, paragraphs: readonly ParagraphBody[]): Promise<void> => {
  const agencies = await findRegisteredAgencies(
    db,
    paragraphs.flatMap((one) => [one.originatorAgencyId, one.conduitAgencyId]).filter((id) => id != null),
  )
  const references = await findMinuteReferences(
    db,
    conferenceId,
    paragraphs.flatMap(({ minuteReferenceId }) => (minuteReferenceId === undefined ? [] : [minuteReferenceId])),
  )
  const actors = paragraphs.flatMap(({ actionBy }, at) => (actionBy ? [{ ...actionBy, at }] : []))
  const strangers = (await findUnregistered(db, actors)).map((place) => `/paragraphs/${actors[place]!.at}/actionBy`)
  const details = [
    ...strangers.map((path) => ({ path, message: 'is nobody that the agency has registered' })),
    ...paragraphs.flatMap((one, at) => {
      const path = `/paragraphs/${at}`
      const reference = one.minuteReferenceId === undefined ? null : references.get(one.minuteReferenceId.toLowerCase())
      const about = one.offenderId?.toLowerCase() ?? null
      return [
        ...unregistered(agencies, one.originatorAgencyId, `${path}/originatorAgencyId`),
        ...unregistered(agencies, one.conduitAgencyId, `${path}/conduitAgencyId`),
        ...(reference === null || reference?.offenderId === about
          ? []
          : [{ path: `${path}/minuteReferenceId`, message: 'is no reference of this meeting about the same person' }]),
      ]
    }),
  ]
  if (details.length > 0) throw new Fault('invalid', 'These paragraphs name what is not there.', { details })
}

const unregistered = (known: ReadonlySet<string>, id: string | null | undefined, path: string) =>
  id == null || known.has(id) ? [] : [{ path, message: 'is no registered agency' }]

const write = async (
  uses: Uses,
  context: ChangeContext,
  minutes: { readonly conferenceId: string; readonly body: MinutesBody },
): Promise<ChangeOutcome<object>> => {
  const { tx, caller, at } = context
  const { conferenceId, body } = minutes
  const rules = rulesOf(context)
  if (rules === null) return noMeetingRules
  const labels: (readonly FoiLabel[])[] = []
  for (const [place, one] of body.paragraphs.entries()) {
    const given = labelled(rules.foi, { asked: one.foiLabels ?? null, source: one.source ?? 'own', path: `/paragraphs/${place}` })
    if ('allowed' in given) return given
    labels.push(given)
  }
  const ids = body.paragraphs.map(() => uses.newId())
  const versions = body.paragraphs.map((one, place) => {
    const id = ids[place]!
    const sealed = sealText(uses, { paragraphId: id, version: 1 }, { text: one.text, why: null })
    return firstVersion(one, { id, ownAgencyId: caller.agencyId, foiLabels: labels[place]!, sealed })
  })
  const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at }
  const firstNumber = (await countParagraphs(tx, conferenceId, body.form)) + 1
  await insertParagraphs(tx, { conferenceId, form: body.form, ids, firstNumber })
  await insertVersions(tx, versions, by)
  const links = body.paragraphs.flatMap(({ minuteReferenceId }, place) =>
    minuteReferenceId === undefined ? [] : [{ minuteReferenceId, paragraphId: ids[place]! }],
  )
  await insertReferences(tx, links, by)
  const paragraphs = ids.map((paragraphId, place) => ({ paragraphId, version: 1, number: firstNumber + place, foiLabels: labels[place]! }))
  return { allowed: true, status: 201, body: { conferenceId, form: body.form, paragraphs }, detail: { paragraphs } }
}
