import type { TestGateway } from '../../../support/gateway.ts'
import { countEntries } from '../../../support/logged.ts'

/** What was opened once is looked at again by whoever sends it twice: that is an entry of another kind. */
const counted: Readonly<Record<string, string>> = { openEmergencyAccess: `and p.event = 'emergency-opened'` }
/** How often the operation was permitted and did something. */
export const doneIn = (house: Pick<TestGateway, 'database'>, operationId: string): Promise<number> => {
  const whose = `p.effect = 'permit' and convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' = '${operationId}'`
  return countEntries(house.database, `${whose} ${counted[operationId] ?? ''}`)
}
