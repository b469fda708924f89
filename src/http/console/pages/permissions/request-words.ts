import type { Session } from '../../console-uses.ts'

/** Somebody, as the record names them. */
export interface Named {
  readonly agencyId: string
  readonly sub: string
}

export interface ScopedParagraph {
  readonly paragraphId: string
  readonly version: number
  readonly form: string
  readonly number: number
  readonly originatorAgencyId: string
  readonly marking: string
}

export interface Explained {
  readonly paragraphId?: string
  readonly number?: number
  /** Of a part of the record, and there perhaps of one field. */
  readonly category?: string
  readonly supplierAgencyId?: string
  readonly field?: string
  readonly code: string
  readonly says: string
  readonly nextStep: string
  readonly cites: string
}

/** A request as its reading answers it. */
export interface RequestRead {
  readonly requestId: string
  readonly conferenceId: string
  readonly offenderId: string
  readonly version: number
  readonly state: string
  readonly urgency: string
  readonly requester: Named
  readonly recipient: Named
  readonly permissionId: string | null
  readonly requestedAt: string
  readonly waitsForMe: boolean
  readonly actingFor: Named | null
  readonly purpose: string
  readonly legalGateway: string
  readonly history: readonly { readonly kind: string; readonly at: string; readonly by: Named }[]
  readonly information: readonly { readonly kind: string; readonly at: string; readonly text: string | null }[]
  readonly formOfWords: { readonly version: number; readonly hash: string; readonly text: string } | null
  readonly paragraphs: readonly ScopedParagraph[]
  readonly records: readonly { readonly category: string; readonly supplierAgencyId: string; readonly fields: readonly string[] }[]
  readonly blocks: readonly Explained[]
  readonly proposed?: { readonly expiresAt: string; readonly article8Grounds: readonly string[] } | null
}

/** Of several suppliers of one category each part has what stands against it. */
export const blocksPart = (block: Explained, part: { readonly category: string; readonly supplierAgencyId: string }): boolean =>
  block.category === part.category && block.supplierAgencyId === part.supplierAgencyId

export const isMe = (session: Pick<Session, 'agencyId' | 'personSub'>, { agencyId, sub }: Named): boolean =>
  session.agencyId === agencyId && session.personSub === sub

const stateTags: Readonly<Record<string, { readonly text: string; readonly colour: string }>> = {
  submitted: { text: 'Waiting for a decision', colour: 'blue' },
  'info-requested': { text: 'More information asked for', colour: 'yellow' },
  refused: { text: 'Refused', colour: 'red' },
  withdrawn: { text: 'Withdrawn', colour: 'grey' },
  active: { text: 'In force', colour: 'green' },
  expired: { text: 'Over', colour: 'grey' },
  revoked: { text: 'Revoked', colour: 'red' },
}

export const tagOf = (state: string) => stateTags[state] ?? { text: state, colour: 'grey' }
export const states = Object.entries(stateTags).map(([value, { text }]) => ({ value, text }))

/** What happened to a request, as one would say it of whoever did it. */
const moveWords: Readonly<Record<string, string>> = {
  submitted: 'asked for the disclosure',
  'info-requested': 'asked for more information',
  'info-given': 'gave more information',
  'words-proposed': 'proposed a form of words',
  'words-accepted': 'accepted the form of words',
  'granted-whole': 'released the whole of it',
  'granted-part': 'released a part of it',
  refused: 'refused it',
  withdrawn: 'withdrew it',
  revoked: 'revoked the permission',
}

export const moveSaid = (kind: string): string => moveWords[kind] ?? kind
export const urgencies = [
  { value: 'urgent', text: 'Urgent' },
  { value: 'soon', text: 'Soon' },
  { value: 'routine', text: 'Routine' },
] as const
const urgencyOrder: readonly string[] = urgencies.map(({ value }) => value)

interface Line {
  readonly urgency: string
  readonly requestedAt: string
}

/** The most urgent first, and of those the one that has waited longest. */
export const mostUrgentFirst = (one: Line, other: Line): number =>
  urgencyOrder.indexOf(one.urgency) - urgencyOrder.indexOf(other.urgency) || one.requestedAt.localeCompare(other.requestedAt)
