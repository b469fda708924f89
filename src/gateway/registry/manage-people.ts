import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Standing } from '../../core/snapshot.ts'
import type { Role } from '../../core/vocabulary.ts'
import type { Database } from '../../db/db.ts'
import {
  areaExists,
  endAppointment as endRow,
  findAppointmentAgency,
  insertAppointment,
  insertSignatoryKey,
  type NewPerson,
  personExists,
  putPerson,
} from '../../db/registry/registry.ts'
import type { CommitChange } from '../commit/change.ts'
import { newId } from '../new-id.ts'
import { holdsRole, isPartnershipOfficer, ownAgencyOnly } from '../roles.ts'
import type { KeyCheck } from './manage-clients.ts'

export interface PeopleUses {
  readonly commitChange: CommitChange
  readonly database: Database
  readonly checkKey: (key: { readonly jwk?: unknown }) => Promise<KeyCheck>
}

/** Roles that bind the partnership as a whole: appointed by its own officers, never by the agency that would gain by them. */
const partnershipRoles: readonly Role[] = ['chair', 'deputy-chair', 'isa-registrar', 'ig-officer', 'auditor-external']

const mayAdminister = (standing: Standing, agencyId: string, at: Date): boolean =>
  isPartnershipOfficer(standing, ['system-admin', 'isa-registrar'], at) ||
  (standing.agency.id === agencyId && holdsRole(standing, ['system-admin', 'spoc'], at))

/** Nobody appoints or vets themselves (R42). */
const isSelf = (caller: Caller, about: { agencyId: string; sub: string }): boolean =>
  caller.agencyId === about.agencyId && caller.personSub === about.sub

/** Operation `registerPerson`: a named person of an agency, with the dates of their vetting and training. */
export const registerPerson =
  (uses: PeopleUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Partial<NewPerson> & Pick<NewPerson, 'agencyId' | 'sub' | 'displayName'>
    return uses.commitChange(caller, {
      operation: 'registerPerson',
      event: 'alteration',
      locks: [{ class: 'agency', id: body.agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { agencyId: body.agencyId, sub: body.sub },
      run: async ({ tx, standing, at }) => {
        if (!mayAdminister(standing, body.agencyId, at) || isSelf(caller, body)) return { allowed: false, reason: ownAgencyOnly }
        await putPerson(tx, { activeFrom: null, activeTo: null, intelligenceVettedUntil: null, visorTrainedUntil: null, ...body })
        return { allowed: true, status: 201, body: { agencyId: body.agencyId, sub: body.sub } }
      },
    })
  }

/** Operation `registerSignatoryKey`: the public key a signatory signs agreements with, by their own agency. */
export const registerSignatoryKey =
  (uses: PeopleUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as { sub: string; jwk: unknown }
    const checked = await uses.checkKey({ jwk: body.jwk })
    return uses.commitChange(caller, {
      operation: 'registerSignatoryKey',
      event: 'alteration',
      locks: [{ class: 'agency', id: caller.agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { sub: body.sub },
      run: async ({ tx, standing, at }) => {
        if (!holdsRole(standing, ['system-admin', 'spoc'], at)) return { allowed: false, reason: ownAgencyOnly }
        if (!checked.ok) throw new Fault('invalid', 'This key cannot be registered.', { details: [{ path: '/jwk', message: checked.why }] })
        if (!(await personExists(tx, caller.agencyId, body.sub))) throw new Fault('not-found', 'Your agency has registered no such person.')
        const added = await insertSignatoryKey(tx, {
          thumbprint: checked.thumbprint,
          agencyId: caller.agencyId,
          sub: body.sub,
          jwk: body.jwk,
        })
        if (!added) throw new Fault('conflict', 'This key is registered already.')
        return { allowed: true, status: 201, body: { thumbprint: checked.thumbprint } }
      },
    })
  }

interface AppointmentBody {
  readonly agencyId: string
  readonly sub: string
  readonly role: Role
  readonly areaId?: string | null
  readonly fromAt: string
  readonly toAt?: string | null
}

/** Operation `appoint`: a role with a first and a last instant; the last is not included. */
export const appoint =
  (uses: PeopleUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as AppointmentBody
    const id = newId()
    return uses.commitChange(caller, {
      operation: 'appoint',
      event: 'alteration',
      locks: [{ class: 'agency', id: body.agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: {
        agencyId: body.agencyId,
        sub: body.sub,
        role: body.role,
        areaId: body.areaId ?? null,
        fromAt: body.fromAt,
        toAt: body.toAt ?? null,
      },
      run: async ({ tx, standing, at }) => {
        const partnership = isPartnershipOfficer(standing, ['system-admin', 'isa-registrar'], at)
        const allowed = partnershipRoles.includes(body.role) ? partnership : mayAdminister(standing, body.agencyId, at)
        if (!allowed || isSelf(caller, body)) return { allowed: false, reason: ownAgencyOnly }
        await checkAppointment(tx, body)
        await insertAppointment(tx, { ...body, id, areaId: body.areaId ?? null, toAt: body.toAt ?? null })
        return { allowed: true, status: 201, body: { appointmentId: id } }
      },
    })
  }

const checkAppointment = async (tx: Parameters<typeof areaExists>[0], body: AppointmentBody): Promise<void> => {
  const wrong = (path: string, message: string): Fault =>
    new Fault('invalid', 'This appointment cannot be made.', { details: [{ path, message }] })
  if (body.toAt != null && new Date(body.toAt) <= new Date(body.fromAt)) throw wrong('/toAt', 'must be after fromAt')
  if (body.areaId != null && !(await areaExists(tx, body.areaId))) throw wrong('/areaId', 'is not the id of an area')
  if (!(await personExists(tx, body.agencyId, body.sub))) throw wrong('/sub', 'is nobody that the agency has registered')
}

/** Operation `endAppointment`: from the answer on, nothing rests on it. */
export const endAppointment =
  (uses: PeopleUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const appointmentId = request.params.appointmentId!
    const agencyId = await findAppointmentAgency(uses.database, appointmentId)
    return uses.commitChange(caller, {
      operation: 'endAppointment',
      event: 'alteration',
      locks: agencyId === null ? [] : [{ class: 'agency', id: agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { appointmentId },
      run: async ({ tx, standing, at }) => {
        if (agencyId === null || !mayAdminister(standing, agencyId, at)) return { allowed: false, reason: ownAgencyOnly }
        await endRow(tx, appointmentId)
        return { allowed: true, status: 200, body: { appointmentId, state: 'ended', changedAt: at.toISOString() } }
      },
    })
  }
