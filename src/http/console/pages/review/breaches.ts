import { makeAct } from '../../act/make-act.ts'
import { given } from '../../act/fields.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { logReaders } from '../log/explore/explore.ts'

interface Breach {
  readonly secondsLeft: number | null
}

/** "3 days and 2 hours left", "5 minutes late". */
export const leftWords = (seconds: number): string => {
  const minutes = Math.floor(Math.abs(seconds) / 60)
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ] as const
  const said = parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`)
  return `${said.length === 0 ? 'less than a minute' : said.join(' and ')} ${seconds < 0 ? 'late' : 'left'}`
}

/** The clocks of breaches, those that still run first. */
export const breaches: Page = {
  path: '/console/log/breaches',
  title: 'Breaches and their clocks',
  section: 'log',
  roles: logReaders,
  offers: 'The 72 hours in which the Information Commissioner is to be told, and what was done.',
  open: async ({ ask, query }) => {
    const cursor = query.get('after')
    const told = await ask('listBreaches', cursor === null ? {} : { query: { cursor } })
    if (told.status !== 200) return refused(told)
    const listed = (told.body['breaches'] as readonly Breach[]).map((one) => ({
      ...one,
      left: one.secondsLeft === null ? null : leftWords(one.secondsLeft),
    }))
    return { view: 'review/breaches.njk', data: { breaches: listed, nextCursor: told.body['nextCursor'], entryId: told.entryId } }
  },
}

/** Says what was done about a breach; the clock stops. */
export const breachDone = makeAct({
  path: '/console/log/breaches/:taskId/done',
  title: 'Record what was done about the breach',
  section: 'log',
  roles: logReaders,
  operationId: 'completeTask',
  says: 'The clock of this breach stops. What you write is kept in the access log; the notification itself is sent outside the gateway.',
  fields: [
    {
      ...{ name: 'outcome', label: 'What was done?', kind: 'radios' },
      options: [
        { value: 'done', text: 'The Commissioner was told' },
        {
          value: 'not-needed',
          text: 'No notification was needed',
          hint: 'It is unlikely to be a risk to anybody’s rights and freedoms (s.67(2)).',
        },
      ],
    },
    { name: 'justification', label: 'What was assessed, and when was who told?', kind: 'long' },
  ],
  button: 'Stop the clock',
  request: (form, params) => ({
    params: { taskId: params['taskId'] ?? '' },
    body: given({ outcome: form.text('outcome'), justification: form.text('justification') }),
  }),
  done: () => 'What was done is recorded, and the clock has stopped.',
  back: { href: '/console/log/breaches', text: 'Breaches and their clocks' },
})
