import type { CapacityBasis, Category, Cohort, IdentifierKind, Strand } from '../../core/vocabulary.ts'
import type { AreaId } from '../cast.ts'
import { fixedId, seededBy } from '../random.ts'

/** The day on which the sandbox's ages are true; people grow older after it, as people do. */
export const sandboxDay = '2026-11-01'

export interface SandboxPerson {
  readonly id: string
  readonly basis: 'cohort' | 'pdp' | 'closed'
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: string
  readonly cohort: Cohort | null
  readonly strand: Strand | null
  readonly statutory: boolean | null
  readonly supervisorAgencyId: string | null
  readonly leadAgencyId: string | null
  readonly dip: boolean
  readonly custodyAgencyId: string | null
  readonly areaId: AreaId
  readonly identifiers: readonly SandboxIdentifier[]
  readonly relationships: readonly SandboxRelationship[]
  readonly consent: readonly SandboxConsent[]
}

/** `value` as the index keeps it: upper case, no separators. Agencies print theirs with separators; see `printed`. */
export interface SandboxIdentifier {
  readonly kind: IdentifierKind
  readonly value: string
  readonly agencyId: string
}

export interface SandboxRelationship {
  readonly kind: 'lead-case-manager' | 'case-manager' | 'intervention-owner' | 'nominating-agency'
  readonly agencyId: string
  /** Null for a nomination: it is made by an agency. */
  readonly personSub: string | null
}

/** Empty lists mean all, as in the consent ledger. Instants are UTC. */
export interface SandboxConsent {
  readonly kind: 'given' | 'refused'
  readonly categories: readonly Category[]
  readonly capacityBasis: CapacityBasis
  readonly evidence: string
  readonly happenedAt: string
  readonly expiresAt: string | null
  readonly recordedByAgency: string
  readonly recordedByPerson: string | null
}

export const ageOn = (bornOn: string, day: string): number =>
  Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4)) - (day.slice(5) < bornOn.slice(5) ? 1 : 0)

export const isJuvenile = (bornOn: string): boolean => ageOn(bornOn, sandboxDay) < 18

export const offenderIdAt = (position: number): string =>
  fixedId('offender', position).slice(0, 14) + fixedId(`offender-${position}`).slice(14)

const letters = 'ABCDEFGHJKLMNPRTUVWXYZ'.split('')
const digits = (value: number, width: number) => String(value).padStart(width, '0')

/** The number by which an agency of that kind knows the person in that position: unique by construction, plausible in shape. */
export const identifierValue = (kind: IdentifierKind, position: number, bornOn: string): string => {
  const random = seededBy(`${kind}-${position}`)
  const serial = position * 37 + random.between(0, 36)
  const year = Math.max(Number(bornOn.slice(0, 4)) + 12, 1998)
  switch (kind) {
    case 'pnc-id':
      return `${year}0${digits(100_000 + serial, 6)}${random.pick(letters)}`
    case 'cro':
      return `${digits(200_000 + serial, 6)}${digits(year % 100, 2)}${random.pick(letters)}`
    case 'prison-number':
      return `A${digits(1000 + position, 4)}${random.pick(letters)}${random.pick(letters)}`
    case 'crn':
      return `X${digits(300_000 + serial, 6)}`
    case 'yos-number':
      return `YC${digits(40_000 + serial, 5)}`
    case 'dip-number':
      return `MI${digits(500_000 + serial, 6)}`
    case 'provider-number':
      return `FS${digits(10_000 + serial, 5)}`
  }
}

/** As the agency itself writes it: 1998/0123456X, 123456/98X; the others have no separators. */
export const printed = ({ kind, value }: { readonly kind: IdentifierKind; readonly value: string }): string => {
  if (kind === 'pnc-id') return `${value.slice(0, 4)}/${value.slice(4)}`
  if (kind === 'cro') return `${value.slice(0, 6)}/${value.slice(6)}`
  return value
}
