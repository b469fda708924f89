import type { AgreementTerms } from '../../../src/core/snapshot.ts'
import { londonDay } from '../../../src/core/london.ts'
import { signAgreementHash } from '../../../src/sandbox/signatures.ts'
import type { Json, Reply } from '../../support/ask.ts'
import type { Instance, TestGateway } from '../../support/gateway.ts'

export interface Drafted {
  readonly agreementId: string
  readonly version: number
  readonly hash: string
}

/** Today in London by the database's clock, and so many days before or after it. */
export const dayFromToday = async ({ database }: TestGateway, days: number): Promise<string> => {
  const { rows } = await database.owner.query<{ at: Date }>({
    text: `select statement_timestamp() + make_interval(days => $1) as at`,
    values: [days],
  })
  return londonDay(rows[0]!.at)
}

/** Terms with nothing wrong with them: one grant of one category, in force since 2024. */
export const termsFor = (
  reference: string,
  grant: Partial<AgreementTerms['grants'][number]> & { providers: readonly string[]; recipients: readonly string[] },
  more: Partial<AgreementTerms> = {},
): AgreementTerms => {
  const parties = [...new Set([...grant.providers, ...grant.recipients])]
  return {
    reference,
    title: `Agreement ${reference}`,
    kind: 'partnership',
    owner: parties[0]!,
    parties,
    grants: [
      {
        id: 'the-grant',
        categories: [{ id: 'custody-release' }],
        purposes: ['accommodation'],
        cohorts: ['ppo', 'iom', 'dyo'],
        ageBands: ['adult', 'juvenile'],
        legalGateways: ['dpa35-task', 'gdpr-6-1-e'],
        authorisingLaw: 'Offender Management Act 2007 s.14',
        sensitiveConditions: ['sch1-10'],
        onward: 'none',
        ...grant,
      },
    ],
    inForceFrom: '2024-11-01',
    inForceTo: null,
    reviewOn: '2031-04-30',
    reviewGraceDays: null,
    policyDocument: { reference: 'Appropriate policy document', liveFrom: '2024-11-01', liveTo: null },
    ...more,
  }
}

/** The registrar drafts an agreement, or a version of the one given. */
export const draft = async (at: Instance, terms: AgreementTerms, agreementId?: string): Promise<Drafted> => {
  const path = agreementId === undefined ? '/v1/agreements' : `/v1/agreements/${agreementId}/versions`
  return must(await at.as('registrar').post(path, { terms, justification: 'Agreed by the partners' }), 201) as Json & Drafted
}

/** Each of the agencies signs by its own signatory; the last answer. */
export const sign = async (house: TestGateway, drafted: Drafted, agencies: readonly string[]): Promise<Json> => {
  let last: Json = {}
  for (const agencyId of agencies) {
    const jws = await signAgreementHash(house.dataDir, agencyId, drafted.hash)
    const path = `/v1/agreements/${drafted.agreementId}/signatures`
    last = must(await house.as(`signatory-${agencyId}`).post(path, { version: drafted.version, jws }), 201)
  }
  return last
}

/** An agreement in force as far as signatures go. */
export const agree = async (house: TestGateway, terms: AgreementTerms, agreementId?: string): Promise<Drafted> => {
  const drafted = await draft(house, terms, agreementId)
  await sign(house, drafted, terms.parties)
  return drafted
}

/** The body of an answer that has to have this status: a step that failed is told where it failed. */
export const must = (reply: Reply, status: number): Json => {
  if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status}: ${reply.text}`)
  return reply.body
}
