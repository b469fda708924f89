import { createHash } from 'node:crypto'
import { daysAfter } from '../../src/core/london.ts'
import { confidentialityStatement } from '../../src/sandbox/cast.ts'
import { CC, type Casework, openCasework, idOf, today } from '../casework/strand/strand-support.ts'
import { must } from '../journeys/support/agree.ts'
import type { Json, Reply } from '../support/ask.ts'

export const statementHash = createHash('sha256').update(confidentialityStatement).digest('base64url')

/** Who the sandbox's people are, as the record of a meeting names them. */
export const named = {
  chair: { agencyId: 'ridings-police', sub: 'chair' },
  deputy: { agencyId: 'ridings-probation', sub: 'deputy' },
  'case-manager': { agencyId: 'ridings-probation', sub: 'case-manager' },
  analyst: { agencyId: 'ridings-police', sub: 'analyst' },
  keyworker: { agencyId: 'fresh-steps', sub: 'keyworker' },
  'housing-officer': { agencyId: 'calder-housing', sub: 'housing-officer' },
  nurse: { agencyId: 'ridings-health', sub: 'nurse' },
  spoc: { agencyId: 'ridings-partnership', sub: 'spoc' },
} as const
export type Name = keyof typeof named

export const looking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the review' }

export interface Meetings extends Casework {
  /** A meeting with one statutory adult on its agenda, discussed with the finding that the law asks for. */
  meeting(): Promise<{ readonly conferenceId: string; readonly offenderId: string }>
  attend(conferenceId: string, people: Partial<Record<Name, string>>, by?: string): Promise<Reply>
  acknowledge(conferenceId: string, who: string, more?: Json): Promise<Reply>
  write(conferenceId: string, paragraphs: readonly Json[], form?: string): Promise<readonly Json[]>
  read(conferenceId: string, who: string, more?: Json): Promise<Reply>
  delegate(more?: Json, by?: string): Promise<string>
  accept(delegationId: string, who?: string): Promise<Reply>
}

/** The sandbox with what a closed meeting goes through. */
export const openMeetings = async (): Promise<Meetings> => {
  const house = await openCasework()
  const to = (conferenceId: string, what: string): string => `/v1/conferences/${conferenceId}/${what}`
  return {
    ...house,
    meeting: async () => {
      const offenderId = await house.person({
        cohort: 'ppo',
        strand: CC,
        lead: 'ridings-probation',
        statutory: true,
        supervisor: 'ridings-probation',
      })
      const conferenceId = await house.conference(offenderId)
      const finding = { riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], finding: 'Four burglaries in a month.' }
      must(await house.as('spoc').post(to(conferenceId, 'discussions'), { offenderId, ...finding }), 201)
      return { conferenceId, offenderId }
    },
    attend: (conferenceId, people, by = 'spoc') => {
      const rows = Object.entries(people).map(([name, state]) => ({ ...named[name as Name], part: 'core-member', state }))
      return house.as(by).post(to(conferenceId, 'attendance'), { people: rows })
    },
    acknowledge: (conferenceId, who, more = {}) =>
      house.as(who).post(to(conferenceId, 'acknowledgements'), { statementVersion: 1, statementHash, ...more }),
    write: async (conferenceId, paragraphs, form = 'minutes') =>
      must(await house.as('spoc').post(to(conferenceId, 'minutes'), { form, paragraphs }), 201).paragraphs as readonly Json[],
    read: (conferenceId, who, more = {}) => house.as(who).post(to(conferenceId, 'readings'), { ...looking, ...more }),
    delegate: async (more = {}, by = 'chair') =>
      idOf(
        await house.as(by).post('/v1/delegations', {
          ...{ areaId: 'calder', deputy: named.deputy, acts: ['read-papers', 'exclude-attendee'] },
          ...{ fromAt: '2026-01-10T00:00:00Z', toAt: `${daysAfter(today, 30)}T00:00:00Z`, ...more },
        }),
        'delegationId',
      ),
    accept: (delegationId, who = 'deputy') => house.as(who).post(`/v1/delegations/${delegationId}/answer`, { decision: 'accept' }),
  }
}

/** The texts that a reading gave, in the order of the minutes. */
export const textsOf = (reply: Reply): readonly unknown[] => ((reply.body.paragraphs ?? []) as readonly Json[]).map(({ text }) => text)
