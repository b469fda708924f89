import type { Caller } from '../../core/caller.ts'
import { londonDay } from '../../core/london.ts'
import type { EmergencyRules } from '../../core/casework/emergency-rules.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { emergencyPolicies } from '../../core/decision/emergency.ts'
import type { Ask, Standing } from '../../core/snapshot.ts'
import type { LegalGateway, SensitiveCondition } from '../../core/vocabulary.ts'
import type { SourceReply } from '../../sources/source.ts'
import { type FaultedOutcome, faultAnswer } from '../commit/change-answer.ts'
import type { Draft, Reading } from '../commit/logged-work.ts'
import { refusal } from '../commit/refusal.ts'
import { decideEnquiry } from '../enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../enquiry/draft-enquiry.ts'
import type { EnquireUses } from '../enquiry/enquire.ts'
import { draftNoStanding, refusedAtTheDoor } from '../enquiry/no-standing.ts'

/** What an emergency access is asked with, whether it is opened or looked at again. */
export interface EmergencyAsk {
  readonly offenderId: string
  readonly legalGateway: LegalGateway
  readonly condition: SensitiveCondition | null
  readonly bestInterestsNote?: string
  readonly justification: string
  /** Null while it is being opened. */
  readonly endsAt: Date | null
}

/** The least that an emergency needs, by the rules in force: the asker does not choose categories or fields (R39). */
export const askUnder = (rules: EmergencyRules, asked: EmergencyAsk, at: Date): Ask => {
  const { liveFrom, liveTo } = rules.policyDocument
  const today = londonDay(at)
  const { offenderId, legalGateway, justification, bestInterestsNote, endsAt } = asked
  // A condition that the partners did not agree on for emergencies is none.
  const condition = asked.condition !== null && rules.conditions.includes(asked.condition) ? asked.condition : null
  return {
    ...{ offenderId, legalGateway, justification, purpose: 'emergency-life' as const },
    categories: rules.categories.map(({ id, fields }) => ({
      id,
      fields,
      ...(bestInterestsNote === undefined ? {} : { bestInterestsNote }),
    })),
    emergency: { condition, endsAt, policyDocument: liveFrom <= today && (liveTo === null || today <= liveTo) ? 'live' : 'none' },
  }
}

export const rulesIn = (reading: Pick<Reading, 'policies'>): EmergencyRules | null => reading.policies.bundle.change?.emergency ?? null

/** Decides, redacts and drafts as an enquiry does; `emergency` goes into the entry, whatever became of it. */
export const draftView = (
  uses: EnquireUses,
  reading: Reading,
  view: { readonly ask: Ask; readonly replies: ReadonlyMap<string, SourceReply>; readonly emergency: Readonly<Record<string, unknown>> },
): Draft => {
  const { ask, replies, emergency } = view
  if (!hasStanding(reading)) return draftNoStanding(reading, { ask })
  const outcome = decideEnquiry('release', reading, ask, { ...uses, replies })
  // By the rules it was decided by: only they know what it rested on.
  const policies = emergencyPolicies(reading.policies) ?? reading.policies
  const draft = draftEnquiry({ reading: { ...reading, policies }, outcome, ask, preview: false })
  return { ...draft, entry: { ...draft.entry, content: { ...draft.entry.content, emergency } } }
}

const hasStanding = (reading: Reading): reading is Reading & { standing: Standing } => reading.standing !== null

interface Refusing {
  readonly caller: Caller
  readonly reason: Reason | null
  /** Told instead of a rule where nothing is there to be refused. */
  readonly fault?: FaultedOutcome['faulted'] | undefined
  readonly offenderId: string | null
  readonly content: Readonly<Record<string, unknown>>
}

/** A refusal that rests on the asker alone, so that it waits for nobody's lock and is the same about everybody. */
export const draftRefusal = (reading: Reading, refusing: Refusing): Draft => {
  // Who may not ask at all is not told of anything behind the door either.
  const door = refusedAtTheDoor(reading.standing, refusing.caller)
  return door === null ? refused(reading, refusing) : refused(reading, { ...refusing, reason: door, fault: undefined })
}

const refused = (reading: Reading, { reason, fault, offenderId, content }: Refusing): Draft => ({
  entry: {
    ...{ event: 'access-denied', effect: 'deny', offenderId, purpose: 'emergency-life' },
    reason: reason?.code ?? fault?.code ?? null,
    content: { ...content, ...(reason === null ? {} : { stage: reason.stage, ruleId: reason.ruleId }) },
  },
  ...{ receipt: {}, disclosures: [], validUntil: null, refusesWhoever: true },
  answer: ({ entryId }) =>
    fault === undefined
      ? refusal(reading.policies, reason!, { status: 403, entryId, more: { withheld: [] } })
      : faultAnswer(fault, entryId),
})

export const suspended: Reason = {
  code: 'emergency-suspended',
  stage: 'R40',
  ruleId: 'r40-unreviewed',
  cites: 'R40: an earlier emergency access was not reviewed in time',
}
export const noRules: Reason = {
  code: 'emergency-scope',
  stage: 'R38',
  ruleId: 'r38-rules-published',
  cites: 'R38 and R46: the policy in force says nothing of emergencies',
}
