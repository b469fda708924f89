import { isDay } from '../london.ts'
import type { AgreementTerms, Grant } from '../snapshot.ts'

/** What is wrong where: a JSON Pointer into the terms, and a sentence. */
export interface TermsProblem {
  readonly path: string
  readonly message: string
}

/** What terms of the right shape may still get wrong; none means that they can be put to the parties. */
export const problemsInTerms = (terms: AgreementTerms): readonly TermsProblem[] => [
  ...partyProblems(terms),
  ...dayProblems(terms),
  ...repeated(terms.grants.map(({ id }) => id)).map((id) => ({ path: '/grants', message: `two grants are called ${id}` })),
  ...terms.grants.flatMap((grant, index) => grantProblems(terms, grant, `/grants/${index}`)),
]

const partyProblems = ({ parties }: AgreementTerms): TermsProblem[] => [
  ...(new Set(parties).size < 2 ? [{ path: '/parties', message: 'an agreement needs at least two parties' }] : []),
  ...repeated(parties).map((party) => ({ path: '/parties', message: `${party} is named twice` })),
]

const dayProblems = (terms: AgreementTerms): TermsProblem[] => {
  const { inForceFrom, inForceTo, reviewOn, policyDocument } = terms
  const days: readonly (readonly [string, string | null])[] = [
    ['/inForceFrom', inForceFrom],
    ['/inForceTo', inForceTo],
    ['/reviewOn', reviewOn],
    ['/policyDocument/liveFrom', policyDocument?.liveFrom ?? null],
    ['/policyDocument/liveTo', policyDocument?.liveTo ?? null],
  ]
  const unreal = days.filter(([, day]) => day !== null && !isDay(day))
  if (unreal.length > 0) return unreal.map(([path, day]) => ({ path, message: `${day} is not a calendar day written YYYY-MM-DD` }))
  // Days written alike compare as text.
  return [
    ...(inForceTo !== null && inForceTo < inForceFrom ? [{ path: '/inForceTo', message: `ends before it begins on ${inForceFrom}` }] : []),
    ...(reviewOn < inForceFrom ? [{ path: '/reviewOn', message: `is before the agreement begins on ${inForceFrom}` }] : []),
    ...(policyDocument?.liveTo != null && policyDocument.liveTo < policyDocument.liveFrom
      ? [{ path: '/policyDocument/liveTo', message: `ends before it begins on ${policyDocument.liveFrom}` }]
      : []),
  ]
}

const grantProblems = (terms: AgreementTerms, grant: Grant, path: string): TermsProblem[] => [
  ...strangers(terms, grant.providers).map((agency) => ({ path: `${path}/providers`, message: `${agency} is not a party` })),
  ...strangers(terms, grant.recipients).map((agency) => ({ path: `${path}/recipients`, message: `${agency} is not a party` })),
  ...(givesNothing(grant) ? [{ path, message: 'nobody receives anything from anybody else' }] : []),
  ...repeated(grant.categories.map(({ id }) => id)).map((id) => ({ path: `${path}/categories`, message: `${id} is named twice` })),
  ...lawProblems(grant, path),
]

const lawProblems = (grant: Grant, path: string): TermsProblem[] => [
  ...(grant.legalGateways.includes('dpa36-4-authorised') && grant.authorisingLaw === undefined
    ? [
        {
          path: `${path}/authorisingLaw`,
          message: 'must name the law: "authorised by law" (DPA 2018 s.36(4)) is what the gateway rests on',
        },
      ]
    : []),
  // "Depersonalised" information only: Crime and Disorder Act 1998 s.17A is never authority for personal data.
  ...(grant.legalGateways.includes('cda17a') && grant.categories.some(({ id }) => id !== 'aggregate')
    ? [{ path: `${path}/legalGateways`, message: 'cda17a is authority for the category aggregate alone' }]
    : []),
  ...(grant.purposes.includes('foi')
    ? [{ path: `${path}/purposes`, message: 'foi never releases through the gateway; the holding authority answers it' }]
    : []),
]

const strangers = ({ parties }: AgreementTerms, agencies: readonly string[]): string[] =>
  agencies.filter((agency) => !parties.includes(agency))

const givesNothing = ({ providers, recipients }: Grant): boolean =>
  !recipients.some((recipient) => providers.some((provider) => provider !== recipient))

const repeated = (names: readonly string[]): string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
