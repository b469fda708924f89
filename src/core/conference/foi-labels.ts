import type { FoiLabel } from '../vocabulary.ts'
import type { ConferenceRules } from './conference-rules.ts'

/**
 * The labels of one paragraph under the Freedom of Information Act: those asked for, or the agreed ones for where it came from.
 * "It was obtained by the public authority from any other person" (s.41(1)(a)): what an authority wrote itself was not.
 * @returns the labels, or the place in the request of one that does not fit
 */
export const foiLabelsFor = (
  rules: ConferenceRules['foi'],
  paragraph: { readonly asked: readonly FoiLabel[] | null; readonly source: 'own' | 'another-person' },
): { readonly labels: readonly FoiLabel[] } | { readonly unfitAt: number } => {
  const { asked, source } = paragraph
  if (asked === null) return { labels: source === 'own' ? rules.labels : [...rules.labels, ...rules.fromAnotherPerson] }
  const unfitAt = source === 'own' ? asked.findIndex((label) => rules.fromAnotherPerson.includes(label)) : -1
  return unfitAt >= 0 ? { unfitAt } : { labels: asked }
}
