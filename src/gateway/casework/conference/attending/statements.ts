import { createHash } from 'node:crypto'
import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { Fault } from '../../../../core/fault.ts'
import { isDay, londonDay } from '../../../../core/london.ts'
import { insertStatement, listStatements as listRows, type Statement } from '../../../../db/conference/statements.ts'
import { isPartnershipOfficer, notAppointed } from '../../../roles.ts'
import type { MeetingUses } from '../known-meeting.ts'

const wrong = (message: string): Fault =>
  new Fault('invalid', 'The statement cannot begin on that day.', { details: [{ path: '/fromOn', message }] })

/** Meetings of days already begun keep the version that was read out at them. */
const checkDay = (fromOn: string, newest: Statement | undefined, at: Date): void => {
  if (!isDay(fromOn)) throw wrong('is not a calendar day')
  if (newest === undefined) return
  if (fromOn <= londonDay(at)) throw wrong('has begun already: a new version binds the meetings still to come')
  if (fromOn <= newest.fromOn) throw wrong(`is not after ${newest.fromOn}, when the version before begins`)
}

/** Operation `publishStatement`: the next version of the confidentiality statement, and from which day's meetings on it binds. */
export const publishStatement =
  (uses: Pick<MeetingUses, 'commitChange'>) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { text, fromOn } = request.body as { text: string; fromOn: string }
    const hash = createHash('sha256').update(text).digest('base64url')
    return uses.commitChange(caller, {
      operation: 'publishStatement',
      event: 'policy-changed',
      // Whoever reads a paper shares this lock: the version that binds a meeting does not change under a reading.
      locks: [{ class: 'policy' }],
      idempotencyKey: request.idempotencyKey,
      detail: { fromOn, hash },
      async run({ tx, standing, at }) {
        if (!isPartnershipOfficer(standing, ['ig-officer', 'isa-registrar'], at)) return { allowed: false, reason: notAppointed }
        const [newest] = await listRows(tx)
        checkDay(fromOn, newest, at)
        const version = (newest?.version ?? 0) + 1
        await insertStatement(tx, { version, fromOn, text, hash, byAgency: caller.agencyId, byPerson: caller.personSub!, at })
        return { allowed: true, status: 201, body: { version, fromOn, hash }, detail: { version } }
      },
    })
  }

/** Operation `listStatements`: every version, newest first, to read before it is acknowledged. */
export const listStatements =
  (uses: Pick<MeetingUses, 'commitChange'>) =>
  (caller: Caller): Promise<Answer> =>
    uses.commitChange(caller, {
      operation: 'listStatements',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      run: async ({ tx }) => ({ allowed: true, status: 200, body: { statements: await listRows(tx) } }),
    })
