import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import {
  type AgencyRow,
  areaExists,
  insertAgency,
  listAgencies as listRows,
  type NewAgency,
  setAgencySuspended,
} from '../../db/registry/registry.ts'
import type { CommitChange } from '../commit/change.ts'
import { isPartnershipOfficer, notAppointed } from '../roles.ts'

interface Uses {
  readonly commitChange: CommitChange
}

/** Operation `listAgencies`: who takes part; metadata without people, for any named caller. */
export const listAgencies =
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> =>
    commitChange(caller, {
      operation: 'listAgencies',
      event: 'consultation',
      locks: [],
      lockMode: 'shared',
      systemMay: true,
      run: async ({ tx }) => {
        const limit = Number(request.query.limit ?? 50)
        const rows = await listRows(tx, { after: request.query.cursor ?? '', limit })
        const page = rows.slice(0, limit)
        return {
          allowed: true,
          status: 200,
          body: { agencies: page.map(shown), nextCursor: rows.length > limit ? page.at(-1)!.agencyId : null },
        }
      },
    })

const shown = (row: AgencyRow) => ({ ...row, suspendedAt: row.suspendedAt?.toISOString() ?? null })

/** Operation `registerAgency`, by the partnership's registrar or administrator. An issuer belongs to one agency only. */
export const registerAgency =
  ({ commitChange }: Uses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Partial<NewAgency> & Pick<NewAgency, 'agencyId' | 'name' | 'kind' | 'regime'>
    return commitChange(caller, {
      operation: 'registerAgency',
      event: 'alteration',
      locks: [{ class: 'agency', id: body.agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { agencyId: body.agencyId, kind: body.kind, regime: body.regime },
      run: async ({ tx, standing, at }) => {
        if (!isPartnershipOfficer(standing, ['isa-registrar', 'system-admin'], at)) return { allowed: false, reason: notAppointed }
        if (body.areaId && !(await areaExists(tx, body.areaId))) {
          throw new Fault('invalid', 'There is no such area.', { details: [{ path: '/areaId', message: 'is not the id of an area' }] })
        }
        const added = await insertAgency(tx, {
          clearance: 'official-sensitive',
          areaId: null,
          schemes: [],
          issuer: null,
          jwksUri: null,
          ...body,
        })
        if (!added) throw new Fault('conflict', 'An agency with this id or this issuer is registered already.')
        return { allowed: true, status: 201, body: { agencyId: body.agencyId } }
      },
    })
  }

/** Operations `suspendAgency` and `liftAgencySuspension`: from the answer on, nothing leaves to any of its systems. */
export const suspendAgency =
  ({ commitChange }: Uses, suspended: boolean) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const agencyId = request.params.agencyId!
    return commitChange(caller, {
      operation: suspended ? 'suspendAgency' : 'liftAgencySuspension',
      event: 'alteration',
      locks: [{ class: 'agency', id: agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { agencyId, why: (request.body as { why?: string } | undefined)?.why ?? null },
      run: async ({ tx, standing, at }) => {
        const own = standing.agency.id === agencyId && isAdministrator(standing, at)
        const partnership = isPartnershipOfficer(standing, ['isa-registrar', 'system-admin', 'ig-officer'], at)
        // An agency may always stop itself; only the partnership lets it start again.
        if (!partnership && !(own && suspended)) return { allowed: false, reason: notAppointed }
        if (!(await setAgencySuspended(tx, agencyId, suspended))) throw new Fault('not-found', 'There is no such agency.')
        return { allowed: true, status: 200, body: { agencyId, state: suspended ? 'suspended' : 'active', changedAt: at.toISOString() } }
      },
    })
  }

const isAdministrator = (standing: Parameters<typeof isPartnershipOfficer>[0], at: Date): boolean =>
  standing.appointments.some((one) => one.role === 'system-admin' && one.fromAt <= at && (one.toAt === null || at < one.toAt))
