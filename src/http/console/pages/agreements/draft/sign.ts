import { stringify } from 'yaml'
import { makeAct, type Prepared } from '../../../act/make-act.ts'
import { type Field, given } from '../../../act/fields.ts'
import type { PageAnswer, PageRequest } from '../../../page.ts'
import { differences } from '../compare.ts'
import { backToAgreement, inForceAmong, readAgreement } from './versions.ts'

const jws: Field = {
  name: 'jws',
  label: 'Your signature',
  hint: 'A compact JWS: three parts with two full stops between them. Never the private key.',
  kind: 'long',
}

/** One's own agency's signature: made where the signatory's key is, and pasted here. No page ever holds a private key. */
export const signVersion = makeAct({
  path: '/console/agreements/:agreementId/versions/:version/sign',
  title: 'Sign for your agency',
  section: 'agreements',
  roles: ['isa-signatory'],
  operationId: 'signAgreement',
  says: 'Your signature binds your agency to exactly these terms. When every party has signed, the version comes into force on its day and takes the place of the one before.',
  view: 'agreements/draft/sign.njk',
  fields: (request) => prepare(request),
  button: 'Sign the agreement',
  request: (form, params) => ({
    params: { agreementId: params['agreementId'] ?? '' },
    body: given({ version: Number(params['version']), jws: form.text('jws').replaceAll(/\s/g, '') }),
  }),
  done: ({ body }) => `Your agency has signed version ${String(body['version'])}.`,
  next: ({ body }) => {
    const waiting = (body['waitingFor'] ?? []) as readonly string[]
    return [waiting.length === 0 ? 'Every party has signed.' : `Still to sign: ${waiting.join(', ')}.`]
  },
  back: backToAgreement,
})

const prepare = async (request: PageRequest): Promise<Prepared | PageAnswer> => {
  const agreement = await readAgreement(request)
  if (!('versions' in agreement)) return agreement
  const version = agreement.versions.find((one) => String(one.version) === request.params['version'])
  if (version === undefined) return { to: backToAgreement(request.params).href }
  const before = inForceAmong(agreement.versions)
  const compared = before === null || before.version === version.version ? null : before
  return {
    fields: [jws],
    data: {
      version,
      text: stringify(version.terms, { lineWidth: 80 }),
      compared: compared === null ? null : { version: compared.version, differences: differences(compared.terms, version.terms) },
    },
  }
}
