import { errorsIn, type Field } from '../../../act/fields.ts'
import type { Page } from '../../../page.ts'
import { refused } from '../../../refused.ts'
import { filterFields } from '../explore/filter-fields.ts'
import { logReaders } from '../explore/explore.ts'
import { filterIn } from '../explore/log-question.ts'
import { emptyReading, readingFields, readingIn, whyForm } from '../reading.ts'
import { checkpointAge, type ReviewAhead, reviewsAhead } from './draw-ahead.ts'
import { type Counts, decisionsPerDay, giverByReceiver, peopleAgainstPeers, reasonsForRefusal, timeToDecision } from './draw-counts.ts'

const fields: readonly Field[] = filterFields.when
const why = { says: 'Counts of what you may see of the access log, drawn and as tables.', button: 'Show the pictures', fields }

/** What went on, in pictures: each with its numbers in a table. The counting is one entry; agreements and checkpoint are read beside it. */
export const logPictures: Page = {
  path: '/console/log/pictures',
  title: 'Pictures of the access log',
  section: 'log',
  roles: logReaders,
  offers: 'Entries per day, reasons for refusal, who gave to whom, people beside their colleagues, waiting times, reviews ahead.',
  open: () => Promise.resolve(whyForm(why, { period: 'month' }, [])),
  submit: async ({ form, ask, session, agencyNames }) => {
    const told = await ask('countLog', { body: { ...readingIn(form), filter: filterIn(form, session.at) } })
    const empty = emptyReading(told, form)
    const errors = empty.length > 0 ? empty : errorsIn(told, [...readingFields, ...fields])
    if (errors.length > 0) return whyForm(why, form.values, errors)
    if (told.status !== 200) return refused(told)
    const counts = told.body as unknown as Counts & { readonly complete: boolean; readonly counted: number }
    const agreements = await ask('listAgreements')
    const checkpoint = await ask('readCheckpoint')
    const sealed = checkpoint.body['checkpoint'] as { readonly sealedAt: string } | null | undefined
    const names = await agencyNames()
    return {
      view: 'log/pictures/pictures.njk',
      data: {
        counts,
        pictures: [
          ...[
            decisionsPerDay(counts),
            reasonsForRefusal(counts),
            giverByReceiver(counts, names),
            peopleAgainstPeers(counts, names),
            timeToDecision(counts),
          ],
          reviewsAhead((agreements.body['agreements'] ?? []) as readonly ReviewAhead[], session.at),
          checkpointAge(sealed?.sealedAt ?? null, session.at),
        ],
        entryIds: [told.entryId, agreements.entryId, checkpoint.entryId],
        marking: 'official-sensitive',
      },
    }
  },
}
