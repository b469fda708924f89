/** The words for what happens to a case: moves, custody, meetings, delegation, recall, tasks and events (ids are stable). */

export const strandTriggers = [
  'arrest-disposal',
  'police-intel',
  'partner-intel',
  'non-compliance-ra',
  'non-compliance-rob',
  'non-compliance-drr',
  'attitude-attendance',
  'engaging-well',
  'consent-refused',
  'consent-restored',
  'custody-entry',
  'release',
  'age-18',
  'conference-decision',
] as const
export type StrandTrigger = (typeof strandTriggers)[number]

export const evidenceKinds = [
  'arrest-disposal',
  'police-intel',
  'partner-intel',
  'non-compliance-ra',
  'non-compliance-rob',
  'non-compliance-drr',
  'attitude-attendance',
  'engagement',
] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** Where a person is, as a prison, a court or the police say it. Which of them are custody and which release stands in the change rules. */
export const custodyStatuses = [
  'remand',
  'sentenced',
  'recalled',
  'rotl',
  'returned-from-rotl',
  'police-cells',
  'licence',
  'hdc',
  'unconditional-release',
  'bail',
] as const
export type CustodyStatus = (typeof custodyStatuses)[number]

export const conferenceKinds = [
  'case-conference',
  'dyo-conference',
  'mappa-meeting',
  'marac',
  'mash',
  'cross-unit-risk',
  'dmm',
  'operational-group',
] as const
export type ConferenceKind = (typeof conferenceKinds)[number]

/** The part somebody has in a meeting, and how they stood to it on the day (Case Conferencing Guidance 2009, aide memoire). */
export const meetingParts = ['chair', 'deputy-acting', 'core-member', 'invited', 'minute-taker', 'spoc'] as const
export type MeetingPart = (typeof meetingParts)[number]
export const attendanceStates = ['attended', 'apologies', 'invited-absent', 'excluded'] as const
export type AttendanceState = (typeof attendanceStates)[number]

/** The one standard form set of a meeting (Case Conferencing Guidance 2009, 1.3 b2 and b11). */
export const paperForms = ['minutes', 'interventions-plan', 'review'] as const
export type PaperForm = (typeof paperForms)[number]

/** Grounds of Article 8(2) of the Convention; which of them a conference may rest on stands in the change rules. */
export const article8Grounds = [
  'public-safety',
  'crime-disorder',
  'health-morals',
  'rights-others',
  'national-security',
  'economic-wellbeing',
] as const
export type Article8Ground = (typeof article8Grounds)[number]

/** What a chair may let somebody do in the chair's place. */
export const delegatedActs = ['chair-meeting', 'decide-disclosure', 'revoke-permission', 'exclude-attendee', 'read-papers'] as const
export type DelegatedAct = (typeof delegatedActs)[number]

export const recallTiers = ['24h', '2h'] as const
export type RecallTier = (typeof recallTiers)[number]

/** DS1 to DS6 of the national guidance, in its order (Offender Management Update 2009, 5.2). */
export const deselectReasons = [
  'stopped-offending',
  'moved-area',
  'significant-custody',
  'regular-review',
  'two-year-review',
  'high-risk-of-harm',
] as const
export type DeselectReason = (typeof deselectReasons)[number]

/** What may wait for a person or an agency. A task asks; it changes nothing that the gateway decides on. */
export const taskKinds = [
  'nomination-matching',
  'police-strand-decision',
  'strand-return-review',
  'strand-acceptance',
  'strand-recording',
  'strand-after-release',
  'lead-after-release',
  'evidence-acceptance',
  'case-review',
  'next-agenda',
  'review-due',
  'review-overdue',
  'pre-release-planning',
  'prison-assessment',
  'quarterly-list-review',
  'ppo-two-year-review',
  'no-activity-candidate',
  'comes-of-age',
  'agreement-expiry',
  'agreement-review',
  'consent-expiry',
  'transfer-acceptance',
  'score-only-report',
  'mappa-referral',
  'recall-report',
  'correction-acknowledgement',
  'mi-case-difference',
  'misuse-review',
  'emergency-triage',
  'emergency-decision',
  'breach-assessment',
  'rights-request',
  'deselection-reconsidering',
  'prosecution-intelligence',
  'foi-request',
  'foi-consultation',
  'disclosure-decision',
  'disclosure-information',
  'copy-return',
  'copy-return-outside',
  'copy-return-overdue',
] as const
export type TaskKind = (typeof taskKinds)[number]

/** What an agency's feed may tell of. */
export const eventKinds = [
  'nominated',
  'registered',
  'reviewed',
  'de-selected',
  'transfer-proposed',
  'transferred',
  'consent-changed',
  'evidence-added',
  'strand-changed',
  'lead-changed',
  'custody-entered',
  'released',
  'recalled',
  'corrected',
  'restricted',
  'task-opened',
  'task-overdue',
  'emergency-opened',
  'emergency-reviewed',
  'breach-recorded',
  'mi-case-differs',
  'court-result',
  'prosecution-intelligence',
  'disclosure-requested',
  'disclosure-decided',
  'disclosure-revoked',
  'disclosure-retrieved',
  'copies-recalled',
  'copies-recall-lifted',
] as const
export type EventKind = (typeof eventKinds)[number]
