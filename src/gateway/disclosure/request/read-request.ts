import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { holdsAt } from '../../../core/case/relationship.ts'
import { defaultExpiry } from '../../../core/disclosure/permission-state.ts'
import { type RequestState, requestState } from '../../../core/disclosure/request-state.ts'
import type { Subject } from '../../../core/snapshot.ts'
import type { Role } from '../../../core/vocabulary.ts'
import { listRetrievals } from '../../../db/disclosure/permissions.ts'
import { listEventTexts, listRequests, type RequestFile } from '../../../db/disclosure/requests.ts'
import { findWords } from '../../../db/disclosure/words.ts'
import { closedKinds, personOf, rulesOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import {
  disclosureRulesOf,
  type DisclosureUses,
  etagOf,
  firstDecider,
  getRequest,
  holdRequest,
  type KnownRequest,
  openRequestText,
  placeOfEvent,
} from '../known-request.ts'
import { samePerson } from '../../../core/conference/acting-chair.ts'
import { textOf } from '../material.ts'
import { blocksOf } from './blocks.ts'

/** Operation `listDisclosureRequests`: what the person asked, is to get, or has to decide; ids and states, nothing that was said. */
export const listDisclosureRequests =
  (uses: Pick<DisclosureUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const limit = Number(request.query.limit ?? 50)
    const before = request.query.cursor ?? null
    return uses.commitChange(caller, {
      operation: 'listDisclosureRequests',
      event: 'consultation',
      ...{ locks: [], lockMode: 'shared' },
      async run(context) {
        const { tx, standing, at } = context
        if (before !== null && !/^[0-9a-f-]{36}$/.test(before)) throw new Fault('invalid', 'The cursor is not one that was handed out.')
        const areasOf = (...roles: readonly Role[]) => [
          ...new Set(
            standing.appointments.filter((one) => roles.includes(one.role) && holdsAt(one, at)).flatMap(({ areaId }) => areaId ?? []),
          ),
        ]
        const areas = { areaIds: areasOf('chair', 'deputy-chair'), keptAreaIds: areasOf('spoc'), closed: closedKinds(context) }
        const rows = await listRequests(tx, { ...areas, person: personOf(caller), before, limit: limit + 1, ...narrowed(request.query) })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? (page.at(-1)?.id ?? null) : null
        const requests: object[] = []
        for (const row of page) requests.push(await shown({ tx, at, caller }, row))
        return { allowed: true, status: 200, body: { requests, nextCursor }, detail: { requestIds: page.map(({ id }) => id) } }
      },
    })
  }

const narrowed = ({ state, urgency, conferenceId }: OperationRequest['query']) => ({
  states: state === undefined ? null : state === 'open' ? open : [state as RequestState],
  urgency: urgency ?? null,
  conferenceId: conferenceId?.toLowerCase() ?? null,
})

const open: readonly RequestState[] = ['submitted', 'info-requested']

const shown = async ({ tx, at, caller }: Pick<ChangeContext, 'tx' | 'at' | 'caller'>, file: RequestFile) => {
  const state = requestState(file.events, file.expiresAt, at)
  const waiting = state === 'submitted' || state === 'info-requested'
  const decider = waiting ? await firstDecider(tx, file, at) : null
  return {
    ...{ requestId: file.id, conferenceId: file.conferenceId, offenderId: file.offenderId, state, urgency: file.urgency },
    ...{ requester: file.requester, recipient: file.recipient, permissionId: file.permissionId },
    requestedAt: file.requestedAt.toISOString(),
    expiresAt: file.expiresAt?.toISOString() ?? null,
    waitsForMe: decider !== null && samePerson(decider, personOf(caller)),
  }
}

/** Operation `readDisclosureRequest`: the whole request; to whoever may decide it also what no permission would cure. */
export const readDisclosureRequest =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = (request.params.requestId ?? '').toLowerCase()
    const held = await holdRequest(uses, { requestId }, caller)
    return uses.commitChange(caller, {
      operation: 'readDisclosureRequest',
      event: 'consultation',
      offenderId: held.offenderId,
      ...{ locks: [...held.own, ...held.along], lockMode: 'shared', readsOnly: true },
      readAlong: held.offenderId === null ? [] : [held.offenderId],
      detail: { requestId },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getRequest(context, held)
        if ('allowed' in known) return known
        const body = await bodyOf(uses, context, known)
        return { allowed: true, status: 200, body, headers: { etag: etagOf(known.version) } }
      },
    })
  }

const bodyOf = async (uses: DisclosureUses, context: ChangeContext, known: KnownRequest) => {
  const { tx, subjects } = context
  const { file } = known
  const words = await findWords(tx, file.id)
  const text = openRequestText(uses, file)
  const subject = subjects.get(file.offenderId) ?? null
  const decides = known.authority.may && !known.isRequester && !known.isRecipient
  const texts = await listEventTexts(tx, file.id)
  return {
    ...(await shown(context, file)),
    version: known.version,
    actingFor: decides && known.authority.may ? known.authority.actingFor : null,
    ...{
      purpose: file.purpose,
      legalGateway: file.legalGateway,
      beneficiaries: file.beneficiaries,
      paragraphIds: file.paragraphIds,
      records: file.records,
    },
    ...{ riskAssessment: file.riskAssessment, askedUntil: file.askedUntil?.toISOString() ?? null },
    // The recipient gets what was permitted, by retrieving it, and not what was argued about.
    ...(known.isRecipient && !known.isRequester ? {} : text),
    formOfWords:
      words === null || (known.isRecipient && !known.isRequester)
        ? null
        : { version: words.version, hash: words.hash, text: textOf(uses, file.id, words), acceptedBy: words.acceptedBy },
    history: file.events.map(({ kind, at, by, actedAs, actingFor, delegationId }) => ({
      ...{ kind, at: at.toISOString(), by, actedAs, actingFor, delegationId },
    })),
    information: texts
      .filter(({ kind }) => kind === 'info-requested' || kind === 'info-given')
      .map(({ kind, at, sealed }) => ({ kind, at: at.toISOString(), text: uses.open(sealed, placeOfEvent(file.id, kind, at)) })),
    ...(decides ? await blocksOf(uses, context, { known, subject }) : { paragraphs: [], blocks: [] }),
    proposed: decides ? proposedFor(context, subject) : null,
    retrievals: decides || known.keeps ? await retrievalsOf(context, file) : [],
  }
}

/** The day a permission would end on if the chair names none, and the grounds that the statement knows. */
const proposedFor = (context: ChangeContext, subject: Subject | null) => {
  const [rules, meetings] = [disclosureRulesOf(context), rulesOf(context)]
  if (rules === null || meetings === null) return null
  const expiresAt = defaultExpiry(context.at, { days: rules.days, reviewOn: subject?.reviewOn ?? null }).toISOString()
  return { expiresAt, article8Grounds: meetings.article8.selectable }
}

const retrievalsOf = async ({ tx }: ChangeContext, { permissionId }: RequestFile) =>
  permissionId === null ? [] : (await listRetrievals(tx, permissionId)).map(({ at, ...one }) => ({ ...one, retrievedAt: at.toISOString() }))
