import { type ComparedPerson, findCompared, listCompared } from '../../../db/casework/mi-case.ts'
import { closeTask } from '../../../db/casework/tasks.ts'
import type { StrandHeld } from '../../../sources/moves/move-register.ts'
import { inLoggedTransaction, type MiCaseUses } from './mi-case-uses.ts'
import { openDifference } from './open-difference.ts'

export interface Compared {
  readonly asked: number
  readonly agree: number
  readonly differ: number
  /** MI-Case did not say: that is neither. */
  readonly unavailable: number
}

const PAGE = 200
const AT_ONCE = 8

/**
 * Asks MI-Case which strand it holds for everybody whom it knows and has been told all about. "The gateway must not hold a strand that
 * differs from MI-Case unnoticed": a difference is put to the lead; neither side is changed by it.
 */
export const compareStrands = async (uses: MiCaseUses): Promise<Compared> => {
  const total = { asked: 0, agree: 0, differ: 0, unavailable: 0 }
  let after: string | null = null
  for (;;) {
    const page: readonly ComparedPerson[] = await listCompared(uses.database, uses.moves, { after, limit: PAGE })
    if (page.length === 0) break
    const requestId = await noteQuestion(uses, page)
    for (let from = 0; from < page.length; from += AT_ONCE) {
      const found = await Promise.all(page.slice(from, from + AT_ONCE).map((person) => compareOne(uses, person, requestId)))
      for (const outcome of found) total[outcome] += 1
    }
    total.asked += page.length
    after = page.at(-1)!.offenderId
  }
  return total
}

/** That these people are asked about is in the log before anybody is asked. */
const noteQuestion = (uses: MiCaseUses, page: readonly ComparedPerson[]): Promise<string> => {
  const { agencyId } = uses.moves
  return inLoggedTransaction(uses, { operation: 'compareMiCase', offenderIds: [], agencyIds: [agencyId] }, ({ rules, log }) => {
    const content = { asked: { agencyId, system: 'mi-case' }, offenderIds: page.map(({ offenderId }) => offenderId) }
    return Promise.resolve(
      log({ event: 'intent', effect: 'permit', reason: null, offenderId: null, purpose: rules?.purpose ?? null, content }),
    )
  })
}

const compareOne = async (uses: MiCaseUses, person: ComparedPerson, requestId: string): Promise<'agree' | 'differ' | 'unavailable'> => {
  const held = await uses.moves.read(person.identifier, requestId)
  if (held.outcome === 'unavailable') return 'unavailable'
  const agrees = held.strand === person.strand
  if (agrees && !person.differed) return 'agree'
  await (agrees ? noteAgreement(uses, person) : noteDifference(uses, person, held))
  return agrees ? 'agree' : 'differ'
}

const noteDifference = (uses: MiCaseUses, person: ComparedPerson, held: Extract<StrandHeld, { outcome: 'held' }>): Promise<void> =>
  inLoggedTransaction(uses, aboutOf(person), async (given) => {
    // Under the lock of the case: a move that came between explains the difference, and is on its way.
    const now = await findCompared(given.tx, uses.moves, person.offenderId)
    if (now === null || now.strand !== person.strand) return
    const strands = { held: held.strand ?? 'none', recorded: now.strand }
    const opened = await openDifference(uses, given, { ...now, because: 'strand', refs: strands })
    if (!opened) return
    const content = { ...strands, asked: { agencyId: uses.moves.agencyId, system: 'mi-case' } }
    given.log({ ...entry, offenderId: person.offenderId, content })
  })

const noteAgreement = (uses: MiCaseUses, person: ComparedPerson): Promise<void> =>
  inLoggedTransaction(uses, aboutOf(person), async ({ tx, at, log }) => {
    const closed = await closeTask(tx, { kind: 'mi-case-difference', subjectKey: person.offenderId, outcome: 'agrees', at })
    if (closed) log({ ...entry, offenderId: person.offenderId, content: { held: person.strand, recorded: person.strand } })
  })

const entry = { event: 'combination', effect: 'permit', reason: null, purpose: null } as const
const aboutOf = ({ offenderId }: ComparedPerson) => ({ operation: 'compareMiCase', offenderIds: [offenderId], agencyIds: [] })
