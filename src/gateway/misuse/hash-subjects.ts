import { addressPart, familyNamePart, namePart } from '../../core/misuse/parts.ts'
import type { Tx } from '../../db/db.ts'
import { findSubjectsToHash, type KnownSubject, replaceSubjectParts, type SubjectPart } from '../../db/misuse/subject-parts.ts'
import { openItems, type Sealer } from '../../sources/hosted.ts'
import { partHash } from './part-hash.ts'

export interface HashUses {
  readonly staffKey: Uint8Array
  /** Opens the records that the gateway keeps for agencies without a system. */
  readonly sealer: Sealer
}

/** Hashes the people who were looked up by agencies that feed a staff register, so that the two can be compared without a name in clear. */
export const hashSubjects = async (tx: Tx, uses: HashUses, since: Date): Promise<void> => {
  const subjects = await findSubjectsToHash(tx, since)
  if (subjects.length === 0) return
  const hosted = subjects.flatMap(({ addresses }) => addresses.map(({ agencyId }) => agencyId))
  const of = { offenderIds: subjects.map(({ offenderId }) => offenderId), hostedBy: [...new Set(hosted)] }
  await replaceSubjectParts(
    tx,
    of,
    subjects.flatMap((subject) => partsOf(uses, subject)),
  )
}

const partsOf = (uses: HashUses, subject: KnownSubject): readonly SubjectPart[] => {
  const { offenderId, givenName, familyName } = subject
  const hash = (part: string): string => partHash(uses.staffKey, part).toString('hex')
  return [
    { offenderId, source: '', kind: 'name', hash: hash(namePart(givenName, familyName)) },
    { offenderId, source: '', kind: 'family-name', hash: hash(familyNamePart(familyName)) },
    ...subject.addresses.flatMap((record) =>
      addressesIn(uses.sealer, record).map((part): SubjectPart => ({
        ...{ offenderId, source: record.agencyId, kind: 'address' },
        hash: hash(part),
      })),
    ),
  ]
}

const addressesIn = (sealer: Sealer, record: KnownSubject['addresses'][number]): readonly string[] => {
  const { id, agencyId, sealed, recordedAt } = record
  const hosted = { id, agencyId, category: 'address', sealed: Buffer.from(sealed, 'base64'), recordedAt: new Date(recordedAt) } as const
  const opened = openItems(hosted, sealer, undefined)
  if (opened.outcome !== 'items') return []
  return opened.items.flatMap(({ fields: { line, postcode } }) =>
    typeof line === 'string' && typeof postcode === 'string' ? [addressPart(line, postcode)] : [],
  )
}
