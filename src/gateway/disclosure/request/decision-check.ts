import { defaultExpiry } from '../../../core/disclosure/permission-state.ts'
import type { Subject } from '../../../core/snapshot.ts'
import type { Obligation } from '../../../core/decision-vocabulary.ts'
import type { Article8Ground } from '../../../core/case-vocabulary.ts'
import { listAboutPerson, type Permission } from '../../../db/disclosure/permissions.ts'
import type { NamedRecord } from '../../../db/disclosure/records.ts'
import { findWords } from '../../../db/disclosure/words.ts'
import { rulesOf } from '../../casework/conference/known-meeting.ts'
import { placeOf } from '../records/record-problem.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { disclosureRulesOf, type KnownRequest, listAsked, MOST_PARAGRAPHS, noDisclosureRules, type Refusal } from '../known-request.ts'

export interface DecisionBody {
  readonly decision: 'grant-whole' | 'grant-part' | 'refuse'
  readonly paragraphs?: readonly { readonly paragraphId: string; readonly version: number }[]
  readonly records?: readonly NamedRecord[]
  readonly fields?: readonly string[]
  readonly formOfWordsHash?: string
  readonly marking?: 'official' | 'official-sensitive'
  readonly copies?: boolean
  readonly handling?: readonly Obligation[]
  readonly expiresAt?: string
  readonly article8Grounds?: readonly Article8Ground[]
  readonly riskOutweighsConfidentiality?: boolean
  readonly necessity: string
  readonly proportionality: string
}

/** What the chair decided, once it is found to be possible. */
export type Scope = Pick<Permission, 'extent' | 'fields' | 'words' | 'copies' | 'handling' | 'article8Grounds' | 'expiresAt'> & {
  readonly paragraphs: readonly { readonly paragraphId: string; readonly version: number }[]
  readonly records: readonly NamedRecord[]
}

const impossible = (path: string, message: string): Refusal => ({
  allowed: false,
  status: 422,
  reason: {
    ...{ code: 'evidence', stage: 'R23', ruleId: 'disclosure-possible-scope' },
    cites: 'Case Conferencing Guidance 2009, confidentiality statement, last paragraph; ECHR Art 8(2)',
  },
  errors: [{ path, message }],
})

/** The scope of a grant, or the place in the decision that cannot be. */
export const scopeOf = async (
  context: ChangeContext,
  about: { readonly known: KnownRequest; readonly subject: Subject | null; readonly body: DecisionBody },
): Promise<Scope | Refusal> => {
  const { body } = about
  const rules = disclosureRulesOf(context)
  const meetings = rulesOf(context)
  if (rules === null || meetings === null) return noDisclosureRules
  const unfound = findingMissing(body, meetings.article8.selectable)
  if (unfound !== null) return unfound
  const expiresAt =
    body.expiresAt === undefined
      ? defaultExpiry(context.at, { days: rules.days, reviewOn: about.subject?.reviewOn ?? null })
      : new Date(body.expiresAt)
  if (!(expiresAt > context.at)) return impossible('/expiresAt', 'is over already')
  const paragraphs = await paragraphsOf(context, about)
  if ('allowed' in paragraphs) return paragraphs
  const records = recordsOf(about)
  if ('allowed' in records) return records
  const words = await wordsOf(context, about)
  if (words !== null && 'allowed' in words) return words
  return {
    ...{ extent: body.decision === 'grant-whole' ? 'whole' : 'part', fields: body.fields ?? null, words, expiresAt },
    ...{ copies: body.copies ?? false, handling: body.handling ?? [], article8Grounds: body.article8Grounds ?? [], paragraphs, records },
  }
}

const findingMissing = (body: DecisionBody, selectable: readonly Article8Ground[]): Refusal | null => {
  if (body.riskOutweighsConfidentiality !== true) return impossible('/riskOutweighsConfidentiality', 'must be found before anything leaves')
  const grounds = body.article8Grounds ?? []
  if (grounds.length === 0) return impossible('/article8Grounds', 'names no ground')
  const barred = grounds.findIndex((ground) => !selectable.includes(ground))
  if (barred >= 0) return impossible(`/article8Grounds/${barred}`, 'is no ground of the confidentiality statement')
  const strange = (body.fields ?? []).findIndex((field) => !releasable.includes(field))
  return strange < 0 ? null : impossible(`/fields/${strange}`, 'is no field of a paragraph')
}

const releasable: readonly string[] = ['conference', 'heldOn', 'paragraph', 'text']

const paragraphsOf = async (
  { tx }: ChangeContext,
  { known: { file }, body }: { readonly known: KnownRequest; readonly body: DecisionBody },
): Promise<Scope['paragraphs'] | Refusal> => {
  if (body.decision === 'grant-whole') {
    if (body.paragraphs !== undefined) return impossible('/paragraphs', 'belongs to a grant in part')
    const asked = await listAsked(tx, file)
    return asked.length + file.records.length === 0 ? impossible('/decision', 'there is nothing that could be granted') : asked
  }
  const about = await listAboutPerson(tx, { ...file, limit: MOST_PARAGRAPHS })
  const chosen = (body.paragraphs ?? []).map(({ paragraphId, version }) => ({ paragraphId: paragraphId.toLowerCase(), version }))
  if (chosen.length === 0 && (body.records ?? []).length === 0) return impossible('/paragraphs', 'names no paragraph')
  const strange = chosen.findIndex((one) => !about.some((known) => known.paragraphId === one.paragraphId && known.version === one.version))
  if (strange >= 0) return impossible(`/paragraphs/${strange}`, 'is no paragraph about this person as it stands now')
  const twice = chosen.findIndex((one, place) => chosen.findIndex(({ paragraphId }) => paragraphId === one.paragraphId) !== place)
  return twice >= 0 ? impossible(`/paragraphs/${twice}`, 'is named twice') : chosen
}

/** Of what was asked of the person's record: the whole, or exact fields of it and none besides. */
const recordsOf = ({
  known: { file },
  body,
}: {
  readonly known: KnownRequest
  readonly body: DecisionBody
}): readonly NamedRecord[] | Refusal => {
  if (body.decision === 'grant-whole') {
    return body.records === undefined ? file.records : impossible('/records', 'belongs to a grant in part')
  }
  const chosen = body.records ?? []
  for (const [place, one] of chosen.entries()) {
    const asked = file.records[placeOf(file.records, one)]
    if (asked === undefined) return impossible(`/records/${place}`, 'is no part of the record that was asked for')
    const strange = one.fields.findIndex((field) => !asked.fields.includes(field))
    if (strange >= 0) return impossible(`/records/${place}/fields/${strange}`, 'is no field that was asked for')
    if (placeOf(chosen, one) !== place) return impossible(`/records/${place}`, 'is named twice')
  }
  return chosen
}

const wordsOf = async (
  { tx }: ChangeContext,
  { known: { file }, body }: { readonly known: KnownRequest; readonly body: DecisionBody },
): Promise<Permission['words'] | Refusal> => {
  const hash = body.formOfWordsHash ?? null
  if (hash === null) return body.marking === undefined ? null : impossible('/marking', 'belongs to a form of words')
  const words = await findWords(tx, file.id)
  if (words?.hash !== hash) return impossible('/formOfWordsHash', 'are not the words as they stand now')
  return { version: words.version, hash, marking: body.marking ?? 'official-sensitive' }
}
