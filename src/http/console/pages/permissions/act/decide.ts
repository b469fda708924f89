import { obligations } from '../../../../../core/decision-vocabulary.ts'
import { dayAfter, isDay, londonDay, startOfLondonDay } from '../../../../../core/london.ts'
import { makeAct, type Prepared } from '../../../act/make-act.ts'
import { dayIn, type Field, given, options } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { instantWords, words } from '../../../view/words.ts'
import { moveSaid, type RequestRead } from '../request-words.ts'
import { recordFields, recordsIn } from './record-part.ts'

type Params = PageRequest['params']
export const requestOf = (params: Params) => ({ requestId: params['requestId'] ?? '' })
export const backToRequest = (params: Params) => ({
  href: `/console/permissions/${params['requestId'] ?? ''}`,
  text: 'The request for disclosure',
})

/** What goes with a permission by itself is not asked for: the marking and its end. */
const conditions = obligations.filter(
  (one) => !['mark', 'expires-at', 'form-of-words-only', 'opinion-flag', 'stale', 'child', 'spent'].includes(one),
)

const extentField: Field = {
  name: 'decision',
  label: 'What do you decide?',
  kind: 'radios',
  options: [
    { value: 'grant-whole', text: 'Release the whole of what is asked' },
    { value: 'grant-part', text: 'Release a part' },
    { value: 'refuse', text: 'Refuse' },
  ],
}

const partField = ({ paragraphs, blocks }: RequestRead, names: ReadonlyMap<string, string>): Field => ({
  name: 'paragraphs',
  label: 'If a part: which paragraphs?',
  kind: 'checkboxes',
  options: paragraphs.map(({ paragraphId, version, number, form, originatorAgencyId, marking }) => {
    const block = blocks.find((one) => one.paragraphId === paragraphId)
    const text = `Paragraph ${number} of the ${words(form).toLowerCase()}, from ${names.get(originatorAgencyId) ?? originatorAgencyId}, ${words(marking)}`
    return {
      value: `${paragraphId} ${version}`,
      text,
      ...(block === undefined ? {} : { hint: `No permission makes this leave: ${block.says}` }),
    }
  }),
})

const wordsFields = ({ formOfWords }: RequestRead): readonly Field[] =>
  formOfWords === null
    ? []
    : [
        {
          name: 'formOfWords',
          label: 'In which words?',
          kind: 'radios',
          pointer: '/formOfWordsHash',
          options: [
            { value: formOfWords.hash, text: 'In the form of words, and no other', hint: formOfWords.text },
            { value: '', text: 'The paragraphs themselves' },
          ],
        },
        {
          name: 'marking',
          label: 'If in the form of words: its marking',
          kind: 'select',
          options: options(['official-sensitive', 'official'], words),
        },
      ]

const scopeFields = (grounds: readonly string[]): readonly Field[] => [
  {
    name: 'expiresOn',
    label: 'Last day of the permission',
    hint: 'The next review of the case or the longest that was agreed, whichever is sooner. You may name another day.',
    kind: 'day',
    pointer: '/expiresAt',
  },
  { name: 'handling', label: 'Conditions', kind: 'checkboxes', optional: true, columns: true, options: options(conditions, words) },
  {
    name: 'copies',
    label: 'Printing and copying',
    kind: 'checkboxes',
    optional: true,
    options: [{ value: 'yes', text: 'The recipient may print or copy it' }],
  },
  {
    name: 'article8Grounds',
    pointer: ['/article8Grounds', '/riskOutweighsConfidentiality'],
    label: 'I find that the risk to the public outweighs the duty of confidentiality, on the ground of',
    hint: 'European Convention on Human Rights, Article 8(2). Choose at least one, unless you refuse.',
    kind: 'checkboxes',
    options: options(grounds, words),
  },
]

const findingFields: readonly Field[] = [
  { name: 'necessity', label: 'Necessity: what you found', hint: 'It is sealed, and kept with the decision.', kind: 'long' },
  { name: 'proportionality', label: 'Proportionality: what you found', kind: 'long' },
  { name: 'version', label: 'Version', kind: 'hidden' },
]

