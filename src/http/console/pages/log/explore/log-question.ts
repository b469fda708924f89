import { daysAfter, londonDay } from '../../../../../core/london.ts'
import { dayIn, dayStart, given } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'

/** How far back the periods go that have a name. */
const daysBack: Readonly<Record<string, number>> = { week: 6, month: 30 }

const periodIn = (form: Form, at: Date): object => {
  const period = form.text('period')
  const back = daysBack[period]
  if (back !== undefined) return { from: dayStart(daysAfter(londonDay(at), -back)) }
  if (period === 'any') return {}
  const last = dayIn(form, 'until')
  const until = dayStart(last)
  return given({ from: dayStart(dayIn(form, 'from')), until: until === last ? until : dayStart(daysAfter(last!, 1)) })
}

const plain = [
  'subject',
  'supplierAgencyId',
  'clientId',
  'category',
  'operation',
  'outcome',
  'reason',
  'ruleId',
  'agreementId',
  'permissionId',
  'words',
]

/** Whose person was chosen: of the agency that asked, or of that whose people were offered. */
export const askerAgency = (form: Form): string => form.text('agencyId') || form.text('systemsOf')

/** The filter of a search, as the form has it. */
export const filterIn = (form: Form, at: Date): Record<string, unknown> => {
  const [agencyId, sub] = [form.text('agencyId'), form.text('personSub')]
  const person = given({ agencyId: askerAgency(form), sub })
  return given({
    ...Object.fromEntries(plain.map((name) => [name, form.text(name)])),
    ...(sub === '' ? { agencyId } : { person }),
    purpose: form.text('about'),
    ...periodIn(form, at),
  })
}

/** Whom the form describes, where it gives no id; null where it describes nobody. */
export const describedIn = (form: Form): object | null => {
  if (form.text('subject') !== '') return null
  const bornOn = dayIn(form, 'bornOn')
  const name = given({ givenName: form.text('givenName'), familyName: form.text('familyName'), bornOn })
  if (Object.keys(name).length > 0) return { name }
  const identifier = given({ kind: form.text('kind'), value: form.text('value') })
  return Object.keys(identifier).length > 0 ? { identifier } : null
}
