import { caseFactsOf } from '../../../../core/case/derive-facts.ts'
import { earliest } from '../../../../core/earliest.ts'
import type { Meeting } from '../../../../db/conference/attending.ts'
import type { Paragraph } from '../../../../db/conference/papers.ts'
import type { ChangeOutcome } from '../../../commit/change.ts'
import type { Draft, LoggedLine } from '../../../commit/logged-work.ts'
import { explained } from '../../../commit/refusal.ts'
import type { CategoryOutcome } from '../../../enquiry/decide-enquiry.ts'
import { draftEnquiry } from '../../../enquiry/draft-enquiry.ts'
import { verdictOf } from '../../../enquiry/enquiry-answer.ts'
import { actedAs, personOf } from '../known-meeting.ts'
import type { DecidedPapers, DecidedParagraph, PapersQuestion } from './decide-papers.ts'

/** Of what is about nobody no line stands in the disclosure register: there is nobody to tell of it. */
const draftOf = (question: PapersQuestion, offenderId: string | null, outcomes: readonly CategoryOutcome[]): Draft => {
  const { context, subjects, at } = question
  const subject = offenderId === null ? null : (subjects.get(offenderId) ?? null)
  const ask = { ...question.ask, offenderId: offenderId ?? question.ask.offenderId }
  const caseFacts = caseFactsOf({ standing: context.standing, subject, ask, at })
  return draftEnquiry({
    reading: { ...context, subject, at },
    outcome: { caseFacts, categories: outcomes },
    ask,
    preview: offenderId === null,
  })
}

/** The papers of this meeting are not this person's to open; whoever may not know of it is told nothing. */
export const refusedReading = (question: PapersQuestion, { outcome }: DecidedPapers): ChangeOutcome<never> => {
  if (outcome.kind !== 'withheld') throw new Error('a reading was refused that nothing refuses')
  const verdict = verdictOf([outcome])
  const status = { shielded: 404, incomplete: 422, refused: 403, answered: 403 } as const
  const { content } = draftOf(question, null, [outcome]).entry
  const detail = { ...content, ...chairingOf(question) }
  return { allowed: false, reason: outcome.reason, shielded: verdict === 'shielded', status: status[verdict], detail }
}

const chairingOf = ({ standpoint }: PapersQuestion) =>
  standpoint.meeting.attendance === 'acting-chair' && standpoint.authority.may ? actedAs(standpoint.authority) : {}

interface Read {
  readonly meeting: Meeting
  readonly decided: readonly DecidedPapers[]
  /** Paragraphs whose text does not open in its place. */
  readonly unavailable: readonly Paragraph[]
  readonly more: boolean
}

type Allowed = Extract<ChangeOutcome<object>, { allowed: true }>

/**
 * The answer of a reading with its entries, one for each person it is about. The reading's own entry says how it was decided that the
 * papers may be opened and what was read about nobody, and is that of the first person of whom anything was read as well.
 */
export const readingOutcome = (question: PapersQuestion, read: Read): Allowed => {
  const { at } = question
  const paragraphs = read.decided.flatMap((one) => one.paragraphs)
  const general = read.decided[0]!
  const people = groupedByPerson(read.decided)
  const first = people.find(({ decided }) => isReadOf(decided))
  const own = lineOf(question, read.meeting, {
    offenderId: first?.offenderId ?? null,
    decided: [general, ...(first?.decided ?? [])],
  })
  const further = people.filter((one) => one !== first).map((one) => lineOf(question, read.meeting, one))
  const validUntil = earliest([own, ...further].map((one) => one.validUntil))
  return {
    ...{ allowed: true, status: 200, at, validUntil },
    body: bodyOf(question, read, { paragraphs, validUntil }),
    named: (entryId) => ({ watermark: watermarkOf(question, entryId) }),
    // Of what is about nobody there is no release to speak of: the reading was let happen, whatever each paragraph came to.
    ...(first === undefined ? {} : { release: own.line }),
    detail: {
      ...(first === undefined ? own.line.entry.content : {}),
      ...chairingOf(question),
      // All of it, whomever it is about: by this entry's id each page is marked, and found again.
      ...{ statementVersion: read.meeting.statementVersion, ...loggedParagraphs(paragraphs) },
    },
    lines: further.map(({ line }) => line),
  }
}

