import type { Answer, IdempotencyKey, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { EmergencyRules } from '../../core/casework/emergency-rules.ts'
import { Fault } from '../../core/fault.ts'
import { londonDay } from '../../core/london.ts'
import { endOfWorkingDays, englandAndWales } from '../../core/working-days.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { LegalGateway, SensitiveCondition } from '../../core/vocabulary.ts'
import type { Db } from '../../db/db.ts'
import { type EmergencyAccess, insertEmergencyAccess, isEmergencyRightSuspended } from '../../db/emergency/emergency-accesses.ts'
import type { SourceReply } from '../../sources/source.ts'
import type { Draft, Reading } from '../commit/logged-work.ts'
import { askUnder, draftRefusal, draftView, type EmergencyAsk, noRules, rulesIn, suspended } from './emergency-view.ts'
import { type EmergencyUses, firstLook } from './first-look.ts'
import { findOpened, keepOpened, onceMore } from './opened-once.ts'
import { justificationOf, type Threat } from './sealed-threat.ts'
import { tellOfEmergency } from './tell-of-emergency.ts'
import { endOf } from './view-emergency-access.ts'

interface Body extends Threat {
  readonly offenderId: string
  readonly legalGateway: LegalGateway
  readonly condition?: SensitiveCondition | null
}

/**
 * Operation `openEmergencyAccess` (R38, R39): a risk to life or of serious harm, one person, the least there is. It is decided, logged
 * and released as an enquiry is, with the notices in the same commit; it goes on while the log is not being sealed, and never when the
 * log cannot be written. A repeated request looks again at what the first one opened.
 */
export const openEmergencyAccess =
  (uses: EmergencyUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as Body
    const asked = askOf(body)
    const isLate = (db: Db, at: Date): Promise<boolean> => isEmergencyRightSuspended(db, personOf(caller), at)
    const looked = await firstLook(uses, caller, asked, async (at) => ((await isLate(uses.database, at)) ? suspended : null))
    const { replies, categories } = looked
    const emergencyId = uses.newId()
    const opening = { caller, body, asked, replies, emergencyId, given: request.idempotencyKey }
    return onceMore(() =>
      uses.enquiry.releaseCommit({
        ...{ caller, operation: 'openEmergencyAccess', offenderId: asked.offenderId, emergency: true, categories },
        // Whoever was not looked up has no right to it.
        decide: (reading) => draftOpening(uses, reading, opening, true),
        prepare: async (tx, read) => {
          const { at } = await read
          const first = await findOpened(tx, caller, request.idempotencyKey)
          if (first === 'another-request') return (reading) => draftConflict(reading, opening)
          if (first !== null) return draftRepeated(uses, { opening, first, ended: await endOf(tx, first, at) })
          const late = await isLate(tx, at)
          return (reading) => draftOpening(uses, reading, opening, late)
        },
      }),
    )
  }

const personOf = ({ agencyId, personSub }: Caller) => ({ agencyId, personSub: personSub ?? '' })

const askOf = ({ offenderId, legalGateway, condition = null, ...threat }: Body): EmergencyAsk => ({
  ...{ offenderId: offenderId.toLowerCase(), legalGateway, condition, endsAt: null },
  ...(threat.bestInterestsNote === undefined ? {} : { bestInterestsNote: threat.bestInterestsNote }),
  justification: justificationOf(threat),
})

interface Opening {
  readonly caller: Caller
  readonly body: Body
  readonly asked: EmergencyAsk
  readonly replies: ReadonlyMap<string, SourceReply>
  readonly emergencyId: string
  readonly given: IdempotencyKey | null
}

const draftOpening = (uses: EmergencyUses, reading: Reading, opening: Opening, late: boolean): Draft => {
  const { asked, replies, emergencyId } = opening
  const { offenderId, justification, legalGateway, condition } = asked
  const rules = rulesIn(reading)
  const reason = late ? suspended : rules === null ? noRules : null
  if (reason !== null || rules === null)
    return draftRefusal(reading, {
      caller: opening.caller,
      reason: reason ?? noRules,
      offenderId,
      content: { justification, legalGateway, emergency: {} },
    })
  const draft = draftView(uses.enquiry, reading, {
    ask: askUnder(rules, asked, reading.at),
    replies,
    emergency: { condition, emergencyId },
  })
  return draft.entry.effect === 'permit' ? opened(uses, { rules, reading, opening, draft }) : draft
}

/** The instants of an access, as they are told. */
const timesTold = ({ openedAt, expiresAt, triageDueAt, decisionDueAt }: Times): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ openedAt, expiresAt, triageDueAt, decisionDueAt }).map(([name, instant]) => [name, instant.toISOString()]),
  )

