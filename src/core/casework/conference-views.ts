import type { Reason } from '../decision/decision.ts'

/** What one agency said of a case. There is no weight: "no partner has greater authority" (Scrutiny Board 2009, 1.27). */
export interface ConferenceView {
  readonly agencyId: string
  readonly view: 'support' | 'oppose' | 'abstain'
  /** References to the evidence the view rests on: ids and codes, never content. */
  readonly evidence: readonly string[]
}

/** A rule that a proposed decision fails, and where in the request it fails it. */
export interface Failing {
  readonly reason: Reason
  readonly errors: readonly { readonly path: string; readonly message: string }[]
}

export const failing = (reason: Reason, path: string, message: string): Failing => ({ reason, errors: [{ path, message }] })

const viewsMissing: Reason = {
  code: 'views-missing',
  stage: 'R33',
  ruleId: 'r33-every-agency-s-view',
  cites: 'Scrutiny Board 2009, 1.26-1.27; R33, R43',
}
const notEvidenced: Reason = {
  code: 'evidence',
  stage: 'R33',
  ruleId: 'r33-evidenced',
  cites: 'Case Conferencing Guidance 2009, 1.3 b1: decisions must be evidenced, not anecdotal',
}

/** One view of each agency of the conference, each once; somebody's evidence, unless the score alone decided. */
export const viewsFailing = (
  views: readonly ConferenceView[],
  conference: { readonly agencyIds: readonly string[]; readonly evidenceNeeded: boolean },
): Failing | null => {
  const given = views.map(({ agencyId }) => agencyId)
  const twice = given.findIndex((agencyId, index) => given.indexOf(agencyId) !== index)
  if (twice >= 0) return failing(viewsMissing, `/views/${twice}`, 'is a second view of the same agency; each has one, and none weighs more')
  const missing = conference.agencyIds.filter((agencyId) => !given.includes(agencyId))
  if (missing.length > 0) {
    return { reason: viewsMissing, errors: missing.map((agencyId) => ({ path: '/views', message: `has no view of ${agencyId}` })) }
  }
  if (conference.evidenceNeeded && views.every(({ evidence }) => evidence.length === 0))
    return failing(notEvidenced, '/views', 'rests on no evidence')
  return null
}
