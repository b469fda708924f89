import { Fault } from '../../../core/fault.ts'
import type { ConsentEvent } from '../../../core/snapshot.ts'

/** What a person said, as the request has it. */
export interface Said {
  readonly kind: ConsentEvent['kind']
  readonly scope: ConsentEvent['scope']
  readonly capacityBasis: ConsentEvent['capacityBasis']
  readonly evidence: string | null
  readonly happenedAt: string
  readonly expiresAt: string | null
  readonly justification: string | null
}

/** The body, which the contract has checked, with what may be left out filled in. */
export const saidIn = (body: unknown): Said => {
  const said = body as Pick<Said, 'kind' | 'happenedAt'> & Partial<Omit<Said, 'scope'>> & { scope?: Partial<ConsentEvent['scope']> }
  const { categories = [], recipients = [], purposes = [] } = said.scope ?? {}
  return {
    kind: said.kind,
    scope: { categories, recipients, purposes },
    capacityBasis: said.capacityBasis ?? null,
    evidence: said.evidence ?? null,
    happenedAt: said.happenedAt,
    expiresAt: said.expiresAt ?? null,
    justification: said.justification ?? null,
  }
}

/** @throws Fault `invalid` for what cannot have been said like this */
export const eventFrom = (said: Said, record: Pick<ConsentEvent, 'id' | 'offenderId' | 'recordedAt'>): ConsentEvent => {
  const happenedAt = new Date(said.happenedAt)
  const expiresAt = said.expiresAt === null ? null : new Date(said.expiresAt)
  const { kind, scope, capacityBasis, evidence } = said
  if (Number.isNaN(happenedAt.getTime())) throw invalid('/happenedAt', 'is not an instant')
  if (happenedAt > record.recordedAt) throw invalid('/happenedAt', 'is still to come; record what has been said')
  if (expiresAt !== null) {
    if (kind !== 'given') throw invalid('/expiresAt', 'belongs to consent given; nothing else runs out')
    if (!(expiresAt > happenedAt)) throw invalid('/expiresAt', 'is not after the consent was given')
  }
  return { ...record, kind, scope, capacityBasis, evidence, happenedAt, expiresAt }
}

export const invalid = (path: string, message: string): Fault =>
  new Fault('invalid', 'What was said cannot be recorded like this.', { details: [{ path, message }] })
