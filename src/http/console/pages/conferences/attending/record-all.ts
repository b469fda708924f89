import { makeAct, type Prepared } from '../../../act/make-act.ts'
import type { Field } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { words } from '../../../view/words.ts'

interface Person {
  readonly agencyId: string
  readonly sub: string
}

interface Listed extends Person {
  readonly displayName: string
  readonly part: string | null
  readonly state: string | null
}

/** As many as the operation takes at once. */
const MOST_PEOPLE = 100
const leave = 'as-it-is'
const offered = ['attended', 'apologies', 'invited-absent'] as const

/** Stays the person's own however many are invited meanwhile. */
const nameOf = ({ agencyId, sub }: Person): string => `there-${agencyId}-${Buffer.from(sub).toString('base64url')}`

const isSame = (one: Person, other: Person): boolean => one.agencyId === other.agencyId && one.sub === other.sub

const chosenIn = (form: Form, people: readonly Listed[]) =>
  people.map((one) => ({ ...one, chosen: form.text(nameOf(one)) })).filter(({ chosen }) => chosen !== '' && chosen !== leave)

const conferenceOf = (params: PageRequest['params']) => ({ conferenceId: params['conferenceId'] ?? '' })

/** Everybody who takes part, with the part that was recorded or that the meeting itself gives them. */
const listedFor = async ({ ask, params }: PageRequest): Promise<readonly Listed[] | PageAnswer> => {
  const told = await ask('readAttendance', { params: conferenceOf(params) })
  if (told.status !== 200) return refused(told)
  const meeting = await ask('getConference', { params: conferenceOf(params) })
  if (meeting.status !== 200) return refused(meeting)
  const { chair, spoc } = meeting.body as { readonly chair: Person; readonly spoc: Person }
  return (told.body['participants'] as readonly Listed[])
    .slice(0, MOST_PEOPLE)
    .map((one) => ({ ...one, part: one.part ?? (isSame(one, chair) ? 'chair' : isSame(one, spoc) ? 'spoc' : 'invited') }))
}

const prepare = async (request: PageRequest): Promise<Prepared | PageAnswer> => {
  const people = await listedFor(request)
  if ('view' in people || 'to' in people || 'file' in people) return people
  const names = await request.agencyNames()
  const chosen = request.form === null ? [] : chosenIn(request.form, people)
  const { agencyId, personSub: sub } = request.session
  // Who was sent out is for the chair; chosen before that, it is for the operation to refuse and not for the page to leave out.
  const asked = people.filter(({ state }) => state !== 'excluded')
  const fields = asked.map((one): Field => {
    const place = chosen.findIndex((other) => isSame(one, other))
    // R42: nobody writes themselves into the room.
    const states = isSame(one, { agencyId, sub }) ? offered.filter((state) => state !== 'attended') : offered
    return {
      ...{ name: nameOf(one), kind: 'radios', columns: true },
      label: `${one.displayName}, ${names.get(one.agencyId) ?? one.agencyId}`,
      hint: `${words(one.part)}. ${one.state === null ? 'Nothing is recorded yet.' : `Recorded: ${words(one.state).toLowerCase()}.`}`,
      options: [{ value: leave, text: 'Leave as it is' }, ...states.map((value) => ({ value, text: words(value) }))],
      pointer: place < 0 ? [] : `/people/${place}`,
    }
  })
  return { fields, values: Object.fromEntries(fields.map(({ name }) => [name, leave])), data: { people, marking: 'official-sensitive' } }
}

const peopleIn = ({ data }: Prepared): readonly Listed[] => (data?.['people'] ?? []) as readonly Listed[]

/** All who were invited on one page: a row for each, and only what was chosen is recorded. */
export const recordAll = makeAct({
  section: 'conferences',
  roles: [],
  binds: false,
  path: '/console/conferences/:conferenceId/attendance/all',
  title: 'Record who was there',
  operationId: 'recordAttendance',
  says: 'The last record of a person counts. Only those who were there read the papers. Nobody records themselves as there.',
  fields: prepare,
  button: 'Record them',
  faults: (form, prepared) => {
    const [first] = prepared.fields
    if (chosenIn(form, peopleIn(prepared)).length > 0) return []
    const place = first === undefined ? { href: '#main-content', name: '' } : { href: `#${first.name}`, name: first.name }
    return [{ ...place, text: 'Choose for at least one person whether they were there' }]
  },
  answers: (form, prepared) =>
    chosenIn(form, peopleIn(prepared)).map(({ displayName, chosen }) => ({ label: displayName, text: words(chosen) })),
  request: (form, params, prepared) => ({
    params: conferenceOf(params),
    body: {
      people: chosenIn(form, peopleIn(prepared)).map(({ agencyId, sub, part, chosen }) => ({ agencyId, sub, part, state: chosen })),
    },
  }),
  done: ({ body }) => (body['recorded'] === 1 ? 'One person is recorded.' : `${String(body['recorded'])} people are recorded.`),
  back: (params) => ({ href: `/console/conferences/${params['conferenceId'] ?? ''}/attendance`, text: 'Who takes part' }),
})
