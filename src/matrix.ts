import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { leadAgencyMatrix } from './core/casework/lead/lead-agency-matrix.ts'
import { compilePolicies } from './core/decision/policy.ts'
import { loadConfig } from './config.ts'
import { readAgreementFile } from './gateway/agreements/import-agreements.ts'
import { termsHash } from './gateway/agreements/terms-hash.ts'
import { policyMatrix } from './gateway/policies/policy-matrix.ts'
import { readPolicyFiles } from './gateway/policies/policy-files.ts'
import { agencies } from './sandbox/cast.ts'

const preface = `# Who may have what

Made by \`npm run matrix\` from the rules and the sandbox's agreements; do not edit. It shows what may be had where the person and the
case stand in nobody's way: an adult under statutory supervision who consents, asked about by a vetted core member of the area's
conference, on 1 June 2026. "In part" means that fields are withheld. What no row names is refused.
`

/** The matrix of the shipped policies and the sandbox's agreements, as policies/matrix.md holds it. */
export const shippedMatrix = (policiesDir: string): string => {
  const { bundle } = readPolicyFiles(policiesDir)
  const directory = join(policiesDir, 'agreements')
  const agreements = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readAgreementFile({ name, text: readFileSync(join(directory, name), 'utf8') }))
    .map((terms) => ({
      agreementId: terms.reference,
      version: 1,
      hash: termsHash(terms),
      terms,
      signedBy: terms.parties,
      suspendedAt: null,
      terminatedAt: null,
      replacedAt: null,
    }))
  const body = policyMatrix({ policies: compilePolicies(bundle), agreements, agencies, at: new Date('2026-06-01T12:00:00Z') })
  // Which agency leads is decided by another table: every combination of what it asks, and the one row that answers.
  const lead = bundle.change === undefined ? '' : `\n${leadAgencyMatrix(bundle.change.leadAgency)}`
  return `${preface}\n${body}\n${lead}`
}

if (import.meta.main) {
  const { policiesDir } = loadConfig()
  writeFileSync(join(policiesDir, 'matrix.md'), shippedMatrix(policiesDir))
}
