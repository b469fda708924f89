import { type Act, makeAct } from '../../../act/make-act.ts'
import { given } from '../../../act/fields.ts'
import { refused } from '../../../refused.ts'
import type { RequestRead } from '../request-words.ts'
import { backToRequest, requestOf } from './decide.ts'

const common = { section: 'permissions', roles: [], back: backToRequest } as const
const at = '/console/permissions/:requestId'

/** Something said about a request, in one field. */
const say = (word: string, act: Pick<Act, 'title' | 'says' | 'operationId' | 'button' | 'binds'> & { label: string; sentence: string }) =>
  makeAct({
    ...common,
    ...act,
    path: `${at}/${word}`,
    fields: [{ name: 'text', label: act.label, kind: 'long' }],
    request: (form, params) => ({ params: requestOf(params), body: given({ text: form.text('text') }) }),
    done: () => act.sentence,
  })

export const askForInformation = say('ask', {
  title: 'Ask for more information',
  operationId: 'askDisclosureInformation',
  says: 'Whoever asked for the disclosure gets a task to answer you. The request waits until then; you may still decide it.',
  label: 'What do you need to know before you decide?',
  button: 'Ask',
  sentence: 'Your question is with whoever asked for the disclosure.',
})

export const answerInformation = say('answer', {
  title: 'Answer what was asked',
  operationId: 'answerDisclosureInformation',
  says: 'Your answer is added to the request, which then waits for its decision again.',
  label: 'Your answer',
  button: 'Send the answer',
  sentence: 'Your answer is with whoever decides.',
  binds: false,
})

export const withdrawRequest = say('withdraw', {
  title: 'Withdraw the request',
  operationId: 'withdrawDisclosureRequest',
  says: 'It is not decided any more. You can ask anew at any time.',
  label: 'Why do you withdraw it?',
  button: 'Withdraw it',
  sentence: 'The request is withdrawn.',
  binds: false,
})

export const proposeWords = say('words', {
  title: 'Propose a form of words',
  operationId: 'proposeWords',
  says: 'These words would leave instead of the paragraphs. Every acceptance of earlier words is void.',
  label: 'The words, exactly as they are to leave',
  button: 'Propose these words',
  sentence: 'The words are proposed.',
})

const newWords = 'These words were changed since you opened this page. Nothing has been accepted; read them as they are now.'

/** What is accepted is exactly the text that is shown: its hash goes with the form. */
export const acceptWords = makeAct({
  ...common,
  path: `${at}/accept`,
  title: 'Accept the form of words',
  operationId: 'acceptWords',
  says: 'You accept, for your agency, exactly these words. If anybody changes them your acceptance is void.',
  view: 'permissions/act/accept.njk',
  fields: async ({ ask, params, form }) => {
    const told = await ask('readDisclosureRequest', { params: requestOf(params) })
    if (told.status !== 200) return refused(told)
    const { formOfWords } = told.body as unknown as RequestRead
    const seen = form?.text('hash') ?? ''
    return {
      ...(seen === '' || seen === formOfWords?.hash ? {} : { changed: [newWords], renewed: { hash: formOfWords?.hash ?? '' } }),
      fields: [{ name: 'hash', label: 'The words', kind: 'hidden' }],
      values: { hash: formOfWords?.hash ?? '' },
      data: { formOfWords, marking: 'official-sensitive' },
    }
  },
  button: 'Accept these words',
  request: (form, params) => ({ params: requestOf(params), body: given({ hash: form.text('hash') }) }),
  done: () => 'Your agency has accepted these words.',
})

export const revokePermission = makeAct({
  path: '/console/permissions/granted/:permissionId/revoke',
  title: 'Revoke the permission',
  section: 'permissions',
  roles: [],
  operationId: 'revokeDisclosure',
  says: 'From the next reading on nothing leaves under it. What was read before stays known, and its holders are listed with the request.',
  fields: [{ name: 'why', label: 'Why?', hint: 'It is sealed, and kept with the request.', kind: 'long' }],
  button: 'Revoke the permission',
  request: (form, params) => ({ params: { permissionId: params['permissionId'] ?? '' }, body: given({ why: form.text('why') }) }),
  done: () => 'The permission is revoked.',
  next: () => [
    'Nothing is released under it any more, from now on.',
    'See in the request who read under it, and ask them to return or destroy what they hold.',
  ],
  back: { href: '/console/permissions/in-force', text: 'Permissions in force' },
})
