import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Tx } from '../../db/db.ts'
import { findUnknownStaff, replaceStaff, replaceSubjectAddresses, type StaffTold } from '../../db/misuse/staff-register.ts'
import type { ChangeContext, CommitChange } from '../commit/change.ts'
import { holdsRole, ownAgencyOnly } from '../roles.ts'

export interface StaffUses {
  readonly commitChange: CommitChange
  /** What the partnership's agencies hash names and addresses of their staff under. */
  readonly staffKey: Uint8Array
}

type FaultDetail = Fault['details'][number]

/** The agency's own system, or the person who administers the agency's people. */
const mayFeed = ({ standing, at }: ChangeContext): boolean => standing.person === null || holdsRole(standing, ['system-admin', 'spoc'], at)

/**
 * Operation `readStaffKey`: the key under which an agency's system hashes what it tells of its staff, so that no name and no address
 * leaves the agency.
 */
export const readStaffKey =
  ({ commitChange, staffKey }: StaffUses) =>
  (caller: Caller, _request: OperationRequest): Promise<Answer> =>
    commitChange(caller, {
      operation: 'readStaffKey',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      systemMay: true,
      run: (context) =>
        Promise.resolve(
          mayFeed(context)
            ? { allowed: true, status: 200, body: { algorithm: 'HMAC-SHA256', key: Buffer.from(staffKey).toString('base64url') } }
            : { allowed: false, reason: ownAgencyOnly },
        ),
    })

interface FeedBody {
  readonly people?: readonly ({ readonly sub: string } & Partial<StaffTold>)[]
  readonly subjects?: readonly { readonly offenderId: string; readonly addresses: readonly string[] }[]
}

/**
 * Operation `feedStaffRegister`: an agency tells, in hashes, of its own staff, of their shifts and moves, and of the addresses it holds of
 * people in the cohort. Used for the rules about misuse and nothing else.
 */
export const feedStaffRegister =
  ({ commitChange }: StaffUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const { people = [], subjects = [] } = request.body as FeedBody
    const counts = { staffTold: people.length, subjectsTold: subjects.length }
    return commitChange(caller, {
      operation: 'feedStaffRegister',
      event: 'collection',
      locks: [],
      lockMode: 'shared',
      systemMay: true,
      idempotencyKey: request.idempotencyKey,
      detail: { ...counts, subs: people.map(({ sub }) => sub) },
      run: async (context) => {
        if (!mayFeed(context)) return { allowed: false, reason: ownAgencyOnly }
        const { tx, at } = context
        const staff = people.map((one): StaffTold => ({
          ...{ names: null, familyNames: null, addresses: null, transfers: null, roster: null },
          ...one,
        }))
        await checkStaff(tx, caller.agencyId, staff)
        await replaceStaff(tx, caller.agencyId, staff, at)
        await replaceSubjectAddresses(tx, caller.agencyId, subjects)
        return { allowed: true, status: 200, body: { ...counts, toldAt: at.toISOString() } }
      },
    })
  }

const checkStaff = async (tx: Tx, agencyId: string, staff: readonly StaffTold[]): Promise<void> => {
  const areaIds = staff.flatMap(({ transfers }) => (transfers ?? []).map(({ areaId }) => areaId))
  const unknown = await findUnknownStaff(tx, agencyId, { subs: staff.map(({ sub }) => sub), areaIds })
  const details = staff.flatMap((one, index) => problemsOf(one, `/people/${index}`, unknown))
  if (new Set(staff.map(({ sub }) => sub)).size < staff.length) details.push({ path: '/people', message: 'names a person twice' })
  if (details.length > 0) throw new Fault('invalid', 'The staff register cannot be fed with this.', { details: details.slice(0, 20) })
}

const problemsOf = (
  { sub, transfers, roster }: StaffTold,
  path: string,
  unknown: { readonly subs: readonly string[]; readonly areaIds: readonly string[] },
): FaultDetail[] => [
  ...(unknown.subs.includes(sub) ? [{ path: `${path}/sub`, message: 'is nobody that your agency has registered' }] : []),
  ...(transfers ?? []).flatMap(({ areaId }, index) =>
    unknown.areaIds.includes(areaId) ? [{ path: `${path}/transfers/${index}/areaId`, message: 'is not the id of an area' }] : [],
  ),
  ...(roster === null ? [] : rosterProblems(roster, `${path}/roster`)),
]

const rosterProblems = ({ fromAt, toAt, shifts }: NonNullable<StaffTold['roster']>, path: string): FaultDetail[] => {
  const [from, to] = [Date.parse(fromAt), Date.parse(toAt)]
  const ends = from < to ? [] : [{ path: `${path}/toAt`, message: 'must be after fromAt' }]
  const outside = shifts.flatMap((shift, index) => {
    const begins = Date.parse(shift.fromAt)
    if (begins >= Date.parse(shift.toAt)) return [{ path: `${path}/shifts/${index}/toAt`, message: 'must be after fromAt' }]
    return begins >= from && begins < to ? [] : [{ path: `${path}/shifts/${index}/fromAt`, message: 'is outside the roster' }]
  })
  return [...ends, ...outside]
}
