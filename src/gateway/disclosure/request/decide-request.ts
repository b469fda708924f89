import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { insertPermission } from '../../../db/disclosure/permissions.ts'
import { insertRequestEvent } from '../../../db/disclosure/requests.ts'
import { personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import {
  type DisclosureUses,
  getRequest,
  type HeldRequest,
  holdRequest,
  type KnownRequest,
  requireMove,
  requireVersion,
} from '../known-request.ts'
import { tellOfDisclosure } from '../tell-of-disclosure.ts'
import { closeAsked } from './ask-decider.ts'
import { authorityOf, refusesDeciding } from './change-request.ts'
import { type DecisionBody, type Scope, scopeOf } from './decision-check.ts'

/**
 * Operation `decideDisclosure`: the chair, or who stands in for the chair, lets out the whole or a part, in these words, on these
 * conditions, until then; or refuses. Nobody decides on what they ask, get or gain by (R41).
 */
export const decideDisclosure =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = (request.params.requestId ?? '').toLowerCase()
    const body = request.body as DecisionBody
    const held = await holdRequest(uses, { requestId }, caller)
    return uses.commitChange(caller, {
      operation: 'decideDisclosure',
      event: 'permission-decided',
      offenderId: held.offenderId,
      ...{ locks: held.own, sharedLocks: held.along },
      readAlong: held.offenderId === null ? [] : [held.offenderId],
      idempotencyKey: request.idempotencyKey,
      detail: { requestId, decision: body.decision },
      run: (context) => decide(uses, context, { held, body, ifMatch: request.ifMatch }),
    })
  }

interface Deciding {
  readonly held: HeldRequest
  readonly body: DecisionBody
  readonly ifMatch: string | null
}

const decide = async (uses: DisclosureUses, context: ChangeContext, { held, body, ifMatch }: Deciding): Promise<ChangeOutcome<object>> => {
  const known = await getRequest(context, held)
  if ('allowed' in known) return known
  const refused = refusesDeciding(context, known)
  if (refused !== null) return refused
  requireVersion(ifMatch, known.version)
  const kind = ({ 'grant-whole': 'granted-whole', 'grant-part': 'granted-part', refuse: 'refused' } as const)[body.decision]
  requireMove(known, kind)
  const { tx, at, caller, subjects } = context
  const requestId = known.file.id
  const scope =
    body.decision === 'refuse' ? null : await scopeOf(context, { known, body, subject: subjects.get(known.file.offenderId) ?? null })
  if (scope !== null && 'allowed' in scope) return scope
  const acted = authorityOf(known)
  const permissionId = scope === null ? null : await grant(uses, context, { known, body, scope })
  await insertRequestEvent(tx, { requestId, kind, ...acted, by: personOf(caller), at })
  await closeAsked(tx, { requestId, outcome: kind, at })
  await tellDecided(uses, context, { known, permissionId })
  const state = scope === null ? 'refused' : 'active'
  const said = { requestId, state, permissionId, expiresAt: scope?.expiresAt.toISOString() ?? null, ...actedIn(known) }
  return { allowed: true, status: 201, body: said, detail: { ...actedIn(known), ...loggedScope(permissionId, scope) } }
}

/** A refusal is told to whoever asked; who would have got it hears of nothing that they did not ask for. */
const tellDecided = async (
  uses: DisclosureUses,
  { tx, at }: ChangeContext,
  { known: { file }, permissionId }: { readonly known: KnownRequest; readonly permissionId: string | null },
): Promise<void> => {
  const { requester, recipient } = file
  const toAgencyIds = permissionId === null ? [requester.agencyId] : [requester.agencyId, recipient.agencyId]
  const refs: Readonly<Record<string, string>> = permissionId === null ? { decision: 'refused' } : { decision: 'granted', permissionId }
  await tellOfDisclosure(uses, tx, { kind: 'disclosure-decided', file, refs, toAgencyIds, at })
}

const actedIn = (known: KnownRequest) => {
  const { actedAs = null, actingFor = null, delegationId = null } = authorityOf(known)
  return { actedAs, actingFor, delegationId }
}

/** The words themselves stay sealed; their hash stands in the log. */
const loggedScope = (permissionId: string | null, scope: Scope | null) =>
  scope === null
    ? {}
    : {
        ...{ permissionId, extent: scope.extent, fields: scope.fields, formOfWordsHash: scope.words?.hash ?? null, copies: scope.copies },
        ...{ handling: scope.handling, article8Grounds: scope.article8Grounds, expiresAt: scope.expiresAt.toISOString() },
        paragraphs: scope.paragraphs.map(({ paragraphId, version }) => ({ paragraphId, version })),
        records: scope.records,
      }

const grant = async (
  uses: DisclosureUses,
  { tx, at, caller }: ChangeContext,
  { known, body, scope }: { readonly known: KnownRequest; readonly body: DecisionBody; readonly scope: Scope },
): Promise<string> => {
  const id = uses.newId()
  const findings = JSON.stringify({ necessity: body.necessity, proportionality: body.proportionality })
  await insertPermission(tx, {
    ...{ ...scope, id, requestId: known.file.id, fromAt: at },
    discloserAgencyId: (known.authority.may ? known.authority.actingFor?.agencyId : null) ?? caller.agencyId,
    sealed: uses.seal(findings, { table: 'permission', id, column: 'sealed' }),
  })
  return id
}
