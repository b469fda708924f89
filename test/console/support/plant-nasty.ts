import { storyId } from '../../../src/sandbox/people/story.ts'
import { must } from '../../journeys/support/agree.ts'
import type { TestGateway } from '../../support/gateway.ts'
import { nastyText } from './nasty.ts'

/** Puts hostile text wherever the console shows what somebody else wrote. */
export const plantNasty = async ({ database, as }: Pick<TestGateway, 'database' | 'as'>): Promise<void> => {
  const { owner } = database
  await owner.query({
    text: 'update agency set name = $1 where id in ($2, $3)',
    values: [nastyText, 'ridings-partnership', 'ridings-probation'],
  })
  await owner.query({ text: 'update person set display_name = $1 where sub in ($2, $3)', values: [nastyText, 'admin', 'spoc'] })
  await owner.query({ text: 'update client set name = $1 where agency_id = $2', values: [nastyText, 'ridings-partnership'] })
  await owner.query({ text: 'alter table agreement_version disable trigger user' })
  await owner.query({ text: `update agreement_version set terms = jsonb_set(terms, '{title}', to_jsonb($1::text))`, values: [nastyText] })
  await owner.query({ text: 'alter table agreement_version enable trigger user' })
  const item = { items: [{ fields: { score: 55, criteriaVersion: nastyText } }], justification: 'Scored at the conference' }
  must(await as('case-manager').put(`/v1/offenders/${storyId('jordan')}/records/selection-score`, item), 200)
}
