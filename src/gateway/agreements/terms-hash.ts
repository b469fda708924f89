import { createHash } from 'node:crypto'
import { canonicalJson } from '../../ledger/canonical-json.ts'
import type { AgreementTerms } from '../../core/snapshot.ts'

/** SHA-256 over the RFC 8785 form of the terms, base64url: what each party's signatory signs. */
export const termsHash = (terms: AgreementTerms): string => createHash('sha256').update(canonicalJson(terms), 'utf8').digest('base64url')
