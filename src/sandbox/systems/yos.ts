import type { Known, SystemDefinition } from './agency-system.ts'
import { several } from './agency-system.ts'
import { dayAfter, dayBefore, midnight } from './dates.ts'

const youngPerson = ({ person, number }: Known) => ({
  case_number: number,
  first_name: person.givenName,
  last_name: person.familyName,
  date_of_birth: midnight(person.bornOn),
})

/** An adult who was once supervised here keeps the assessments of that time: the dates are then years old. */
const yearsAgo = ({ person }: Known) => (Number(person.bornOn.slice(0, 4)) < 2008 ? 900 : 0)

const assessments = (known: Known) => {
  const { random } = known
  const asset_list = several(random, 2, (index) => ({
    completed: midnight(dayBefore(random, 10 + index * 100 + yearsAgo(known), 90 + index * 100 + yearsAgo(known))),
    dynamic_score: random.between(8, 40),
    rosh: random.pick(['LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH']),
    vulnerability_level: random.pick(['LOW', 'MEDIUM', 'HIGH']),
    education: random.pick(['On a reduced timetable', 'In college three days a week', 'Not in education or training']),
    substance_use: random.pick(['Cannabis at weekends', 'None disclosed']),
    emotional_health: random.pick(['Waiting for counselling', 'No concern disclosed']),
    household: [{ relation: 'guardian', name: 'Guar Dianby' }],
  }))
  return { young_person: youngPerson(known), asset_list }
}

const attendance = (known: Known) => {
  const { random } = known
  const appointments = several(random, 4, (index) => {
    const day = dayBefore(random, 2 + index * 7 + yearsAgo(known), 8 + index * 7 + yearsAgo(known))
    const attended = random.chance(0.7)
    return {
      order_type: random.pick(['Youth rehabilitation order', 'Detention and training order, community part', 'Referral order']),
      due_at: midnight(day),
      attended: attended ? 1 : 0,
      result: attended ? 'KEPT' : random.pick(['ACCEPTABLE', 'WARNED']),
      next_due_at: midnight(dayAfter(day, 7)),
    }
  })
  return { young_person: youngPerson(known), appointments }
}

/** Calder Youth Offending Service's case files: snake case, dates with a time of midnight, numbers for true and false. */
export const yosSystem: SystemDefinition = {
  agencyId: 'calder-yos',
  numberKey: 'case_number',
  views: { '/cases/assessments': assessments, '/cases/attendance': attendance },
}
