import { evaluationOf, judge } from '../../core/misuse/judge.ts'
import { misuseKinds, type MisuseRule, type MisuseRules } from '../../core/misuse/misuse-rules.ts'
import { readClock } from '../../db/clock.ts'
import { type Database, type Tx, withTransaction } from '../../db/db.ts'
import { readFacts } from '../../db/facts.ts'
import { findCandidates, type Span } from '../../db/misuse/candidates.ts'
import { countCoverage, putEvaluations } from '../../db/misuse/evaluations.ts'
import { dropLookupsBefore, lockMisuse, recordRun, type RunKind, takeLookups } from '../../db/misuse/lookups.ts'
import { type NewFlag, raiseFlags, type Raised } from '../../db/misuse/raise-flags.ts'
import { openReviewTasks } from '../../db/misuse/review-tasks.ts'
import type { SealedBatch } from '../../ledger/batch.ts'
import { writeEntry } from '../commit/log-entry.ts'
import type { LogWriter } from '../commit/log-writer.ts'
import { newId } from '../new-id.ts'
import type { PolicyShelf } from '../policies/policy-shelf.ts'
import { drawSamples, type SampleDraw } from './draw-samples.ts'
import { type HashUses, hashSubjects } from './hash-subjects.ts'

export interface DetectUses extends HashUses {
  /** With time enough for a query over the look-ups of weeks. */
  readonly database: Database
  readonly log: LogWriter
  readonly policies: PolicyShelf
  readonly partnershipId: string
  /** A moved clock; the database's own where absent. */
  readonly now?: () => Date
}

export interface Detected {
  /** Look-ups read from the log for the first time. */
  readonly taken: number
  /** New flags by rule, the sample's among them. */
  readonly raised: Readonly<Record<string, number>>
}

const DAY_MS = 86_400_000

/**
 * Reads what the log has gained and judges it by the rules in force, in one transaction with the entry that says so. Asked twice, by two
 * instances or after a kill, it raises nothing twice. `quick` looks for decoys only; `nightly` draws the sample as well.
 * @returns null while another instance is at it, and from a quick look where there are no rules
 * @throws Error when the policy in force has no rules about misuse: then nothing was evaluated
 */
export const detectOnce = async (uses: DetectUses, which: RunKind): Promise<Detected | null> => {
  const done = await withTransaction(uses.database, async (tx) => {
    if (!(await lockMisuse(tx))) return null
    const { policyHash } = await readFacts(tx, { offenderIds: [], agencyIds: [], categories: [] })
    if (policyHash === null) throw new Error('No policy is published.')
    const rules = (await uses.policies.find(tx, policyHash)).bundle.misuse
    if (rules === undefined) {
      if (which === 'quick') return null
      throw new Error('The policy in force has no rules about misuse.')
    }
    const now = await readClock(tx)
    const at = uses.now?.() ?? now
    const taken = await takeAll(tx, rules)
    if (which === 'quick' && taken === 0) return { taken, raised: [], sealed: null }
    const span = { since: new Date(at.getTime() - (which === 'quick' ? 1 : rules.windowDays) * DAY_MS), at }
    const found = which === 'quick' ? await quickLook(tx, rules, span) : await fullLook(tx, uses, { rules, which, span })
    const raised = await raiseFlags(tx, found.flags, { at, policyHash })
    await openReviewTasks(tx, raised, { partnershipId: uses.partnershipId, at })
    if (which === 'quick' && raised.length === 0) return { taken, raised, sealed: null }
    await recordRun(tx, { id: newId(), which, at, policyHash, raised: raised.length })
    return { taken, raised, sealed: await logRun(tx, uses, { which, at, now, policyHash, taken, raised, draws: found.draws }) }
  })
  if (done === null) return null
  if (done.sealed !== null) uses.log.committed(done.sealed)
  return { taken: done.taken, raised: countByRule(done.raised) }
}

const takeAll = async (tx: Tx, rules: MisuseRules): Promise<number> => {
  let [taken, more] = [0, true]
  while (more) {
    const page = await takeLookups(tx, rules)
    taken += page.taken
    more = page.more
  }
  return taken
}

interface Found {
  readonly flags: readonly NewFlag[]
  readonly draws: readonly SampleDraw[]
}

/**
 * Everything in the window is judged each time: what was open stays one flag, what was decided is left alone, and a roster told late or a
 * rule switched on is applied to what was before it.
 */
const fullLook = async (
  tx: Tx,
  uses: HashUses,
  { rules, which, span }: { readonly rules: MisuseRules; readonly which: RunKind; readonly span: Span },
): Promise<Found> => {
  if (which === 'nightly') await dropLookupsBefore(tx, span.since)
  await hashSubjects(tx, uses, span.since)
  const flags = await judgeAll(tx, rules.rules, span)
  await evaluateAll(tx, rules.rules, span)
  const sample = which === 'nightly' ? await drawSamples(tx, rules, span.at) : { draws: [], flags: [] }
  return { flags: [...flags, ...sample.flags], draws: sample.draws }
}

/** Whoever asks about a decoy is told of within a minute; what is older than a day the next full look finds. */
const quickLook = async (tx: Tx, rules: MisuseRules, span: Span): Promise<Found> => {
  const decoys = rules.rules.filter(({ kind }) => kind === 'decoy')
  return { flags: await judgeAll(tx, decoys, span), draws: [] }
}

const judgeAll = async (tx: Tx, rules: readonly MisuseRule[], span: Span): Promise<readonly NewFlag[]> => {
  const flags: NewFlag[] = []
  for (const rule of rules.filter(({ on }) => on)) {
    for (const candidate of await findCandidates(tx, rule, span)) {
      const flagged = judge(rule, candidate)
      if (flagged !== null) flags.push({ ...flagged, id: newId() })
    }
  }
  return flags
}

/** Says of each rule and agency whether it could be applied: a rule that lacks what it needs is not evaluated, and never clear. */
const evaluateAll = async (tx: Tx, rules: readonly MisuseRule[], span: Span): Promise<void> => {
  const coverage = await countCoverage(tx, span)
  const evaluations = rules.flatMap((rule) =>
    coverage.map(({ agencyId, lookups, covered }) => {
      const { needs } = misuseKinds[rule.kind]
      const counted = { lookups, covered: needs === null ? lookups : covered[needs] }
      return { ruleId: rule.id, agencyId, ...counted, state: evaluationOf(rule, counted) }
    }),
  )
  await putEvaluations(tx, evaluations, span.at)
}

const countByRule = (raised: readonly Raised[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(raised, ({ ruleId }) => ruleId)].map(([ruleId, flags]) => [ruleId, flags.length]))

interface Run {
  readonly which: RunKind
  readonly at: Date
  readonly now: Date
  readonly policyHash: string
  readonly taken: number
  readonly raised: readonly Raised[]
  readonly draws: readonly SampleDraw[]
}

/** The log is read by a machine here, and the log says so, with the seeds of what was drawn. */
const logRun = async (tx: Tx, { log }: DetectUses, run: Run): Promise<SealedBatch> => {
  const { which, at, now, policyHash, taken, raised, draws } = run
  const content = { which, asOf: at.toISOString(), logPurpose: 'self-monitoring', taken, raised: countByRule(raised), draws }
  const draft = { event: 'log-queried', effect: 'permit', reason: null, offenderId: null, purpose: null, content } as const
  const entry = writeEntry({ entryId: newId(), at: now, operation: 'detectMisuse', caller: null, policyHash, draft, receipt: {} })
  return log.append(tx, [entry], [], now)
}
