import { monthsAfter } from '../casework/due-dates.ts'
import { englandAndWales, workingDayFrom } from '../working-days.ts'
import type { AgencyKind } from '../vocabulary.ts'

/** One line of the disclosure register that may be told. */
export interface ToldLine {
  readonly releasedAt: Date
  readonly category: string
  readonly purpose: string
  readonly supplier: Organisation
  readonly recipient: Organisation
}

export interface Organisation {
  readonly name: string
  readonly kind: AgencyKind
}

/**
 * The last day for an answer: a month from the day on which it was asked and by whom was known (DPA 2018 s.54), at the next working day
 * where that is none.
 */
export const answerDueOn = (receivedOn: string, identityConfirmedOn: string): string =>
  workingDayFrom(monthsAfter(receivedOn < identityConfirmedOn ? identityConfirmedOn : receivedOn, 1), englandAndWales)

/**
 * What every answer says, in the same words whether something is withheld, everything is, or there was never anything: the person "may
 * not be told" that a restriction was made where telling would undo it (DPA 2018 s.45(6)).
 */
const statement =
  'These are the recipients of your personal data of whom you may be told. If the law allows information to be withheld, neither the ' +
  'information nor that it is withheld is told here, and the same words are used in every answer. You may ask the Information ' +
  'Commissioner to check that your rights were respected, complain to the Commissioner, or apply to a court.'

/** The answer to "who received my data": made of what is told and nothing else, so that what is withheld cannot show. */
export const subjectAnswer = (told: readonly ToldLine[]) => ({
  statement,
  recipients: told.map(({ releasedAt, category, purpose, supplier, recipient }) => ({
    ...{ recipient: recipient.name, supplier: supplier.name, category, purpose },
    releasedAt: releasedAt.toISOString(),
  })),
})

/** GOV, NGO and COM are what the Estonian data tracker tells organisations apart by. */
const typeOf = (kind: AgencyKind): 'GOV' | 'NGO' | 'COM' => {
  if (kind === 'private-landlord' || kind === 'em-provider') return 'COM'
  return kind === 'third-sector' || kind === 'yp-provider' || kind === 'reg-housing-provider' ? 'NGO' : 'GOV'
}

const organisation = ({ name, kind }: Organisation) => ({ type: typeOf(kind), name })

/**
 * The same lines in the shape of `findUsage` of the Estonian data tracker (version 3): answers to another agency's request, and an
 * agency's use of what is its own. Its `hiddenReason` and `hiddenUntil` are never filled: they would say that something was hidden.
 */
export const usagesOf = (told: readonly ToldLine[]) => {
  const common = ({ releasedAt, category, purpose, recipient }: ToldLine) => ({
    logTime: releasedAt.toISOString(),
    purpose: `${purpose}: ${category}`,
    initiatorOrg: organisation(recipient),
  })
  const own = told.filter(({ supplier, recipient }) => supplier.name === recipient.name)
  const given = told.filter((line) => !own.includes(line))
  return {
    ...{ totalUsages: told.length, returnedUsages: told.length },
    dataRequests: [],
    dataResponses: given.map((line) => ({ ...common(line), target: organisation(line.supplier) })),
    dataProcessings: [],
    internalProcessings: own.map((line) => ({ ...common(line), source: organisation(line.supplier) })),
  }
}
