import type { Pictured } from '../../charts/pictured.ts'
import { type Lane, type Stretch, strip } from '../../charts/strip.ts'
import { dayWords, words } from '../../view/words.ts'

/** What `readHistory` answers, as far as it is drawn. */
export interface History {
  readonly at: string
  readonly now: { readonly strand: string | null; readonly leadAgencyId: string | null; readonly cohortSince: string | null }
  readonly consent: readonly {
    readonly kind: string
    readonly happenedAt: string
    readonly expiresAt: string | null
    readonly categories: readonly string[]
  }[]
  readonly moves: readonly {
    readonly toStrand: string
    readonly toLead: string
    readonly fromStrand: string | null
    readonly heldFrom: string | null
  }[]
}

const tones: Readonly<Record<string, Stretch['tone']>> = { given: 'good', refused: 'bad', withdrawn: 'bad' }

/** Each thing said holds until the next one is, or until it runs out. */
const consentLane = ({ consent }: History): Lane => ({
  name: 'Consent',
  stretches: consent.map(({ kind, happenedAt, expiresAt }, at) => {
    const next = consent[at + 1]?.happenedAt ?? null
    const ends = [next, expiresAt].filter((one) => one !== null).toSorted()
    return {
      from: new Date(happenedAt),
      to: ends[0] === undefined ? null : new Date(ends[0]),
      label: words(kind),
      tone: tones[kind] ?? 'plain',
    }
  }),
})

/** From the first move that held; what was before it is as that move found it. */
const strandLane = ({ now, moves }: History): Lane => {
  const held = moves.flatMap(({ heldFrom, toStrand, fromStrand }) => (heldFrom === null ? [] : [{ heldFrom, toStrand, fromStrand }]))
  const before = held[0] === undefined ? now.strand : held[0].fromStrand
  const since = now.cohortSince
  const first: Stretch[] =
    before === null || since === null || (held[0] !== undefined && held[0].heldFrom <= since)
      ? []
      : [{ from: new Date(since), to: held[0] === undefined ? null : new Date(held[0].heldFrom), label: words(before), tone: 'plain' }]
  const rest = held.map(({ heldFrom, toStrand }, at): Stretch => {
    const next = held[at + 1]?.heldFrom
    return { from: new Date(heldFrom), to: next === undefined ? null : new Date(next), label: words(toStrand), tone: 'plain' }
  })
  return { name: 'Strand', stretches: [...first, ...rest] }
}

/** Consent above, strand below, over the same time. */
export const drawHistory = (read: History): Pictured => {
  const lanes = [consentLane(read), strandLane(read)].filter(({ stretches }) => stretches.length > 0)
  const title = 'Consent and strand over time'
  const said = lanes.flatMap(({ name, stretches }) => stretches.map((one) => ({ name, ...one })))
  const says =
    said.length === 0
      ? 'Nothing is recorded.'
      : said.map(({ name, label, from }) => `${name}: ${label} from ${dayWords(from.toISOString())}`).join('; ')
  const rows = said.map(({ name, label, from, to }) => [
    ...[`${name}: ${label}`, dayWords(from.toISOString())],
    to === null ? 'still' : dayWords(to.toISOString()),
  ])
  return { title, svg: strip({ id: 'history', title, says }, lanes, new Date(read.at)), head: ['What', 'From', 'Until'], rows, open: true }
}
