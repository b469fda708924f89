import { lifeOf, replacedBy } from './agreement-life.ts'
import type { AgreementLife } from './agreement-life.ts'
import type { AgreementVersion, Grant } from '../snapshot.ts'
import type { AgeBand, Category, Cohort, LegalGateway, Purpose } from '../vocabulary.ts'

/** One grant of one version, for one category, with its lists as sets. */
export interface Candidate {
  readonly version: AgreementVersion
  readonly life: AgreementLife
  readonly grant: Grant
  readonly wholeCategory: boolean
  readonly purposes: ReadonlySet<Purpose>
  readonly cohorts: ReadonlySet<Cohort>
  readonly ageBands: ReadonlySet<AgeBand>
  readonly legalGateways: ReadonlySet<LegalGateway>
}

interface Index {
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>
  /** Versions that name a pair at all, whatever the category. */
  readonly pairs: ReadonlyMap<string, readonly AgreementLife[]>
}

interface Question {
  readonly recipient: string
  readonly supplier?: string
  readonly category: Category
}

// Held by the array itself: whoever remembers an agency's versions remembers the index with them, and it is gone with them.
const indexes = new WeakMap<readonly AgreementVersion[], Index>()

export const candidatesFor = (versions: readonly AgreementVersion[], question: Question): readonly Candidate[] =>
  indexOf(versions).candidates.get(candidateKey(question.recipient, question.supplier, question.category)) ?? []

export const namesPair = (versions: readonly AgreementVersion[], question: Question, at: number): boolean =>
  indexOf(versions)
    .pairs.get(pairKey(question.recipient, question.supplier))
    ?.some((life) => !replacedBy(life, at)) ?? false

// A line break is in no agency's id, so two questions never share a key.
const pairKey = (recipient: string, supplier: string | undefined): string => `${recipient}\n${supplier ?? ''}`
const candidateKey = (recipient: string, supplier: string | undefined, category: Category): string =>
  `${recipient}\n${supplier ?? ''}\n${category}`

const indexOf = (versions: readonly AgreementVersion[]): Index => {
  const known = indexes.get(versions)
  if (known !== undefined) return known
  const candidates = new Map<string, Candidate[]>()
  const pairs = new Map<string, AgreementLife[]>()
  // The order of the array must not matter, so that the same facts give the same answer.
  for (const version of [...versions].sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0))) {
    for (const grant of version.terms.grants) addGrant(version, grant, { candidates, pairs })
  }
  const index = { candidates, pairs }
  indexes.set(versions, index)
  return index
}

const addGrant = (
  version: AgreementVersion,
  grant: Grant,
  to: { readonly candidates: Map<string, Candidate[]>; readonly pairs: Map<string, AgreementLife[]> },
): void => {
  const life = lifeOf(version)
  const made = grant.categories.map((category) => ({ id: category.id, candidate: candidateOf(version, grant, category.fields) }))
  for (const [recipient, supplier] of pairsOf(version, grant)) {
    push(to.pairs, pairKey(recipient, supplier), life)
    for (const { id, candidate } of made) push(to.candidates, candidateKey(recipient, supplier, id), candidate)
  }
}

/** Who gets from whom, and, with no supplier, who gets from anybody. Only parties count: a name in a grant has signed nothing. */
const pairsOf = (version: AgreementVersion, grant: Grant): readonly (readonly [string, string | undefined])[] => {
  const parties = new Set(version.terms.parties)
  const providers = new Set(grant.providers.filter((agency) => parties.has(agency)))
  const recipients = new Set(grant.recipients.filter((agency) => parties.has(agency)))
  return [...recipients].flatMap((recipient) => {
    const others = [...providers].filter((provider) => provider !== recipient).map((provider) => [recipient, provider] as const)
    return others.length === 0 ? [] : [[recipient, undefined] as const, ...others]
  })
}

const candidateOf = (version: AgreementVersion, grant: Grant, fields: readonly string[] | undefined): Candidate => ({
  version,
  life: lifeOf(version),
  grant,
  wholeCategory: fields === undefined,
  purposes: new Set(grant.purposes),
  cohorts: new Set(grant.cohorts),
  ageBands: new Set(grant.ageBands),
  legalGateways: new Set(grant.legalGateways),
})

const push = <Value>(map: Map<string, Value[]>, key: string, value: Value): void => {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
