import { parse, stringify } from 'yaml'
import type { AgreementTerms } from '../../../../../core/snapshot.ts'
import { type Field, given } from '../../../act/fields.ts'
import { makeAct } from '../../../act/make-act.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageRequest } from '../../../page.ts'
import { type Drafting, faultsIn, makeDrafting } from './draft-version.ts'
import { renewedDays } from './renewed-days.ts'
import { signVersion } from './sign.ts'
import { signingText } from './signing-text.ts'
import {
  dayFields,
  daysTyped,
  dayValues,
  grantFields,
  grantTyped,
  grantValues,
  termsFields,
  termsTyped,
  termsValues,
} from './terms-form.ts'
import { drafters } from './versions.ts'

const at = '/console/agreements/:agreementId'
const unsigned = 'It binds nobody until every party has signed it; until then the version in force stays in force.'

const changeTerms: Drafting = {
  path: `${at}/draft`,
  title: 'Draft a version with other parties or dates',
  says: `What each party gives to whom stays as it is in the newest version. ${unsigned}`,
  questions: async ({ terms }, { agencyNames }) => ({ fields: termsFields(await agencyNames()), values: termsValues(terms) }),
  terms: termsTyped,
}

const renew: Drafting = {
  path: `${at}/renew`,
  title: 'Renew the agreement',
  says: `The same terms again, from the day after the present ones end. Change the days where others were agreed. ${unsigned}`,
  questions: ({ terms }) => Promise.resolve({ fields: dayFields, values: dayValues(renewedDays(terms)) }),
  terms: (form, standing) => ({ ...standing, ...daysTyped(form) }),
}

const partiesOf = async ({ parties }: AgreementTerms, { agencyNames }: PageRequest): Promise<ReadonlyMap<string, string>> => {
  const names = await agencyNames()
  return new Map(parties.map((id) => [id, names.get(id) ?? id]))
}

const changeGrant: Drafting = {
  path: `${at}/grants/:grantId/draft`,
  title: 'Draft another grant in its place',
  says: `Everything else stays as it is in the newest version. ${unsigned}`,
  questions: async ({ terms }, request) => {
    const place = terms.grants.findIndex(({ id }) => id === request.params['grantId'])
    if (place < 0) return null
    const which: Field = { name: 'which', label: '', kind: 'hidden' }
    const fields = [which, ...grantFields(place, await partiesOf(terms, request))]
    return { fields, values: { ...grantValues(terms.grants[place]!), which: terms.grants[place]!.id } }
  },
  terms: (form, standing) => ({
    ...standing,
    grants: standing.grants.map((one) => (one.id === form.text('which') ? grantTyped(form, one) : one)),
  }),
}

const addGrant: Drafting = {
  path: `${at}/grants/new`,
  title: 'Draft one more grant',
  says: `Who gives what to whom, for what, and under which law. Everything else stays as it is. ${unsigned}`,
  questions: async ({ terms }, request) => ({ fields: grantFields(terms.grants.length, await partiesOf(terms, request)) }),
  terms: (form, standing) => ({ ...standing, grants: [...standing.grants, grantTyped(form, null)] }),
}

const termsField: Field = {
  name: 'terms',
  label: 'Terms',
  hint: 'YAML, as the command “iom agreement import” takes it.',
  kind: 'long',
}

/** What was pasted; text that is no YAML is handed on, to be refused with what is wrong with it. */
const yamlIn = (form: Form): { readonly terms: unknown } | { readonly wrong: string } => {
  const text = form.text('terms')
  if (text === '') return { wrong: 'Enter an answer: Terms' }
  try {
    return { terms: parse(text, { uniqueKeys: true, maxAliasCount: 50 }) as unknown }
  } catch (thrown) {
    return { wrong: `This is no YAML: ${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : ''}` }
  }
}
const pastedTerms = (form: Form): unknown => {
  const read = yamlIn(form)
  return 'terms' in read ? read.terms : form.text('terms')
}

const pasteVersion: Drafting = {
  path: `${at}/draft-text`,
  title: 'Draft a version as text',
  says: `All of the terms, as text. ${unsigned}`,
  questions: ({ terms }) => Promise.resolve({ fields: [termsField], values: { terms: stringify(terms, { lineWidth: 100 }) } }),
  terms: pastedTerms,
}

/** The first version of an agreement that the registry does not have yet. */
const pasteAgreement: Page = makeAct({
  path: '/console/agreements/new',
  title: 'Draft an agreement',
  section: 'agreements',
  roles: drafters,
  operationId: 'draftAgreement',
  says: 'Paste its terms. It binds nobody until every party’s own signatory has signed it.',
  fields: [termsField],
  button: 'Draft the agreement',
  faults: (form, { fields }) => {
    const read = yamlIn(form)
    return 'wrong' in read ? [{ text: read.wrong, href: '#terms', name: 'terms' }] : faultsIn(read.terms, fields)
  },
  request: (form) => ({ body: given({ terms: pastedTerms(form) }) }),
  done: ({ body }) => `${String(body['reference'])} is drafted.`,
  next: ({ body }) => [`Each party’s own signatory signs it. What they sign is ${String(body['hash'])}.`],
  back: { href: '/console/agreements', text: 'All agreements' },
  binds: false,
})

/** What is drafted, renewed and signed: those with a fixed address before those with an id in its place. */
export const draftPages: readonly Page[] = [
  pasteAgreement,
  ...[changeTerms, renew, pasteVersion, addGrant, changeGrant].map(makeDrafting),
  signVersion,
  signingText,
]
