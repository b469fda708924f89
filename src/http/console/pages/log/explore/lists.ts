import type { FormError } from '../../../act/fields.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { PageRequest } from '../../../page.ts'
import { agencyOptions } from '../../../view/agency-options.ts'
import { allFilterFields, choiceFields, type Lists } from './filter-fields.ts'
import { askerAgency } from './log-question.ts'
import { operationOptions } from './operation-options.ts'

type Options = Lists['agreements']

/** A list is as long as one can choose from. */
const MOST_PAGES = 5

interface Listed<Row> {
  readonly rows: readonly Row[]
  readonly all: boolean
}

/** Every page of a list that the person may read, and whether that is all; what they may not read is no choice of theirs. */
const listed = async <Row>(ask: (cursor: object) => ReturnType<PageRequest['ask']>, member: string): Promise<Listed<Row>> => {
  const rows: Row[] = []
  let cursor: unknown = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const told = await ask(typeof cursor === 'string' ? { cursor } : {})
    if (told.status !== 200) break
    rows.push(...(told.body[member] as readonly Row[]))
    cursor = told.body['nextCursor']
    if (cursor === null) break
  }
  return { rows, all: cursor === null }
}

const byText = (options: Options): Options => options.toSorted((left, right) => left.text.localeCompare(right.text, 'en-GB'))

const agreementOptions = async ({ ask }: PageRequest): Promise<Options> => {
  interface Row {
    readonly agreementId: string
    readonly title: string
    readonly reference: string
  }
  const { rows } = await listed<Row>((cursor) => ask('listAgreements', { query: { limit: '100', ...cursor } }), 'agreements')
  return byText(rows.map(({ agreementId, title, reference }) => ({ value: agreementId, text: `${title} (${reference})` })))
}

/** Whose systems and people are offered: those of the agency that was asked for last, at first one's own. */
export const systemsOf = ({ form, session }: Pick<PageRequest, 'form' | 'session'>): string => {
  const asked = form?.text('_step') === 'systems' ? form.text('agencyId') : form?.text('systemsOf')
  return asked === undefined || asked === '' ? session.agencyId : asked
}

const systemOptions = async (request: PageRequest): Promise<Options> => {
  const agencyId = systemsOf(request)
  const { rows } = await listed<{ readonly clientId: string; readonly name: string }>(
    (cursor) => request.ask('listClients', { query: { agencyId, limit: '100', ...cursor } }),
    'clients',
  )
  return byText(rows.map(({ clientId, name }) => ({ value: clientId, text: name })))
}

/** The people of an agency, where they are few enough to choose from. */
const peopleOptions = async ({ ask }: PageRequest, agencyId: string): Promise<Options> => {
  const { rows, all } = await listed<{ readonly sub: string; readonly displayName: string }>(
    (cursor) => ask('listPeople', { query: { agencyId, limit: '100', ...cursor } }),
    'people',
  )
  return all ? byText(rows.map(({ sub, displayName }) => ({ value: sub, text: `${displayName} (${sub})` }))) : []
}

const MOST_CHARACTERS = 90
const short = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1).trimEnd()}…` : text)

/** What may be chosen in a search. Only what is asked for is read: agreements and systems are entries of the log by themselves. */
export const readLists = async (request: PageRequest, wanted: (field: keyof Lists) => boolean = () => true): Promise<Lists> => ({
  agencies: agencyOptions(await request.agencyNames()),
  rules: (await request.rules()).map(({ ruleId, cites }) => ({ value: ruleId, text: short(`${ruleId}: ${cites}`) })),
  agreements: wanted('agreements') ? await agreementOptions(request) : [],
  systems: wanted('systems') ? await systemOptions(request) : [],
  operations: operationOptions(),
  people: wanted('people') ? await peopleOptions(request, systemsOf(request)) : [],
})

const lists: Readonly<Record<string, keyof Lists>> = {
  agencyId: 'agencies',
  supplierAgencyId: 'agencies',
  clientId: 'systems',
  ruleId: 'rules',
  agreementId: 'agreements',
  operation: 'operations',
  personSub: 'people',
}

/** What was sent and cannot have been chosen: a search for it would find nothing and not say why. */
export const notListed = async (request: PageRequest & { readonly form: Form }): Promise<readonly FormError[]> => {
  const sent = Object.keys(lists).filter((name) => request.form.text(name) !== '')
  if (sent.length === 0) return []
  const known = await readLists(request, (list) => list !== 'people' && sent.some((name) => lists[name] === list))
  const people = sent.includes('personSub') ? await peopleOptions(request, askerAgency(request.form)) : []
  const offered = { ...known, people }
  return sent
    .filter((name) => name !== 'personSub' || people.length > 0)
    .filter((name) => !offered[lists[name]!].some(({ value }) => value === request.form.text(name)))
    .map((name) => ({
      ...{ name, href: `#${name}` },
      text: `Choose one of the list: ${allFilterFields.find((field) => field.name === name)!.label}`,
    }))
}

export const choices = async (request: PageRequest) => choiceFields(await readLists(request))
