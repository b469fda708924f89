import { partyAgencyIds } from '../../src/sandbox/cast.ts'
import type { Db } from '../../src/db/db.ts'

export interface Typed {
  readonly operation: string
  readonly recipient: string
  readonly outbound: string
}

/** Every line of the disclosure register with the operation whose entry released it, once each. */
export const typedReleases = async (db: Db): Promise<readonly Typed[]> => {
  const { rows } = await db.query<Typed>({
    text: `
      select distinct convert_from(p.canonical, 'UTF8')::jsonb ->> 'operation' as operation, d.recipient_agency_id as recipient, d.outbound
        from disclosure d join access_log_payload p on p.entry_id = d.entry_id order by 1, 2, 3`,
  })
  return rows
}

/** SHARE is to those who are party to an agreement of the partnership, DISCLOSE to anybody beyond (R8). */
export const wronglyTyped = (releases: readonly Typed[]): readonly Typed[] =>
  releases.filter(({ recipient, outbound }) => outbound !== (partyAgencyIds.includes(recipient) ? 'share' : 'disclose'))
