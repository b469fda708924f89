import { parse, YAMLParseError } from 'yaml'
import { Fault } from '../../core/fault.ts'
import type { AgreementTerms } from '../../core/snapshot.ts'
import { findAgreement, findAgreementIdByReference, insertAgreement, insertVersion } from '../../db/registry/agreements.ts'
import type { Tx } from '../../db/db.ts'
import { nextVersion } from './draft-version.ts'
import { acceptTerms } from './draft-agreement.ts'
import { parseTerms } from './parse-terms.ts'
import { termsHash } from './terms-hash.ts'

export interface AgreementFile {
  /** What messages call the file. */
  readonly name: string
  readonly text: string
}

export interface ImportedDraft {
  readonly agreementId: string
  readonly version: number
  readonly hash: string
  readonly terms: AgreementTerms
  /** False when the registry had exactly these terms already. */
  readonly added: boolean
}

/**
 * The terms written in a YAML file.
 * @throws Fault `invalid` naming the file and every problem in it
 */
export const readAgreementFile = ({ name, text }: AgreementFile): AgreementTerms => {
  const parsed = parseTerms(yamlIn(name, text))
  if ('terms' in parsed) return parsed.terms
  const said = parsed.problems.map(({ path, message }) => `${path || '/'}: ${message}`).join('; ')
  throw new Fault('invalid', `${name}: ${said}`, { details: parsed.problems.map((one) => ({ ...one, path: `${name}#${one.path}` })) })
}

const yamlIn = (name: string, text: string): unknown => {
  try {
    return parse(text, { uniqueKeys: true, maxAliasCount: 50 })
  } catch (cause) {
    if (cause instanceof YAMLParseError) throw new Fault('invalid', `${name}: ${cause.message}`, { cause })
    throw cause
  }
}

/**
 * Drafts the agreements of several files in an open transaction, whose caller has taken the locks and writes the log entry.
 * What the registry already has is left alone, so importing again adds nothing. Nothing is signed: that is for the parties.
 */
export const importAgreements = async (
  uses: { readonly tx: Tx; readonly newId: () => string },
  from: { readonly files: readonly AgreementFile[]; readonly draftedBy: { readonly agencyId: string; readonly personSub: string } },
): Promise<readonly ImportedDraft[]> => {
  const drafts: ImportedDraft[] = []
  for (const terms of from.files.map(readAgreementFile)) {
    await acceptTerms(uses.tx, { terms })
    drafts.push(await importOne(uses, terms, from.draftedBy))
  }
  return drafts
}

const importOne = async (
  { tx, newId }: { readonly tx: Tx; readonly newId: () => string },
  terms: AgreementTerms,
  draftedBy: { readonly agencyId: string; readonly personSub: string },
): Promise<ImportedDraft> => {
  const hash = termsHash(terms)
  const known = await findAgreementIdByReference(tx, terms.reference)
  const agreement = known === null ? null : await findAgreement(tx, known)
  const same = agreement?.versions.find((version) => version.hash === hash)
  if (same !== undefined) return { agreementId: same.agreementId, version: same.version, hash, terms, added: false }
  const agreementId = agreement?.agreementId ?? newId()
  const version = agreement === null ? 1 : nextVersion(agreement)
  if (agreement === null) await insertAgreement(tx, { id: agreementId, reference: terms.reference })
  await insertVersion(tx, { agreementId, version, hash, terms, draftedBy })
  return { agreementId, version, hash, terms, added: true }
}
