import { isDay, londonDay } from '../../london.ts'
import type { Strand } from '../../vocabulary.ts'
import type { ConferenceKind, EvidenceKind, StrandTrigger } from '../../case-vocabulary.ts'
import { awaitsReleaseDecision } from '../lead/case-state.ts'
import type { ChangeRules, TriggerRule } from '../lead/change-rules.ts'
import { type Destination, type DestinationQuestion, destinationOf } from '../lead/destination.ts'
import { refuse, type Refused, saysSomething, unfit, type Unfit } from '../lead/verdict.ts'

/** What a person asks to be recorded. */
export interface Move {
  readonly toStrand: Strand
  readonly trigger: StrandTrigger
  readonly justification: string | null
  readonly evidenceIds: readonly string[]
  readonly conferenceId: string | null
  readonly policeDecisionId: string | null
}

/** What the move names, as it stands. Null or missing: there is no such thing about this person. */
export interface Grounds {
  readonly evidence: readonly { readonly id: string; readonly kind: EvidenceKind; readonly state: string }[]
  readonly conference: {
    readonly kind: ConferenceKind
    readonly areaId: string
    readonly heldOn: string
    readonly onAgenda: boolean
  } | null
  readonly policeDecision: { readonly outcome: string; readonly state: 'to-be-recorded' | 'recorded' | 'overtaken' } | null
}

export interface MoveQuestion extends Omit<DestinationQuestion, 'table' | 'toStrand'> {
  readonly callerAgencyId: string
  readonly move: Move
  readonly grounds: Grounds
  readonly rules: ChangeRules
}

export interface MoveAllowed extends Destination {
  /** False: the outgoing lead recorded it, and it holds once the incoming lead has accepted it. */
  readonly immediate: boolean
}

const notLead = (cites: string): Refused =>
  refuse('not-lead', { ruleId: 'strand-lead-records', stage: 'R29', cites: `${cites}; R29`, status: 403 })

/**
 * May this agency record this move, and what follows from it? Two rights: evidence is its originator's, strand and justification
 * are the lead's only (Strand Clarification 2009, paras 2-4). A machine never moves anybody (DPA 2018 s.50A).
 */
export const decideMove = (question: MoveQuestion): MoveAllowed | Refused | Unfit => {
  const { state, callerAgencyId, move, rules } = question
  const rule = rules.strand.triggers.find(({ id }) => id === move.trigger)
  if (rule === undefined || rule.records === 'custody')
    return refuse('custody-strand', { ruleId: 'strand-by-custody', stage: 'R30', cites: rules.custody.cites })
  const isLead = state.leadAgencyId === callerAgencyId
  if (rule.records === 'lead' && !isLead) return notLead(rules.leadAgency.cites)
  if (state.custodyAgencyId !== null)
    return refuse('custody-strand', { ruleId: 'custody-strand', stage: 'R30', cites: rules.custody.cites })
  const destination = destinationOf({ ...question, toStrand: move.toStrand, table: rules.leadAgency })
  if (!destination.allowed) return destination
  if (rule.records === 'destination-lead' && destination.leadAgencyId !== callerAgencyId) return notLead(destination.cites)
  const refused = groundless(question, rule, destination) ?? withoutConference(question, rule, destination)
  if (refused !== null) return refused
  const sameLead = destination.leadAgencyId === state.leadAgencyId
  if (sameLead && state.strand === move.toStrand) return unfit('/toStrand', 'is the strand that the case is in, under the same lead')
  return { ...destination, immediate: sameLead || rule.records === 'destination-lead' }
}

/** Decisions are "evidenced, not anecdotal" (Case Conferencing Guidance 2009, 1.3 b1). */
const groundless = ({ state, move, grounds, rules }: MoveQuestion, rule: TriggerRule, { row }: Destination): Refused | null => {
  const evidence = (ruleId: string, cites: string): Refused => refuse('evidence', { ruleId, stage: 'R29', cites: `${cites}; R29` })
  if (!rule.to.includes(move.toStrand)) return evidence('strand-trigger-fits', rule.cites)
  if (!saysSomething(move.justification)) return evidence('strand-justified', rule.cites)
  const known = move.evidenceIds.map((id) => grounds.evidence.find((one) => one.id === id))
  if (known.some((one) => one?.state !== 'accepted')) return evidence('strand-evidence-stands', rule.cites)
  if (rule.evidence.length > 0 && !known.some((one) => one !== undefined && rule.evidence.includes(one.kind))) {
    return evidence('strand-trigger-evidenced', rule.cites)
  }
  const sufficient = rules.strand.sufficientJustification
  if (row === sufficient.row && move.toStrand === sufficient.to && rule.decision === undefined && known.length === 0) {
    return evidence('strand-sufficient-justification', sufficient.cites)
  }
  if (
    rule.decision === 'police' &&
    (grounds.policeDecision?.outcome !== move.toStrand || grounds.policeDecision.state !== 'to-be-recorded')
  ) {
    return evidence('strand-police-decision', rule.cites)
  }
  // After a release the first move is the one that answers it; before there was one there is nothing to answer.
  if ((rule.id === 'release') !== awaitsReleaseDecision(state)) return evidence('strand-after-release', rules.custody.cites)
  return null
}

const caseConferences: readonly ConferenceKind[] = ['case-conference', 'dyo-conference']

const withoutConference = (question: MoveQuestion, rule: TriggerRule, destination: Destination): Refused | null => {
  const { move, grounds, rules, state, at } = question
  const byRow = rules.strand.conferenceRows.rows.includes(destination.row) && rule.conference !== 'waived'
  const needed = byRow || rule.conference === 'needed' || destination.override
  if (!needed && move.conferenceId === null) return null
  const { conference } = grounds
  const held =
    conference !== null &&
    caseConferences.includes(conference.kind) &&
    conference.areaId === state.areaId &&
    conference.onAgenda &&
    isDay(conference.heldOn) &&
    conference.heldOn <= londonDay(at)
  return held ? null : refuse('conference-ref', { ruleId: 'strand-conference', stage: 'R29', cites: rules.strand.conferenceRows.cites })
}
