import { requestState, type RequestState } from '../../core/disclosure/request-state.ts'
import type { Reason } from '../../core/decision/decision.ts'
import { samePerson } from '../../core/conference/acting-chair.ts'
import { findGrant, listAboutPerson, listPermitted, type Permission } from '../../db/disclosure/permissions.ts'
import type { RequestFile } from '../../db/disclosure/requests.ts'
import { allParticipantsSigned } from '../../db/disclosure/deciding.ts'
import type { Meeting } from '../../db/conference/attending.ts'
import { findAgreementVersionsOf } from '../../db/registry/agreements.ts'
import { personOf, rulesOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../commit/change.ts'
import { disclosureRulesOf, type DisclosureUses, MOST_PARAGRAPHS } from '../disclosure/known-request.ts'
import { weighRelease } from '../disclosure/release/weigh-release.ts'
import { weighPermission, type WeighedPermission } from '../disclosure/weigh-permission.ts'
import type { AccessQuestion } from './evaluation.ts'

export interface Approval {
  readonly file: RequestFile
  readonly permission: Permission
  readonly state: RequestState
}

/** The permission named, where it was given to this person for this part of this meeting; to anybody else it is none. */
export const findApproval = async (context: ChangeContext, question: AccessQuestion): Promise<Approval | null> => {
  const { tx, at, standing } = context
  const { approvalId, conferenceId, ask, caller } = question
  if (approvalId === null) return null
  const granted = await findGrant(tx, approvalId)
  if (granted === null) return null
  const { permission, file } = granted
  const applies = file.conferenceId === conferenceId && file.offenderId === ask.offenderId && samePerson(file.recipient, personOf(caller))
  // Somebody outside any agency gets it handed over, and from nowhere else (R24).
  const outside = file.recipientWithoutAccount || disclosureRulesOf(context)?.packages?.outside.includes(standing.agency.kind) === true
  return applies && !outside ? { file, permission, state: requestState(file.events, permission.expiresAt, at) } : null
}

export interface WeighedApproval {
  readonly weighed: WeighedPermission
  /** Null where something may be retrieved under it now. */
  readonly refused: { readonly reason: Reason; readonly shielded: boolean } | null
}

/** What a retrieval would be decided to now: an approval is an input to the decision and never stands in for it (R23, R45). */
export const weighApproval = async (
  uses: Pick<DisclosureUses, 'open' | 'records'>,
  context: ChangeContext,
  { approval, ask }: { readonly approval: Approval; readonly ask: AccessQuestion['ask'] },
): Promise<WeighedApproval> => {
  const { tx, standing, subjects } = context
  const { file, permission } = approval
  const { purpose, legalGateway, justification } = ask
  const subject = subjects.get(file.offenderId) ?? null
  const stated = { purpose, legalGateway, justification }
  // An evaluation fetches nothing: agencies' own systems are asked when it is retrieved.
  const paragraphs = await listPermitted(tx, permission.id)
  const asked = { file, permission, recipient: standing, subject, paragraphs, stated, manner: 'view', replies: null } as const
  const { weighed, refused } = await weighRelease(uses, context, asked)
  return { weighed, refused: refused === null ? null : { reason: refused.reason, shielded: refused.shielded } }
}

/**
 * Could the chair lift this denial? Only where, were the permission given, something would then leave: what it never cures (R23) is not
 * held out to anybody.
 */
export const couldBeLifted = async (context: ChangeContext, meeting: Meeting, ask: AccessQuestion['ask']): Promise<boolean> => {
  const { tx, standing, policies, subjects, at } = context
  const scheme = rulesOf(context)?.schemes[meeting.kind] ?? 'none'
  const paragraphs = await listAboutPerson(tx, { conferenceId: meeting.id, offenderId: ask.offenderId, limit: MOST_PARAGRAPHS })
  const signed = scheme === 'marac' ? await allParticipantsSigned(tx, meeting.id, scheme) : null
  const { agencyId } = meeting.chair
  const weighed = weighPermission(
    {
      ...{ policies, recipient: standing, subject: subjects.get(ask.offenderId) ?? null, ask, scheme, manner: 'view', copies: false, at },
      ...{ fields: null, expiresAt: null, words: null, bestInterestsNote: ask.categories[0]?.bestInterestsNote ?? null },
      discloser: { agencyId, agreements: await findAgreementVersionsOf(tx, agencyId) },
      permission: {
        ...{ permission: 'active', riskAssessment: 'none', words: 'none', contributors: 'not-needed' },
        participants: signed === null ? 'not-needed' : signed ? 'all-signed' : 'not-signed',
      },
    },
    paragraphs.map((paragraph) => ({ paragraph, text: '', heldOn: meeting.heldOn })),
  )
  return weighed.paragraphs.some(({ released }) => released !== null)
}
