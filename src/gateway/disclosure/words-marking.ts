/** What may be told in other words at all. */
const travels: readonly string[] = ['official', 'official-sensitive', 'npm', 'protect', 'restricted']

/** New words bear the marking that the chair set; what may not travel at all does not travel in other words either. */
export const wordsMarking = (words: { readonly marking: string } | null, marking: string): string =>
  words === null || !travels.includes(marking) ? marking : words.marking
