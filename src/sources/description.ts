import { z } from 'zod'
import { categories, identifierKinds } from '../core/vocabulary.ts'
import { compileExpression } from './mapping.ts'

const placeholder = '{identifier}'

/** A bearer token or a reply about a person must not cross a network in clear text; the gateway's own machine is no network. */
function isPrivateAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || url.username || url.password || url.search || url.hash) return false
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback)
}

const path = z
  .string()
  .regex(/^\/(?!\/)[^\s#\\]*$/, 'must start with one / and hold no space, # or backslash')
  .refine((text) => !text.split(/[/?]/).some((part) => part === '.' || part === '..'), 'must not step up with . or ..')

const expression = z.string().superRefine((text, context) => {
  try {
    compileExpression(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is not a JSONata expression: ${error instanceof Error ? error.message : String(error)}` })
  }
})

const request = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('POST'), path, body: z.record(z.string(), z.json()) }),
  z.strictObject({ method: z.literal('GET'), path }),
])
const names = (value: unknown) => JSON.stringify(value).includes(placeholder)

const categorySource = z.strictObject({
  request: request.refine(names, `must hold ${placeholder} in its body or path, or it would ask about nobody`),
  subject: expression,
  records: expression,
  item: expression,
})

/** A system of record for strands takes each move once by its id, and says which strand it holds. */
const moves = z.strictObject({
  record: z.strictObject({ path, body: expression, receipt: expression }),
  strand: z.strictObject({
    request: request.refine(names, `must hold ${placeholder} in its body or path, or it would ask about nobody`),
    subject: expression,
    held: expression,
  }),
})

const credential = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer-file'), file: z.string().min(1) }),
  z.strictObject({
    type: z.literal('mtls'),
    certificateFile: z.string().min(1),
    keyFile: z.string().min(1),
    authorityFile: z.string().min(1).optional(),
  }),
])

const description = z.strictObject({
  agency: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'must be an agency id: lower case letters, digits and hyphens'),
  address: z
    .string()
    .refine(isPrivateAddress, 'must be an https URL without user, query or fragment; http only on this machine (127.0.0.1)'),
  identifierKind: z.enum(identifierKinds),
  credential,
  timeoutMs: z.int().min(50).max(10_000).default(3_000),
  maxBytes: z.int().min(1_024).max(16_777_216).default(1_048_576),
  concurrency: z.int().min(1).max(512).default(64),
  breaker: z
    .strictObject({ failures: z.int().min(1).max(100).default(5), restMs: z.int().min(10).max(600_000).default(10_000) })
    .prefault({}),
  categories: z
    .partialRecord(z.enum(categories), categorySource)
    .refine((given) => Object.keys(given).length > 0, 'must name at least one category'),
  moves: moves.optional(),
})

/**
 * An agency's own system as data: where it is, how the gateway proves itself, its limits (milliseconds, bytes after
 * decompression), and for each category one request and its mapping in JSONata.
 *
 * `request` puts the identifier where `{identifier}` stands. Prefer POST: a number in a path ends up in the log of every
 * proxy on the way. Categories with the same request are fetched once.
 * `subject` gives the identifier, or all identifiers, that the reply is about; each must be the one asked, ignoring case and separators.
 * `records` must give an array, empty when the agency holds nothing: a reply that has changed its shape is then an invalid
 * reply, never "no records" (write `[...]` around a filter or a single record).
 * `item` is evaluated on each record (`$reply` is the whole reply) and gives one object: `fields` in the category's own names
 * (text, numbers, true or false, lists of text; write `[...]` around a list), and where known `originator, recordedOn
 * (YYYY-MM-DD), nature, subjectType, marking, restricted, collectedOnConsent, grade, conditions, reviewBy`.
 * An item whose mapping does not say `restricted` (DPA 2018 s.47) is never released.
 * `moves`, where the system is the record of strands: `record.body` makes its own message of a move (messageId, identifier, strand,
 * leadAgencyId, trigger, evidenceIds, effectiveAt), `record.receipt` gives the id it says it has taken; `strand.held` gives one of the
 * partnership's strands, or null.
 * Mappings are trusted configuration, the data they run on is not: what they give is validated again.
 */
export type SourceDescription = z.infer<typeof description>
export type SourceRequest = z.infer<typeof request>
export type CategorySource = z.infer<typeof categorySource>

/**
 * The description in a parsed YAML or JSON value, with its defaults filled in.
 * @param name the file it came from, for the message
 * @throws Error at start, one line for each problem with its path
 */
export function parseSourceDescription(value: unknown, name: string): SourceDescription {
  const parsed = description.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${name}: ${issue.path.join('.') || 'description'}: ${issue.message}`)
  throw new Error(problems.join('\n'))
}
