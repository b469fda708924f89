import { decideMiCaseShare, type MiCaseVerdict, nextAttemptAt } from '../../../core/casework/mi-case-share.ts'
import { findDueMessage, type MiCaseMessage, noteAttempt, noteDelivery, takeDueMessage } from '../../../db/casework/mi-case.ts'
import { readClock } from '../../../db/clock.ts'
import { findAgencyFile } from '../../../db/facts.ts'
import { findAgreementVersionsOf } from '../../../db/registry/agreements.ts'
import type { MoveTaken } from '../../../sources/moves/move-register.ts'
import { unsealed } from '../../commit/unsealed.ts'
import { openDifference } from './open-difference.ts'
import { inLoggedTransaction, type MiCaseTx, type MiCaseUses } from './mi-case-uses.ts'

export interface Sent {
  readonly delivered: number
  /** Tried and not taken: they are tried again. */
  readonly undelivered: number
  /** Not sent, because it may not be shared now, or any more. */
  readonly withheld: number
}

/** Enough for one run; what is left is for the next. */
const MOST_AT_ONCE = 500
/** Then the system is down: each further attempt would only fill the log. */
const MOST_IN_A_ROW = 3

/**
 * Tells MI-Case of every move that it has not been told of, oldest first for each person. Each attempt is decided anew and is in the
 * log before it leaves; MI-Case takes an id once, so an attempt whose answer was lost, or whose sender was killed, may be made again.
 */
export const sendMoves = async (uses: MiCaseUses): Promise<Sent> => {
  const sent = { delivered: 0, undelivered: 0, withheld: 0 }
  let failedInARow = 0
  for (let count = 0; count < MOST_AT_ONCE && failedInARow < MOST_IN_A_ROW; count += 1) {
    const due = await findDueMessage(uses.database, uses.moves, uses.now?.() ?? (await readClock(uses.database)))
    if (due === null) break
    const outcome = await sendOne(uses, due)
    sent[outcome] += 1
    failedInARow = outcome === 'undelivered' ? failedInARow + 1 : 0
  }
  return sent
}

const sendOne = async (uses: MiCaseUses, due: MiCaseMessage): Promise<keyof Sent> => {
  const shared = await share(uses, due)
  if (shared === null) return 'withheld'
  const { message, entryId } = shared
  const taken = await uses.moves.record({
    ...{ messageId: message.id, identifier: message.identifier, strand: message.strand, leadAgencyId: message.leadAgencyId },
    ...{ trigger: message.trigger, evidenceIds: message.evidenceIds, effectiveAt: message.effectiveAt.toISOString() },
  })
  await settle(uses, { message, entryId, taken })
  return taken.outcome === 'taken' ? 'delivered' : 'undelivered'
}

interface Shared {
  readonly message: MiCaseMessage
  readonly entryId: string
}

/** Decides, writes the entry and takes the message in hand until its next attempt, all in one commit; null when it is not to be sent. */
const share = (uses: MiCaseUses, due: MiCaseMessage): Promise<Shared | null> => {
  const { offenderId, leadAgencyId } = due
  const recipientId = uses.moves.agencyId
  const about = { operation: 'sendMove', offenderIds: [offenderId], agencyIds: [leadAgencyId, recipientId] }
  return inLoggedTransaction(uses, about, async (given) => {
    const { tx, at, facts, rules } = given
    const message = await takeDueMessage(tx, uses.moves, { id: due.id, at })
    if (message === null) return null
    if (facts.sealingStalled) throw unsealed()
    const verdict = decideMiCaseShare({
      ...{ subject: facts.subjects.get(offenderId) ?? null, supplierId: leadAgencyId, rules, at: facts.at },
      ...{
        recipient: { id: recipientId, active: await isActive(given, recipientId) },
        versions: await findAgreementVersionsOf(tx, leadAgencyId),
      },
    })
    const entryId = given.log(
      ...entryOf({ message, verdict, recipientId, category: rules?.category ?? '', purpose: rules?.purpose ?? null }),
    )
    await noteAttempt(tx, {
      ...{ id: message.id, entryId: verdict.allowed ? entryId : null, withheldAt: !verdict.allowed && verdict.final ? at : null },
      nextAttemptAt: nextAttemptAt(at, message.attempts + 1, rules ?? withoutRules),
    })
    if (!verdict.allowed) return null
    return { message, entryId }
  })
}

