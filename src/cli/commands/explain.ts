import type { Command } from '../command.ts'
import { type Explained, explainedLines, groupByRule, problemLines, sayWithheldFields, sayWithheldItems } from '../words/explained.ts'
import { askGateway } from '../gateway/gateway-client.ts'
import { commonOptions } from '../options.ts'
import { knownWord, usageProblem } from '../problem.ts'
import { connectionOf } from '../session.ts'
import { labelled, table, valueText } from '../words/table.ts'

/** DPA 2018 s.62(4): the only uses of a log. */
const logPurposes = ['lawfulness', 'self-monitoring', 'integrity', 'criminal-proceedings'] as const

interface Line {
  readonly category: string
  readonly outcome: string
  readonly supplier: string | null
  readonly reasons?: readonly Explained[]
  readonly fields?: readonly string[]
  readonly withheldFields?: readonly (Explained & { readonly field: string })[]
  readonly withheldItems?: readonly (Explained & { readonly count: number })[]
  readonly because?: string
  /** For officers only. */
  readonly stages?: readonly Stage[]
}

interface Stage {
  readonly stage: string
  readonly title: string
  readonly outcome: string
  readonly rules: readonly { readonly ruleId: string; readonly cites: string }[]
  readonly facts: Readonly<Record<string, string | null>>
}

interface Entry extends Readonly<Record<string, unknown>> {
  readonly categories?: readonly Line[]
}

export const explain: Command = {
  words: 'explain',
  takes: '<entryId>',
  says: 'why it was decided so: read one entry of the access log (the reading is an entry of its own)',
  options: [
    { name: 'purpose', value: 'use', says: `what the log is read for: ${logPurposes.join(', ')}` },
    { name: 'why', value: 'words', says: 'the justification, in your own words' },
    ...commonOptions,
  ],
  async run(terminal, given) {
    const entryId = given.words[0]
    if (entryId === undefined) throw usageProblem('Say which entry: iom explain <entryId>.')
    if (!/^[0-9a-f-]{36}$/i.test(entryId)) throw usageProblem(`${entryId} is not the id of an entry.`)
    const purpose = knownWord('use of the log', given.text('purpose') ?? 'lawfulness', logPurposes)
    const justification = given.text('why') ?? 'To understand how this was decided'
    const connection = await connectionOf(terminal, given)
    const path = `/v1/access-log/${entryId}/readings`
    const reply = await askGateway<{ entry: Entry }>(connection, { method: 'POST', path, body: { purpose, justification } })
    if (given.on('json')) terminal.print(reply.text)
    else
      terminal.print(
        reply.status === 200
          ? sayEntry(reply.body.entry, terminal.width)
          : problemLines(reply.status, reply.body as object, terminal.width),
      )
    return reply.status === 200 ? 0 : 1
  },
}

const told = [
  'entryId',
  'at',
  'operation',
  'event',
  'effect',
  'reason',
  'offenderId',
  'purpose',
  'legalGateway',
  'justification',
  'policy',
  'engine',
]

export const sayEntry = (entry: Entry, width: number): string => {
  const rows = told.flatMap((name) => (entry[name] === undefined || entry[name] === null ? [] : [[name, valueText(entry[name])]]))
  const caller = entry.caller as { agencyId?: string; clientId?: string; personSub?: string | null } | null | undefined
  if (caller) rows.push(['caller', `${caller.personSub ?? 'no person'} at ${caller.agencyId ?? '?'}, through ${caller.clientId ?? '?'}`])
  return [table(rows), ...(entry.categories ?? []).map((line) => sayLine(line, width))].join('\n\n')
}

const sayLine = (line: Line, width: number): string => {
  const at = { indent: '  ', width }
  return [
    `${line.category}${line.supplier === null ? '' : ` from ${line.supplier}`}: ${line.outcome}${line.because === undefined ? '' : ` (${line.because})`}`,
    ...(line.fields === undefined ? [] : [labelled('given', line.fields.join(', '), at)]),
    ...groupByRule(line.withheldFields ?? []).map((group) => sayWithheldFields(group, width)),
    ...(line.withheldItems ?? []).map((one) => sayWithheldItems(one, width)),
    ...(line.reasons ?? []).map((reason) => explainedLines(reason, at)),
    ...(line.stages ?? []).map((stage) => sayStage(stage, width)),
  ].join('\n')
}

/** A stage that was passed is told with the facts alone: what it would have refused stands in its title. */
const sayStage = ({ stage, title, outcome, rules, facts }: Stage, width: number): string => {
  const read = Object.entries(facts).map(([name, value]) => `${name}=${value ?? 'not held'}`)
  const decided =
    outcome === 'passed' ? [] : rules.map(({ ruleId, cites }) => labelled('rule ', `${ruleId}; ${cites}`, { indent: '    ', width }))
  return [
    labelled(stage.padEnd(5), `${outcome}: ${title}`, { indent: '  ', width }),
    ...decided,
    ...(read.length === 0 ? [] : [labelled('facts', read.join(' '), { indent: '    ', width })]),
  ].join('\n')
}
