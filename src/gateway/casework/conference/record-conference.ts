import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { type ChairAuthority, chairedOn } from '../../../core/conference/acting-chair.ts'
import { Fault } from '../../../core/fault.ts'
import { dayAfter, isDay, startOfLondonDay } from '../../../core/london.ts'
import type { ConferenceKind } from '../../../core/case-vocabulary.ts'
import { insertConference } from '../../../db/casework/conferences.ts'
import { readChairFacts } from '../../../db/conference/delegations.ts'
import { areaExists, personExists } from '../../../db/registry/registry.ts'
import type { ChangeContext, CommitChange } from '../../commit/change.ts'
import { keepsConference, notKeeper } from './conference-area.ts'
import { actedAs, areaLock, noDelegation } from './known-meeting.ts'

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

/**
 * Operation `createConference`: a meeting, its area and day, and who chairs it: by appointment as chair, or for the chair under an accepted
 * delegation of that day ("a clear audit trail", 1.2; R44). Whoever chaired reads what was said, so a deputy's appointment is not enough.
 */
export const createConference =
  (uses: ConferenceUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as ConferenceBody
    const { kind, areaId, heldOn, chair } = body
    const conferenceId = uses.newId()
    return uses.commitChange(caller, {
      operation: 'createConference',
      event: 'alteration',
      ...{ locks: [], sharedLocks: [areaLock(areaId)] },
      idempotencyKey: request.idempotencyKey,
      detail: { conferenceId, kind, areaId, heldOn, chair },
      async run(context) {
        const { tx, standing, at } = context
        if (!keepsConference(standing, areaId, at)) return notKeeper
        const spoc = body.spoc ?? { agencyId: caller.agencyId, sub: caller.personSub! }
        const authority = await checkConference(context, { ...body, spoc })
        if (!authority.may) return noDelegation('meeting-chaired-under-delegation', authority.because)
        const chairedAs = authority.as === 'chair' ? 'chair' : 'deputy-chair'
        const by = { byAgency: caller.agencyId, byPerson: caller.personSub!, at }
        const added = await insertConference(tx, { id: conferenceId, kind, areaId, heldOn, chair, chairedAs, spoc, ...by })
        if (!added) throw new Fault('conflict', 'The area has that meeting on that day already.')
        return { allowed: true, status: 201, body: { conferenceId, kind, areaId, heldOn, chairedAs }, detail: actedAs(authority) }
      },
    })
  }

const checkConference = async ({ tx }: ChangeContext, body: Required<ConferenceBody>): Promise<ChairAuthority> => {
  const { heldOn, areaId, chair, spoc } = body
  if (!isDay(heldOn)) throw wrong('/heldOn', 'is not a calendar day')
  if (!(await areaExists(tx, areaId))) throw wrong('/areaId', 'is not the id of an area')
  if (!(await personExists(tx, spoc.agencyId, spoc.sub))) throw wrong('/spoc', 'is nobody that the agency has registered')
  const day = { fromAt: startOfLondonDay(heldOn), toAt: startOfLondonDay(dayAfter(heldOn)) }
  const authority = chairedOn(await readChairFacts(tx, areaId, chair), { person: chair, areaId, day })
  if (!authority.may && authority.because === 'none')
    throw wrong('/chair', 'chairs the area on that day neither by appointment nor for its chair')
  return authority
}
