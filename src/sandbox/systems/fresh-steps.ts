import type { Known, SystemDefinition } from './agency-system.ts'
import { several } from './agency-system.ts'
import { dayAfter, dayBefore, spelt } from './dates.ts'

const client = ({ person, number }: Known) => ({
  'Client reference': number,
  Name: `${person.givenName} ${person.familyName}`,
  'Date of birth': spelt(person.bornOn),
})

const sessions = (known: Known) => {
  const { random } = known
  const list = several(random, 3, (index) => ({
    Service: random.pick(['Mentoring', 'Budgeting course', 'Peer support group']),
    'Last seen': spelt(dayBefore(random, 2 + index * 20, 20 + index * 20)),
    Attendance: `${random.between(3, 10)} of 10 sessions`,
    Attitude: random.pick(['Willing and open', 'Guarded but polite', 'Comes when reminded']),
    Progress: random.pick(['Steady', 'Slow', 'Better than expected']),
    'How they seem': random.pick(['Sleeping better', 'Tired and low', 'Well']),
  }))
  return { Client: client(known), Sessions: list }
}

const work = (known: Known) => {
  const { random } = known
  const list = several(random, 2, (index) => ({
    Activity: random.pick(['Joinery course', 'Warehouse placement', 'Maths and English', 'Paid work, part time']),
    With: random.pick(['Calder College', 'Fresh Steps Workshop']),
    Began: spelt(dayBefore(random, 20 + index * 120, 130 + index * 120)),
    Attendance: random.pick(['Good', 'Fair', 'Poor']),
    Qualification: random.pick(['Entry level 3', 'Level 1', 'None yet']),
    'Tutor’s comment': random.pick(['Picks things up quickly', 'Needs support with reading']),
  }))
  return { Client: client(known), 'Work and learning': list }
}

/** A provider holds the plan of those whose case it leads; of others it has none. */
const plan = (known: Known) => {
  const { random, person } = known
  const began = dayBefore(random, 20, 100)
  const held = {
    Strand: 'Rehabilitate & Resettle',
    'Why this strand': 'Keeps appointments and asks for help',
    Controls: ['Signs on at the police station weekly', 'Address checked monthly'],
    Support: [
      { What: 'Tenancy support', Owner: 'Kit Keyworker' },
      { What: random.pick(['CV and interview practice', 'Help with debts']), Owner: 'Kit Keyworker' },
    ],
    'Support so far': random.pick(['Rent paid on time since spring', 'Two interviews, no offer yet']),
    'Health support': random.pick(['Registered with a doctor', 'Waiting for counselling']),
    'Next review': spelt(dayAfter(began, 112)),
  }
  return { Client: client(known), Plan: person.leadAgencyId === 'fresh-steps' ? held : null }
}

/** Fresh Steps' case notes: headings in plain words for keys, dates spelt out. */
export const freshStepsSystem: SystemDefinition = {
  agencyId: 'fresh-steps',
  numberKey: 'Client reference',
  views: { '/clients/sessions': sessions, '/clients/work-and-learning': work, '/clients/plan': plan },
}
