import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { listEventReaders as findEventReaders } from '../../db/event-readers.ts'
import { listClients as findClients, listPeople as findPeople } from '../../db/registry/register-reading.ts'
import type { Role } from '../../core/vocabulary.ts'
import type { ChangeContext, CommitChange } from '../commit/change.ts'
import { holdsRole, isPartnershipOfficer, ownAgencyOnly } from '../roles.ts'

interface Uses {
  readonly commitChange: CommitChange
}

type Find<Row> = (db: ChangeContext['tx'], page: { agencyId: string; after: string; limit: number }) => Promise<readonly Row[]>

/**
 * A page of an agency's register, for those who administer it: its own, or the partnership's. What stands in entries of the log is there
 * for those who review them as well.
 */
const readRegister =
  <Row>(about: {
    readonly operation: string
    readonly member: string
    readonly find: Find<Row>
    readonly idOf: (row: Row) => string
    readonly reviewed?: true
  }) =>
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agencyId = request.query.agencyId ?? caller.agencyId
    const limit = Number(request.query.limit ?? 50)
    return commitChange(caller, {
      operation: about.operation,
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      detail: { agencyId },
      run: async ({ tx, standing, at }) => {
        const reviewers: readonly Role[] = about.reviewed === true ? ['ig-officer', 'dpo'] : []
        const own = standing.agency.id === agencyId && holdsRole(standing, ['system-admin', 'spoc', ...reviewers], at)
        if (!own && !isPartnershipOfficer(standing, ['system-admin', 'isa-registrar', ...reviewers], at))
          return { allowed: false, reason: ownAgencyOnly }
        const rows = await about.find(tx, { agencyId, after: request.query.cursor ?? '', limit: limit + 1 })
        const page = rows.slice(0, limit)
        const nextCursor = rows.length > limit ? about.idOf(page.at(-1)!) : null
        return { allowed: true, status: 200, body: { agencyId, [about.member]: page, nextCursor }, detail: { told: page.length } }
      },
    })
  }

/** Operation `listClients`: an agency's systems, how each proves itself, and which are suspended. */
export const listClients = readRegister({
  operation: 'listClients',
  member: 'clients',
  find: findClients,
  idOf: ({ clientId }) => clientId,
  reviewed: true,
})

/** Operation `listPeople`: an agency's people and what each is appointed to. */
export const listPeople = readRegister({
  operation: 'listPeople',
  member: 'people',
  find: findPeople,
  idOf: ({ sub }) => sub,
  reviewed: true,
})

/** Operation `listEventReaders`: how far each of an agency's systems has read the agency's events. */
export const listEventReaders = readRegister({
  operation: 'listEventReaders',
  member: 'readers',
  find: findEventReaders,
  idOf: ({ clientId }) => clientId,
})
