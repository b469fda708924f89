import { permissionFor } from '../../../core/disclosure/permission-state.ts'
import { requestState } from '../../../core/disclosure/request-state.ts'
import { Fault } from '../../../core/fault.ts'
import type { Facts } from '../../../core/facts.ts'
import type { Ask, Standing, Subject } from '../../../core/snapshot.ts'
import { findHeldPapers } from '../../../db/copies/copy-graph.ts'
import { listPermitted, type Permission } from '../../../db/disclosure/permissions.ts'
import type { RequestFile } from '../../../db/disclosure/requests.ts'
import type { LineId } from '../../../db/log/access-log.ts'
import type { ChangeContext } from '../../commit/change.ts'
import type { DisclosureUses } from '../known-request.ts'
import { gatherMaterial, type Material } from '../material.ts'
import { type WeighedParagraph, type WeighedPermission, weighPermission } from '../weigh-permission.ts'

export interface Released {
  readonly file: RequestFile
  readonly permission: Permission
  readonly recipient: Standing
  readonly subject: Subject | null
  /** What is asked for now. Another purpose than the one decided on is not what was permitted. */
  readonly stated: Pick<Ask, 'purpose' | 'legalGateway' | 'justification'>
  readonly manner: Exclude<Facts['manner'], 'unknown'>
}

export interface WeighedRelease {
  readonly material: Material
  readonly weighed: WeighedPermission
  /** The paragraph for which nothing leaves at all; null where something may. */
  readonly refused: WeighedParagraph | null
  /** By which release the agency that lets it out had it of each supplier: what leaves now hangs under it. */
  readonly heldBy: ReadonlyMap<string, LineId>
}

/** Decides a release under a permission as things stand behind the locks: to its recipient, over the interface or as a sealed package. */
export const weighRelease = async (
  uses: Pick<DisclosureUses, 'open'>,
  context: ChangeContext,
  { file, permission, recipient, subject, stated, manner }: Released,
): Promise<WeighedRelease> => {
  const { tx, at } = context
  const person = { agencyId: recipient.agency.id, sub: recipient.person?.sub ?? '' }
  const state = requestState(file.events, permission.expiresAt, at)
  const material = await gatherMaterial(uses, context, {
    ...{ file, recipient, subject, manner, paragraphs: await listPermitted(tx, permission.id) },
    ask: { offenderId: file.offenderId, categories: [{ id: 'conf-minutes' }], ...stated },
    permission: permissionFor({ ...file, state }, { person, purpose: stated.purpose }),
    ...{ discloserAgencyId: permission.discloserAgencyId, words: permission.words, fields: permission.fields, copies: permission.copies },
    expiresAt: permission.expiresAt,
  })
  const weighed = weighPermission(material.weighing, material.open)
  if (weighed.paragraphs.length === 0)
    throw new Fault('unavailable', 'What was permitted cannot be read just now.', { retryAfterSeconds: 5 })
  const heldBy = await findHeldPapers(tx, { offenderId: file.offenderId, agencyId: permission.discloserAgencyId })
  return { material, weighed, refused: refusedWhole(permission, weighed), heldBy }
}

/** Words rest on everything they were drawn from: where one paragraph may not leave, they may not. */
const refusedWhole = (permission: Permission, { paragraphs }: WeighedPermission): WeighedParagraph | null => {
  const refused = paragraphs.filter(({ released }) => released === null)
  return refused.length === paragraphs.length || permission.words !== null ? (refused[0] ?? null) : null
}
