import { markings } from '../../../../core/vocabulary.ts'
import type { PageAnswer, Told } from '../../page.ts'

interface ReleasedRecord {
  readonly category: string
  readonly marking: string
  readonly items: readonly { readonly fields: Readonly<Record<string, unknown>> }[]
}

/** What was released and what was not. The page is marked as high as the highest of what is on it. */
export const recordView = (told: Told): PageAnswer => {
  const records = told.body['records'] as readonly ReleasedRecord[]
  const identity = records.find(({ category }) => category === 'identity')?.items[0]?.fields
  return {
    view: 'people/record.njk',
    title: 'What may be shared with you',
    data: {
      answer: told.body,
      identity: identity ?? null,
      records,
      entryId: told.entryId,
      marking: highestMarking(records.map(({ marking }) => marking)),
    },
  }
}

/** `npm` and the legacy markings stand in the vocabulary from low to high. */
const highestMarking = (found: readonly string[]): string =>
  found.reduce((highest, marking) => (rank(marking) > rank(highest) ? marking : highest), 'official-sensitive')

const rank = (marking: string): number => markings.findIndex((one) => one === marking)
