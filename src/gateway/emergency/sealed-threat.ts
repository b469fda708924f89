/** Opens what was sealed for a place; null for what does not belong there. */
export type OpenSealed = (
  sealed: Uint8Array,
  place: { readonly table: string; readonly id: string; readonly column: string },
) => string | null

/** What whoever opened the access said of the emergency. */
export interface Threat {
  readonly threat: string
  readonly atRisk: string
  readonly whyNotOrdinary: string
  readonly bestInterestsNote?: string
}

/** @throws Error when it does not open: what is shown to those who review is what was written, or nothing */
export const readSealed = (open: OpenSealed, { id, sealed }: { readonly id: string; readonly sealed: Uint8Array }): Threat => {
  const text = open(sealed, { table: 'emergency_access', id, column: 'sealed' })
  if (text === null) throw new Error('the grounds of an emergency access do not open')
  return JSON.parse(text) as Threat
}

export const justificationOf = ({ threat, atRisk, whyNotOrdinary }: Threat): string =>
  `Threat: ${threat}\nAt risk: ${atRisk}\nWhy not the ordinary way: ${whyNotOrdinary}`
