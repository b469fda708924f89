import type { Facts } from '../../core/facts.ts'
import type { Ask, Standing, Subject } from '../../core/snapshot.ts'
import { allParticipantsSigned } from '../../db/disclosure/deciding.ts'
import type { Tx } from '../../db/db.ts'
import type { ScopedParagraph } from '../../db/disclosure/permissions.ts'
import type { NamedRecord } from '../../db/disclosure/records.ts'
import type { RequestFile } from '../../db/disclosure/requests.ts'
import { findWords, type Words } from '../../db/disclosure/words.ts'
import { findAgreementVersionsOf } from '../../db/registry/agreements.ts'
import { openText } from '../casework/conference/papers/paragraph-draft.ts'
import { rulesOf } from '../casework/conference/known-meeting.ts'
import type { ChangeContext } from '../commit/change.ts'
import { type GatheredRecord, gatherRecords, type Replies } from './records/gather-records.ts'
import { type DisclosureUses, openRequestText, placeOfWords } from './known-request.ts'
import type { OpenScoped, Weighing } from './weigh-permission.ts'

/** What one release is weighed on, besides whom it goes to and under which permission. */
export interface MaterialQuestion {
  readonly file: RequestFile
  readonly paragraphs: readonly ScopedParagraph[]
  readonly records: readonly NamedRecord[]
  /** What agencies' own systems replied; null: they are not asked for this. */
  readonly replies: Replies | null
  readonly recipient: Standing
  readonly subject: Subject | null
  readonly ask: Ask
  readonly permission: Facts['permission']
  readonly discloserAgencyId: string
  /** Null: the paragraphs themselves. */
  readonly words: { readonly version: number; readonly marking: 'official' | 'official-sensitive' } | null
  readonly fields: readonly string[] | null
  readonly copies: boolean
  readonly manner: Facts['manner']
  readonly expiresAt: Date | null
}

export interface Material {
  readonly weighing: Weighing
  readonly open: readonly OpenScoped[]
  /** Paragraphs whose text does not open in its place. */
  readonly unavailable: readonly ScopedParagraph[]
  readonly gathered: readonly GatheredRecord[]
  readonly words: Words | null
  readonly heldOn: string
}

export const gatherMaterial = async (
  uses: Pick<DisclosureUses, 'open' | 'records'>,
  context: ChangeContext,
  question: MaterialQuestion,
): Promise<Material> => {
  const { tx, at, policies } = context
  const { file, paragraphs, words, discloserAgencyId } = question
  const scheme = rulesOf(context)?.schemes[file.conferenceKind] ?? 'none'
  const found = words === null ? null : await findWords(tx, file.id, words.version)
  const newest = words === null ? null : await findWords(tx, file.id)
  const signed = scheme === 'marac' ? await allParticipantsSigned(tx, file.conferenceId, scheme) : null
  const opened = paragraphs.map((paragraph) => ({ paragraph, text: openText(uses, paragraph) }))
  const suppliers = question.records.map(({ supplierAgencyId }) => supplierAgencyId)
  const contributors = [...new Set([...paragraphs.map(({ originatorAgencyId }) => originatorAgencyId), ...suppliers])]
  const { ask, recipient, subject, fields, copies, manner, expiresAt, permission } = question
  return {
    ...{ words: found, heldOn: file.heldOn },
    gathered: await gatherRecords(uses, context, question),
    open: opened.flatMap(({ paragraph, text }) => (text === null ? [] : [{ paragraph, text, heldOn: file.heldOn }])),
    unavailable: opened.flatMap(({ paragraph, text }) => (text === null ? [paragraph] : [])),
    weighing: {
      ...{ policies, recipient, subject, ask, scheme, manner, copies, fields, expiresAt, at },
      discloser: { agencyId: discloserAgencyId, agreements: await agreementsOf(tx, discloserAgencyId, recipient) },
      bestInterestsNote: openRequestText(uses, file).bestInterestsNote,
      words: found === null || words === null ? null : { text: textOf(uses, file.id, found), marking: words.marking },
      permission: {
        permission,
        riskAssessment: file.riskAssessment === null ? 'none' : 'recorded',
        words: found === null ? 'none' : 'agreed',
        contributors: scheme !== 'mash' || found === null ? 'not-needed' : agreement({ found, newest, contributors }),
        participants: signed === null ? 'not-needed' : signed ? 'all-signed' : 'not-signed',
      },
    },
  }
}

/** Of the recipient's own agency they were read already. */
const agreementsOf = (tx: Tx, agencyId: string, recipient: Standing) =>
  agencyId === recipient.agency.id ? recipient.agreements : findAgreementVersionsOf(tx, agencyId)

/** "Each contributor accepts the exact text version by its hash; any edit voids all acceptances." */
const agreement = (about: {
  readonly found: Words
  readonly newest: Words | null
  readonly contributors: readonly string[]
}): Facts['contributors'] => {
  const { found, newest, contributors } = about
  const voided = newest?.version !== found.version
  return !voided && contributors.length > 0 && contributors.every((id) => found.acceptedBy.includes(id)) ? 'all-agreed' : 'not-agreed'
}

export const textOf = (uses: Pick<DisclosureUses, 'open'>, requestId: string, words: Words): string => {
  const text = uses.open(words.sealed, placeOfWords(requestId, words.version))
  if (text === null) throw new Error(`the words of request ${requestId} do not open`)
  return text
}
