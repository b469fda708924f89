import type { IdentifierKind } from '../../core/vocabulary.ts'
import type { Db } from '../db.ts'

export interface PersonalNumber {
  readonly kind: IdentifierKind
  readonly value: string
}

/**
 * The person of the cohort who carries one of these national numbers, whichever agency told it; null when nobody does, when they lead to
 * more than one person, or to somebody who may not be spoken of.
 */
export const findNumberedPerson = async (db: Db, numbers: readonly PersonalNumber[]): Promise<string | null> => {
  const { rows } = await db.query<{ offenderId: string; basis: string }>({
    name: 'find-numbered-person',
    text: `
      select distinct o.id as "offenderId", o.basis
        from unnest($1::text[], $2::text[]) as asked (kind, value)
        join identifier i on i.kind = asked.kind and i.value = asked.value
        join offender o on o.id = i.offender_id
       limit 2`,
    values: [numbers.map(({ kind }) => kind), numbers.map(({ value }) => value)],
  })
  const [first, ...others] = rows
  return first?.basis === 'cohort' && others.length === 0 ? first.offenderId : null
}