const withoutRules = { firstRetrySeconds: 3_600, mostRetrySeconds: 21_600 }

const isActive = async ({ tx, facts }: MiCaseTx, agencyId: string): Promise<boolean> => {
  const file = await findAgencyFile(tx, agencyId)
  return file !== null && file.suspendedAt === null && file.activeFrom <= facts.at && (file.activeTo === null || facts.at < file.activeTo)
}

interface Deciding {
  readonly message: MiCaseMessage
  readonly verdict: MiCaseVerdict
  readonly recipientId: string
  readonly category: string
  readonly purpose: string | null
}

const fields = ['leadAgency', 'strand']

/** SHARE, with its line in the register when it leaves for the first time; a further attempt of the same message repeats that one. */
const entryOf = ({ message, verdict, recipientId, category, purpose }: Deciding): Parameters<MiCaseTx['log']> => {
  const { id: messageId, offenderId, attempts, leadAgencyId: supplier, trigger, evidenceIds, strand } = message
  const recipient = { agencyId: recipientId, system: 'mi-case' }
  const asked = { messageId, attempt: attempts + 1, recipient, supplier, category, fields, trigger, strand, evidenceIds }
  const common = { offenderId, purpose }
  if (!verdict.allowed) {
    const { code, stage, ruleId, cites } = verdict.reason
    return [{ ...common, event: 'access-denied', effect: 'deny', reason: code, content: { ...asked, stage, ruleId, cites } }]
  }
  const { version } = verdict.agreement
  const agreement = version === null ? null : { agreementId: version.agreementId, version: version.version }
  const content = { ...asked, outbound: 'share', agreement, ...(message.entryId === null ? {} : { repeats: message.entryId }) }
  const effect = message.entryId === null ? 'permit' : 'repeated'
  if (message.entryId !== null) return [{ ...common, event: 'disclosure', effect, reason: null, content }]
  const line = {
    ...{ position: 0, offenderId, category, fields, items: 1, supplierAgencyId: supplier, recipientAgencyId: recipientId },
    ...{ recipientPersonSub: 'mi-case', purpose: purpose ?? '', outbound: 'share' as const },
    ...{ agreementId: agreement?.agreementId ?? null, agreementVersion: agreement?.version ?? null },
  }
  return [{ ...common, event: 'disclosure', effect, reason: null, content }, [line]]
}

/** What became of the attempt has an entry of its own; a message that keeps failing is told to the lead, and tried again all the same. */
const settle = (uses: MiCaseUses, done: Shared & { readonly taken: MoveTaken }): Promise<void> => {
  const { message, entryId, taken } = done
  const { id: messageId, offenderId } = message
  return inLoggedTransaction(uses, { operation: 'sendMove', offenderIds: [offenderId], agencyIds: [] }, async (given) => {
    const { tx, at, rules, log } = given
    const common = { offenderId, purpose: null }
    if (taken.outcome === 'taken') {
      if (!(await noteDelivery(tx, messageId, at))) return
      log({ ...common, event: 'acknowledged', effect: 'permit', reason: null, content: { about: entryId, messageId } })
      return
    }
    const content = { about: entryId, messageId, because: taken.because }
    log({ ...common, event: 'not-delivered', effect: 'deny', reason: null, content })
    if (message.attempts + 1 < (rules?.tellLeadAfterAttempts ?? 1)) return
    const subject = given.facts.subjects.get(offenderId)
    if (subject === undefined) return
    await openDifference(uses, given, {
      ...{ offenderId, areaId: subject.areaId, leadAgencyId: subject.leadAgencyId },
      because: 'not-delivered',
      refs: { messageId },
    })
  })
}
