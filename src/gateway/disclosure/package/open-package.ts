import { timingSafeEqual } from 'node:crypto'
import type { Answer } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { packageState } from '../../../core/disclosure/package-state.ts'
import { Fault } from '../../../core/fault.ts'
import { findRequest, type RequestFile } from '../../../db/disclosure/requests.ts'
import {
  findHolder,
  findNewestCode,
  findPackage,
  findPackageByLink,
  insertOpening,
  insertWrongCode,
  type SealedPackage,
} from '../../../db/disclosure/packages.ts'
import { findGrant, listPermitted } from '../../../db/disclosure/permissions.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import { disclosureRulesOf, type DisclosureUses, holdForHolder, noDisclosureRules } from '../known-request.ts'
import { recipientStanding } from '../recipient-standing.ts'
import { releaseOutcome } from '../release/release-outcome.ts'
import { weighRelease } from '../release/weigh-release.ts'
import { packageLock, statedIn } from './known-package.ts'
import { linkHashOf, newSalt, slowHashOf } from './secrets.ts'

/** Somebody at the door with a link and a code, of whom nothing else is known. */
export interface Knock extends Pick<Caller, 'requestId' | 'traceparent'> {
  readonly link: string
  readonly code: string
  readonly receivedAt: Date
}

export type Opened =
  | {
      readonly outcome: 'opened'
      readonly packageId: string
      readonly offenderId: string
      readonly caller: Caller
      readonly answer: Answer
    }
  /** Logged with the package that it was. */
  | { readonly outcome: 'stays-shut' }
  /** There is no such package: nothing was logged yet. */
  | { readonly outcome: 'no-such-link' }

export type OpenPackage = (knock: Knock) => Promise<Opened>

type Found = NonNullable<Awaited<ReturnType<typeof findPackageByLink>>>

/**
 * Opens a sealed package for whoever has its link and its newest code. Everything is decided again behind the locks of a retrieval, the
 * package is used up in the commit that releases, and its wrong codes are counted one after the other, however many come at once.
 */
export const openPackage =
  (uses: DisclosureUses): OpenPackage =>
  async (knock) => {
    const found = await findPackageByLink(uses.database, linkHashOf(knock.link))
    // As long for a link that leads nowhere, and never while a lock is held.
    const guess = await slowHashOf(knock.code, found?.code?.salt ?? newSalt())
    const file = found === null ? null : await findRequest(uses.database, { permissionId: found.permissionId })
    const held = found === null ? null : await holdForHolder(uses, found.permissionId)
    if (found === null || held === null || file === null) return { outcome: 'no-such-link' }
    const caller = holderOf(file, found, knock)
    const answer = await uses.commitChange(caller, {
      operation: 'openDisclosurePackage',
      event: 'consultation',
      offenderId: file.offenderId,
      ...{ locks: [packageLock(found.id)], sharedLocks: [...held.own, ...held.along], readAlong: [file.offenderId] },
      ...{ readsOnly: true, provesItself: true },
      detail: { packageId: found.id, permissionId: found.permissionId, purpose: file.purpose },
      run: (context) => open(uses, context, { found, guess, knock }),
    })
    if (answer.status !== 200) return { outcome: 'stays-shut' }
    return { outcome: 'opened', packageId: found.id, offenderId: file.offenderId, caller, answer }
  }

/** The named person outside, who acts for nobody but themselves and through no system. */
const holderOf = ({ recipient }: RequestFile, found: Found, { requestId, traceparent, receivedAt }: Knock): Caller => ({
  ...{ agencyId: recipient.agencyId, personSub: recipient.sub, clientId: 'sealed-package', binding: 'package', keyThumbprint: null },
  ...{ tokenExpiresAt: found.expiresAt, receivedAt, requestId, traceparent },
})

interface Opening {
  readonly found: Found
  readonly guess: Buffer
  readonly knock: Knock
}

const open = async (uses: DisclosureUses, context: ChangeContext, opening: Opening): Promise<ChangeOutcome<object>> => {
  const { tx, at, subjects } = context
  const { found, guess } = opening
  const sealed = (await findPackage(tx, found.id))!
  const state = packageState(sealed, at)
  if (state !== 'open') return shut(opening, state)
  const code = await findNewestCode(tx, found.id)
  // The guess was hashed with the salt of the code before: whether it is right cannot be said.
  if (code?.number !== found.code?.number) throw new Fault('unavailable', 'A new code was issued just now.', { retryAfterSeconds: 1 })
  if (code === null || !timingSafeEqual(code.hash, guess)) return wrongCode(context, sealed, opening)
  const { permission, file } = (await findGrant(tx, found.permissionId))!
  if (disclosureRulesOf(context)?.packages === undefined) return noDisclosureRules
  const recipient = await recipientStanding(tx, file.recipient, at)
  const holder = await findHolder(tx, file.recipient)
  if (recipient === null || holder === null) throw new Error(`whom package ${sealed.id} is for is not registered`)
  const subject = subjects.get(file.offenderId) ?? null
  const paragraphs = await listPermitted(tx, permission.id)
  const released = { file, permission, recipient, subject, paragraphs, replies: new Map(), ...statedIn(file) }
  const release = await weighRelease(uses, context, released)
  const outcome = releaseOutcome(context, { ...release, file, permission, holder: file.recipient })
  if (!outcome.allowed) return outcome
  const { displayName, agencyName } = holder
  const wordsHash = permission.words?.hash ?? null
  return {
    ...outcome,
    body: { ...outcome.body, holder: { displayName, agencyName } },
    // The holder learns no more from it than from the words: not who they came from, nor of what kind it was.
    receipt: { packageId: sealed.id, permissionId: permission.id, recipient: file.recipient.agencyId, purpose: file.purpose, wordsHash },
    detail: { ...outcome.detail, holder: file.recipient, actingFor: null, sealedPackage: true },
    afterEntry: async (entryId) => {
      await outcome.afterEntry?.(entryId)
      await insertOpening(tx, { packageId: sealed.id, entryId, at })
    },
  }
}

const cites = 'Scrutiny Board 1.21 and 1.25; R24'

/** Whoever knocks has shown the link and nothing more, and is told nothing but that it stays shut. */
const shut = ({ knock }: Opening, state: string): ChangeOutcome<never> => ({
  ...{ allowed: false, unnamed: true, reason: { code: 'package-closed', stage: 'R24', ruleId: 'package-open', cites } },
  detail: { state, requestId: knock.requestId },
})

const wrongCode = ({ tx, at }: ChangeContext, sealed: SealedPackage, { knock }: Opening): ChangeOutcome<never> => {
  const number = sealed.wrongCodes + 1
  return {
    ...{ allowed: false, unnamed: true, reason: { code: 'package-code', stage: 'R24', ruleId: 'package-newest-code', cites } },
    detail: { wrongCodes: number, requestId: knock.requestId },
    afterEntry: (entryId) => insertWrongCode(tx, { packageId: sealed.id, number, entryId, at }),
  }
}
