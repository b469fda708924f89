import type { Json, Reply } from '../support/ask.ts'
import type { TestGateway } from '../support/gateway.ts'
import { idOf } from '../journeys/support/requests.ts'

export const emergencyOf = (person: string, more: Json = {}): Json => ({
  offenderId: idOf(person),
  legalGateway: 'vital-interests',
  condition: 'sch8-3',
  threat: 'Said on the telephone that he would kill her tonight.',
  atRisk: 'A former partner and two children.',
  whyNotOrdinary: 'Nobody who may be asked can be reached before morning.',
  ...more,
})

export const open = (house: TestGateway, as: string, person: string, more: Json = {}): Promise<Reply> =>
  house.as(as).post('/v1/emergency-accesses', emergencyOf(person, more))

export const emergencyIn = (reply: Reply): Json => (reply.body.emergency as Json | undefined) ?? {}

/** Tasks of a person that are about this access, by kind. */
export const tasksFor = async (house: TestGateway, as: string, emergencyId: unknown): Promise<readonly Json[]> => {
  const found: Json[] = []
  let cursor: string | null = null
  do {
    const page = await house.as(as).get(`/v1/tasks?limit=100${cursor === null ? '' : `&cursor=${cursor}`}`)
    found.push(...(page.body.tasks as Json[]))
    cursor = page.body.nextCursor as string | null
  } while (cursor !== null)
  return found.filter(({ detail }) => (detail as Json | undefined)?.emergencyId === emergencyId)
}

/** Events an agency was told, about this access. */
export const eventsFor = async (house: TestGateway, agencyId: string, emergencyId: unknown): Promise<readonly string[]> => {
  const { rows } = await house.database.owner.query<{ kind: string }>({
    text: `select e.kind from event e join event_delivery d on d.event_id = e.id
            where d.agency_id = $1 and e.refs ->> 'emergencyId' = $2 order by e.happened_at, e.kind`,
    values: [agencyId, emergencyId],
  })
  return rows.map(({ kind }) => kind)
}

/** Moves an access into the past, as if it had been opened so long ago. */
export const age = (house: TestGateway, emergencyId: unknown, interval: string): Promise<void> =>
  asOwner(
    house,
    `update emergency_access set opened_at = opened_at - interval '${interval}', expires_at = expires_at - interval '${interval}',
            triage_due_at = triage_due_at - interval '${interval}', decision_due_at = decision_due_at - interval '${interval}'
      where id = '${String(emergencyId)}'`,
  )

/** What nobody but the owner of the database can do, with its triggers off. */
export const asOwner = async (house: TestGateway, text: string): Promise<void> => {
  await house.database.owner.query({ text: `begin; set local session_replication_role = 'replica'; ${text}; commit` })
}
