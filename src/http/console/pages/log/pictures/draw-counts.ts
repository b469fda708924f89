import { bars } from '../../../charts/bars.ts'
import { columns } from '../../../charts/columns.ts'
import { type DayCount, everyDay } from '../../../charts/day-counts.ts'
import { lines } from '../../../charts/lines.ts'
import { matrix } from '../../../charts/matrix.ts'
import type { Pictured } from '../../../charts/pictured.ts'
import { dayWords, words } from '../../../view/words.ts'

/** What `countLog` answers, as far as it is drawn. */
export interface Counts {
  readonly days: readonly DayCount[]
  readonly reasons: readonly { readonly reason: string; readonly entries: number }[]
  readonly flows: readonly { readonly supplierAgencyId: string; readonly recipientAgencyId: string; readonly entries: number }[]
  readonly people: readonly {
    readonly agencyId: string
    readonly personSub: string
    readonly entries: number
    readonly refused: number
    readonly peers: number
    readonly median: number
  }[]
  readonly waits: readonly { readonly underHours: number | null; readonly requests: number }[]
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' })

export const decisionsPerDay = ({ days: given }: Counts): Pictured => {
  const days = everyDay(given)
  const title = 'Entries per day'
  const total = days.reduce((sum, { entries }) => sum + entries, 0)
  const says = `${total} entries on ${days.length} days, ${days.reduce((sum, { refused }) => sum + refused, 0)} of them refused.`
  const labels = days.map(({ day }) => dayFormat.format(new Date(`${day}T12:00:00Z`)))
  const drawn = [
    { name: 'All entries', values: days.map(({ entries }) => entries) },
    { name: 'Refused', values: days.map(({ refused }) => refused) },
  ]
  const rows = days.filter(({ entries }) => entries > 0).map(({ day, entries, refused }) => [dayWords(day), entries, refused])
  return {
    title,
    svg: lines({ id: 'days', title, says }, labels, drawn),
    head: ['Day', 'Entries', 'Refused'],
    empty: total === 0 ? says : null,
    rows: rows.toReversed(),
  }
}

/** As many bars as one takes in; the table has the rest. */
const MOST_BARS = 12

export const reasonsForRefusal = ({ reasons }: Counts): Pictured => {
  const title = 'Reasons for refusal'
  const says =
    reasons.length === 0 ? 'Nothing was refused.' : `The most frequent is ${words(reasons[0]!.reason)}, in ${reasons[0]!.entries} entries.`
  const drawn = reasons.slice(0, MOST_BARS).map(({ reason, entries }) => ({ label: words(reason), value: entries }))
  const rows = reasons.map(({ reason, entries }) => [words(reason), entries])
  return {
    title,
    svg: bars({ id: 'reasons', title, says }, drawn),
    head: ['Reason', 'Entries in which it was given'],
    rows,
    empty: reasons.length === 0 ? says : null,
  }
}

const MOST_CELLS = 10

type Names = ReadonlyMap<string, string>

/** An agency that has left the register since keeps its id. */
const named = (names: Names, id: string): string => names.get(id) ?? id

/** Who gave to whom; the busiest givers and receivers are drawn, all of them stand in the table. */
export const giverByReceiver = ({ flows }: Counts, names: Names): Pictured => {
  const title = 'Who gave to whom'
  const busiest = (pick: (flow: Counts['flows'][number]) => string): readonly string[] => {
    const sums = new Map<string, number>()
    for (const flow of flows) sums.set(pick(flow), (sums.get(pick(flow)) ?? 0) + flow.entries)
    return [...sums]
      .toSorted(([, left], [, right]) => right - left)
      .slice(0, MOST_CELLS)
      .map(([id]) => id)
  }
  const [givers, receivers] = [busiest((flow) => flow.supplierAgencyId), busiest((flow) => flow.recipientAgencyId)]
  const count = (giver: string, receiver: string): number =>
    flows.find((flow) => flow.supplierAgencyId === giver && flow.recipientAgencyId === receiver)?.entries ?? 0
  const values = givers.map((giver) => receivers.map((receiver) => count(giver, receiver)))
  const [most] = flows
  const says =
    most === undefined
      ? 'Nobody gave anything.'
      : `The most: ${named(names, most.supplierAgencyId)} to ${named(names, most.recipientAgencyId)}, ${most.entries} entries.`
  const svg = matrix(
    { id: 'flows', title, says: `Givers in rows, receivers in columns. ${says}` },
    { rows: givers.map((id) => named(names, id)), columns: receivers.map((id) => named(names, id)), values },
  )
  const rows = flows.map((flow) => [`${named(names, flow.supplierAgencyId)} to ${named(names, flow.recipientAgencyId)}`, flow.entries])
  return { title, svg, head: ['Giver and receiver', 'Entries'], rows, empty: flows.length === 0 ? says : null }
}

export const peopleAgainstPeers = ({ people }: Counts, names: Names): Pictured => {
  const title = 'People beside their colleagues'
  const [first] = people
  const says =
    first === undefined
      ? 'Nobody asked anything.'
      : `The most entries, ${first.entries}, are ${first.personSub}’s of ${named(names, first.agencyId)}; in the middle of the ${first.peers} people of that agency stand ${first.median}.`
  const drawn = people
    .slice(0, MOST_BARS)
    .map(({ personSub, entries, refused, median }) => ({ label: personSub, value: entries, part: refused, mark: median }))
  const rows = people.map((one) => [`${one.personSub}, ${named(names, one.agencyId)}`, one.entries, one.refused, one.median, one.peers])
  const head = ['Person', 'Entries', 'Refused', 'Middle of the agency', 'People of the agency']
  return {
    title,
    svg: bars({ id: 'people', title, says }, drawn, 'refused'),
    head,
    rows,
    key: ['Allowed', 'Refused; the line is the middle of the person’s agency'],
    empty: people.length === 0 ? says : null,
  }
}

const waitWords = (under: number | null, before: number): string => {
  const hours = (count: number): string => (count % 24 === 0 ? `${count / 24} ${count === 24 ? 'day' : 'days'}` : `${count} h`)
  return under === null ? `over ${hours(before)}` : `under ${hours(under)}`
}

export const timeToDecision = ({ waits }: Counts): Pictured => {
  const title = 'Time from request to the chair’s decision'
  const labelled = waits.map(({ underHours, requests }, at) => ({
    label: waitWords(underHours, waits[at - 1]?.underHours ?? 0),
    value: requests,
  }))
  const total = waits.reduce((sum, { requests }) => sum + requests, 0)
  const says =
    total === 0
      ? 'No request was decided.'
      : `${total} requests were decided, ${labelled.map(({ label, value }) => `${value} in ${label}`).join(', ')}.`
  return {
    title,
    svg: columns({ id: 'waits', title, says }, labelled, true),
    head: ['Time', 'Requests'],
    empty: total === 0 ? says : null,
    rows: labelled.map(({ label, value }) => [label, value]),
  }
}
