import type { Caller } from '../../../core/caller.ts'
import { samePerson } from '../../../core/conference/acting-chair.ts'
import { listPermittedRecords } from '../../../db/disclosure/records.ts'
import type { RequestPlace } from '../../../db/disclosure/request-place.ts'
import type { Source, SourceReply } from '../../../sources/source.ts'
import { identifiersFor } from '../../../sources/suppliers.ts'
import { personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { replyKey } from '../../enquiry/decide-enquiry.ts'
import { mergeReplies } from '../../enquiry/enquire.ts'
import type { DisclosureUses, HeldRequest } from '../known-request.ts'
import type { WeighedRelease } from '../release/weigh-release.ts'
import type { Replies } from './gather-records.ts'

interface Fetching {
  readonly permissionId: string
  readonly held: HeldRequest
}

interface Planned {
  readonly source: Source
  readonly identifier: string
  readonly categories: readonly SourceReply['category'][]
}

/**
 * Door 4 for what a permission lets out of the record. Only what agencies' own systems hold needs it; they are asked when the permission
 * still lets it out behind the locks, and only after the intent to ask is committed. What they reply is decided on again.
 */
export const fetchRecords = async (
  uses: DisclosureUses,
  caller: Caller,
  { permissionId, held }: Fetching,
  look: (context: ChangeContext) => Promise<WeighedRelease | null>,
): Promise<Replies> => {
  if (held.place === null || !(await mayNeedAsking(uses, caller, { permissionId, place: held.place }))) return new Map()
  const { offenderId } = held.place
  let plan: readonly Planned[] = []
  await uses.commitChange(caller, {
    ...{ operation: 'intent', event: 'intent', offenderId },
    ...{ locks: [...held.own, ...held.along], lockMode: 'shared', readsOnly: true, readAlong: [offenderId] },
    detail: { permissionId },
    async run(context) {
      plan = planOf(uses, context, { release: await look(context), offenderId })
      const asks = plan.map(({ source, categories }) => ({ supplier: source.agencyId, categories }))
      return { allowed: true, status: 200, body: {}, detail: { asks } }
    },
  })
  const replies = await Promise.all(
    plan.map(async ({ source, identifier, categories }) => {
      const given = await source.fetch({ identifier, categories, requestId: caller.requestId })
      return given.map((reply) => [replyKey(source.agencyId, reply.category), reply] as const)
    }),
  )
  return mergeReplies(replies.flat())
}

/** Without a lock: whoever it is not for, and what no system serves, leaves no intent behind. */
const mayNeedAsking = async (
  { database, records }: DisclosureUses,
  caller: Caller,
  { permissionId, place }: { readonly permissionId: string; readonly place: RequestPlace },
): Promise<boolean> => {
  // Nothing is permitted that was not asked for, and nearly always no record was.
  if (!place.asksRecords || !samePerson(place.recipient, personOf(caller))) return false
  const permitted = await listPermittedRecords(database, permissionId)
  return permitted.some((one) =>
    records.sources.some(({ agencyId, categories }) => agencyId === one.supplierAgencyId && categories.includes(one.category)),
  )
}

const planOf = (
  { records }: DisclosureUses,
  { subjects }: ChangeContext,
  { release, offenderId }: { readonly release: WeighedRelease | null; readonly offenderId: string },
): readonly Planned[] => {
  const subject = subjects.get(offenderId)
  if (release === null || subject === undefined) return []
  return records.sources.flatMap((source) => {
    const permitted = release.weighed.records.filter(
      ({ outcome: { kind, about } }) => kind === 'record' && about.supplier?.via === 'http' && about.supplier.agencyId === source.agencyId,
    )
    if (permitted.length === 0) return []
    const categories = permitted.map(({ record }) => record.category)
    return identifiersFor(subject, source).map((identifier) => ({ source, identifier, categories }))
  })
}
