import { Fault } from '../../core/fault.ts'
import { findMeeting } from '../../db/conference/attending.ts'
import { findReadParagraph, type ReadParagraph } from '../../db/foi/foi-adjudications.ts'
import { changedMeanwhile, type HeldMeeting, personOf, unknownMeeting } from '../casework/conference/known-meeting.ts'
import { standpointOf } from '../casework/conference/papers/decide-papers.ts'
import type { ChangeContext } from '../commit/change.ts'
import type { Refusal } from './foi-officer.ts'

const closed = (code: 'not-attendee' | 'not-acknowledged'): Refusal => ({
  allowed: false,
  reason: {
    ...{ code, stage: 'R20', ruleId: code === 'not-attendee' ? 'r20-attended' : 'r20-acknowledged' },
    cites: 'Case Conferencing Guidance 2009, confidentiality statement; R20: a request opens no papers',
  },
})

/**
 * The paragraph as the officer read it at the meeting's record, where each reading was decided by R20 and logged: a request opens no
 * paper to anybody, and nobody decides on what they have not seen. Whoever attended no longer counts, or took the acknowledgement
 * back, decides nothing any more.
 */
export const getReadParagraph = async (
  context: ChangeContext,
  held: HeldMeeting,
  asked: { readonly conferenceId: string; readonly paragraphId: string },
): Promise<(ReadParagraph & { readonly areaId: string }) | Refusal> => {
  const person = personOf(context.caller)
  const meeting = await findMeeting(context.tx, held.conferenceId, person)
  const { meeting: facts } = await standpointOf(context, meeting, 'view')
  if (meeting === null || !facts.known) return unknownMeeting
  if (held.locks.length === 0) throw changedMeanwhile()
  if (facts.attendance === 'not-attended' || facts.attendance === 'unknown') return closed('not-attendee')
  if (facts.acknowledgement !== 'acknowledged') return closed('not-acknowledged')
  const read = await findReadParagraph(context.tx, { ...asked, ...person })
  // The same for a paragraph that is not there, one that was kept from the officer, and one that was corrected since.
  if (read === null) throw new Fault('precondition-failed', 'You have not read this paragraph as it stands now. Read it, then decide.')
  return { ...read, areaId: meeting.areaId }
}
