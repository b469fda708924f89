import { permissionFactsOf, type PermissionFacts } from '../../core/disclosure/permission-facts.ts'
import { disclosurePolicies } from '../../core/disclosure/disclosure-policies.ts'
import { decide } from '../../core/decision/decide.ts'
import type { Reason } from '../../core/decision/decision.ts'
import type { Policies } from '../../core/decision/policy.ts'
import type { Facts } from '../../core/facts.ts'
import type { AgreementVersion, Ask, Item, Standing, Subject } from '../../core/snapshot.ts'
import type { Category } from '../../core/vocabulary.ts'
import type { ScopedParagraph } from '../../db/disclosure/permissions.ts'
import type { GatheredRecord } from './records/gather-records.ts'
import { weighRecord, type WeighedRecord } from './records/weigh-record.ts'
import { wordsMarking } from './words-marking.ts'
import { type CategoryOutcome, isRefusal, releaseItems } from '../enquiry/decide-enquiry.ts'

/** One release under a permission, or one that a chair looks at before deciding. */
export interface Weighing {
  readonly policies: Policies
  readonly recipient: Standing
  readonly discloser: { readonly agencyId: string; readonly agreements: readonly AgreementVersion[] }
  readonly subject: Subject | null
  readonly ask: Ask
  readonly bestInterestsNote: string | null
  readonly scheme: Facts['scheme']
  readonly permission: PermissionFacts
  readonly manner: Facts['manner']
  readonly copies: boolean
  /** Null: the paragraphs themselves; otherwise these words, drawn from them. */
  readonly words: { readonly text: string; readonly marking: 'official' | 'official-sensitive' } | null
  readonly fields: readonly string[] | null
  readonly expiresAt: Date | null
  readonly at: Date
}

export interface OpenScoped {
  readonly paragraph: ScopedParagraph
  readonly text: string
  readonly heldOn: string
}

export interface WeighedParagraph {
  readonly paragraph: ScopedParagraph
  /** Null where it may not leave. */
  readonly released: { readonly text: string | null; readonly obligations: readonly string[]; readonly marking: string } | null
  readonly reason: Reason | null
  readonly shielded: boolean
}

export interface WeighedPermission {
  readonly outcomes: readonly CategoryOutcome[]
  readonly paragraphs: readonly WeighedParagraph[]
  readonly records: readonly WeighedRecord[]
}

/** Paragraph by paragraph, each with its own originator's agreement, marking and grade; nothing when no rules for it are published. */
export const weighPermission = (
  weighing: Weighing,
  given: readonly OpenScoped[],
  gathered: readonly GatheredRecord[] = [],
): WeighedPermission => {
  const policies = disclosurePolicies(weighing.policies)
  if (policies === null) return { outcomes: [], paragraphs: [], records: [] }
  const weighed = given.map((one) => weighOne(weighing, policies, one))
  const records = gathered.map((one) => weighRecord(weighing, policies, one))
  return {
    outcomes: [...weighed, ...records].map(({ outcome }) => outcome),
    paragraphs: weighed.map(({ paragraph }) => paragraph),
    records,
  }
}

const categoryOf = ({ words, scheme }: Weighing, paragraph: ScopedParagraph): Category => {
  if (words !== null && scheme === 'mash') return 'mash-form-of-words'
  return paragraph.form === 'minutes' ? 'conf-minutes' : 'conf-papers'
}

const weighOne = (weighing: Weighing, policies: Policies, open: OpenScoped): { outcome: CategoryOutcome; paragraph: WeighedParagraph } => {
  const { paragraph } = open
  const id = categoryOf(weighing, paragraph)
  const definition = policies.category(id)!
  const asked = weighing.fields?.filter((field) => Object.hasOwn(definition.fields, field)) ?? null
  const category = {
    ...{ id, ...(asked === null || weighing.words !== null ? {} : { fields: asked }) },
    ...(weighing.bestInterestsNote === null ? {} : { bestInterestsNote: weighing.bestInterestsNote }),
  }
  const about = permissionFactsOf({
    ...{
      standing: weighing.recipient,
      subject: weighing.subject,
      about: 'person',
      ask: weighing.ask,
      category,
      definition,
      at: weighing.at,
    },
    originator: {
      ...{ agencyId: paragraph.originatorAgencyId, kind: paragraph.originatorKind, regime: paragraph.originatorRegime, via: 'hosted' },
    },
    meeting: meetingOf(weighing, id),
    // What was corrected since is not what the chair decided on.
    permission: paragraph.current ? weighing.permission : { ...weighing.permission, permission: stale(weighing.permission.permission) },
    ...{ discloser: weighing.discloser, expiresAt: weighing.expiresAt },
  })
  const first = decide(policies, 'fetch', about.facts, { ...category, agreementFields: about.agreementFields, lapses: about.lapses })
  const item = itemOf(weighing, open)
  const outcome: CategoryOutcome = isRefusal(first)
    ? { kind: 'withheld', about, decision: first, reason: first.reasons[0]!, refusedItems: [] }
    : releaseItems({ reading: { policies }, category, definition }, about, first, [item])
  return { outcome, paragraph: paragraphOf(weighing, outcome, open) }
}

const stale = (permission: Facts['permission']): Facts['permission'] => (permission === 'active' ? 'part' : permission)

const meetingOf = ({ scheme, manner, copies }: Weighing, id: Category) =>
  ({
    attendance: 'unknown',
    acknowledgement: 'unknown',
    manner,
    copyPermission: copies ? 'granted' : 'none',
    // The agreed words are made to leave the scheme; what lies beneath them never does.
    scheme: id === 'mash-form-of-words' ? 'none' : scheme,
    ...{ known: true, lapsesAt: null },
  }) as const

const itemOf = (weighing: Weighing, { paragraph, text, heldOn }: OpenScoped): Item => ({
  fields:
    weighing.words === null
      ? { conference: paragraph.conferenceId, heldOn, paragraph: paragraph.number, text }
      : { text: weighing.words.text },
  ...{ originator: paragraph.originatorAgencyId, recordedOn: paragraph.recordedOn, nature: paragraph.nature },
  ...{
    subjectType: paragraph.subjectType,
    marking: wordsMarking(weighing.words, paragraph.marking),
    restricted: false,
    collectedOnConsent: false,
  },
  ...{ grade: paragraph.grade, conditions: [], reviewBy: null },
})

const paragraphOf = (weighing: Weighing, outcome: CategoryOutcome, { paragraph }: OpenScoped): WeighedParagraph => {
  if (outcome.kind !== 'record') {
    const reason = outcome.kind === 'withheld' ? outcome.reason : null
    return { paragraph, released: null, reason, shielded: outcome.decision.effect === 'deny-ncnd' }
  }
  const [item] = outcome.items
  const released = {
    text: (item?.fields.text as string | undefined) ?? null,
    obligations: item?.decision.obligations ?? [],
    marking: wordsMarking(weighing.words, paragraph.marking),
  }
  return { paragraph, released, reason: null, shielded: false }
}
