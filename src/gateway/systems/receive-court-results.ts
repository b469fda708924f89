import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import type { SystemRules } from '../../core/casework/system-rules.ts'
import type { CategoryDefinition } from '../../core/decision/category.ts'
import { Fault } from '../../core/fault.ts'
import { isDay, londonDay } from '../../core/london.ts'
import type { HostedRecord, Item } from '../../core/snapshot.ts'
import { findCase } from '../../db/casework/case-facts.ts'
import type { Db } from '../../db/db.ts'
import { appendEvent } from '../../db/events.ts'
import { readFacts } from '../../db/facts.ts'
import { putHostedRecord } from '../../db/people/hosted-records.ts'
import { normalised } from '../../db/people/people-search.ts'
import { findNumberedPerson, type PersonalNumber } from '../../db/systems/numbered-people.ts'
import { informed } from '../casework/strand/case-change.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../commit/change.ts'

export interface CourtUses {
  readonly commitChange: CommitChange
  readonly database: Db
  readonly newId: () => string
  readonly seal: (items: readonly Partial<Item>[], recordId: string) => Uint8Array
  /** The items of a record; null when it does not open. */
  readonly openItems: (record: HostedRecord, definition: CategoryDefinition) => readonly Partial<Item>[] | null
}

interface CourtResult {
  readonly court: string
  readonly hearingOn: string
  readonly offence: string
  readonly plea?: string
  readonly result: string
  readonly nextHearingOn?: string
}

/** Of one person and one court agency: newer results push out the oldest. */
const MOST_KEPT = 200

/**
 * Operation `receiveCourtResults`: "timely court results" (Scrutiny Board 2009, 1.17). A court knows people by national numbers, and
 * whether one of them is in the cohort is not for it to know: the answer is the same, and results about anybody else are not kept.
 */
export const receiveCourtResults =
  (uses: CourtUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as { numbers: readonly PersonalNumber[]; results: readonly CourtResult[] }
    const numbers = body.numbers.map(({ kind, value }) => ({ kind, value: normalised(value) }))
    // Looked up only for the lock, and decided again behind it; where there is nobody, nobody's is taken.
    const first = await findNumberedPerson(uses.database, numbers)
    return uses.commitChange(caller, {
      operation: 'receiveCourtResults',
      event: 'collection',
      ...(first === null ? {} : { offenderId: first }),
      systemMay: true,
      locks: [{ class: 'subject', id: first ?? uses.newId() }],
      idempotencyKey: request.idempotencyKey,
      detail: { results: body.results.length },
      async run(context) {
        const { standing, policies, at, tx } = context
        const rules = policies.bundle.change?.systems?.courtResults
        if (rules?.from.includes(standing.agency.kind) !== true) return notCourt
        checkResults(body.results, at)
        const known = await findNumberedPerson(
          tx,
          numbers.filter(({ kind }) => rules.numbers.includes(kind)),
        )
        // Somebody who came into the cohort this moment is told of by the next result.
        const matched = known !== null && known === first
        if (matched) await keep(uses, context, { offenderId: known, rules, results: body.results })
        return received(at, matched)
      },
    })
  }

const received = (at: Date, matched: boolean): ChangeOutcome<object> => ({
  ...{ allowed: true, status: 202, body: { receivedAt: at.toISOString() } },
  detail: { matched },
})

const notCourt = {
  allowed: false,
  status: 403,
  reason: { code: 'originator', stage: 'R31', ruleId: 'court-results-from-courts', cites: 'Scrutiny Board 2009, 1.17-1.19; R31' },
} as const

const checkResults = (results: readonly CourtResult[], at: Date): void => {
  const details = results.flatMap(({ hearingOn, nextHearingOn }, index) => [
    ...(isDay(hearingOn) && hearingOn <= londonDay(at) ? [] : [{ path: `/results/${index}/hearingOn`, message: 'is no day up to today' }]),
    ...(nextHearingOn === undefined || isDay(nextHearingOn) ? [] : [{ path: `/results/${index}/nextHearingOn`, message: 'is not a day' }]),
  ])
  if (details.length > 0) throw new Fault('invalid', 'These are not results of hearings.', { details })
}

interface Kept {
  readonly offenderId: string
  readonly rules: SystemRules['courtResults']
  readonly results: readonly CourtResult[]
}

const keep = async (uses: CourtUses, { tx, at, caller, policies }: ChangeContext, { offenderId, rules, results }: Kept): Promise<void> => {
  const { subjects } = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories: [rules.category] })
  const record = subjects.get(offenderId)!.hosted.find(({ agencyId }) => agencyId === caller.agencyId)
  const before = record === undefined ? [] : uses.openItems(record, policies.category(rules.category)!)
  if (before === null) throw new Error(`the court results ${record!.id} do not open`)
  const known = new Set(before.map(({ fields }) => fieldsKey(fields ?? {})))
  const fresh = results.filter((result) => !known.has(fieldsKey({ ...result })))
  if (fresh.length === 0) return
  const id = uses.newId()
  const items = [...before, ...fresh.map(itemOf)].slice(-MOST_KEPT)
  await putHostedRecord(tx, { id, offenderId, category: rules.category, agencyId: caller.agencyId, sealed: uses.seal(items, id) })
  const subject = (await findCase(tx, { offenderId }))!
  const refs = { recordId: id }
  await appendEvent(tx, { id: uses.newId(), kind: 'court-result', toAgencyIds: informed(subject, at), offenderId, refs, at })
}

const itemOf = (result: CourtResult): Partial<Item> => ({
  ...{ fields: { ...result }, recordedOn: result.hearingOn, nature: 'fact', subjectType: 'convicted' },
  // A court that has a result restricted does not send it.
  ...{ restricted: false, collectedOnConsent: false },
})

/** The same result told twice is one result. */
const fieldsKey = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1)))
