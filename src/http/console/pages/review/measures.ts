import { errorsIn } from '../../act/fields.ts'
import { bars } from '../../charts/bars.ts'
import type { Pictured } from '../../charts/pictured.ts'
import type { Page } from '../../page.ts'
import { refused } from '../../refused.ts'
import { words } from '../../view/words.ts'
import { logReaders } from '../log/explore/explore.ts'
import { emptyReading, readingFields, readingIn, whyForm } from '../log/reading.ts'

const why = { says: 'What became of the flags of each rule, beside the sample that no rule chose.', button: 'Show the outcomes' }

interface RuleOutcome {
  readonly ruleId: string
  readonly flagged: number
  readonly open: number
  readonly query: number
  readonly justified: number
  readonly breach: number
  readonly precision: number | null
}

const outcomesByRule = (rules: readonly RuleOutcome[]): Pictured => {
  const title = 'Flags by rule'
  const [busiest] = rules.toSorted((left, right) => right.flagged - left.flagged)
  const says =
    busiest === undefined ? 'There are none.' : `The most flags, ${busiest.flagged}, were raised by the rule ${words(busiest.ruleId)}.`
  const svg = bars(
    { id: 'rules', title, says },
    rules.map(({ ruleId, flagged, breach }) => ({ label: words(ruleId), value: flagged, part: breach })),
    'breaches',
  )
  const rows = rules.map((one) => [
    words(one.ruleId),
    ...[one.flagged, one.open, one.query, one.justified, one.breach],
    one.precision === null ? 'none decided' : `${Math.round(one.precision * 100)}%`,
  ])
  const head = ['Rule', 'Flags', 'Open', 'Query', 'Justified', 'Breach', 'Breaches of those decided']
  return { title, svg, head, rows, key: ['Flags', 'Breaches'], open: true }
}

/** How good the rules are: breaches among those decided, rule by rule; and the draws of the random sample. */
export const flagMeasures: Page = {
  path: '/console/log/flags/measures',
  title: 'What became of the flags',
  section: 'log',
  roles: logReaders,
  open: () => Promise.resolve(whyForm(why, {}, [])),
  submit: async ({ form, ask }) => {
    const told = await ask('measureFlags', { body: readingIn(form) })
    const empty = emptyReading(told, form)
    const errors = empty.length > 0 ? empty : errorsIn(told, readingFields)
    if (errors.length > 0) return whyForm(why, form.values, errors)
    if (told.status !== 200) return refused(told)
    const samples = await ask('searchSamples', { body: { ...readingIn(form), limit: 31 } })
    return {
      view: 'review/measures.njk',
      data: {
        picture: outcomesByRule(told.body['rules'] as readonly RuleOutcome[]),
        evaluations: told.body['evaluations'],
        samples: samples.status === 200 ? samples.body['samples'] : [],
        entryIds: [told.entryId, samples.entryId],
      },
    }
  },
}
