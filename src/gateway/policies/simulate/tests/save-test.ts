import type { Answer, OperationRequest } from '../../../../core/answer.ts'
import type { Caller } from '../../../../core/caller.ts'
import { nearest } from '../../../../core/decision/bundle.ts'
import { Fault } from '../../../../core/fault.ts'
import { factNames, factVocabulary, type FactName } from '../../../../core/facts.ts'
import { countPolicyTests, type Expectation, insertPolicyTest } from '../../../../db/registry/policy-tests.ts'
import type { ChangeContext, ChangeOutcome, CommitChange } from '../../../commit/change.ts'
import { type ReadingReasons, refusedReading } from '../../../log/search/reading-reasons.ts'
import { newId } from '../../../new-id.ts'
import { refusedToOthers } from '../proposal.ts'
import { readForTrial } from '../read-for-trial.ts'
import { lineOf } from './check-tests.ts'

/** As many as one can still read through before rules are published. */
const MOST_TESTS = 200

interface TestBody extends ReadingReasons {
  readonly name: string
  readonly category: string
  readonly supplierAgencyId?: string | null
  readonly readEntryId?: string | null
  readonly facts?: Readonly<Record<string, string>> | null
  readonly expects: {
    readonly outcome: Expectation['outcome']
    readonly ruleId?: string | null
    readonly fields?: readonly string[] | null
  }
}

/**
 * Operation `savePolicyTest`: a case that rules have to decide as is expected here. Of an entry nothing is kept but its id; whoever saves
 * one reads the log for it, and says why.
 */
export const savePolicyTest =
  ({ commitChange }: { readonly commitChange: CommitChange }) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const body = request.body as TestBody
    const readEntryId = body.readEntryId?.toLowerCase() ?? null
    const { outcome, ruleId = null, fields = null } = body.expects
    const test = {
      ...{ id: newId(), name: body.name.trim(), category: body.category, readEntryId },
      ...{ supplierAgencyId: body.supplierAgencyId ?? null, facts: body.facts ?? null, expects: { outcome, ruleId, fields } },
    }
    const why = { logPurpose: body.purpose ?? null, justification: body.justification ?? null }
    return commitChange(caller, {
      operation: 'savePolicyTest',
      event: 'alteration',
      ...{ locks: [], lockMode: 'shared', idempotencyKey: request.idempotencyKey },
      detail: { testId: test.id, category: test.category, read: readEntryId, facts: test.facts, expects: test.expects, ...why },
      run: async (context) => {
        const refused = refusedToOthers(context) ?? (readEntryId === null ? null : refusedReading(body))
        if (refused !== null) return refused
        const unknown = readEntryId === null ? await faultsOfCase(test) : await refusedLine(context, { ...test, readEntryId })
        if (unknown !== null) return unknown
        if ((await countPolicyTests(context.tx)) >= MOST_TESTS)
          throw new Fault('conflict', `${MOST_TESTS} tests are in use. Retire one that nobody needs any more.`)
        await insertPolicyTest(context.tx, test, { agencyId: caller.agencyId, personSub: caller.personSub! }, context.at)
        return { allowed: true, status: 201, body: { testId: test.id, savedAt: context.at.toISOString() } }
      },
    })
  }

const invalid = (details: Fault['details']): Fault => new Fault('invalid', 'This test cannot be saved.', { details })

interface Checked {
  readonly category: string
  readonly supplierAgencyId: string | null
  readonly facts: Readonly<Record<string, string>> | null
  readonly expects: Expectation
}

/** What it expects has to be something that can come out. */
const faultsOfExpectation = ({ expects: { outcome, ruleId, fields } }: Checked): Fault['details'] => [
  ...(ruleId !== null && outcome !== 'refused' ? [{ path: '/expects/ruleId', message: 'names the rule of a refusal' }] : []),
  ...(fields !== null && outcome !== 'released' ? [{ path: '/expects/fields', message: 'are what is released' }] : []),
]

const faultsOfCase = (test: Checked): Promise<null> => {
  const faults = [...faultsOfExpectation(test)]
  if (test.facts === null) faults.push({ path: '/readEntryId', message: 'Give the entry, or the facts of a made-up case.' })
  if (test.supplierAgencyId !== null) faults.push({ path: '/supplierAgencyId', message: 'is of an entry; a made-up case has supplierKind' })
  for (const [name, value] of Object.entries(test.facts ?? {})) {
    const path = `/facts/${name}`
    const values: readonly string[] = name === 'category' ? [] : (factVocabulary[name as FactName] ?? [])
    if (values.length === 0) faults.push({ path, message: `there is no fact ${name}${nearest(name, factNames)}` })
    else if (!values.includes(value)) faults.push({ path, message: `there is no value ${value} of ${name}${nearest(value, values)}` })
  }
  if (faults.length > 0) throw invalid(faults)
  return Promise.resolve(null)
}

/** The entry is one that its reader may try, and was asked for this. */
const refusedLine = async (
  context: ChangeContext,
  test: Checked & { readonly readEntryId: string },
): Promise<Extract<ChangeOutcome<never>, { allowed: false }> | null> => {
  const found = await readForTrial(context, test.readEntryId)
  if ('refused' in found) return found.refused
  const faults = [...faultsOfExpectation(test)]
  if (test.facts !== null) faults.push({ path: '/facts', message: 'are those of a made-up case; an entry holds its own' })
  if (lineOf(found.content, test) === null)
    faults.push({ path: '/category', message: 'This entry holds no decision on it, from this supplier.' })
  if (faults.length > 0) throw invalid(faults)
  return null
}
