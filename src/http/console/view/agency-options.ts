/** Agencies to choose from, by their names. */
export const agencyOptions = (names: ReadonlyMap<string, string>): readonly { readonly value: string; readonly text: string }[] =>
  [...names].map(([value, text]) => ({ value, text })).toSorted((left, right) => left.text.localeCompare(right.text, 'en-GB'))
