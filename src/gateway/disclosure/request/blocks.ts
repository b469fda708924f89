import type { Subject } from '../../../core/snapshot.ts'
import { findWords } from '../../../db/disclosure/words.ts'
import type { ChangeContext } from '../../commit/change.ts'
import { explained } from '../../commit/refusal.ts'
import { type DisclosureUses, type KnownRequest, listAsked } from '../known-request.ts'
import { gatherMaterial } from '../material.ts'
import { recipientStanding } from '../recipient-standing.ts'
import { namedIn, reasonsOf } from '../records/weigh-record.ts'
import { weighPermission } from '../weigh-permission.ts'

/**
 * What a permission would not cure, paragraph by paragraph, as things stand: shown to the chair before deciding, and refused at each
 * retrieval (R23). Weighed as if the permission were given to the person named.
 */
export const blocksOf = async (
  uses: Pick<DisclosureUses, 'open' | 'records'>,
  context: ChangeContext,
  { known, subject }: { readonly known: KnownRequest; readonly subject: Subject | null },
) => {
  const { tx, at, policies, caller } = context
  const { file } = known
  const paragraphs = await listAsked(tx, file)
  const recipient = await recipientStanding(tx, file.recipient, at)
  if (recipient === null) return { paragraphs: [], blocks: [] }
  const words = await findWords(tx, file.id)
  const material = await gatherMaterial(uses, context, {
    ...{ file, paragraphs, recipient, subject, permission: 'active', discloserAgencyId: caller.agencyId },
    // An agency's own system is asked when it is released, and not to be looked at before.
    ...{ records: file.records, replies: null },
    ask: {
      ...{ offenderId: file.offenderId, categories: [{ id: 'conf-minutes' }], purpose: file.purpose },
      ...{ legalGateway: file.legalGateway, justification: 'Weighed before it is decided' },
    },
    words: words === null ? null : { version: words.version, marking: 'official-sensitive' },
    ...{ fields: null, copies: false, manner: 'view', expiresAt: null },
  })
  const weighed = weighPermission(material.weighing, material.open, material.gathered)
  return {
    paragraphs: paragraphs.map(({ paragraphId, version, form, number, originatorAgencyId, marking }) => ({
      ...{ paragraphId, version, form, number, originatorAgencyId, marking },
    })),
    blocks: [
      ...weighed.paragraphs.flatMap(({ paragraph, reason }) =>
        reason === null ? [] : [{ paragraphId: paragraph.paragraphId, number: paragraph.number, ...explained(policies, reason) }],
      ),
      ...weighed.records.flatMap((one) =>
        reasonsOf(one).map(({ reason, field }) => ({
          ...namedIn(one),
          ...(field === null ? {} : { field }),
          ...explained(policies, reason),
        })),
      ),
    ],
  }
}
