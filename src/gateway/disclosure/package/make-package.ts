import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import type { PackageRules } from '../../../core/disclosure/disclosure-rules.ts'
import { earliest } from '../../../core/earliest.ts'
import { Fault } from '../../../core/fault.ts'
import { findHolder, insertPackage } from '../../../db/disclosure/packages.ts'
import { findGrant, listPermitted, type Permission } from '../../../db/disclosure/permissions.ts'
import { personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { disclosureRulesOf, type DisclosureUses, type HeldRequest, holdRequest, noDisclosureRules } from '../known-request.ts'
import { recipientStanding } from '../recipient-standing.ts'
import { releaseOutcome } from '../release/release-outcome.ts'
import { type WeighedRelease, weighRelease } from '../release/weigh-release.ts'
import { getHandedOver, statedIn } from './known-package.ts'
import { linkHashOf, newLink } from './secrets.ts'

interface PackageBody {
  readonly expiresAt?: string
}

const HOUR_MS = 3_600_000

/**
 * Operation `makeDisclosurePackage`: the single point of contact makes what a chair permitted for somebody outside any agency ready to
 * be handed over. The link is told once and kept nowhere; the gateway sends it to nobody. A later package takes the place of this one.
 */
export const makeDisclosurePackage =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const permissionId = (request.params.permissionId ?? '').toLowerCase()
    const body = request.body as PackageBody
    const held = await holdRequest(uses, { permissionId }, caller)
    return uses.commitChange(caller, {
      operation: 'makeDisclosurePackage',
      event: 'alteration',
      offenderId: held.offenderId,
      ...{ locks: held.own, sharedLocks: held.along },
      readAlong: held.offenderId === null ? [] : [held.offenderId],
      idempotencyKey: request.idempotencyKey,
      detail: { permissionId },
      run: (context) => make(uses, context, { held, permissionId, body }),
    })
  }

interface Making {
  readonly held: HeldRequest
  readonly permissionId: string
  readonly body: PackageBody
}

const make = async (uses: DisclosureUses, context: ChangeContext, { held, permissionId, body }: Making): Promise<ChangeOutcome<object>> => {
  const known = await getHandedOver(context, held)
  if ('allowed' in known) return known
  const rules = disclosureRulesOf(context)?.packages
  if (rules === undefined) return noDisclosureRules
  if (known.state !== 'active') throw new Fault('conflict', `This request is ${known.state}: nothing can be handed over under it.`)
  const { tx, at, caller, subjects } = context
  const { file } = known
  const { permission } = (await findGrant(tx, permissionId))!
  const recipient = await recipientStanding(tx, file.recipient, at)
  const holder = await findHolder(tx, file.recipient)
  if (recipient === null || holder === null) throw new Error('whom this is for is not registered')
  if (holder.hasSystem && !file.recipientWithoutAccount && !rules.outside.includes(recipient.agency.kind)) {
    throw new Fault('conflict', 'The person named gets what was permitted over their own agency’s system.')
  }
  // What could not be released now is not handed over either; it is decided again when the package is opened.
  const subject = subjects.get(file.offenderId) ?? null
  const paragraphs = await listPermitted(tx, permissionId)
  const released = { file, permission, recipient, subject, paragraphs, replies: null, ...statedIn(file) }
  const release = await weighRelease(uses, context, released)
  requireReadable(release)
  const outcome = releaseOutcome(context, { ...release, file, permission, holder: file.recipient })
  if (!outcome.allowed) return outcome
  const expiresAt = endOf({ at, permission, rules, asked: body.expiresAt ?? null })
  const [packageId, link] = [uses.newId(), newLink()]
  await insertPackage(tx, { id: packageId, permissionId, linkHash: linkHashOf(link), by: personOf(caller), at, expiresAt })
  return {
    ...{ allowed: true, status: 201 },
    body: { packageId, permissionId, holder: file.recipient, expiresAt: expiresAt.toISOString(), nextStep },
    once: { link: `/packages/${link}` },
    detail: { packageId, holder: file.recipient, expiresAt: expiresAt.toISOString() },
  }
}

/** Whoever opens it has proved nothing when an agency's own system would have to be asked for them. */
const requireReadable = ({ weighed }: WeighedRelease): void => {
  if (weighed.records.some(({ outcome }) => outcome.about.supplier?.via === 'http')) {
    throw new Fault('conflict', 'A part of what was permitted is held in an agency’s own system, which is not asked for a package.')
  }
}

const nextStep =
  'Give this link to the person named. Then get a code for the package and give them that by another way: in person or by telephone, ' +
  'never in the same message.'

const endOf = (about: {
  readonly at: Date
  readonly permission: Permission
  readonly rules: PackageRules
  readonly asked: string | null
}): Date => {
  const { at, permission, rules, asked } = about
  const last = earliest([new Date(at.getTime() + rules.hours * HOUR_MS), permission.expiresAt])!
  if (asked === null) return last
  const end = new Date(asked)
  const wrong = !(end > at) ? 'is over already' : end > last ? `is later than ${last.toISOString()}, the latest that there may be` : null
  if (wrong === null) return end
  throw new Fault('invalid', 'A package cannot be made like this.', { details: [{ path: '/expiresAt', message: wrong }] })
}
