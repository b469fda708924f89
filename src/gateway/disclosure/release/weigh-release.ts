import { permissionFor } from '../../../core/disclosure/permission-state.ts'
import { requestState } from '../../../core/disclosure/request-state.ts'
import type { Reason } from '../../../core/decision/decision.ts'
import { Fault } from '../../../core/fault.ts'
import type { Facts } from '../../../core/facts.ts'
import type { Ask, Standing, Subject } from '../../../core/snapshot.ts'
import { findHeldPapers } from '../../../db/copies/copy-graph.ts'
import type { Permission, ScopedParagraph } from '../../../db/disclosure/permissions.ts'
import { listPermittedRecords } from '../../../db/disclosure/records.ts'
import type { RequestFile } from '../../../db/disclosure/requests.ts'
import type { LineId } from '../../../db/log/access-log.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { type DisclosureUses, openRequestText } from '../known-request.ts'
import { gatherMaterial, type Material } from '../material.ts'
import type { Replies } from '../records/gather-records.ts'
import { categoryAskOf } from '../records/weigh-record.ts'
import { type WeighedPermission, weighPermission } from '../weigh-permission.ts'

export interface Released {
  readonly file: RequestFile
  readonly permission: Permission
  readonly recipient: Standing
  readonly subject: Subject | null
  /** Exactly what was permitted, still sealed. */
  readonly paragraphs: readonly ScopedParagraph[]
  /** What is asked for now. Another purpose than the one decided on is not what was permitted. */
  readonly stated: Pick<Ask, 'purpose' | 'legalGateway' | 'justification'>
  readonly manner: Exclude<Facts['manner'], 'unknown'>
  /** Null: what an agency's own system holds is decided on as far as it can be before that is asked. */
  readonly replies: Replies | null
}

export interface RefusedPart {
  readonly reason: Reason
  readonly shielded: boolean
}

export interface WeighedRelease {
  readonly material: Material
  readonly weighed: WeighedPermission
  /** The part for which nothing leaves at all; null where something may. */
  readonly refused: RefusedPart | null
  /** By which release the agency that lets it out had it of each supplier: what leaves now hangs under it. */
  readonly heldBy: ReadonlyMap<string, LineId>
}

/** Decides a release under a permission as things stand behind the locks: to its recipient, over the interface or as a sealed package. */
export const weighRelease = async (
  uses: Pick<DisclosureUses, 'open' | 'records'>,
  context: ChangeContext,
  { file, permission, recipient, subject, paragraphs, stated, manner, replies }: Released,
): Promise<WeighedRelease> => {
  const { tx, at } = context
  const person = { agencyId: recipient.agency.id, sub: recipient.person?.sub ?? '' }
  const state = requestState(file.events, permission.expiresAt, at)
  // Nothing is permitted that was not asked for, and nearly always no record was.
  const records = file.records.length === 0 ? [] : await listPermittedRecords(tx, permission.id)
  const note = records.length === 0 ? null : openRequestText(uses, file).bestInterestsNote
  const asked = records.map((one) => categoryAskOf(one, note))
  const material = await gatherMaterial(uses, context, {
    ...{ file, recipient, subject, manner, records, replies, paragraphs },
    ask: { offenderId: file.offenderId, categories: [{ id: 'conf-minutes' }, ...asked], ...stated },
    permission: permissionFor({ ...file, state }, { person, purpose: stated.purpose }),
    ...{ discloserAgencyId: permission.discloserAgencyId, words: permission.words, fields: permission.fields, copies: permission.copies },
    expiresAt: permission.expiresAt,
  })
  const weighed = weighPermission(material.weighing, material.open, material.gathered)
  if (weighed.outcomes.length === 0 || restsOnUnread(permission, weighed))
    throw new Fault('unavailable', 'What was permitted cannot be read just now.', { retryAfterSeconds: 5 })
  const supplierAgencyIds = [...new Set(weighed.paragraphs.map(({ paragraph }) => paragraph.originatorAgencyId))]
  const heldBy = await findHeldPapers(tx, { offenderId: file.offenderId, agencyId: permission.discloserAgencyId, supplierAgencyIds })
  return { material, weighed, refused: refusedWhole(permission, weighed), heldBy }
}

/** Words rest on everything they were drawn from: what cannot be read just now cannot be decided on either. */
const restsOnUnread = ({ words }: Permission, { records }: WeighedPermission): boolean =>
  words !== null && records.some(({ outcome }) => outcome.kind === 'unavailable')

/** And where one part of it may not leave, the words may not. */
const refusedWhole = (permission: Permission, { paragraphs, records, outcomes }: WeighedPermission): RefusedPart | null => {
  const parts = [...paragraphs, ...records].map(({ reason, shielded }) => ({ reason, shielded }))
  const refused = parts.flatMap(({ reason, shielded }) => (reason === null ? [] : [{ reason, shielded }]))
  return refused.length === outcomes.length || permission.words !== null ? (refused[0] ?? null) : null
}
