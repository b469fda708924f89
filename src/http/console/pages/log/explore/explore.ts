import type { Role } from '../../../../../core/vocabulary.ts'
import type { Field, FormError } from '../../../act/fields.ts'
import { dayCounts, type DayCount } from '../../../charts/day-counts.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { masked } from '../../../../../gateway/log/search/entry-view.ts'
import { readingFields, readingIn } from '../reading.ts'
import { filterFields } from './filter-fields.ts'
import { findSubject, wrongIn } from './find-subject.ts'
import { choices, notListed, systemsOf } from './lists.ts'
import { filterIn } from './log-question.ts'

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
  open: (request) => searchForm(request, { period: 'month' }, []),
  submit: async (request) => {
    const { form } = request
    if (form.text('_step') !== 'search') return searchForm(request, form.values, [])
    const strange = await notListed(request)
    if (strange.length > 0) return searchForm(request, form.values, strange)
    const who = await findSubject(request)
    if ('errors' in who) return searchForm(request, form.values, who.errors)
    return 'refusal' in who ? who.refusal : search(request, who.subject)
  },
}

const searchForm = async (request: PageRequest, values: Form['values'], errors: readonly FormError[]): Promise<PageAnswer> => {
  const asked = { ...filterFields, ...(await choices(request)) }
  // A permission is chosen on its own page: nobody types its id.
  const chosen = (values['permissionId'] ?? '') !== ''
  const filters = { ...asked, more: asked.more.filter(({ name }) => name !== 'permissionId' || chosen) }
  return {
    view: 'log/explore/search.njk',
    status: errors.length > 0 ? 422 : 200,
    data: { reading: readingFields, filters, values, errors, systemsOf: systemsOf(request), anySystem: systemsIn(filters.more) },
  }
}

/** Another agency's systems are for the partnership's officers alone. */
const systemsIn = (fields: readonly Field[]): boolean => (fields.find(({ name }) => name === 'clientId')?.options ?? []).length > 0

const PAGE = 25

const search = async (request: Submitted, subject: string): Promise<PageAnswer> => {
  const { form, ask, session } = request
  const filter = { ...filterIn(form, session.at), ...(subject === '' ? {} : { subject }) }
  const cursor = form.text('cursor')
  const first = cursor === ''
  const body = { ...readingIn(form), filter, limit: PAGE, countByDay: first, ...(first ? {} : { cursor }) }
  const told = await ask('searchLog', { body })
  const errors = wrongIn(told, form)
  if (errors.length > 0) return searchForm(request, form.values, errors)
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
