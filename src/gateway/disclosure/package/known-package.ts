import type { Caller } from '../../../core/caller.ts'
import { findPackage, type SealedPackage } from '../../../db/disclosure/packages.ts'
import type { RequestFile } from '../../../db/disclosure/requests.ts'
import { isContactOf } from '../../casework/conference/conference-area.ts'
import type { ChangeContext, LockKey } from '../../commit/change.ts'
import {
  type DisclosureUses,
  getRequest,
  type HeldRequest,
  holdRequest,
  type KnownRequest,
  type Refusal,
  unknownRequest,
} from '../known-request.ts'

/** Each try at a package, on whichever instance, waits for the one before it. */
export const packageLock = (packageId: string): LockKey => ({ class: 'permission', id: `package ${packageId}` })

const notContact: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R13', ruleId: 'package-by-contact', cites: 'Case Conferencing Guidance 2009, 1.3 b9; R13' },
}

/** The request behind a permission, for the single point of contact who hands over what became of it. */
export const getHandedOver = async (context: ChangeContext, held: HeldRequest): Promise<KnownRequest | Refusal> => {
  const known = await getRequest(context, held)
  if ('allowed' in known) return known
  return isContactOf(context.standing, known.file.areaId, context.at) ? known : notContact
}

export interface HeldPackage {
  readonly packageId: string
  readonly held: HeldRequest
}

/** Found before any lock is taken; a package that is not there holds nothing. */
export const holdPackage = async (
  uses: Pick<DisclosureUses, 'database' | 'policies'>,
  packageId: string,
  caller: Caller,
): Promise<HeldPackage> => {
  const found = await findPackage(uses.database, packageId)
  const nothing: HeldRequest = { requestId: packageId, own: [], along: [], offenderId: null, place: null }
  return { packageId, held: found === null ? nothing : await holdRequest(uses, { permissionId: found.permissionId }, caller) }
}

export interface KnownPackage extends KnownRequest {
  readonly sealed: SealedPackage
}

/** The package with the request behind it, for the single point of contact; to whoever may not know of it there is none. */
export const getPackage = async (context: ChangeContext, { packageId, held }: HeldPackage): Promise<KnownPackage | Refusal> => {
  const known = await getHandedOver(context, held)
  if ('allowed' in known) return known
  const sealed = await findPackage(context.tx, packageId)
  return sealed === null ? unknownRequest : { ...known, sealed }
}

/** The holder states nothing: a package is opened for what it was permitted for, to be read. */
export const statedIn = ({ purpose, legalGateway }: RequestFile) => ({
  stated: { purpose, legalGateway, justification: 'Handed over as a sealed package under the permission' },
  manner: 'view' as const,
})