/** The questions of a decision, with what the chair may choose from and what is filled in for them. */
export const decisionForm = (read: RequestRead, names: ReadonlyMap<string, string>): Required<Pick<Prepared, 'fields' | 'values'>> => ({
  fields: [
    extentField,
    ...(read.paragraphs.length === 0 && read.records.length > 0 ? [] : [partField(read, names)]),
    ...recordFields(read, names),
    ...wordsFields(read),
    ...scopeFields(read.proposed?.article8Grounds ?? []),
    ...findingFields,
  ],
  values: { version: String(read.version), formOfWords: read.formOfWords?.hash ?? '', marking: 'official-sensitive', ...lastDay(read) },
})

const decisionFields = async ({ ask, params, form, agencyNames }: PageRequest): Promise<Prepared | PageAnswer> => {
  const told = await ask('readDisclosureRequest', { params: requestOf(params) })
  if (told.status !== 200) return refused(told)
  const read = told.body as unknown as RequestRead
  const names = await agencyNames()
  const seen = Number(form?.text('version') ?? '')
  return {
    ...decisionForm(read, names),
    renewed: { version: String(read.version) },
    // Sent for the first time it carries the version that was read; what came after it happened meanwhile.
    changed: seen >= 1 && seen < read.version ? read.history.slice(seen).map((move) => changeSaid(move, names)) : [],
    data: { marking: 'official-sensitive' },
  }
}

const changeSaid = ({ kind, at, by }: RequestRead['history'][number], names: ReadonlyMap<string, string>): string =>
  `Since you opened this page, on ${instantWords(at)}, ${by.sub} of ${names.get(by.agencyId) ?? by.agencyId} ${moveSaid(kind)}. Nothing has been decided by you yet.`

/** The proposal ends with a day: the last on which the permission holds. */
const lastDay = ({ proposed }: RequestRead): Form['values'] => {
  if (proposed == null) return {}
  const [year, month, day] = londonDay(new Date(Date.parse(proposed.expiresAt) - 1))
    .split('-')
    .map(Number)
  return { 'expiresOn-day': String(day), 'expiresOn-month': String(month), 'expiresOn-year': String(year) }
}

/** A day that does not exist is handed on as it was typed, for the contract to refuse. */
const endOf = (day: string | null): string | null => (day === null || !isDay(day) ? day : startOfLondonDay(dayAfter(day)).toISOString())

const decisionBody = (form: Form): object => {
  const decision = form.text('decision')
  const findings = { necessity: form.text('necessity'), proportionality: form.text('proportionality') }
  if (decision === 'refuse') return given({ decision, ...findings })
  const hash = form.text('formOfWords')
  return given({
    ...{
      decision,
      ...findings,
      expiresAt: endOf(dayIn(form, 'expiresOn')),
      handling: form.all('handling'),
      copies: form.text('copies') === 'yes',
    },
    ...{ article8Grounds: form.all('article8Grounds'), riskOutweighsConfidentiality: form.all('article8Grounds').length > 0 },
    ...(decision === 'grant-part' ? { paragraphs: form.all('paragraphs').map(paragraphIn), records: recordsIn(form) } : {}),
    ...(hash === '' ? {} : { formOfWordsHash: hash, marking: form.text('marking') }),
  })
}

const paragraphIn = (value: string): object => {
  const [paragraphId, version] = value.split(' ')
  return { paragraphId, version: Number(version) }
}

export const decide = makeAct({
  path: '/console/permissions/:requestId/decide',
  title: 'Decide the request for disclosure',
  section: 'permissions',
  roles: [],
  operationId: 'decideDisclosure',
  says: 'What you release can be read by the person named, for the purpose that was asked, until the day you set. You can revoke it at any time.',
  fields: decisionFields,
  button: 'Decide',
  request: (form, params) => ({ params: requestOf(params), body: decisionBody(form), ifMatch: `"${form.text('version')}"` }),
  done: (_told, form) => (form.text('decision') === 'refuse' ? 'The request is refused.' : 'The permission is given.'),
  next: (_told, form) =>
    form.text('decision') === 'refuse'
      ? ['Whoever asked sees that it was refused. They may ask again, with other reasons.']
      : [
          'The recipient can read what you released when they sign in. Each reading is decided again and written to the access log.',
          'It is listed among the permissions in force, where you see who read under it and can revoke it.',
          'What no permission cures is still withheld, whatever was permitted.',
        ],
  back: backToRequest,
})
