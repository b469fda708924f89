import { z } from 'zod'
import { problemsInTerms } from '../../core/agreements/agreement-terms.ts'
import type { TermsProblem } from '../../core/agreements/agreement-terms.ts'
import type { AgreementTerms } from '../../core/snapshot.ts'
import { ageBands, categories, cohorts, legalGateways, purposes, sensitiveConditions } from '../../core/vocabulary.ts'

const agencyId = z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'must be the id of an agency')
const day = z.string()
const some = <Value extends z.ZodType>(value: Value) => z.array(value).min(1).max(200)

const grant = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case words joined by hyphens'),
  providers: some(agencyId),
  recipients: some(agencyId),
  categories: some(z.strictObject({ id: z.enum(categories), fields: some(z.string().min(1).max(64)).optional() })),
  purposes: some(z.enum(purposes)),
  cohorts: some(z.enum(cohorts)),
  ageBands: some(z.enum(ageBands)),
  legalGateways: some(z.enum(legalGateways)),
  authorisingLaw: z.string().min(1).max(200).optional(),
  sensitiveConditions: z.array(z.enum(sensitiveConditions)),
  onward: z.enum(['none', 'with-chair-permission']),
})

const agreementTerms = z.strictObject({
  reference: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  kind: z.enum(['partnership', 'prison-memorandum', 'scheme']),
  owner: agencyId,
  parties: some(agencyId),
  grants: some(grant),
  inForceFrom: day,
  inForceTo: day.nullable(),
  reviewOn: day,
  reviewGraceDays: z.int().min(0).max(366).nullable(),
  policyDocument: z.strictObject({ reference: z.string().min(1).max(100), liveFrom: day, liveTo: day.nullable() }).nullable(),
})

export type ParsedTerms = { readonly terms: AgreementTerms } | { readonly problems: readonly TermsProblem[] }

/** Terms from outside, as far as they can be put to the parties; otherwise every problem, each with its JSON Pointer. */
export const parseTerms = (value: unknown): ParsedTerms => {
  const parsed = agreementTerms.safeParse(value, { reportInput: false })
  if (!parsed.success) return { problems: parsed.error.issues.map(problemOf) }
  const terms: AgreementTerms = parsed.data
  const problems = [...unspellable(terms), ...problemsInTerms(terms)]
  return problems.length === 0 ? { terms } : { problems }
}

const problemOf = (issue: z.core.$ZodIssue): TermsProblem => ({
  path: issue.path.map((step) => `/${String(step)}`).join(''),
  message: issue.code === 'unrecognized_keys' ? `has no member called ${issue.keys.join(' or ')}` : issue.message,
})

/** Text that has no canonical form cannot be hashed, and NUL cannot be stored. */
const unspellable = (terms: AgreementTerms): TermsProblem[] => {
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['/reference', terms.reference],
    ['/title', terms.title],
    ['/policyDocument/reference', terms.policyDocument?.reference],
    ...terms.grants.flatMap((one, index) => [
      [`/grants/${index}/authorisingLaw`, one.authorisingLaw] as const,
      ...one.categories.flatMap(({ fields }) => (fields ?? []).map((field) => [`/grants/${index}/categories`, field] as const)),
    ]),
  ]
  return texts
    .filter(([, text]) => text !== undefined && (!text.isWellFormed() || text.includes('\0')))
    .map(([path]) => ({ path, message: 'must be text without NUL or half a surrogate pair' }))
}
