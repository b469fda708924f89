import { storyId } from '../sandbox/people/story.ts'
import { enquire, given, goodReasons, inShort, isExplained, withheld } from './ask.ts'
import type { Chapter, Step } from './tell.ts'
import { mustBe } from './tell.ts'

const finds: Step = {
  title: 'A police analyst looks for Jordan Examplewood by name',
  async tell(stage) {
    const { status, body } = await stage.ask<{ people: { offenderId: string; strength: string }[] }>('analyst', {
      method: 'POST',
      path: '/v1/searches',
      body: { name: { givenName: 'Jordan', familyName: 'Examplewood' }, ...goodReasons },
    })
    mustBe(status === 200, `the search was answered ${status}`)
    const found = body.people.find(({ offenderId }) => offenderId === storyId('jordan'))
    mustBe(found !== undefined && found.strength === 'exact', 'Jordan was not found by name')
    return `found, match ${found.strength}, among ${body.people.length}`
  },
}

const five = [
  ['arrest-disposal', 'ridings-police'],
  ['oasys', 'ridings-probation'],
  ['asset', 'calder-yos'],
  ['drug-treatment', 'calder-dip'],
  ['engagement', 'fresh-steps'],
] as const

const fiveAnswer: Step = {
  title: 'One enquiry, and five agencies’ systems answer',
  async tell(stage) {
    const reply = await enquire(stage, 'analyst', { about: 'jordan', categories: five.map(([category]) => category) })
    for (const [category, agencyId] of five) {
      const record = given(reply, category)
      mustBe(record.supplier.agencyId === agencyId, `${category} came from ${record.supplier.agencyId}`)
      mustBe(record.marking === 'official-sensitive' && record.obligations.includes('mark'), `${category} came without its marking`)
    }
    return five.map(([category, agencyId]) => `${category} from ${agencyId}`).join(', ')
  },
}

const fieldsStay: Step = {
  title: 'Intelligence is given without its source, and says so',
  async tell(stage) {
    const record = given(await enquire(stage, 'analyst', { about: 'jordan', categories: ['police-intel'] }), 'police-intel')
    const source = record.withheldFields.find(({ field }) => field === 'sourceRef')
    mustBe(source !== undefined && source.code === 'source-identity', 'the source of the intelligence was not withheld')
    mustBe([...record.withheldFields, ...record.withheldItems].every(isExplained), 'something was withheld without a reason')
    mustBe(!record.items.some(({ fields }) => 'sourceRef' in fields || 'othersNamed' in fields), 'a withheld field was given')
    return `${record.withheldFields.map(({ field }) => field).join(', ')} stay behind: ${inShort(source)}`
  },
}

const healthStays: Step = {
  title: 'Health is asked along, and consent does not cover it',
  async tell(stage) {
    const reply = await enquire(stage, 'analyst', { about: 'jordan', categories: ['oasys', 'health-mental'] })
    given(reply, 'oasys')
    return inShort(withheld(reply, 'health-mental', 'consent-scope'))
  },
}

const preview: Step = {
  title: 'A preview decides the same and fetches nothing',
  async tell(stage) {
    const before = stage.systems?.answered('ridings-probation')
    const { status, body } = await stage.ask<{ records: { category: string; fieldsPermitted: string[] }[] }>('analyst', {
      method: 'POST',
      path: '/v1/enquiries/preview',
      body: { offenderId: storyId('jordan'), categories: [{ id: 'oasys' }], ...goodReasons },
    })
    mustBe(status === 200, `the preview was answered ${status}`)
    const fields = body.records[0]?.fieldsPermitted ?? []
    mustBe(fields.length > 0 && !fields.includes('riskToNamedPeople'), 'the preview promised other fields than an enquiry gives')
    mustBe(stage.systems?.answered('ridings-probation') === before, 'the probation system was asked')
    return `would give ${fields.join(', ')}`
  },
}

export const theEnquiry: Chapter = {
  title: 'The enquiry',
  steps: [finds, fiveAnswer, fieldsStay, healthStays, preview],
}
