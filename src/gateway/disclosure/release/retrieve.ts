import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Facts } from '../../../core/facts.ts'
import type { LegalGateway, Purpose } from '../../../core/vocabulary.ts'
import { findMeeting } from '../../../db/conference/attending.ts'
import type { Tx } from '../../../db/db.ts'
import { findGrant, type Grant, type Granted, grantOf, listPermitted, type ScopedParagraph } from '../../../db/disclosure/permissions.ts'
import { findCourse } from '../../../db/disclosure/requests.ts'
import { personOf, seesMeeting } from '../../casework/conference/known-meeting.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import {
  disclosureRulesOf,
  type DisclosureUses,
  type HeldRequest,
  holdPlace,
  noDisclosureRules,
  type Refusal,
  unknownRequest,
} from '../known-request.ts'
import { fetchRecords } from '../records/fetch-records.ts'
import type { Replies } from '../records/gather-records.ts'
import type { GrantShelf } from './grant-shelf.ts'
import { releaseOutcome } from './release-outcome.ts'
import { type WeighedRelease, weighRelease } from './weigh-release.ts'

interface RetrievalBody {
  readonly purpose?: Purpose | null
  readonly legalGateway?: LegalGateway | null
  readonly justification?: string | null
  readonly manner?: Exclude<Facts['manner'], 'unknown'>
}

/**
 * Operation `retrieveDisclosure`: the person named gets exactly what was permitted, decided again behind the locks of the meeting, the
 * person and the permission. There is no way on from here: to anybody else the permission is none.
 */
export const retrieveDisclosure =
  (uses: DisclosureUses & { readonly grants: GrantShelf }) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const permissionId = (request.params.permissionId ?? '').toLowerCase()
    const body = request.body as RetrievalBody
    const { purpose = null, legalGateway = null, justification = null, manner = 'view' } = body
    // Of what was permitted only what it has come to changes: for whom it names all else is read once, before the locks.
    const { place, granted } = await uses.grants.find(uses.database, permissionId, personOf(caller))
    const held = await holdPlace(uses, { place, id: permissionId }, caller)
    const asking = { held, granted, body, permissionId }
    const replies = await fetchRecords(uses, caller, asking, (context) => look(uses, context, asking))
    return uses.commitChange(caller, {
      operation: 'retrieveDisclosure',
      event: 'consultation',
      offenderId: held.offenderId,
      ...{ locks: [...held.own, ...held.along], lockMode: 'shared', readsOnly: true },
      readAlong: held.offenderId === null ? [] : [held.offenderId],
      detail: { permissionId, manner, purpose, legalGateway, justification },
      ahead: (tx) => lookUp(tx, asking),
      run: (context, found) => retrieve(uses, context, { ...asking, ...found, replies }),
    })
  }

interface Asking {
  readonly held: HeldRequest
  readonly granted: Granted | null
  readonly permissionId: string
  readonly body: RetrievalBody
}

/** What was granted, as far as it came, and the paragraphs that it names; nothing for whoever may not know of it. */
interface Found {
  readonly grant: Grant | null
  readonly paragraphs: readonly ScopedParagraph[]
}

type Retrieving = Asking & Found & { readonly replies: Replies | null }

const lookUp = async (tx: Tx, { held, granted, permissionId }: Asking): Promise<Found> => {
  if (held.own.length === 0) return { grant: null, paragraphs: [] }
  const grant = granted === null ? findGrant(tx, permissionId) : findCourse(tx, permissionId).then((course) => grantOf(granted, course))
  const [found, paragraphs] = await Promise.all([grant, listPermitted(tx, permissionId)])
  return { grant: found, paragraphs }
}

const retrieve = async (uses: DisclosureUses, context: ChangeContext, asked: Retrieving): Promise<ChangeOutcome<object>> => {
  const found = await knownGrant(context, asked)
  if ('allowed' in found) return found
  const release = await weigh(uses, context, { ...asked, ...found })
  return releaseOutcome(context, { ...release, ...found, holder: personOf(context.caller) })
}

const weigh = (uses: DisclosureUses, context: ChangeContext, { file, permission, body, paragraphs, replies }: Retrieving & Grant) => {
  const { standing, subjects } = context
  const { purpose = null, legalGateway = null, justification = null, manner = 'view' } = body
  const stated = { purpose, legalGateway, justification }
  const subject = subjects.get(file.offenderId) ?? null
  return weighRelease(uses, context, { file, permission, recipient: standing, subject, paragraphs, stated, manner, replies })
}

/** The first look: what may be asked of agencies' own systems; null where nothing may leave anyway. */
const look = async (uses: DisclosureUses, context: ChangeContext, asking: Asking): Promise<WeighedRelease | null> => {
  const look = { ...asking, ...(await lookUp(context.tx, asking)), replies: null }
  const found = await knownGrant(context, look)
  if ('allowed' in found) return null
  const release = await weigh(uses, context, { ...look, ...found })
  return release.refused === null ? release : null
}

/** R24: somebody outside any agency gets it handed over, and from nowhere else. */
const byPackage: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'package-only', stage: 'R24', ruleId: 'disclosure-by-package', cites: 'Scrutiny Board 1.21 and 1.25; R24' },
}

const knownGrant = async (context: ChangeContext, { held, grant }: Asking & Found): Promise<Grant | Refusal> => {
  const { tx, caller, standing } = context
  if (held.own.length === 0) return unknownRequest
  const rules = disclosureRulesOf(context)
  if (rules === null) return noDisclosureRules
  if (grant === null) return unknownRequest
  const { file } = grant
  const person = personOf(caller)
  const named = file.recipient.agencyId === person.agencyId && file.recipient.sub === person.sub
  const outside = file.recipientWithoutAccount || rules.packages?.outside.includes(standing.agency.kind) === true
  if (named) return outside ? byPackage : grant
  const meeting = await findMeeting(tx, file.conferenceId, person)
  // Whoever may not know of the meeting is told of no permission about it either.
  return meeting === null || !seesMeeting(context, meeting) ? unknownRequest : grant
}
