import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { Fault } from '../../core/fault.ts'
import type { Standing } from '../../core/snapshot.ts'
import { endClientKey, endOtherKeys, findClient, insertClient, insertClientKey, setClientSuspended } from '../../db/registry/registry.ts'
import type { Database } from '../../db/db.ts'
import type { Change, CommitChange } from '../commit/change.ts'
import { newId } from '../new-id.ts'
import { holdsRole, isPartnershipOfficer, notAppointed, ownAgencyOnly } from '../roles.ts'

export type KeyCheck = { readonly ok: true; readonly thumbprint: string } | { readonly ok: false; readonly why: string }

export interface ClientUses {
  readonly commitChange: CommitChange
  readonly database: Database
  readonly bearerAllowed: boolean
  /** Is this public key or certificate fit to be registered (identity/key-check.ts)? */
  readonly checkKey: (key: { readonly jwk?: unknown; readonly certificate?: string }) => Promise<KeyCheck>
}

/** An agency's administrator for its own systems; the partnership's for anybody's. */
const mayAdminister = (standing: Standing, agencyId: string, at: Date): boolean =>
  isPartnershipOfficer(standing, ['system-admin', 'isa-registrar'], at) ||
  (standing.agency.id === agencyId && holdsRole(standing, ['system-admin', 'spoc'], at))

/** Operation `registerClient`: a system begins without keys, and until one is registered no token of it is accepted. */
export const registerClient =
  (uses: ClientUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Parameters<typeof insertClient>[1]
    return uses.commitChange(caller, {
      operation: 'registerClient',
      event: 'alteration',
      locks: [{ class: 'agency', id: body.agencyId }],
      idempotencyKey: request.idempotencyKey,
      detail: { clientId: body.clientId, agencyId: body.agencyId, binding: body.binding },
      run: async ({ tx, standing, at }) => {
        if (!mayAdminister(standing, body.agencyId, at)) return { allowed: false, reason: ownAgencyOnly }
        if (body.binding === 'bearer' && !uses.bearerAllowed) {
          throw new Fault('invalid', 'Bearer tokens exist in the sandbox only.', {
            details: [{ path: '/binding', message: 'must be dpop or mtls: a token has to be bound to its sender' }],
          })
        }
        if ((body.binding === 'session') !== (typeof body.discoveryUri === 'string')) {
          throw new Fault('invalid', 'The console needs to know where people sign in, and no other system does.', {
            details: [{ path: '/discoveryUri', message: 'belongs to the binding session: where the agency’s provider describes itself' }],
          })
        }
        if (!(await insertClient(tx, body)))
          throw new Fault('conflict', 'A system with this client_id, or the console of this agency, is registered already.')
        return { allowed: true, status: 201, body: { clientId: body.clientId, agencyId: body.agencyId } }
      },
    })
  }

interface KeyBody {
  readonly kind: 'dpop' | 'mtls'
  readonly jwk?: unknown
  readonly certificate?: string
  readonly othersEndInHours?: number
}

/**
 * Operation `addClientKey`. Two keys may be in force at once, so that one can be changed without a break; the old ones end by themselves
 * after the hours that were asked for.
 */
export const addClientKey =
  (uses: ClientUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as KeyBody
    const checked = await uses.checkKey(body)
    const field = body.jwk === undefined ? '/certificate' : '/jwk'
    return forClient(
      uses,
      { caller, request, operation: 'addClientKey', detail: { kind: body.kind, othersEndInHours: body.othersEndInHours ?? null } },
      async (tx, client) => {
        if (!checked.ok) throw new Fault('invalid', 'This key cannot be registered.', { details: [{ path: field, message: checked.why }] })
        if (client.binding !== body.kind || (body.kind === 'dpop') !== (body.jwk !== undefined)) {
          throw new Fault('invalid', `This system is registered for ${client.binding}.`, {
            details: [
              { path: '/kind', message: 'dpop takes a jwk, mtls takes a certificate, and both must be what the system is registered for' },
            ],
          })
        }
        const { clientId } = client
        const added = await insertClientKey(tx, { id: newId(), clientId, kind: body.kind, thumbprint: checked.thumbprint })
        if (!added) throw new Fault('conflict', 'This key is registered for this system already.')
        const inHours = body.othersEndInHours
        const ended = inHours === undefined ? [] : await endOtherKeys(tx, { clientId, thumbprint: checked.thumbprint, inHours })
        const ending = ended.map(({ thumbprint, toAt }) => ({ thumbprint, toAt: toAt.toISOString() }))
        return { status: 201, body: { clientId, kind: body.kind, thumbprint: checked.thumbprint, ending } }
      },
    )
  }

/** Operation `removeClientKey`: from the answer on, nothing leaves to whoever holds the key. */
export const removeClientKey =
  (uses: ClientUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> =>
    forClient(uses, { caller, request, operation: 'removeClientKey', detail: {} }, async (tx, client, at) => {
      const thumbprint = request.params.thumbprint!
      if (!(await endClientKey(tx, { clientId: client.clientId, thumbprint }))) throw new Fault('not-found', 'This system has no such key.')
      return { status: 200, body: { clientId: client.clientId, thumbprint, state: 'ended', changedAt: at.toISOString() } }
    })

/** Operations `suspendClient` and `liftClientSuspension`: the kill switch of one system. */
export const suspendClient =
  (uses: ClientUses, suspended: boolean) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const why = (request.body as { why?: string } | undefined)?.why ?? null
    const operation = suspended ? 'suspendClient' : 'liftClientSuspension'
    return forClient(uses, { caller, request, operation, detail: { why } }, async (tx, client, at) => {
      await setClientSuspended(tx, client.clientId, suspended)
      return { status: 200, body: { clientId: client.clientId, state: suspended ? 'suspended' : 'active', changedAt: at.toISOString() } }
    })
  }

interface ClientChange {
  readonly caller: Caller
  readonly request: OperationRequest
  readonly operation: string
  readonly detail: Readonly<Record<string, unknown>>
}

type Tx = Parameters<Change<unknown>['run']>[0]['tx']
type Client = NonNullable<Awaited<ReturnType<typeof findClient>>>

/** The agency to lock has to be known before the transaction; a client never moves to another agency. */
const forClient = async (
  uses: ClientUses,
  change: ClientChange,
  act: (tx: Tx, client: Client, at: Date) => Promise<{ status: 200 | 201; body: object }>,
): Promise<Answer> => {
  const clientId = change.request.params.clientId!
  const client = await findClient(uses.database, clientId)
  return uses.commitChange(change.caller, {
    operation: change.operation,
    event: 'alteration',
    locks: client === null ? [] : [{ class: 'agency', id: client.agencyId }],
    idempotencyKey: change.request.idempotencyKey,
    detail: { clientId, ...change.detail },
    run: async ({ tx, standing, at }) => {
      // Somebody else's system and one that does not exist are told apart for administrators of the partnership only.
      if (client === null || !mayAdminister(standing, client.agencyId, at)) {
        if (client === null && isPartnershipOfficer(standing, ['system-admin', 'isa-registrar'], at))
          throw new Fault('not-found', 'There is no such system.')
        return { allowed: false, reason: notAppointed }
      }
      const done = await act(tx, client, at)
      return { allowed: true, ...done }
    },
  })
}
