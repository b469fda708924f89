import type { Answer, OperationRequest } from '../../../core/answer.ts'
import { destinationOf } from '../../../core/casework/lead/destination.ts'
import { type CustodyAllowed, decideCustody } from '../../../core/casework/strand/custody.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Relationship } from '../../../core/facts.ts'
import { Fault } from '../../../core/fault.ts'
import type { CustodyStatus } from '../../../core/case-vocabulary.ts'
import type { CaseRead } from '../../../db/casework/case-facts.ts'
import {
  type CustodyRow,
  enterCustody,
  holdConsentQuestion,
  insertCustodyWithoutEffect,
  isEstablishment,
  isKnownTo,
  leaveCustody,
  releaseConsentQuestion,
} from '../../../db/casework/custody.ts'
import { answerStrandChange } from '../../../db/casework/strand.ts'
import { closeTask, openTask } from '../../../db/casework/tasks.ts'
import { appendEvent } from '../../../db/events.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { holdsRole } from '../../roles.ts'
import { type CaseContext, type CaseUses, changeCase, etagOf, informed, refusedBy, working } from './case-change.ts'
import { openPoliceTask } from './consent-questions.ts'

interface CustodyBody {
  readonly status: CustodyStatus
  readonly establishmentId: string | null
  readonly happenedAt: string
  readonly justification: string | null
}

const mayRecord: readonly Relationship[] = [...working, 'intel-officer']

/**
 * Operation `recordCustody`: by the establishment, or on notice by police, probation or youth offending. Entry puts strand and lead
 * at once; release opens a decision on both, and tells the police of the owning area (R30; Offender Management Update, paper 3).
 */
export const recordCustody =
  (uses: CaseUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const given = request.body as Pick<CustodyBody, 'status' | 'happenedAt'> & Partial<CustodyBody>
    const body: CustodyBody = { ...given, establishmentId: given.establishmentId ?? null, justification: given.justification ?? null }
    const { status, establishmentId, happenedAt, justification } = body
    return changeCase(uses, {
      caller,
      request,
      operation: 'recordCustody',
      event: 'strand-changed',
      by: mayRecord,
      otherRoute: knownAtReception,
      detail: { status, establishmentId, happenedAt, justification },
      async run(context) {
        const { known, at } = context
        const verdict = await weigh(context, body)
        if (!verdict.allowed) return refusedBy(verdict)
        if (new Date(happenedAt) > at) {
          throw new Fault('invalid', 'Custody is recorded when it has begun or ended.', {
            details: [{ path: '/happenedAt', message: 'is still to come' }],
          })
        }
        const custodyEventId = await carryOut(uses, context, { body, verdict })
        const version = known.version + (verdict.effect === 'none' ? 0 : 1)
        return {
          allowed: true,
          status: 201,
          event: logged[verdict.effect],
          headers: { etag: etagOf(version) },
          body: { custodyEventId, offenderId: known.offenderId, effect: verdict.effect, recordedAt: at.toISOString() },
          detail: { custodyEventId, custodyEffect: verdict.effect, fromStrand: known.strand, fromLead: known.leadAgencyId, version },
        }
      },
    })
  }

const weigh = async ({ known, standing, tx, rules }: CaseContext, { status, establishmentId }: CustodyBody) => {
  const caller = { id: standing.agency.id, kind: standing.agency.kind }
  const isPrison = establishmentId !== null && (await isEstablishment(tx, establishmentId))
  return decideCustody({ state: known, caller, status, establishmentId: isPrison ? establishmentId : null, rules })
}

/** What the log calls each: only what moves the case is a change of strand. */
const logged = { entry: 'strand-changed', transfer: 'strand-changed', release: 'alteration', none: 'collection' } as const

/** Who is brought to a prison has no tie to it yet: its reception knows the person by the number that the prison gave. */
const knownAtReception = async ({ tx, standing, at }: ChangeContext, known: CaseRead): Promise<boolean> =>
  standing.agency.kind === 'prison' &&
  holdsRole(standing, ['prison-reception'], at) &&
  (await isKnownTo(tx, known.offenderId, standing.agency.id))

