import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import { londonDay } from '../../core/london.ts'
import { subjectAnswer, type ToldLine, usagesOf } from '../../core/rights/subject-answer.ts'
import { closeTask } from '../../db/casework/tasks.ts'
import { findRightsRequest, insertRightsAnswer, readRegister, type RegisterLine } from '../../db/rights/rights-requests.ts'
import type { ChangeContext, ChangeOutcome } from '../commit/change.ts'
import { notAppointed } from '../roles.ts'
import { answersPeople, type RightsUses } from './record-rights-request.ts'

interface Register {
  readonly told: readonly ToldLine[]
  readonly withheld: readonly RegisterLine[]
  readonly answered: boolean
}

/** The register as it may be told today; the access log is for other uses (DPA 2018 s.62(4)). */
const registerFor = async (context: ChangeContext, requestId: string): Promise<Register> => {
  const request = await findRightsRequest(context.tx, requestId)
  if (request === null) throw new Fault('not-found', 'There is no such request.')
  const lines = request.offenderId === null ? [] : await readRegister(context.tx, request.offenderId, londonDay(context.at))
  return {
    answered: request.answered,
    told: lines.filter(({ withheld }) => withheld === null),
    withheld: lines.filter(({ withheld }) => withheld !== null),
  }
}

/**
 * Operation `answerRightsRequest`: who received the person's data. `forSubject` is what the person is sent; `forFile` is for the
 * controller's record and the Commissioner (s.45(7)), and never for the person.
 */
export const answerRightsRequest =
  ({ commitChange }: RightsUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = request.params.requestId!.toLowerCase()
    return commitChange(caller, {
      operation: 'answerRightsRequest',
      event: 'rights-request',
      locks: [],
      lockMode: 'shared',
      detail: { requestId, purpose: 'rights-request' },
      run: (context) => answer(context, requestId),
    })
  }

const answer = async (context: ChangeContext, requestId: string): Promise<ChangeOutcome<object>> => {
  if (!answersPeople(context)) return { allowed: false, reason: notAppointed }
  const { tx, at, caller } = context
  const { told, withheld, answered } = await registerFor(context, requestId)
  const by = { byAgency: caller.agencyId, byPerson: caller.personSub! }
  // Asked again it is compiled again: what was released is kept nowhere but in its own records.
  if (!answered) await insertRightsAnswer(tx, { requestId, told: told.length, withheld: withheld.length, ...by, at })
  await closeTask(tx, { kind: 'rights-request', subjectKey: requestId, outcome: 'answered', at })
  const restrictions = restrictionsOf(withheld)
  return {
    allowed: true,
    status: 200,
    body: {
      requestId,
      answeredAt: at.toISOString(),
      forSubject: subjectAnswer(told),
      forFile: { withheld: withheld.length, restrictions },
    },
    detail: { told: told.length, withheld: withheld.length, withholdingIds: restrictions.map(({ withholdingId }) => withholdingId) },
  }
}

/** Why so much was withheld: by restriction, with the day on which each lapses. */
const restrictionsOf = (withheld: readonly RegisterLine[]) => {
  const found = new Map<string, { withholdingId: string; ground: string; lapsesOn: string; lines: number }>()
  for (const line of withheld) {
    const { id, ground, lapsesOn } = line.withheld!
    found.set(id, { withholdingId: id, ground, lapsesOn, lines: (found.get(id)?.lines ?? 0) + 1 })
  }
  return [...found.values()]
}

/** Operation `exportUsages`: the same lines, machine to machine, in the shape of the Estonian data tracker. */
export const exportUsages =
  ({ commitChange }: RightsUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = request.params.requestId!.toLowerCase()
    return commitChange(caller, {
      operation: 'exportUsages',
      event: 'rights-request',
      locks: [],
      lockMode: 'shared',
      detail: { requestId, purpose: 'rights-request' },
      run: async (context) => {
        if (!answersPeople(context)) return { allowed: false, reason: notAppointed }
        const { told, withheld } = await registerFor(context, requestId)
        return { allowed: true, status: 200, body: usagesOf(told), detail: { told: told.length, withheld: withheld.length } }
      },
    })
  }
