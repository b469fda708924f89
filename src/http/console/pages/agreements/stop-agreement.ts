import { type Act, makeAct } from '../../act/make-act.ts'
import { instantWords } from '../../view/words.ts'

const why = { name: 'why', label: 'Why?', hint: 'It is kept in the access log.', kind: 'long' } as const
const registrars = ['isa-registrar', 'isa-signatory', 'ig-officer'] as const

const stop = (word: 'suspend' | 'terminate', about: Pick<Act, 'title' | 'says' | 'operationId'>) =>
  makeAct({
    ...about,
    path: `/console/agreements/:agreementId/${word}`,
    section: 'agreements',
    roles: registrars,
    fields: [why],
    button: about.title,
    request: (form, params) => ({
      params: { agreementId: params['agreementId'] ?? '' },
      body: form.text('why') === '' ? {} : { why: form.text('why') },
    }),
    // Whoever is second reads here that somebody else was first.
    done: ({ body }) => `The agreement is ${word === 'suspend' ? 'suspended' : 'terminated'} since ${instantWords(body['changedAt'])}.`,
    back: { href: '/console/agreements', text: 'All agreements' },
  })

export const suspendAgreement = stop('suspend', {
  operationId: 'suspendAgreement',
  title: 'Suspend the agreement',
  says: 'From the next enquiry on, nothing is released under it, until the suspension is lifted.',
})

export const terminateAgreement = stop('terminate', {
  operationId: 'terminateAgreement',
  title: 'Terminate the agreement',
  says: 'It ends for good: from the next enquiry on, nothing is released under it. This cannot be undone.',
})

export const liftSuspension = makeAct({
  path: '/console/agreements/:agreementId/lift',
  title: 'Lift the suspension',
  section: 'agreements',
  roles: registrars,
  operationId: 'liftAgreementSuspension',
  says: 'From the next enquiry on, what it covers may be released again.',
  fields: [],
  button: 'Lift the suspension',
  request: (_form, params) => ({ params: { agreementId: params['agreementId'] ?? '' } }),
  done: () => 'The suspension is lifted.',
  back: { href: '/console/agreements', text: 'All agreements' },
})