/** What is refused of a person has an entry that says so, and nothing else. */
const isReadOf = (decided: readonly DecidedPapers[]): boolean => {
  const outcomes = decided.map(({ outcome }) => outcome)
  return verdictOf(outcomes) === 'answered' && outcomes.some((one) => one.kind === 'record' && one.items.length > 0)
}

const groupedByPerson = (decided: readonly DecidedPapers[]): readonly ReadAbout[] => {
  const groups = new Map<string, DecidedPapers[]>()
  for (const one of decided) {
    const offenderId = one.paragraphs[0]?.paragraph.offenderId ?? null
    if (offenderId !== null) groups.set(offenderId, [...(groups.get(offenderId) ?? []), one])
  }
  return [...groups].map(([offenderId, about]) => ({ offenderId, decided: about }))
}

interface ReadAbout {
  readonly offenderId: string | null
  readonly decided: readonly DecidedPapers[]
}

const lineOf = (
  question: PapersQuestion,
  meeting: Meeting,
  { offenderId, decided }: ReadAbout,
): { readonly line: LoggedLine; readonly validUntil: Date | null } => {
  const outcomes = decided.map(({ outcome }) => outcome)
  const { entry, disclosures, validUntil } = draftOf(question, offenderId, outcomes)
  const paragraphs = loggedParagraphs(decided.flatMap((one) => one.paragraphs))
  return { line: { entry: { ...entry, content: { ...entry.content, conferenceId: meeting.id, ...paragraphs } }, disclosures }, validUntil }
}

const loggedParagraphs = (paragraphs: readonly DecidedParagraph[]) => {
  const idsOf = ({ paragraph: { paragraphId, version } }: DecidedParagraph) => ({ paragraphId, version })
  return {
    paragraphs: paragraphs.filter(({ released }) => released !== null).map(idsOf),
    withheldParagraphs: paragraphs
      .filter(({ released }) => released === null)
      .map((one) => ({ ...idsOf(one), code: one.reason?.code ?? null, ruleId: one.reason?.ruleId ?? null })),
  }
}

const bodyOf = (
  { context, ask, standpoint }: PapersQuestion,
  { meeting, unavailable, more }: Read,
  told: { readonly paragraphs: readonly DecidedParagraph[]; readonly validUntil: Date | null },
) => ({
  conferenceId: meeting.id,
  heldOn: meeting.heldOn,
  purpose: ask.purpose,
  statementVersion: meeting.statementVersion,
  attendance: standpoint.meeting.attendance,
  validUntil: told.validUntil?.toISOString() ?? null,
  paragraphs: told.paragraphs.flatMap((one) => (one.released === null ? [] : [shown(one)])).sort((a, b) => a.number - b.number),
  withheld: told.paragraphs
    .filter(({ released, unspoken }) => released === null && !unspoken)
    .map(({ paragraph, reason }) => ({
      paragraphId: paragraph.paragraphId,
      number: paragraph.number,
      ...explained(context.policies, reason!),
    })),
  unavailable: unavailable.map(({ paragraphId, number }) => ({ paragraphId, number })),
  more,
})

const shown = ({ paragraph, released }: DecidedParagraph) => {
  const { paragraphId, version, form, number, offenderId, originatorAgencyId, conduitAgencyId, source } = paragraph
  const { nature, subjectType, marking, recordedOn, foiLabels, actionBy, minuteReferences } = paragraph
  return {
    ...{ paragraphId, version, form, number, offenderId, marking, foiLabels, actionBy, minuteReferences },
    provenance: { originatorAgencyId, conduitAgencyId, source, nature, subjectType, recordedOn },
    text: (released!.fields.text as string | undefined) ?? null,
    obligations: released!.decision.obligations,
  }
}

/** Who reads, when, and under which entry: it goes on every page (Confidentiality Statement, minutes). */
const watermarkOf = ({ context, at }: PapersQuestion, entryId: string) => ({
  ...personOf(context.caller),
  readAt: at.toISOString(),
  entryId,
})
