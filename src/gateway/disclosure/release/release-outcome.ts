import { caseFactsOf } from '../../../core/case/derive-facts.ts'
import { outboundTo } from '../../../core/case/recipient-standing.ts'
import type { NamedPerson } from '../../../core/conference/acting-chair.ts'
import type { OutboundType } from '../../../core/decision-vocabulary.ts'
import { disclosurePolicies } from '../../../core/disclosure/disclosure-policies.ts'
import { earliest } from '../../../core/earliest.ts'
import { insertRetrieval, type Permission } from '../../../db/disclosure/permissions.ts'
import type { RequestFile } from '../../../db/disclosure/requests.ts'
import type { ChangeContext, ChangeOutcome } from '../../commit/change.ts'
import type { Draft } from '../../commit/logged-work.ts'
import { explained } from '../../commit/refusal.ts'
import { draftEnquiry, fieldsReleased } from '../../enquiry/draft-enquiry.ts'
import { obligationsOf, recordEntry, unavailableEntry, verdictOf } from '../../enquiry/enquiry-answer.ts'
import { newId } from '../../new-id.ts'
import { namedIn, type WeighedRecord } from '../records/weigh-record.ts'
import type { WeighedParagraph, WeighedPermission } from '../weigh-permission.ts'
import type { WeighedRelease } from './weigh-release.ts'

export interface Release extends WeighedRelease {
  readonly file: RequestFile
  readonly permission: Permission
  readonly holder: NamedPerson
}

type Allowed = Extract<ChangeOutcome<object>, { allowed: true }>
type Refused = Extract<ChangeOutcome<object>, { allowed: false }>

/** One release decided under a permission: what leaves with its conditions, its entries and its line in the disclosure register. */
export const releaseOutcome = (context: ChangeContext, release: Release): Allowed | Refused => {
  const draft = draftOf(context, release)
  const content = { ...draft.entry.content, ...loggedOf(release) }
  const { refused } = release
  if (refused !== null) {
    const verdict = verdictOf(release.weighed.outcomes)
    const shielded = refused.shielded
    return { allowed: false, status: verdict === 'incomplete' ? 422 : 403, reason: refused.reason, shielded, detail: content }
  }
  const { permission, holder } = release
  return {
    ...{ allowed: true, status: 200, at: context.at, validUntil: earliest([draft.validUntil, permission.expiresAt]) },
    body: bodyOf(context, release),
    receipt: {
      ...draft.receipt,
      categories: spokenOf(draft),
      permissionId: permission.id,
      formOfWordsHash: permission.words?.hash ?? null,
    },
    named: (entryId: string) => ({ watermark: { agencyId: holder.agencyId, sub: holder.sub, readAt: context.at.toISOString(), entryId } }),
    release: { entry: { ...draft.entry, content }, disclosures: registered(draft, release) },
    afterEntry: (entryId: string) => keepRetrieval(context, release, entryId),
  }
}

/** The release as the permission has it, and word of it to those whose words were permitted. */
const keepRetrieval = async ({ tx, at }: ChangeContext, { file, permission, holder, weighed }: Release, entryId: string): Promise<void> => {
  const released = weighed.paragraphs.filter((one) => one.released !== null)
  const suppliers = weighed.records.map(({ record }) => record.supplierAgencyId)
  const toAgencyIds = [
    ...weighed.paragraphs.map(({ paragraph }) => paragraph.originatorAgencyId),
    ...suppliers,
    permission.discloserAgencyId,
  ]
  const refs = { requestId: file.id, permissionId: permission.id, entryId }
  const told = { id: newId(), kind: 'disclosure-retrieved', toAgencyIds, offenderId: null, refs, at } as const
  const row = {
    ...{ entryId, permissionId: permission.id, offenderId: file.offenderId, holderAgencyId: holder.agencyId },
    ...{ holderSub: holder.sub, wordsHash: permission.words?.hash ?? null, at },
    paragraphs: released.map(({ paragraph: { paragraphId, version } }) => ({ paragraphId, version })),
    records: weighed.records.flatMap(recordReleased),
  }
  await insertRetrieval(tx, row, told)
}

/** Whoever retrieves named no category: one that may not be spoken of is not there, as in the answer. */
const spokenOf = ({ receipt }: Draft): readonly unknown[] =>
  (receipt.categories as readonly { readonly reason?: string }[]).filter(({ reason }) => reason !== 'ncnd')

/** R28: each line says under which permission it left and, where it came to the discloser by a release, by which. */
const registered = ({ disclosures }: Draft, { permission, heldBy }: Release): Draft['disclosures'] =>
  disclosures.map((row) => ({
    ...{ ...row, permissionId: permission.id },
    // A part of the record comes straight from its supplier; what was said came to the discloser by the papers.
    onwardOf: papers.includes(row.category) ? (heldBy.get(row.supplierAgencyId) ?? null) : null,
  }))

