import type { ConsentEvent } from '../../core/snapshot.ts'
import type { Tx } from '../db.ts'

/** Appends what a person said about sharing; nothing is ever changed or taken out. */
export const insertConsentEvent = async (
  tx: Tx,
  event: ConsentEvent,
  recordedBy: { readonly agencyId: string; readonly personSub: string },
): Promise<void> => {
  const { id, offenderId, kind, scope, capacityBasis, evidence, happenedAt, expiresAt, recordedAt } = event
  await tx.query({
    text: `
      insert into consent_event (id, offender_id, kind, categories, recipients, purposes, capacity_basis, evidence, happened_at,
                                 expires_at, recorded_by_agency, recorded_by_person, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      id,
      offenderId,
      kind,
      scope.categories,
      scope.recipients,
      scope.purposes,
      capacityBasis,
      evidence,
      happenedAt,
      expiresAt,
      recordedBy.agencyId,
      recordedBy.personSub,
      recordedAt,
    ],
  })
}
