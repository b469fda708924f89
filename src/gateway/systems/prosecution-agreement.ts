import { agreementStanding, type AgreementAnswer } from '../../core/agreements/agreement.ts'
import type { ProsecutionRules } from '../../core/casework/system-rules.ts'
import { ageOn, londonDay } from '../../core/london.ts'
import type { Subject } from '../../core/snapshot.ts'
import type { LegalGateway } from '../../core/vocabulary.ts'
import type { Tx } from '../../db/db.ts'
import { findAgreementVersionsOf } from '../../db/registry/agreements.ts'

export interface ProsecutionParties {
  readonly subject: Pick<Subject, 'cohort' | 'bornOn'>
  readonly supplierId: string
  readonly recipientId: string
  readonly legalGateway: LegalGateway | null
  readonly rules: ProsecutionRules
  readonly at: Date
}

/** How the agreement stands between the force and the prosecutor, about this person, now. */
export const prosecutionAgreement = async (tx: Tx, parties: ProsecutionParties): Promise<AgreementAnswer> => {
  const { subject, supplierId, recipientId, legalGateway, rules, at } = parties
  return agreementStanding(await findAgreementVersionsOf(tx, supplierId), {
    ...{ supplier: supplierId, recipient: recipientId, category: rules.category, purpose: rules.purpose, legalGateway, at },
    cohort: subject.cohort,
    ageBand: subject.bornOn === null ? null : ageOn(subject.bornOn, londonDay(at)) < 18 ? 'juvenile' : 'adult',
  })
}
