import type { ConferenceRules } from '../../../../core/conference/conference-rules.ts'
import { foiLabelsFor } from '../../../../core/conference/foi-labels.ts'
import type { Item } from '../../../../core/snapshot.ts'
import type { FoiLabel } from '../../../../core/vocabulary.ts'
import type { ParagraphVersion } from '../../../../db/conference/papers.ts'
import type { ChangeOutcome } from '../../../commit/change.ts'
import type { MeetingUses } from '../known-meeting.ts'

/** One paragraph as somebody writes it; what is left out is as the meeting's own and as the rules have it. */
export interface ParagraphBody {
  readonly text: string
  readonly offenderId?: string | null
  readonly originatorAgencyId?: string
  readonly conduitAgencyId?: string | null
  readonly source?: ParagraphVersion['source']
  readonly nature?: Item['nature']
  readonly subjectType?: Item['subjectType']
  readonly marking?: string
  readonly foiLabels?: readonly FoiLabel[]
  readonly grade?: Item['grade']
  readonly actionBy?: ParagraphVersion['actionBy']
  readonly minuteReferenceId?: string
}

type Refusal = Extract<ChangeOutcome<never>, { allowed: false }>

const notFromAnother = (path: string): Refusal => ({
  allowed: false,
  status: 422,
  reason: {
    code: 'foi-label',
    stage: 'R27',
    ruleId: 'paragraph-41-from-another',
    cites: 'FOIA 2000 s.41(1)(a); Confidentiality Statement, (d)',
  },
  errors: [{ path, message: 'is for what was obtained from another person' }],
})

/** The labels of a paragraph, or the refusal that says which does not fit. */
export const labelled = (
  rules: ConferenceRules['foi'],
  paragraph: { readonly asked: readonly FoiLabel[] | null; readonly source: ParagraphVersion['source']; readonly path: string },
): readonly FoiLabel[] | Refusal => {
  const labels = foiLabelsFor(rules, paragraph)
  return 'labels' in labels ? labels.labels : notFromAnother(`${paragraph.path}/foiLabels/${labels.unfitAt}`)
}

/** Each version is bound to its own place: another paragraph's text, or an older one, does not open there. */
export const placeOf = (paragraphId: string, version: number) => ({
  table: 'paragraph_version',
  id: `${paragraphId} ${version}`,
  column: 'sealed',
})

export const sealText = (
  uses: Pick<MeetingUses, 'seal'>,
  place: { readonly paragraphId: string; readonly version: number },
  content: { readonly text: string; readonly why: string | null },
): Uint8Array => uses.seal(JSON.stringify(content), placeOf(place.paragraphId, place.version))

/** Null: what does not open in its place. */
export const openText = (
  uses: Pick<MeetingUses, 'open'>,
  paragraph: Pick<ParagraphVersion, 'paragraphId' | 'version' | 'sealed'>,
): string | null => {
  const opened = uses.open(paragraph.sealed, placeOf(paragraph.paragraphId, paragraph.version))
  return opened === null ? null : (JSON.parse(opened) as { text: string }).text
}

/** The first version of a new paragraph. */
export const firstVersion = (
  body: ParagraphBody,
  given: { readonly id: string; readonly ownAgencyId: string; readonly foiLabels: readonly FoiLabel[]; readonly sealed: Uint8Array },
): ParagraphVersion => ({
  ...{ paragraphId: given.id, version: 1, foiLabels: given.foiLabels, sealed: given.sealed },
  offenderId: body.offenderId?.toLowerCase() ?? null,
  originatorAgencyId: body.originatorAgencyId ?? given.ownAgencyId,
  conduitAgencyId: body.conduitAgencyId ?? null,
  source: body.source ?? 'own',
  nature: body.nature ?? 'assessment',
  subjectType: body.subjectType ?? 'other',
  marking: body.marking ?? 'official-sensitive',
  grade: body.grade ?? null,
  actionBy: body.actionBy ?? null,
})
