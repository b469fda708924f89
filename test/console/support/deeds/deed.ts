import type { Packages } from '../../../disclosure/package-support.ts'
import type { Answers } from '../html-form.ts'

/** Something that somebody does on a form of the console, ready to be done. */
export interface Deed {
  readonly persona: string
  readonly path: string
  /** What the form of another page sends that leads here; absent where the address does. */
  readonly opens?: Readonly<Record<string, string>>
  readonly answers: Answers
}

/** What somebody else does between the opening of the form and its sending, and the words in which the page has to say so. */
export interface Meanwhile {
  readonly act: () => Promise<unknown>
  readonly says: RegExp
  /** It can still be done, once what changed was read. */
  readonly goesOn?: boolean
}

/** How a form of the table is tried. */
export interface Trial {
  readonly prepare: (house: Packages) => Promise<Deed & { readonly meanwhile?: Meanwhile }>
  /** Why nothing that somebody else does can make the page stale; absent where something can, and then `prepare` says what. */
  readonly neverStale?: string
}

let count = 0
/** A word that no other deed uses. */
export const unique = (word: string): string => `${word}-${(count += 1)}`

/** A day in three boxes. */
export const dayBoxes = (name: string, day: string): Answers => {
  const [year = '', month = '', date = ''] = day.split('-')
  return { [`${name}-year`]: year, [`${name}-month`]: String(Number(month)), [`${name}-day`]: String(Number(date)) }
}

/** The answers in words, which have to be there again when a page is shown again; not ids that were chosen from a list. */
export const wordsOf = ({ answers }: Pick<Deed, 'answers'>): readonly string[] =>
  Object.values(answers)
    .flat()
    .filter((one) => / /.test(one) && !/^[0-9a-f-]{36} /.test(one))