type Times = Pick<EmergencyAccess, 'openedAt' | 'expiresAt' | 'triageDueAt' | 'decisionDueAt'>

interface Repeated {
  readonly opening: Opening
  readonly first: EmergencyAccess
  readonly ended: Reason | null
}

const draftConflict = (reading: Reading, { caller, asked }: Opening): Draft => {
  const fault = new Fault('conflict', 'This Idempotency-Key was used for another request. Use a new key for a new change.')
  return draftRefusal(reading, { caller, reason: null, fault, offenderId: asked.offenderId, content: { emergency: {} } })
}

/** The same request again opens nothing and keeps no data: what the first one opened is decided again, as things stand now. */
const draftRepeated =
  (uses: EmergencyUses, { opening, first, ended }: Repeated) =>
  (reading: Reading): Draft => {
    const { caller, asked, replies } = opening
    const emergency = { condition: asked.condition, emergencyId: first.id, repeats: first.entryId }
    const rules = rulesIn(reading)
    if (ended !== null || rules === null)
      return draftRefusal(reading, { caller, reason: ended ?? noRules, offenderId: first.offenderId, content: { emergency } })
    const draft = draftView(uses.enquiry, reading, {
      ask: askUnder(rules, { ...asked, endsAt: first.expiresAt }, reading.at),
      ...{ replies, emergency },
    })
    if (draft.entry.effect !== 'permit') return draft
    return {
      ...draft,
      answer: (committed) => {
        const answer = draft.answer(committed)
        const body = { ...(answer.body as object), emergency: { emergencyId: first.id, ...timesTold(first) } }
        return { ...answer, status: 201, body, headers: { ...answer.headers, 'idempotency-replayed': 'true' } }
      },
    }
  }

interface Opened {
  readonly rules: EmergencyRules
  readonly reading: Reading
  readonly opening: Opening
  readonly draft: Draft
}

const opened = (uses: EmergencyUses, { rules, reading, opening, draft }: Opened): Draft => {
  const { caller, body, asked, emergencyId, given } = opening
  const { at } = reading
  const today = londonDay(at)
  const times = {
    openedAt: at,
    expiresAt: new Date(at.getTime() + rules.hours * 3_600_000),
    triageDueAt: endOfWorkingDays(today, rules.triageWorkingDays, englandAndWales),
    decisionDueAt: endOfWorkingDays(today, rules.decisionWorkingDays, englandAndWales),
  }
  const told = timesTold(times)
  const suppliers = [...new Set(draft.disclosures.map(({ supplierAgencyId }) => supplierAgencyId))]
  const row = { id: emergencyId, offenderId: asked.offenderId, ...personOf(caller), legalGateway: asked.legalGateway, ...times }
  return {
    ...draft,
    entry: {
      ...draft.entry,
      event: 'emergency-opened',
      content: { ...draft.entry.content, emergency: { condition: asked.condition, emergencyId, ...told } },
    },
    alongside: async (tx, entryId) => {
      const { threat, atRisk, whyNotOrdinary, bestInterestsNote } = body
      const text = JSON.stringify({ threat, atRisk, whyNotOrdinary, bestInterestsNote })
      const sealed = uses.seal(text, { table: 'emergency_access', id: emergencyId, column: 'sealed' })
      await insertEmergencyAccess(tx, { ...row, entryId, condition: asked.condition, sealed })
      await tellOfEmergency(uses, tx, { ...row, areaId: reading.subject!.areaId, suppliers })
      await keepOpened(tx, caller, { given, entryId, emergencyId })
    },
    answer: (committed) => {
      const answer = draft.answer(committed)
      return { ...answer, status: 201, body: { ...(answer.body as object), emergency: { emergencyId, ...told } } }
    },
  }
}
