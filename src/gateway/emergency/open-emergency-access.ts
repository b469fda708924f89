import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { EmergencyRules } from '../../core/casework/emergency-rules.ts'
import { londonDay } from '../../core/london.ts'
import { endOfWorkingDays, englandAndWales } from '../../core/working-days.ts'
import type { LegalGateway, SensitiveCondition } from '../../core/vocabulary.ts'
import type { Db } from '../../db/db.ts'
import { insertEmergencyAccess, isEmergencyRightSuspended } from '../../db/emergency/emergency-accesses.ts'
import type { SourceReply } from '../../sources/source.ts'
import type { Draft, Reading } from '../commit/logged-work.ts'
import { askUnder, draftRefusal, draftView, type EmergencyAsk, noRules, rulesIn, suspended } from './emergency-view.ts'
import { type EmergencyUses, firstLook } from './first-look.ts'
import { justificationOf, type Threat } from './sealed-threat.ts'
import { tellOfEmergency } from './tell-of-emergency.ts'

interface Body extends Threat {
  readonly offenderId: string
  readonly legalGateway: LegalGateway
  readonly condition?: SensitiveCondition | null
}

/**
 * Operation `openEmergencyAccess` (R38, R39): a risk to life or of serious harm, one person, the least there is. It is decided, logged
 * and released as an enquiry is, with the notices in the same commit; it goes on while the log is not being sealed, and never when the
 * log cannot be written.
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
    const opening = { caller, body, asked, replies, emergencyId }
    return uses.enquiry.releaseCommit({
      ...{ caller, operation: 'openEmergencyAccess', offenderId: asked.offenderId, emergency: true, categories },
      // Whoever was not looked up has no right to it.
      decide: (reading) => draftOpening(uses, reading, opening, true),
      prepare: async (tx, { at }) => {
        const late = await isLate(tx, at)
        return (reading) => draftOpening(uses, reading, opening, late)
      },
    })
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

interface Opened {
  readonly rules: EmergencyRules
  readonly reading: Reading
  readonly opening: Opening
  readonly draft: Draft
}

const opened = (uses: EmergencyUses, { rules, reading, opening, draft }: Opened): Draft => {
  const { caller, body, asked, emergencyId } = opening
  const { at } = reading
  const today = londonDay(at)
  const times = {
    openedAt: at,
    expiresAt: new Date(at.getTime() + rules.hours * 3_600_000),
    triageDueAt: endOfWorkingDays(today, rules.triageWorkingDays, englandAndWales),
    decisionDueAt: endOfWorkingDays(today, rules.decisionWorkingDays, englandAndWales),
  }
  const told = Object.fromEntries(Object.entries(times).map(([name, instant]) => [name, instant.toISOString()]))
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
    },
    answer: (committed) => {
      const answer = draft.answer(committed)
      return { ...answer, status: 201, body: { ...(answer.body as object), emergency: { emergencyId, ...told } } }
    },
  }
}
