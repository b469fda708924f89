import { createHash } from 'node:crypto'
import { canonicalJson } from '../../ledger/canonical-json.ts'
import type { AgreementTerms } from '../../core/snapshot.ts'

/** The terms as they are hashed: RFC 8785, so that every party comes to the same bytes. */
export const canonicalTerms = (terms: AgreementTerms): string => canonicalJson(terms)

/** SHA-256 over the RFC 8785 form of the terms, base64url: what each party's signatory signs. */
export const termsHash = (terms: AgreementTerms): string => createHash('sha256').update(canonicalTerms(terms), 'utf8').digest('base64url')
