import type { LogLine } from '../log-line.ts'

const SERVICE = 'offender-information-gateway'

/** One access in the shape that HMPPS Audit takes; `details` is text, as it is there. */
export const auditEvent = (line: LogLine, requestId: string | null) => {
  const { entryId, leafIndex, operation, effect, reason, caller, purpose, legalGateway, justification, categories } = line
  return {
    who: caller?.personSub ?? caller?.clientId ?? 'unidentified',
    what: (line.event ?? 'unknown').replaceAll('-', '_').toUpperCase(),
    when: line.at,
    service: SERVICE,
    subjectId: line.offenderId,
    subjectType: line.offenderId === null ? 'NOT_APPLICABLE' : 'OFFENDER_ID',
    correlationId: requestId,
    details: JSON.stringify({
      ...{ entryId, leafIndex, operation, effect, reason, purpose, legalGateway, justification, categories },
      agencyId: caller?.agencyId ?? null,
      clientId: caller?.clientId ?? null,
    }),
  }
}
