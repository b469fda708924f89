import { agencyKinds, type AgencyKind, categories, type Category, identifierKinds, type IdentifierKind } from '../vocabulary.ts'
import { purposes, type Purpose, roles, type Role } from '../vocabulary.ts'

/** The systems and units that the guidance names, and the way each may take part (policies/change/systems.yaml). */
export interface SystemRules {
  readonly title: string
  readonly miCase: {
    readonly category: Category
    readonly purpose: Purpose
    readonly firstRetrySeconds: number
    readonly mostRetrySeconds: number
    readonly tellLeadAfterAttempts: number
    readonly cites: string
  }
  readonly releasePoints: readonly ReleasePoint[]
  readonly courtResults: {
    readonly from: readonly AgencyKind[]
    readonly category: Category
    readonly numbers: readonly IdentifierKind[]
    readonly cites: string
  }
  readonly prosecution: ProsecutionRules
  readonly tracker: { readonly from: readonly AgencyKind[]; readonly seenBy: readonly AgencyKind[]; readonly cites: string }
  readonly referrals: readonly ReferralRule[]
}

/** An item of the category that carries the condition was let out by the unit; who writes it here holds the role. */
export interface ReleasePoint {
  readonly category: Category
  readonly condition: string
  readonly role: Role
  readonly cites: string
}

export interface ProsecutionRules {
  readonly from: readonly AgencyKind[]
  readonly role: Role
  readonly to: readonly AgencyKind[]
  readonly category: Category
  readonly purpose: Purpose
  readonly sourceGrades: readonly string[]
  readonly intelligenceGrades: readonly string[]
  readonly handling: readonly string[]
  readonly mostDaysAhead: number
  readonly cites: string
}

export interface ReferralRule {
  readonly id: 'mappa' | 'yos'
  readonly from: readonly AgencyKind[]
  /** The scheme that the referring agency, and whoever is told where a referral came from, has to belong to. */
  readonly scheme: 'mappa' | 'none'
  readonly cites: string
}

/** Which answer about sharing puts the question of the strand to the police (policies/change/consent.yaml). */
export interface ConsentRules {
  readonly title: string
  readonly strandQuestion: { readonly categories: readonly Category[]; readonly purposes: readonly Purpose[]; readonly cites: string }
}

type Path = readonly (string | number)[]
interface Problem {
  readonly path: Path
  readonly message: string
}
type Json = Readonly<Record<string, unknown>>

const recordIn = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {})
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** Each named value, or each of a list that holds at least one, belongs to its vocabulary. */
const outside = (path: Path, value: unknown, of: readonly string[]): readonly Problem[] => {
  const values = Array.isArray(value) ? (value as unknown[]) : [value]
  if (values.length === 0) return [{ path, message: 'names nothing' }]
  return values.filter((one) => !of.includes(one as string)).map((one) => ({ path, message: `there is no ${String(one)}` }))
}

const counted = (path: Path, entry: Json, names: readonly string[]): readonly Problem[] =>
  names
    .filter((name) => !Number.isInteger(entry[name]) || Number(entry[name]) < 1)
    .map((name) => ({ path: [...path, name], message: `${name} must be a whole number from 1` }))

const uncited = (path: Path, entry: Json): readonly Problem[] =>
  typeof entry['cites'] === 'string' && entry['cites'].trim() !== '' ? [] : [{ path, message: 'cites nothing' }]

const conditionProblems = (path: Path, point: Json): readonly Problem[] =>
  /^released-by-[a-z]+$/.test(String(point['condition'])) ? [] : [{ path, message: 'the condition must read released-by-<unit>' }]

const prosecutionProblems = (rules: Json): readonly Problem[] => {
  const path = ['prosecution']
  return [
    ...outside([...path, 'from'], rules['from'], agencyKinds),
    ...outside([...path, 'to'], rules['to'], agencyKinds),
    ...outside([...path, 'role'], rules['role'], roles),
    ...outside([...path, 'category'], rules['category'], categories),
    ...outside([...path, 'purpose'], rules['purpose'], purposes),
    ...outside([...path, 'sourceGrades'], rules['sourceGrades'], ['1', '2', '3']),
    ...outside([...path, 'intelligenceGrades'], rules['intelligenceGrades'], ['a', 'b', 'c', 'd']),
    ...outside([...path, 'handling'], rules['handling'], ['p', 'c']),
    ...counted(path, rules, ['mostDaysAhead']),
    ...uncited(path, rules),
  ]
}

/** Everything wrong with the rules for named systems; empty when they may be used. */
export const systemRuleProblems = (given: unknown): readonly Problem[] => {
  const rules = recordIn(given)
  const [miCase, court, tracker] = [recordIn(rules['miCase']), recordIn(rules['courtResults']), recordIn(rules['tracker'])]
  return [
    ...outside(['miCase', 'category'], miCase['category'], categories),
    ...outside(['miCase', 'purpose'], miCase['purpose'], purposes),
    ...counted(['miCase'], miCase, ['firstRetrySeconds', 'mostRetrySeconds', 'tellLeadAfterAttempts']),
    ...uncited(['miCase'], miCase),
    ...listIn(rules['releasePoints']).flatMap((point, index) => [
      ...outside(['releasePoints', index, 'category'], recordIn(point)['category'], categories),
      ...outside(['releasePoints', index, 'role'], recordIn(point)['role'], roles),
      ...conditionProblems(['releasePoints', index], recordIn(point)),
      ...uncited(['releasePoints', index], recordIn(point)),
    ]),
    ...outside(['courtResults', 'from'], court['from'], agencyKinds),
    ...outside(['courtResults', 'category'], court['category'], categories),
    ...outside(['courtResults', 'numbers'], court['numbers'], identifierKinds),
    ...uncited(['courtResults'], court),
    ...prosecutionProblems(recordIn(rules['prosecution'])),
    ...outside(['tracker', 'from'], tracker['from'], agencyKinds),
    ...outside(['tracker', 'seenBy'], tracker['seenBy'], agencyKinds),
    ...uncited(['tracker'], tracker),
    ...listIn(rules['referrals']).flatMap((referral, index) => [
      ...outside(['referrals', index, 'id'], recordIn(referral)['id'], ['mappa', 'yos']),
      ...outside(['referrals', index, 'from'], recordIn(referral)['from'], agencyKinds),
      ...outside(['referrals', index, 'scheme'], recordIn(referral)['scheme'], ['mappa', 'none']),
      ...uncited(['referrals', index], recordIn(referral)),
    ]),
  ]
}

/** Everything wrong with the rules for what consent asks; empty when they may be used. */
export const consentRuleProblems = (given: unknown): readonly Problem[] => {
  const question = recordIn(recordIn(given)['strandQuestion'])
  const path = ['strandQuestion']
  return [
    ...outside([...path, 'categories'], question['categories'], categories),
    ...outside([...path, 'purposes'], question['purposes'], purposes),
    ...uncited(path, question),
  ]
}
