import { attendanceStates, meetingParts } from '../../../../../core/case-vocabulary.ts'
import { makeAct } from '../../../act/make-act.ts'
import { type Field, given, options } from '../../../act/fields.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { words } from '../../../view/words.ts'

const at = '/console/conferences/:conferenceId'
type Params = PageRequest['params']
const conferenceOf = (params: Params) => ({ conferenceId: params['conferenceId'] ?? '' })
const back = (params: Params) => ({ href: `/console/conferences/${params['conferenceId'] ?? ''}/attendance`, text: 'Who takes part' })
const common = { section: 'conferences', roles: [], back, binds: false } as const

/** One person a line: the agency’s id, then who they are there. */
export const peopleIn = (text: string): readonly object[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [agencyId = '', ...sub] = line.split(/\s+/)
      return { agencyId, sub: sub.join(' ') }
    })

export const invite = makeAct({
  ...common,
  path: `${at}/invite`,
  title: 'Invite people',
  operationId: 'inviteToConference',
  says: 'They are listed as invited. Being invited shows nobody the papers: only being there does.',
  fields: [
    {
      name: 'people',
      label: 'Whom do you invite?',
      hint: 'One person a line: the agency’s id, a space, and the name they sign in with. For example: ridings-police analyst',
      kind: 'long',
    },
  ],
  button: 'Invite them',
  request: (form, params) => ({ params: conferenceOf(params), body: { people: peopleIn(form.text('people')) } }),
  done: () => 'They are invited.',
})

const attendanceFields: readonly Field[] = [
  { name: 'agencyId', label: 'Agency', hint: 'The agency’s id, for example ridings-police', kind: 'text', pointer: '/people/0/agencyId' },
  { name: 'sub', label: 'Who they are there', hint: 'The name they sign in with', kind: 'text', pointer: '/people/0/sub' },
  { name: 'part', label: 'In which part?', kind: 'select', options: options(meetingParts, words), pointer: '/people/0/part' },
  {
    name: 'state',
    label: 'Were they there?',
    kind: 'radios',
    pointer: '/people/0',
    options: [
      ...[...attendanceStates].filter((one) => one !== 'excluded').map((value) => ({ value, text: words(value) })),
      { value: 'excluded', text: 'Excluded', hint: 'Sent out of the room: for the chair alone, or whoever acts for the chair.' },
    ],
  },
]

export const recordAttendance = makeAct({
  ...common,
  path: `${at}/attendance/record`,
  title: 'Record attendance',
  operationId: 'recordAttendance',
  says: 'The last record of a person counts. Only those who were there read the papers. Nobody records themselves as there.',
  fields: attendanceFields,
  button: 'Record it',
  request: (form, params) => ({
    params: conferenceOf(params),
    body: { people: [given(Object.fromEntries(['agencyId', 'sub', 'part', 'state'].map((name) => [name, form.text(name)])))] },
  }),
  done: (_told, form) => `${form.text('sub')}: ${words(form.text('state')).toLowerCase()}.`,
})

interface Statement {
  readonly version: number
  readonly text: string
  readonly hash: string
}

/** The statement that binds the meeting, to be read before it is agreed to; its hash goes with the form. */
const statementFields = async ({ ask, params }: PageRequest): Promise<PageAnswer | Awaited<ReturnType<typeof prepared>>> => {
  const meeting = await ask('readAttendance', { params: conferenceOf(params) })
  if (meeting.status !== 200) return refused(meeting)
  const told = await ask('listStatements')
  if (told.status !== 200) return refused(told)
  const statement = (told.body['statements'] as readonly Statement[]).find(({ version }) => version === meeting.body['statementVersion'])
  return prepared(statement ?? null)
}

const prepared = (statement: Statement | null) =>
  Promise.resolve({
    fields: ['statementVersion', 'statementHash'].map((name): Field => ({ name, label: 'The statement', kind: 'hidden' })),
    values: { statementVersion: String(statement?.version ?? ''), statementHash: statement?.hash ?? '' },
    data: { statement },
  })

export const agreeToStatement = makeAct({
  ...common,
  path: `${at}/statement`,
  title: 'Agree to the confidentiality statement',
  operationId: 'acknowledgeStatement',
  says: 'You agree, for yourself and for this meeting, to abide by exactly this text.',
  view: 'conferences/attending/statement.njk',
  fields: statementFields,
  button: 'I have read it and agree to abide by it',
  request: (form, params) => ({
    params: conferenceOf(params),
    body: given({ statementVersion: Number(form.text('statementVersion')) || null, statementHash: form.text('statementHash') }),
  }),
  done: () => 'You have agreed to the confidentiality statement for this meeting.',
})

export const withdrawAgreement = makeAct({
  ...common,
  path: `${at}/statement/withdraw`,
  title: 'Withdraw your agreement to the statement',
  operationId: 'withdrawAcknowledgement',
  says: 'From then on you read nothing of this meeting any more, until you agree again.',
  fields: [],
  button: 'Withdraw it',
  request: (_form, params) => ({ params: conferenceOf(params) }),
  done: () => 'Your agreement is withdrawn.',
})
