import { existsSync, writeFileSync } from 'node:fs'
import type { components } from '../../../http/generated/contract.ts'
import { exportFormats } from '../../../gateway/log/search/export/export-text.ts'
import { logPurposes } from '../../../gateway/log/export-note.ts'
import type { Command } from '../../command.ts'
import { askGateway, type Connection } from '../../gateway/gateway-client.ts'
import { commonOptions, type Given } from '../../options.ts'
import { CommandProblem, type ExitCode, knownWord, usageProblem } from '../../problem.ts'
import { connectionOf, type Terminal } from '../../session.ts'
import { problemLines } from '../../words/explained.ts'
import { table } from '../../words/table.ts'

type Found = components['schemas']['LogSearchResult']
type Exported = components['schemas']['LogExportResult']

/** Option by option what it is called in the contract. */
const filters = {
  subject: ['subject', 'id', 'the person it is about'],
  agency: ['agencyId', 'agency', 'the agency that asked'],
  supplier: ['supplierAgencyId', 'agency', 'the agency that supplied'],
  system: ['clientId', 'system', 'the system that asked'],
  category: ['category', 'category', 'the category'],
  for: ['purpose', 'purpose', 'the purpose that was given'],
  event: ['event', 'event', 'the kind of event'],
  operation: ['operation', 'operation', 'the operation'],
  outcome: ['outcome', 'outcome', 'permitted, refused, shielded or repeated'],
  reason: ['reason', 'code', 'the code of a refusal'],
  rule: ['ruleId', 'rule', 'a rule that permitted or refused'],
  agreement: ['agreementId', 'id', 'the agreement relied on'],
  permission: ['permissionId', 'id', 'the chair’s permission relied on'],
  from: ['from', 'instant', 'not before'],
  until: ['until', 'instant', 'before'],
  words: ['words', 'words', 'words of the justification'],
} as const

export const logSearch: Command = {
  words: 'log search',
  takes: '',
  says: 'find entries of the access log, as an information-governance officer (the search is an entry of its own)',
  options: [
    { name: 'purpose', value: 'use', says: `what the log is read for: ${logPurposes.join(', ')}` },
    { name: 'why', value: 'words', says: 'the justification, in your own words' },
    { name: 'person', value: 'agency/name', says: 'who asked' },
    ...Object.entries(filters).map(([name, [, value, says]]) => ({ name, value, says })),
    { name: 'by-day', says: 'count by day as well' },
    { name: 'limit', value: 'number', says: 'entries on a page' },
    { name: 'cursor', value: 'cursor', says: 'the page that follows' },
    { name: 'save', value: 'file', says: 'write what is found into this file, and its manifest and proof beside it' },
    { name: 'format', value: 'format', says: `of that file: ${exportFormats.join(', ')}` },
    ...commonOptions,
  ],
  async run(terminal, given) {
    const body = { ...reasonsIn(given), filter: filterIn(given), ...pageIn(given) }
    const file = given.text('save')
    const connection = await connectionOf(terminal, given)
    return file === undefined ? search({ terminal, given, connection, body }) : save({ terminal, given, connection, body }, file)
  },
}

interface Asked {
  readonly terminal: Terminal
  readonly given: Given
  readonly connection: Connection
  readonly body: object
}

const search = async ({ terminal, given, connection, body }: Asked): Promise<ExitCode> => {
  const asked = { ...body, ...(given.on('by-day') ? { countByDay: true } : {}) }
  const reply = await askGateway<Found>(connection, { method: 'POST', path: '/v1/access-log/searches', body: asked })
  if (given.on('json')) terminal.print(reply.text)
  else terminal.print(reply.status === 200 ? sayFound(reply.body) : problemLines(reply.status, reply.body, terminal.width))
  return reply.status === 200 ? 0 : 1
}

const save = async ({ terminal, given, connection, body }: Asked, file: string): Promise<ExitCode> => {
  const format = knownWord('format', given.text('format') ?? 'csv', exportFormats)
  if (existsSync(file)) throw new CommandProblem(`${file} is there already.`)
  const reply = await askGateway<Exported>(connection, { method: 'POST', path: '/v1/access-log/exports', body: { ...body, format } })
  if (reply.status !== 200) {
    terminal.print(given.on('json') ? reply.text : problemLines(reply.status, reply.body, terminal.width))
    return 1
  }
  const { content, ...about } = reply.body
  writeFileSync(file, content, { mode: 0o600 })
  writeFileSync(`${file}.manifest.json`, `${JSON.stringify(about, null, 2)}\n`, { mode: 0o600 })
  const more = about.nextCursor === null ? '' : `\nThere is more: --cursor ${about.nextCursor}`
  terminal.print(
    given.on('json')
      ? JSON.stringify(about)
      : `${file} holds ${about.manifest.entries} entries; ${file}.manifest.json proves them. Entry ${about.entryId} says so.${more}`,
  )
  return 0
}

/** What is left out is sent as left out: that it is missing is the gateway's to decide and to log. */
const reasonsIn = (given: Given) => {
  const [purpose, justification] = [given.text('purpose'), given.text('why')]
  return { ...(purpose === undefined ? {} : { purpose }), ...(justification === undefined ? {} : { justification }) }
}

const filterIn = (given: Given): object => {
  const person = given.text('person')
  const [agencyId, sub] = person?.split('/') ?? []
  if (person !== undefined && (agencyId === '' || sub === undefined || sub === ''))
    throw usageProblem('--person is an agency and a name at it: ridings-police/analyst.')
  const plain = Object.entries(filters).flatMap(([option, [name]]) => {
    const value = given.text(option)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(plain), ...(person === undefined ? {} : { person: { agencyId, sub } }) }
}

const pageIn = (given: Given): object => {
  const [limit, cursor] = [given.text('limit'), given.text('cursor')]
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(limit)) throw usageProblem('--limit is a number.')
  return { ...(limit === undefined ? {} : { limit: Number(limit) }), ...(cursor === undefined ? {} : { cursor }) }
}

const sayFound = ({ entries, counts, index, nextCursor, entryId }: Found): string => {
  const rows = entries.map((one) => [
    one.at ?? '?',
    one.entryId,
    one.caller === null ? 'unidentified' : `${one.caller.personSub ?? one.caller.clientId}@${one.caller.agencyId}`,
    one.operation ?? '?',
    one.reason === null ? (one.effect ?? '?') : `${one.effect ?? '?'} (${one.reason})`,
    one.categories.map(({ category }) => category).join(','),
  ])
  const days = counts?.days.map(({ day, entries: all, refused }) => [day, String(all), `${refused} refused`]) ?? []
  const behind =
    index.waiting === 0 ? 'The index holds every entry that was committed.' : `${index.waiting} committed entries are not in the index yet.`
  return [
    ...(rows.length === 0 ? ['Nothing was found.'] : [table(rows)]),
    ...(days.length === 0 ? [] : [table(days)]),
    `${behind} This search is entry ${entryId}.`,
    ...(nextCursor === null ? [] : [`There is more: --cursor ${nextCursor}`]),
  ].join('\n\n')
}
