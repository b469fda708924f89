import { delegatedActs } from '../../../../core/case-vocabulary.ts'
import { makeAct } from '../../act/make-act.ts'
import { dayIn, dayStart, given, options } from '../../act/fields.ts'
import type { PageRequest } from '../../page.ts'
import { words } from '../../view/words.ts'

const common = { section: 'permissions', roles: [], back: { href: '/console/delegations', text: 'Acting for the chair' } } as const
const delegationOf = (params: PageRequest['params']) => ({ delegationId: params['delegationId'] ?? '' })
const dayHint = 'For example, 27 3 2027'

export const giveDelegation = makeAct({
  ...common,
  path: '/console/delegations/new',
  title: 'Name somebody to act for you',
  operationId: 'writeDelegation',
  says: 'Once they accept, they act in your place in what you choose, and the log says that it was for you. Acts you do not choose stay yours.',
  fields: [
    {
      name: 'deputyAgencyId',
      label: 'Their agency',
      hint: 'The agency’s id, for example ridings-probation',
      kind: 'text',
      pointer: '/deputy/agencyId',
    },
    { name: 'deputySub', label: 'Who they are there', hint: 'The name they sign in with', kind: 'text', pointer: '/deputy' },
    { name: 'areaId', label: 'Area', hint: 'Yours, for example calder', kind: 'text' },
    {
      name: 'conferenceId',
      label: 'One meeting only: its id',
      hint: 'Leave it empty for every meeting of the area.',
      kind: 'text',
      optional: true,
    },
    { name: 'acts', label: 'In what may they act for you?', kind: 'checkboxes', options: options(delegatedActs, words) },
    { name: 'fromAt', label: 'First day', hint: dayHint, kind: 'day' },
    { name: 'toAt', label: 'Ends on', hint: `The first day on which they no longer act for you. ${dayHint}`, kind: 'day' },
  ],
  button: 'Name them',
  request: (form) => ({
    body: given({
      deputy: given({ agencyId: form.text('deputyAgencyId'), sub: form.text('deputySub') }),
      ...{ areaId: form.text('areaId'), conferenceId: form.text('conferenceId'), acts: form.all('acts') },
      ...{ fromAt: dayStart(dayIn(form, 'fromAt')), toAt: dayStart(dayIn(form, 'toAt')) },
    }),
  }),
  done: (_told, form) => `${form.text('deputySub')} is asked to act for you.`,
  next: () => ['They accept or decline. Until they accept, nothing can be done in your place.', 'You can end it at any time.'],
})

export const answerDelegation = makeAct({
  ...common,
  path: '/console/delegations/:delegationId/answer',
  title: 'Accept or decline',
  operationId: 'answerDelegation',
  says: 'If you accept, you act in the chair’s place in what was delegated, and each act is logged as yours for the chair.',
  fields: [
    {
      name: 'decision',
      label: 'What do you answer?',
      kind: 'radios',
      options: [
        { value: 'accept', text: 'I accept' },
        { value: 'decline', text: 'I decline' },
      ],
    },
  ],
  button: 'Send the answer',
  request: (form, params) => ({ params: delegationOf(params), body: given({ decision: form.text('decision') }) }),
  done: (_told, form) => (form.text('decision') === 'accept' ? 'You act for the chair.' : 'You have declined.'),
})

export const endDelegation = makeAct({
  ...common,
  path: '/console/delegations/:delegationId/end',
  title: 'End the delegation',
  operationId: 'revokeDelegation',
  says: 'From the next request on nobody acts under it. What was done under it stays valid.',
  fields: [{ name: 'why', label: 'Why?', hint: 'It is kept in the access log.', kind: 'long' }],
  button: 'End the delegation',
  request: (form, params) => ({ params: delegationOf(params), body: given({ why: form.text('why') }) }),
  done: () => 'The delegation has ended.',
})
