import { sundayBefore } from '../../support/free-days.ts'
import { daysAfter, londonDay } from '../../../src/core/london.ts'
import { newId } from '../../../src/gateway/new-id.ts'
import { entryOf } from '../../support/logged.ts'
import type { Json, Reply } from '../../support/ask.ts'
import { openGateway, type TestGateway } from '../../support/gateway.ts'

export const today = londonDay(new Date())
export const adult = '1990-05-01'
export const child = daysAfter(today, -365 * 15)

export interface CaseSetting {
  readonly cohort: 'ppo' | 'iom' | 'dyo'
  readonly strand: 'catch-and-control' | 'prevent-and-deter' | 'rehabilitate-and-resettle'
  readonly lead: string
  readonly statutory?: boolean
  readonly supervisor?: string
  readonly dip?: boolean
  readonly bornOn?: string
  readonly custody?: string
}

export const CC = 'catch-and-control'
export const PD = 'prevent-and-deter'
export const RR = 'rehabilitate-and-resettle'

/** Who leads a case for each agency: the persona of the sandbox that works in Calder. */
const managers: Readonly<Record<string, string>> = {
  'ridings-police': 'analyst',
  'ridings-dip-police': 'dip-constable',
  'ridings-probation': 'case-manager',
  'calder-yos': 'yos-worker',
  'calder-dip': 'dip-worker',
  'fresh-steps': 'keyworker',
  'young-horizons': 'youth-mentor',
  'hmp-stonebeck': 'prison-officer',
}

export interface CaseNow {
  readonly strand: string | null
  readonly lead: string | null
  readonly custody: string | null
  readonly override: boolean
  readonly version: number
}

export interface Casework extends TestGateway {
  /** A person of the Calder cohort, invented for one test. */
  person(setting: CaseSetting): Promise<string>
  now(offenderId: string): Promise<CaseNow>
  /** A meeting held under its chair, with the person on its agenda. */
  conference(offenderId?: string): Promise<string>
  evidence(as: string, offenderId: string, kind: string, more?: Json): Promise<Reply>
  /** Sends the version that the case has now, unless another is given. */
  move(as: string, offenderId: string, asked: Json & { readonly lead: string }): Promise<Reply>
  consent(as: string, offenderId: string, kind: string, more?: Json): Promise<Reply>
  openTasks(offenderId: string): Promise<readonly string[]>
  events(offenderId: string): Promise<readonly string[]>
  count(table: string, offenderId: string): Promise<number>
  loggedOf(reply: Reply): ReturnType<typeof entryOf>
}

export const planFor = (lead: string, more: readonly string[] = []) => ({
  leadCaseManager: { agencyId: lead, personSub: managers[lead] },
  interventions: [lead, ...more].map((agencyId) => ({ what: 'Weekly meeting', agencyId, personSub: managers[agencyId] })),
  reviewOn: daysAfter(today, 56),
})

/** The sandbox with what a case goes through: people, meetings, evidence, moves, and what each leaves behind. */
export const openCasework = async (): Promise<Casework> => {
  const house = await openGateway()
  const { owner } = house.database
  let held = 0
  const rowsOf = async <Row>(text: string, values: unknown[]): Promise<Row[]> => (await owner.query<Row>({ text, values })).rows
  const now = async (offenderId: string): Promise<CaseNow> => {
    const text = `select o.strand, o.lead_agency_id as lead, o.custody_agency_id as custody, o.lead_override as override,
                         o.case_version as version from offender o where o.id = $1`
    return (await rowsOf<CaseNow>(text, [offenderId]))[0]!
  }
  return {
    ...house,
    now,
    person: async (setting) => {
      const id = newId()
      await rowsOf(
        `insert into offender (id, given_name, family_name, born_on, cohort, strand, statutory, supervisor_agency_id, lead_agency_id, dip,
                               custody_agency_id, area_id)
         values ($1, 'Test', 'Inventworth', $2, $3, $4, $5, $6, $7, $8, $9, 'calder')`,
        [
          ...[id, setting.bornOn ?? adult, setting.cohort, setting.strand, setting.statutory ?? false, setting.supervisor ?? null],
          ...[setting.lead, setting.dip ?? false, setting.custody ?? null],
        ],
      )
      return id
    },
    conference: async (offenderId) => {
      held += 1
      const chair = { agencyId: 'ridings-police', sub: 'chair' }
      const body = { kind: 'case-conference', areaId: 'calder', heldOn: sundayBefore(today, held), chair }
      const id = idOf(await house.as('spoc').post('/v1/conferences', body), 'conferenceId')
      if (offenderId !== undefined) await house.as('spoc').post(`/v1/conferences/${id}/agenda`, { offenderId, item: 'strand' })
      return id
    },
    evidence: (as, offenderId, kind, more = {}) =>
      house.as(as).post(`/v1/offenders/${offenderId}/evidence`, { kind, text: 'What was seen.', occurredOn: today, ...more }),
    move: async (as, offenderId, { lead, ifMatch, ...asked }) => {
      const etag = typeof ifMatch === 'string' ? ifMatch : `"${(await now(offenderId)).version}"`
      const body = { plan: planFor(lead), justification: 'Agreed with the team.', ...asked }
      return house.as(as).post(`/v1/offenders/${offenderId}/strand-changes`, body, etag === '' ? {} : { 'if-match': etag })
    },
    consent: (as, offenderId, kind, more = {}) =>
      house.as(as).post(`/v1/offenders/${offenderId}/consent-events`, {
        ...{ kind, capacityBasis: 'adult-presumed', evidence: 'Said at the interview.', happenedAt: new Date().toISOString() },
        ...more,
      }),
    openTasks: async (offenderId) => {
      const text = `select t.kind || ' ' || t.owner_agency_id as task from task t where t.offender_id = $1 and t.closed_at is null order by 1`
      return (await rowsOf<{ task: string }>(text, [offenderId])).map(({ task }) => task)
    },
    events: async (offenderId) => {
      const text = `select e.kind from event e where e.offender_id = $1 order by e.happened_at, e.id`
      return (await rowsOf<{ kind: string }>(text, [offenderId])).map(({ kind }) => kind)
    },
    count: async (table, offenderId) =>
      (await rowsOf<{ count: number }>(`select count(*) as count from ${table} t where t.offender_id = $1`, [offenderId]))[0]!.count,
    loggedOf: (reply) => entryOf(house.database, reply),
  }
}

export const idOf = (reply: Reply, name: string): string => {
  const id = reply.body[name]
  if (typeof id !== 'string') throw new Error(`no ${name} in ${reply.status} ${reply.text}`)
  return id
}
