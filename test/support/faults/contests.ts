import { randomUUID } from 'node:crypto'
import type { PolicyBundle } from '../../../src/core/decision/bundle.ts'
import { shipped } from '../facts.ts'
import type { Reply } from './client.ts'
import type { Contest } from './race.ts'
import type { Rig } from './rig.ts'
import type { Who } from './tokens.ts'

export const analyst: Who = { agencyId: 'ridings-police', sub: 'analyst' }
const keyworker: Who = { agencyId: 'fresh-steps', sub: 'keyworker' }
const officer = (sub: string): Who => ({ agencyId: 'ridings-partnership', sub })

export const enquiryAbout = (offenderId: string) => ({
  offenderId,
  categories: [{ id: 'engagement' }],
  purpose: 'risk-management',
  legalGateway: 'cda115',
  justification: 'Weekly review of the case',
})

export const enquireAs =
  (rig: Rig, who: Who, offenderId: string) =>
  async (url: string): Promise<Reply> =>
    rig.ask({ url, path: '/v1/enquiries', token: await rig.tokenFor(who), body: enquiryAbout(offenderId) })

const changeAs =
  (rig: Rig, sub: Who, change: { readonly path: string; readonly body?: unknown; readonly method?: 'POST' | 'DELETE' }) =>
  async (url: string): Promise<Reply> =>
    rig.ask({ url, token: await rig.tokenFor(sub), ...change })

const readersOf = (rig: Rig, who: Who, about: { readonly offenderId: string; readonly count: number }) =>
  Array.from({ length: about.count }, () => enquireAs(rig, who, about.offenderId))

export interface Field {
  readonly rig: Rig
  /** Where whatever has to be registered beforehand is registered. */
  readonly url: string
  readonly offenderIds: readonly string[]
  readonly readers: number
  readonly rounds: number
}

/** Each person withdraws once, by the mouth of their key worker. */
export async function* consentWithdrawn({ rig, offenderIds, readers }: Field): AsyncGenerator<Contest> {
  for (const offenderId of offenderIds) {
    const body = { kind: 'withdrawn', capacityBasis: 'adult-presumed', happenedAt: new Date(Date.now() - 5_000).toISOString() }
    yield {
      offenderId,
      readers: readersOf(rig, analyst, { offenderId, count: readers }),
      stop: changeAs(rig, keyworker, { path: `/v1/offenders/${offenderId}/consent-events`, body }),
    }
  }
}

/** The agreement that the category rests on is suspended by the registrar, and taken up again. */
export async function* agreementSuspended(field: Field): AsyncGenerator<Contest> {
  const { rig } = field
  const { rows } = await rig.owner.query<{ id: string }>({ text: `select a.id from agreement a where a.reference = 'RIDINGS-IOM-001'` })
  const path = `/v1/agreements/${rows[0]!.id}/suspension`
  for (let round = 0; round < field.rounds; round += 1) {
    const offenderId = offenderOf(field, round)
    yield {
      offenderId,
      readers: readersOf(rig, analyst, { offenderId, count: field.readers }),
      stop: changeAs(rig, officer('registrar'), { path, body: { why: 'A party asked for it' } }),
      lift: changeAs(rig, officer('registrar'), { path, method: 'DELETE' }),
    }
  }
}

/** A system registered for the round is suspended; its agency's others read on. */
export async function* clientSuspended(field: Field): AsyncGenerator<Contest> {
  const { rig, url } = field
  for (let round = 0; round < field.rounds; round += 1) {
    const clientId = `ridings-police-${randomUUID()}`
    const body = { clientId, agencyId: 'ridings-police', name: 'Made for one round', binding: 'bearer' }
    requireMade(await changeAs(rig, officer('admin'), { path: '/v1/clients', body })(url))
    const offenderId = offenderOf(field, round)
    yield {
      offenderId,
      only: { clientId },
      readers: readersOf(rig, { ...analyst, clientId }, { offenderId, count: field.readers }),
      stop: changeAs(rig, officer('admin'), { path: `/v1/clients/${clientId}/suspension`, body: { why: 'Lost' } }),
    }
  }
}

/** A member of the area's conference, appointed for the round, is one no longer. */
export async function* appointmentEnded(field: Field): AsyncGenerator<Contest> {
  const { rig, url } = field
  for (let round = 0; round < field.rounds; round += 1) {
    const reader: Who = { agencyId: 'ridings-police', sub: `reader-${randomUUID()}` }
    const { agencyId, sub } = reader
    requireMade(await changeAs(rig, officer('admin'), { path: '/v1/people', body: { agencyId, sub, displayName: 'Rea Der' } })(url))
    const body = { agencyId, sub, role: 'core-member', areaId: 'calder', fromAt: new Date(Date.now() - 60_000).toISOString() }
    const appointed = requireMade(await changeAs(rig, officer('admin'), { path: '/v1/appointments', body })(url))
    const offenderId = offenderOf(field, round)
    yield {
      offenderId,
      only: { personSub: sub },
      readers: readersOf(rig, reader, { offenderId, count: field.readers }),
      stop: changeAs(rig, officer('admin'), {
        path: `/v1/appointments/${String(appointed.body.appointmentId)}/end`,
        body: { why: 'Moved' },
      }),
    }
  }
}

/** Two officers publish a bundle that lets nothing of the category go, and later the former one again. */
export async function* policyChanged(field: Field): AsyncGenerator<Contest> {
  const { rig, url } = field
  const propose = async (bundle: PolicyBundle): Promise<string> => {
    const made = requireMade(await changeAs(rig, officer('ig-officer'), { path: '/v1/policies', body: { bundle } })(url))
    return `/v1/policies/${String(made.body.hash)}/approval`
  }
  for (let round = 0; round < field.rounds; round += 1) {
    const narrower = await propose(withoutEngagement(shipped.bundle))
    const former = await propose(shipped.bundle)
    const offenderId = offenderOf(field, round)
    yield {
      offenderId,
      readers: readersOf(rig, analyst, { offenderId, count: field.readers }),
      stop: changeAs(rig, officer('ig-second'), { path: narrower }),
      lift: changeAs(rig, officer('ig-second'), { path: former }),
    }
  }
}

const withoutEngagement = (bundle: PolicyBundle): PolicyBundle => ({
  ...bundle,
  stages: bundle.stages.map((stage) => ({ ...stage, rules: stage.rules.filter((rule) => !rule.id.startsWith('permit-engagement')) })),
})

const offenderOf = ({ offenderIds }: Field, round: number): string => offenderIds[round % offenderIds.length]!

const requireMade = (reply: Reply): Reply => {
  if (reply.status >= 300) throw new Error(`What the round needs was not made: ${reply.status} ${reply.text}`)
  return reply
}
