import { makeAct } from '../../act/make-act.ts'
import { type Field, given, options } from '../../act/fields.ts'
import type { PageAnswer, PageRequest, Told } from '../../page.ts'
import { words } from '../../view/words.ts'
import { recordView } from '../people/record-view.ts'

const at = '/console/emergency/:emergencyId'
const emergencyOf = (params: PageRequest['params']) => ({ emergencyId: params['emergencyId'] ?? '' })
const back = (params: PageRequest['params']) => ({
  href: `/console/emergency/${params['emergencyId'] ?? ''}`,
  text: 'The emergency access',
})
const common = { section: 'home', roles: [] } as const
const why: Field = { name: 'justification', label: 'What did you find?', hint: 'It is sealed, and kept with the review.', kind: 'long' }

export const noteLook = makeAct({
  ...common,
  path: `${at}/triage`,
  title: 'Note that you have looked',
  operationId: 'reviewEmergencyAccess',
  says: 'Somebody has to look within a working day. This is not yet the decision.',
  fields: [why],
  button: 'Note it',
  request: (form, params) => ({ params: emergencyOf(params), body: given({ step: 'triage', justification: form.text('justification') }) }),
  done: () => 'It is noted that you have looked.',
  back,
})

export const decideEmergency = makeAct({
  ...common,
  path: `${at}/decide`,
  title: 'Decide whether it was justified',
  operationId: 'reviewEmergencyAccess',
  says: 'A chair and a governance officer each decide; the graver of the two stands. What is found not justified is a breach from that moment, and nothing is shown under it any more.',
  fields: [
    {
      name: 'outcome',
      label: 'Was it justified?',
      kind: 'radios',
      options: [
        { value: 'justified', text: 'Yes' },
        { value: 'part-justified', text: 'In part' },
        { value: 'not-justified', text: 'No', hint: 'A breach is recorded, and the 72 hours to tell the Information Commissioner begin.' },
      ],
    },
    why,
  ],
  button: 'Decide',
  request: (form, params) => ({
    params: emergencyOf(params),
    body: given({ step: 'decision', outcome: form.text('outcome'), justification: form.text('justification') }),
  }),
  done: (_told, form) => `Your decision is recorded: ${words(form.text('outcome')).toLowerCase()}.`,
  next: ({ body }) => [
    body['conclusion'] === null
      ? 'The other reviewer has not decided yet.'
      : `Both have decided. It stands as ${words(body['conclusion']).toLowerCase()}.`,
    ...(body['breach'] == null ? [] : ['A breach is recorded and its clock runs. The data protection officer has a task.']),
  ],
  back,
})

const about = (name: string, label: string, hint?: string): Field => ({
  name,
  label,
  kind: 'long',
  ...(hint === undefined ? {} : { hint }),
})

const conditionWords: Readonly<Record<string, string>> = {
  'sch8-3': 'DPA 2018 Sch 8 para 3: vital interests',
  'sch8-4': 'DPA 2018 Sch 8 para 4: safeguarding of children and of individuals at risk',
  'gdpr-art9-c': 'UK GDPR Article 9(2)(c): vital interests',
}

/** A risk to life: the least there is about one person, at once; reviewed afterwards by two. */
export const openEmergency = makeAct({
  ...common,
  path: '/console/emergency/new',
  title: 'Open an emergency access',
  operationId: 'openEmergencyAccess',
  says: 'Only for a risk to life or of serious harm. You see the least that helps, for a few hours. The chair, the agencies it comes from and the governance officers are told at once, and two of them decide whether it was justified.',
  openedFrom: '/console/people',
  fields: [
    { name: 'offenderId', label: 'Person', kind: 'hidden' },
    {
      name: 'legalGateway',
      label: 'Under which legal power?',
      kind: 'radios',
      options: options(['vital-interests', 'police-common-law'], words),
    },
    {
      name: 'condition',
      label: 'On which condition for sensitive information?',
      kind: 'select',
      optional: true,
      options: options(Object.keys(conditionWords), (one) => conditionWords[one]!),
    },
    about('threat', 'What is the threat?'),
    about('atRisk', 'Who is at risk?'),
    about('whyNotOrdinary', 'Why can it not be asked in the ordinary way?'),
    {
      name: 'bestInterestsNote',
      label: 'If the person may be under 18: how does this serve the child’s best interests?',
      kind: 'long',
      optional: true,
    },
  ],
  button: 'Open the emergency access',
  request: (form) => ({
    body: given(
      Object.fromEntries(
        ['offenderId', 'legalGateway', 'condition', 'threat', 'atRisk', 'whyNotOrdinary', 'bestInterestsNote'].map((name) => [
          name,
          form.text(name),
        ]),
      ),
    ),
  }),
  done: () => 'The emergency access is open.',
  finish: (told) => opened(told),
  back: { href: '/console/people', text: 'Find a person' },
})

const opened = (told: Told): PageAnswer => {
  const shown = recordView(told)
  return 'view' in shown ? { ...shown, title: 'Opened in an emergency' } : shown
}