interface Done {
  readonly body: CustodyBody
  readonly verdict: CustodyAllowed
}

const carryOut = async (uses: CaseUses, context: CaseContext, { body, verdict }: Done): Promise<string> => {
  const { known, tx, caller, at } = context
  const row: CustodyRow = {
    ...{
      id: uses.newId(),
      offenderId: known.offenderId,
      status: body.status,
      effect: verdict.effect,
      establishmentId: body.establishmentId,
    },
    ...{ happenedAt: new Date(body.happenedAt), fromStrand: known.strand, fromLead: known.leadAgencyId },
    ...{ byAgency: caller.agencyId, byPerson: caller.personSub!, at },
  }
  if (verdict.effect === 'none') await insertCustodyWithoutEffect(tx, row)
  else if (verdict.effect === 'release') await release(uses, context, row)
  else await admit(uses, context, { ...row, establishmentId: body.establishmentId! })
  return row.id
}

const admit = async (uses: CaseUses, context: CaseContext, row: CustodyRow & { readonly establishmentId: string }): Promise<void> => {
  const { known, tx, at } = context
  const { offenderId } = known
  const changeId = uses.newId()
  const sealed = uses.seal('', { table: 'strand_change', id: changeId, column: 'sealed' })
  await enterCustody(tx, { ...row, changeId, sealed })
  const pending = known.pendingChangeId
  if (pending !== null) {
    await answerStrandChange(tx, { id: pending, decision: 'overtaken', byAgency: row.byAgency, byPerson: row.byPerson, at })
    await closeTask(tx, { kind: 'strand-acceptance', subjectKey: pending, outcome: 'custody', at })
  }
  await closeTask(tx, { kind: 'strand-after-release', subjectKey: offenderId, outcome: 'custody', at })
  if (await holdConsentQuestion(tx, offenderId)) {
    await closeTask(tx, { kind: 'police-strand-decision', subjectKey: offenderId, outcome: 'waits-for-release', at })
  }
  const toAgencyIds = informed(known, at, [row.establishmentId])
  await appendEvent(tx, {
    id: uses.newId(),
    kind: 'custody-entered',
    toAgencyIds,
    offenderId,
    refs: { custodyEventId: row.id, changeId },
    at,
  })
}

const release = async (uses: CaseUses, context: CaseContext, row: CustodyRow): Promise<void> => {
  const { known, tx, at } = context
  const { offenderId } = known
  await leaveCustody(tx, row)
  await openTask(tx, {
    ...{ id: uses.newId(), kind: 'strand-after-release', offenderId, ownerAgencyId: deciderAfter(context), ownerRole: null },
    ...{ ownerPersonSub: null, dueAt: null, subjectKey: offenderId, detail: { custodyEventId: row.id }, openedAt: at },
  })
  const refs = { custodyEventId: row.id, status: row.status }
  await appendEvent(tx, { id: uses.newId(), kind: 'released', toAgencyIds: informed(known, at), offenderId, refs, at })
  if ((await releaseConsentQuestion(tx, offenderId)) !== null) {
    const police = known.agencies.find(({ kind }) => kind === 'police')?.id ?? known.leadAgencyId ?? uses.partnershipId
    await openPoliceTask(uses, tx, { offenderId, ownerAgencyId: police, at })
  }
}

/** The lead that the table names outside; where it needs a provider that nobody has named yet, the police, who lead the other cells. */
const deciderAfter = ({ known, rules, at }: CaseContext): string => {
  const outside = { ...known, custodyAgencyId: null }
  const shared = { state: outside, provider: null, namedLeadId: null, agencies: known.agencies, table: rules.leadAgency, at }
  const first = destinationOf({ ...shared, toStrand: 'rehabilitate-and-resettle' })
  const next = first.allowed ? first : destinationOf({ ...shared, toStrand: 'catch-and-control' })
  return next.allowed ? next.leadAgencyId : (known.leadAgencyId ?? known.agencies[0]!.id)
}
