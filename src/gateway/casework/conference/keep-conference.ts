import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { findCase } from '../../../db/casework/case-facts.ts'
import { insertAgendaItem, insertMinuteReference } from '../../../db/casework/conferences.ts'
import { findMeeting, type Meeting } from '../../../db/conference/attending.ts'
import type { Tx } from '../../../db/db.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { keepsConference, notKeeper } from './conference-area.ts'
import { personOf, seesMeeting } from './known-meeting.ts'
import type { ConferenceUses } from './record-conference.ts'

const shielded = {
  allowed: false,
  status: 404,
  shielded: true,
  reason: { code: 'ncnd', stage: 'R5', ruleId: 'conference-own-area', cites: 'FOIA 2000 s.40(5B); DPA 2018 s.45(6); R5' },
} as const

const getKept = async (context: ChangeContext, conferenceId: string): Promise<Meeting | typeof notKeeper> => {
  const meeting = await findMeeting(context.tx, conferenceId, personOf(context.caller))
  if (meeting === null || !seesMeeting(context, meeting)) throw new Fault('not-found', 'There is no such conference.')
  return keepsConference(context.standing, meeting.areaId, context.at) ? meeting : notKeeper
}

/** A conference discusses its own area's cases; anybody else's look as if there were none. */
const isOwnCase = async (tx: Tx, offenderId: string, areaId: string): Promise<boolean> => {
  const known = await findCase(tx, { offenderId })
  return known !== null && known.basis === 'cohort' && known.areaId === areaId
}

/** Operation `addAgendaItem`: a case goes on the agenda of a meeting of its own area. */
export const addAgendaItem =
  (uses: ConferenceUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = (request.params.conferenceId ?? '').toLowerCase()
    const body = request.body as { offenderId: string; item: string }
    const offenderId = body.offenderId.toLowerCase()
    return uses.commitChange(caller, {
      operation: 'addAgendaItem',
      event: 'alteration',
      offenderId,
      locks: [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, item: body.item },
      async run(context): Promise<ChangeOutcome<object>> {
        const { tx, at } = context
        const conference = await getKept(context, conferenceId)
        if ('allowed' in conference) return conference
        if (!(await isOwnCase(tx, offenderId, conference.areaId))) return shielded
        const row = {
          id: uses.newId(),
          conferenceId,
          areaId: conference.areaId,
          offenderId,
          item: body.item,
          byAgency: caller.agencyId,
          at,
        }
        if (!(await insertAgendaItem(tx, row))) throw new Fault('conflict', 'The case stands on this agenda under that item already.')
        return { allowed: true, status: 201, body: { agendaItemId: row.id, conferenceId, offenderId, item: body.item } }
      },
    })
  }

interface MinuteBody {
  readonly reference: string
  readonly matter: string
  readonly offenderId?: string | null
  readonly riskOutweighsConfidentiality: boolean
  readonly article8Grounds?: readonly string[]
}

const unfound = (ruleId: string): ChangeOutcome<never> => ({
  allowed: false,
  status: 422,
  reason: { code: 'evidence', stage: 'R33', ruleId, cites: 'Confidentiality Statement, para 1 and (e)-(h); ECHR Art 8(2)' },
})

/**
 * Operation `addMinuteReference`: where the minutes record a decision. "Every case discussion carries a recorded finding that the
 * presenting risk to the public outweighs confidentiality", and the grounds under Article 8(2).
 */
export const addMinuteReference =
  (uses: ConferenceUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const conferenceId = (request.params.conferenceId ?? '').toLowerCase()
    const body = request.body as MinuteBody
    const offenderId = body.offenderId?.toLowerCase() ?? null
    const { reference, matter, riskOutweighsConfidentiality, article8Grounds = [] } = body
    return uses.commitChange(caller, {
      operation: 'addMinuteReference',
      event: 'alteration',
      ...(offenderId === null ? {} : { offenderId }),
      locks: offenderId === null ? [] : [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, reference, matter, riskOutweighsConfidentiality, article8Grounds },
      async run(context): Promise<ChangeOutcome<object>> {
        const { tx, at } = context
        const conference = await getKept(context, conferenceId)
        if ('allowed' in conference) return conference
        if (offenderId !== null) {
          if (!(await isOwnCase(tx, offenderId, conference.areaId))) return shielded
          if (!riskOutweighsConfidentiality) return unfound('minute-risk-found')
          if (article8Grounds.length === 0) return unfound('minute-grounds')
        }
        const minute = { id: uses.newId(), conferenceId, offenderId, reference, matter, riskOutweighsConfidentiality, article8Grounds }
        const added = await insertMinuteReference(tx, { ...minute, byAgency: caller.agencyId, byPerson: caller.personSub!, at })
        if (!added) throw new Fault('conflict', 'The conference has a minute of that reference already.')
        return { allowed: true, status: 201, body: { minuteReferenceId: minute.id, conferenceId, reference, matter } }
      },
    })
  }