const papers: readonly string[] = ['conf-minutes', 'conf-papers', 'mash-form-of-words']

/** What left of one record, by the fields that it left with; of words, what they were drawn from. */
const recordReleased = ({ outcome, record }: WeighedRecord) =>
  outcome.kind !== 'record' || outcome.items.length === 0
    ? []
    : [{ category: record.category, supplierAgencyId: record.supplierAgencyId, fields: fieldsReleased(outcome) }]

const draftOf = (context: ChangeContext, { material: { weighing }, weighed }: Release) => {
  const { recipient, subject, ask, at } = weighing
  return draftEnquiry({
    // By the rules it was weighed by: only they know what it rested on.
    reading: { ...context, policies: disclosurePolicies(context.policies) ?? context.policies, standing: recipient, subject, at },
    outcome: { caseFacts: caseFactsOf({ standing: recipient, subject, ask, at }), categories: weighed.outcomes },
    ...{ ask, preview: false },
  })
}

const loggedOf = ({ file, permission, weighed }: Release) => {
  const idOf = ({ paragraph: { paragraphId, version } }: WeighedParagraph) => ({ paragraphId, version })
  return {
    ...{ permissionId: permission.id, requestId: file.id, conferenceId: file.conferenceId },
    ...{ formOfWordsHash: permission.words?.hash ?? null, discloserAgencyId: permission.discloserAgencyId },
    outbound: outboundOf(weighed),
    paragraphs: weighed.paragraphs.filter(({ released }) => released !== null).map(idOf),
    records: weighed.records.flatMap(recordReleased),
    withheldParagraphs: weighed.paragraphs.flatMap((one) =>
      one.released !== null ? [] : [{ ...idOf(one), code: one.reason?.code ?? null, ruleId: one.reason?.ruleId ?? null }],
    ),
  }
}

const outboundOf = ({ outcomes }: WeighedPermission): OutboundType =>
  outcomes.every((one) => outboundTo(one.about.facts.recipientStanding) === 'share') ? 'share' : 'disclose'

/** What may not be spoken of is left out. */
const withheldIn = (policies: ChangeContext['policies'], { paragraphs, records }: WeighedPermission) => [
  ...paragraphs
    .filter(({ released, shielded }) => released === null && !shielded)
    .map(({ paragraph, reason }) => ({ paragraphId: paragraph.paragraphId, number: paragraph.number, ...explained(policies, reason!) })),
  ...records
    .filter(({ reason, shielded }) => reason !== null && !shielded)
    .map((one) => ({ ...namedIn(one), ...explained(policies, one.reason!) })),
]

const bodyOf = ({ policies }: ChangeContext, { file, permission, material, weighed }: Release) => {
  const released = weighed.paragraphs.flatMap((one) => (one.released === null ? [] : [{ ...one, released: one.released }]))
  const records = weighed.records.flatMap(({ outcome }) => (outcome.kind === 'record' ? [outcome] : []))
  const carried = [...released.flatMap((one) => one.released.obligations), ...records.flatMap(obligationsOf)]
  const obligations = [...new Set([...carried, ...permission.handling])]
  const markings = [
    ...released.map((one) => one.released.marking),
    // In the words that the chair marked, no field of a record leaves.
    ...(permission.words === null ? records.flatMap(({ items }) => items.map(({ item }) => item.marking)) : [permission.words.marking]),
  ]
  const words = permission.words
  return {
    ...{ permissionId: permission.id, conferenceId: file.conferenceId, heldOn: material.heldOn, purpose: file.purpose },
    ...{ extent: permission.extent, outbound: outboundOf(weighed), obligations, article8Grounds: permission.article8Grounds },
    marking: markings.every((one) => one === 'official') ? 'official' : 'official-sensitive',
    expiresAt: permission.expiresAt.toISOString(),
    words: words === null ? null : { hash: words.hash, text: material.weighing.words!.text },
    paragraphs:
      words !== null
        ? []
        : released.map(({ paragraph, released: { text } }) => ({
            ...{ paragraphId: paragraph.paragraphId, version: paragraph.version, form: paragraph.form, number: paragraph.number, text },
            ...{ marking: paragraph.marking, foiLabels: paragraph.foiLabels, originatorAgencyId: paragraph.originatorAgencyId },
            ...{ nature: paragraph.nature, subjectType: paragraph.subjectType, recordedOn: paragraph.recordedOn },
          })),
    records: words !== null ? [] : records.map((one) => recordEntry({ policies, preview: false }, one)),
    withheld: withheldIn(policies, weighed),
    unavailable: [
      ...material.unavailable.map(({ paragraphId, number }) => ({ paragraphId, number })),
      ...weighed.records.flatMap((one) => (one.outcome.kind === 'unavailable' ? [unavailableEntry(one.outcome)] : [])),
    ],
  }
}
