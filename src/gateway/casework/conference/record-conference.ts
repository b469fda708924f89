import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { dayAfter, isDay, startOfLondonDay } from '../../../core/london.ts'
import type { ConferenceKind } from '../../../core/case-vocabulary.ts'
import { findChairRole, insertConference } from '../../../db/casework/conferences.ts'
import { areaExists, personExists } from '../../../db/registry/registry.ts'
import type { ChangeContext, CommitChange } from '../../commit/change.ts'
import { keepsConference, notKeeper } from './conference-area.ts'

export interface ConferenceUses {
  readonly commitChange: CommitChange
  readonly newId: () => string
}

interface Person {
  readonly agencyId: string
  readonly sub: string
}

interface ConferenceBody {
  readonly kind: ConferenceKind
  readonly areaId: string
  readonly heldOn: string
  readonly chair: Person
  readonly spoc?: Person
}

const wrong = (path: string, message: string): Fault =>
  new Fault('invalid', 'This conference cannot be recorded.', { details: [{ path, message }] })

/** Operation `createConference`: a meeting, its area and day, and who chairs it by which appointment ("a clear audit trail", 1.2). */
export const createConference =
  (uses: ConferenceUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ConferenceBody
    const { kind, areaId, heldOn, chair } = body
    const conferenceId = uses.newId()
    return uses.commitChange(caller, {
      operation: 'createConference',
      event: 'alteration',
      locks: [],
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, kind, areaId, heldOn, chair },
      async run(context) {
        const { tx, standing, at } = context
        if (!keepsConference(standing, areaId, at)) return notKeeper
        const spoc = body.spoc ?? { agencyId: caller.agencyId, sub: caller.personSub! }
        const chairedAs = await checkConference(context, { ...body, spoc })
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at }
        const added = await insertConference(tx, { id: conferenceId, kind, areaId, heldOn, chair, chairedAs, spoc, ...by })
        if (!added) throw new Fault('conflict', 'The area has that meeting on that day already.')
        return { allowed: true, status: 201, body: { conferenceId, kind, areaId, heldOn, chairedAs } }
      },
    })
  }

const checkConference = async ({ tx }: ChangeContext, body: Required<ConferenceBody>): Promise<'chair' | 'deputy-chair'> => {
  if (!isDay(body.heldOn)) throw wrong('/heldOn', 'is not a calendar day')
  if (!(await areaExists(tx, body.areaId))) throw wrong('/areaId', 'is not the id of an area')
  if (!(await personExists(tx, body.spoc.agencyId, body.spoc.sub))) throw wrong('/spoc', 'is nobody that the agency has registered')
  const chairedAs = await findChairRole(tx, {
    ...body.chair,
    areaId: body.areaId,
    from: startOfLondonDay(body.heldOn),
    to: startOfLondonDay(dayAfter(body.heldOn)),
  })
  if (chairedAs === null) throw wrong('/chair', 'is appointed neither chair nor deputy of the area on that day')
  return chairedAs
}
