import { londonDay } from '../../../../../core/london.ts'
import { makeAct, type Prepared } from '../../../act/make-act.ts'
import { answersIn, given } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageRequest, Told } from '../../../page.ts'
import { dayWords } from '../../../view/words.ts'
import { consentFields, kinds, readBack } from './consent-fields.ts'
import { endsWhen, saidWhen } from './said-when.ts'

const prepare = async ({ session, agencyNames }: PageRequest): Promise<Prepared> => {
  const names = await agencyNames()
  const [year, month, day] = londonDay(session.at).split('-')
  return {
    fields: consentFields(names),
    values: {
      openedAt: session.at.toISOString(),
      ...{ 'happenedOn-year': year!, 'happenedOn-month': String(Number(month)), 'happenedOn-day': String(Number(day)) },
    },
    data: { names, marking: 'official-sensitive' },
  }
}

const saidIn = (form: Form): Record<string, unknown> =>
  given({
    kind: form.text('kind'),
    scope: { categories: form.all('categories'), recipients: form.all('recipients'), purposes: form.all('purposes') },
    capacityBasis: form.text('capacityBasis'),
    evidence: form.text('evidence'),
    happenedAt: saidWhen(form),
    expiresAt: endsWhen(form),
    justification: form.text('justification'),
  })

const params = (form: Form) => ({ offenderId: form.text('offenderId') })
const lookedUpFor = (form: Form) =>
  given(Object.fromEntries(['purpose', 'legalGateway', 'bestInterestsNote'].map((name) => [name, form.text(name)])))

/** What a person said about sharing: asked, read back with what would come of it, and only then recorded. */
export const recordConsent = makeAct({
  path: '/console/people/consent',
  title: 'Record what somebody says about sharing',
  section: 'people',
  roles: [],
  openedFrom: '/console/people',
  operationId: 'recordConsent',
  says: 'Sharing that depends on consent stops or begins the moment this is recorded. It is as easy to take consent back as to give it.',
  fields: prepare,
  button: 'Record it',
  request: (form) => ({ params: params(form), body: saidIn(form) }),
  foresees: {
    operationId: 'previewConsent',
    view: 'people/consent/check-consent.njk',
    request: (form) => ({ params: params(form), body: { ...saidIn(form), ...lookedUpFor(form) } }),
  },
  answers: (form, { fields }) => readBack(fields, form, answersIn(fields, form)),
  done: (_told, form) => `It is recorded: ${(kinds.find(({ value }) => value === form.text('kind'))?.text ?? '').toLowerCase()}.`,
  next: (told, _form, { data }) => happened(told, data?.['names'] as ReadonlyMap<string, string>),
  back: { href: '/console/people', text: 'Find a person' },
})

interface Recorded {
  readonly asks: { readonly asks: string; readonly when: string; readonly ownerAgencyId: string | null } | null
  readonly told: readonly string[]
  readonly copies: { readonly holders: number; readonly releases: number; readonly dueAt?: string } | null
}

const happened = ({ body }: Told, names: ReadonlyMap<string, string>): readonly string[] => {
  const { asks, told, copies } = body as unknown as Recorded
  const nameOf = (id: string): string => names.get(id) ?? id
  const whose =
    asks?.ownerAgencyId == null ? 'Nobody is there to ask; the question stands open' : `${nameOf(asks.ownerAgencyId)} has a task`
  const question = asks?.asks === 'police-strand-decision' ? 'to decide about the strand' : 'to review the return to the strand'
  const due = copies?.dueAt === undefined ? '' : `, by ${dayWords(copies.dueAt)}`
  return [
    'Every enquiry from now on is decided on it.',
    ...(asks === null
      ? []
      : [
          asks.when === 'now'
            ? `${whose} ${question}. Nothing moves until then.`
            : 'The question waits until the person is released from custody.',
        ]),
    ...(told.length === 0 ? [] : [`Told: ${told.map(nameOf).join(', ')}.`]),
    ...(copies === null
      ? []
      : [
          `${copies.releases} ${copies.releases === 1 ? 'copy is' : 'copies are'} asked back from ${copies.holders} ${copies.holders === 1 ? 'holder' : 'holders'}${due}.`,
        ]),
  ]
}
