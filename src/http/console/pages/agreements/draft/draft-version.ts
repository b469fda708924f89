import type { AgreementTerms } from '../../../../../core/snapshot.ts'
import { parseTerms } from '../../../../../gateway/agreements/parse-terms.ts'
import { errorsIn, type Field, type FormError, given } from '../../../act/fields.ts'
import { type Act, type Answered, makeAct, type Prepared } from '../../../act/make-act.ts'
import type { Form } from '../../../doors/read-form.ts'
import type { Page, PageAnswer, PageRequest } from '../../../page.ts'
import { dayWords, words } from '../../../view/words.ts'
import { differences } from '../compare.ts'
import { type Agreement, backToAgreement, drafters, inForceAmong, readAgreement, type Version } from './versions.ts'

/** A way of drafting a version: the questions, and what the answers make of the terms that stand. */
export interface Drafting extends Pick<Act, 'path' | 'title' | 'says' | 'view'> {
  /** Null: there is nothing of that name in this agreement. */
  readonly questions: (standing: Version, request: PageRequest) => Promise<Pick<Prepared, 'fields' | 'values'> | null>
  /** What was written, whether it can be put to the parties or not. */
  readonly terms: (form: Form, standing: AgreementTerms) => unknown
}

const why: Field = {
  name: 'justification',
  label: 'Why is it changed?',
  hint: 'It is kept in the access log.',
  kind: 'long',
  optional: true,
}

interface Standing {
  readonly standing: Version
  readonly inForce: Version | null
}
const standingIn = ({ data }: Prepared): Standing => data as unknown as Standing

/** The page of a draft: what is written is checked whole, compared with what stands, and only then drafted. It binds nobody unsigned. */
export const makeDrafting = (drafting: Drafting): Page =>
  makeAct({
    ...{ path: drafting.path, title: drafting.title, says: drafting.says, section: 'agreements', roles: drafters },
    ...(drafting.view === undefined ? {} : { view: drafting.view }),
    operationId: 'draftAgreementVersion',
    fields: (request) => prepare(drafting, request),
    button: 'Draft this version',
    faults: (form, prepared) => faultsIn(drafting.terms(form, standingIn(prepared).standing.terms), prepared.fields),
    answers: (form, prepared) => compared(drafting.terms(form, standingIn(prepared).standing.terms), standingIn(prepared)),
    request: (form, params, prepared) => ({
      params: { agreementId: params['agreementId'] ?? '' },
      body: given({ terms: drafting.terms(form, standingIn(prepared).standing.terms), justification: form.text('justification') }),
      ifMatch: `"${form.text('base')}"`,
    }),
    done: ({ body }) => `Version ${String(body['version'])} is drafted.`,
    next: ({ body }) => [
      `Each party’s own signatory signs it. What they sign is ${String(body['hash'])}.`,
      'Until all have signed, the version in force stays in force.',
    ],
    back: backToAgreement,
    // Nobody is bound by a draft.
    binds: false,
  })

const prepare = async (drafting: Drafting, request: PageRequest): Promise<Prepared | PageAnswer> => {
  const agreement = await readAgreement(request)
  if (!('versions' in agreement)) return agreement
  // What was typed belongs to the version it was typed over, also when that is the newest no more: the same form is the same draft.
  const base = request.form?.text('base') ?? ''
  const standing = agreement.versions.find(({ version }) => String(version) === base) ?? agreement.versions[0]!
  const asked = await drafting.questions(standing, request)
  if (asked === null) return { to: backToAgreement(request.params).href }
  return {
    fields: [{ name: 'base', label: '', kind: 'hidden' }, ...asked.fields, why],
    values: { ...asked.values, base: String(standing.version) },
    data: { standing, inForce: inForceAmong(agreement.versions) },
    ...changedSince(agreement, request),
  }
}

const changedSince = ({ versions }: Agreement, { form }: PageRequest): Pick<Prepared, 'changed' | 'renewed'> => {
  const newest = versions[0]!.version
  if (form === null || form.text('base') === '' || form.text('base') === String(newest)) return {}
  return {
    changed: [`Version ${newest} was drafted since you opened this page. What you typed is kept; read that version before you go on.`],
    renewed: { base: String(newest) },
  }
}

/** Every problem of the terms, at the questions that they come from. */
export const faultsIn = (terms: unknown, fields: readonly Field[]): readonly FormError[] => {
  const parsed = parseTerms(terms)
  if ('terms' in parsed) return []
  const errors = parsed.problems.map(({ path, message }) => {
    const known = fields.some(({ pointer }) => pointer !== undefined && pointer === `/terms${path}`)
    return { path: `/terms${path}`, message: known ? plainly(message) : `${path === '' ? 'The terms' : path} ${message}` }
  })
  return errorsIn({ status: 400, body: { errors } }, fields)
}

const placeWords = (place: string): string => place.split(' › ').map(words).join(' › ')
const valueWords = (value: string): string =>
  value
    .split(', ')
    .map((one) => words(dayWords(one)))
    .join(', ')

/** In the words of a form; those of the schema are for whoever writes text. */
const plainly = (message: string): string =>
  /^(Too small|Invalid option)/.test(message)
    ? 'This is missing'
    : message.startsWith('Invalid input')
      ? 'is not an answer that fits'
      : message

/** What the draft says differently from the version before it and from the one in force. */
const compared = (terms: unknown, { standing, inForce }: Standing): readonly Answered[] => {
  const against = (version: Version, name: string): readonly Answered[] => {
    const found = differences(version.terms, terms)
    const count = found.length === 0 ? 'no difference' : found.length === 1 ? '1 difference' : `${found.length} differences`
    const lines = found.map(({ what, before, after }) => ({
      label: placeWords(what),
      text: `${valueWords(before)} → ${valueWords(after)}`,
    }))
    return [{ label: `Compared with version ${version.version}, ${name}`, text: count }, ...lines]
  }
  if (inForce !== null && inForce.version !== standing.version)
    return [...against(inForce, 'in force'), ...against(standing, 'the newest draft')]
  return against(standing, inForce === null ? 'the newest' : 'in force')
}
