import type { Role } from '../../../../../core/vocabulary.ts'
import { errorsIn, type FormError } from '../../../act/fields.ts'
import { dayCounts, type DayCount } from '../../../charts/day-counts.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest, Told } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { masked } from '../../../../../gateway/log/search/entry-view.ts'
import { emptyReading, readingFields, readingIn } from '../reading.ts'
import { allFilterFields, filterFields } from './filter-fields.ts'
import { describedIn, filterIn } from './log-question.ts'

/** Who is offered to read the log; what each may see of it the operations decide. */
export const logReaders: readonly Role[] = ['ig-officer', 'dpo']

type Submitted = PageRequest & { readonly form: Form }

/** Who asked for what, when, why and with what result: first why it is read, then what is looked for. Sent by a form, so that no address names anybody. */
export const exploreLog: Page = {
  path: '/console/log/search',
  title: 'Search the access log',
  section: 'log',
  roles: logReaders,
  offers: 'Who asked about whom, when, why and with what result; counted by day; to be kept as a file.',
  open: () => Promise.resolve(searchForm({ period: 'month' }, [])),
  submit: async (request) => {
    if (request.form.text('_step') !== 'search') return searchForm(request.form.values, [])
    const who = await subjectOf(request)
    return 'answer' in who ? who.answer : search(request, who.subject)
  },
}

const searchForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'log/explore/search.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { reading: readingFields, filters: filterFields, values, errors },
})

const wrongIn = (told: Told, form: Form): readonly FormError[] => {
  const empty = emptyReading(told, form)
  return empty.length > 0 ? empty : errorsIn(told, [...readingFields, ...allFilterFields])
}

/** The person described, by id; or the page that says why there is none. Empty where nobody was described. */
const subjectOf = async ({ form, ask }: Submitted): Promise<{ readonly subject: string } | { readonly answer: PageAnswer }> => {
  const described = describedIn(form)
  if (described === null) return { subject: form.text('subject') }
  const told = await ask('findLogSubjects', { body: { ...readingIn(form), ...described } })
  const errors = wrongIn(told, form)
  if (errors.length > 0) return { answer: searchForm(form.values, errors) }
  if (told.status !== 200) return { answer: refused(told) }
  const subjects = told.body['subjects'] as readonly string[]
  if (subjects.length === 1) return { subject: subjects[0]! }
  const name = 'name' in described ? 'familyName' : 'value'
  const text =
    subjects.length === 0
      ? 'Nobody of exactly this description is known to you. Check the spelling, the number and the date.'
      : 'More than one person is described like this. Give a number.'
  return { answer: searchForm(form.values, [{ name, href: `#${name}`, text }]) }
}

const PAGE = 25

const search = async ({ form, ask, session }: Submitted, subject: string): Promise<PageAnswer> => {
  const filter = { ...filterIn(form, session.at), ...(subject === '' ? {} : { subject }) }
  const cursor = form.text('cursor')
  const first = cursor === ''
  const body = { ...readingIn(form), filter, limit: PAGE, countByDay: first, ...(first ? {} : { cursor }) }
  const told = await ask('searchLog', { body })
  const errors = wrongIn(told, form)
  if (errors.length > 0) return searchForm(form.values, errors)
  if (told.status !== 200) return refused(told)
  const counts = told.body['counts'] as { readonly days: readonly DayCount[] } | null
  const { from, until } = filter as { readonly from?: string; readonly until?: string }
  return {
    view: 'log/explore/results.njk',
    title: 'Entries found',
    data: {
      found: told.body,
      counts,
      picture: counts === null || counts.days.length === 0 ? null : dayCounts(counts.days),
      period: { from, until },
      carried: carriedFrom(form, subject),
      reading: readingIn(form),
      masked,
      entryId: told.entryId,
      marking: 'official-sensitive',
    },
  }
}

/** What the next page, a file or a changed search starts from: the person by id alone. */
const carriedFrom = ({ values }: Form, subject: string): Form['values'] => {
  const named = ['_token', '_step', 'cursor', 'kind', 'value', 'givenName', 'familyName', 'bornOn-day', 'bornOn-month', 'bornOn-year']
  return {
    ...Object.fromEntries(Object.entries(values).filter(([name, value]) => !named.includes(name) && value !== '')),
    ...(subject === '' ? {} : { subject }),
  }
}
