import { expect, test } from 'vitest'
import { compilePolicies } from '../../src/core/decision/policy.ts'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { openGateway } from '../support/gateway.ts'
import { shipped } from '../support/facts.ts'

const categories = [
  'ogrs',
  'conf-minutes',
  'arrest-disposal',
  'police-intel',
  'oasys',
  'drug-treatment',
  'engagement',
  'prison-intel',
  'address',
]

const entriesOf = async (house: Awaited<ReturnType<typeof openGateway>>): Promise<Record<string, unknown>[]> => {
  const { rows } = await house.database.owner.query<{ canonical: Buffer }>({
    text: 'select canonical from access_log_payload order by entry_id',
  })
  return rows.map((row) => JSON.parse(row.canonical.toString('utf8')) as Record<string, unknown>)
}

test('every decision in the log comes out the same when it is made again from the entry alone, and an altered fact shows', async () => {
  const house = await openGateway()
  try {
    for (const persona of ['analyst', 'case-manager', 'keyworker', 'constable-wharfe', 'nurse', 'housing-officer']) {
      for (const person of ['jordan', 'casey', 'alex', 'drew', 'morgan', 'robin', 'pat'] as const) {
        for (const path of ['/v1/enquiries', '/v1/enquiries/preview']) {
          await house.as(persona).post(path, {
            offenderId: storyId(person),
            categories: categories.map((id) => ({ id })),
            purpose: 'risk-management',
            legalGateway: 'dpa35-task',
            justification: 'Preparing the Calder conference',
          })
        }
      }
    }
    const entries = await entriesOf(house)
    const policies = compilePolicies(shipped.bundle)
    const replayed = entries.map((entry) => replayEntry(entry, policies))
    expect(replayed.flatMap((one) => one.differences)).toEqual([])
    expect(replayed.reduce((sum, one) => sum + one.decisions, 0)).toBeGreaterThan(500)
    const bent = entries.map(
      (entry) => replayEntry({ ...entry, facts: { ...(entry.facts as object), callerClient: 'inactive' } }, policies).differences.length,
    )
    expect(bent.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(500)
  } finally {
    await house.close()
  }
})
