import { canonicalTerms } from '../../../../../gateway/agreements/terms-hash.ts'
import type { Page } from '../../../page.ts'
import { backToAgreement, readAgreement } from './versions.ts'

/**
 * What the signatory takes to where the key is, as files: exactly the text that is signed, without a line break after it, and the terms
 * in the form that it is the hash of, so that they can be compared there.
 */
export const signingText: Page = {
  path: '/console/agreements/:agreementId/versions/:version/signing-text',
  title: 'What you sign, as a file',
  section: 'agreements',
  roles: ['isa-signatory'],
  open: ({ params }) => Promise.resolve({ to: backToAgreement(params).href }),
  submit: async (request) => {
    const agreement = await readAgreement(request)
    if (!('versions' in agreement)) return agreement
    const version = agreement.versions.find((one) => String(one.version) === request.params['version'])
    if (version === undefined) return { to: backToAgreement(request.params).href }
    const named = `agreement-${agreement.agreementId}-version-${version.version}`
    return request.form.text('part') === 'terms'
      ? { file: { name: `${named}-terms.json`, mediaType: 'application/json', content: canonicalTerms(version.terms) } }
      : { file: { name: `${named}-to-sign.txt`, mediaType: 'text/plain; charset=utf-8', content: version.hash } }
  },
}
