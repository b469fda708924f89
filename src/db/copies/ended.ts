import type { ConsentEvent } from '../../core/snapshot.ts'
import type { Category } from '../../core/vocabulary.ts'
import type { EndedQuery } from './raise-recalls.ts'

const line = 'd.entry_id, d.position'
const ofPermission = `q.offender_id, f.area_id, m.id as permission_id, null::uuid as agreement_id, ${line}`
const permissions = `
  permission m
  join disclosure_request q on q.id = m.request_id
  join conference f on f.id = q.conference_id
  join disclosure d on d.permission_id = m.id`

/** A permission that the chair takes back. */
export const revokedPermission = (permissionId: string): EndedQuery => ({
  name: 'revocation',
  text: `select m.id::text as cause_key, ${ofPermission} from ${permissions} where m.id = $8`,
  values: [permissionId],
})

/** What a person took back, as far as it was said: releases that would not have been made without. */
export const withdrawnConsent = ({ id, offenderId, scope }: Pick<ConsentEvent, 'id' | 'offenderId' | 'scope'>): EndedQuery => ({
  name: 'consent',
  text: `
    select $8::text as cause_key, d.offender_id, o.area_id, d.permission_id, null::uuid as agreement_id, ${line}
      from disclosure d join offender o on o.id = d.offender_id
     where d.offender_id = $9 and d.consent_event_id is not null
       and (cardinality($10::text[]) = 0 or d.category = any($10))
       and (cardinality($11::text[]) = 0 or d.recipient_agency_id = any($11))
       and (cardinality($12::text[]) = 0 or d.purpose = any($12))`,
  values: [id, offenderId, scope.categories, scope.recipients, scope.purposes],
})

/** What was found wrong, in one category from one agency: whoever has it, through whatever hands. */
export const correctedCategory = (about: {
  readonly rectificationId: string
  readonly offenderId: string
  readonly category: Category
  readonly originatorAgencyId: string
}): EndedQuery => ({
  name: 'correction',
  text: `
    select $8::text as cause_key, d.offender_id, o.area_id, null::uuid as permission_id, null::uuid as agreement_id, ${line}
      from disclosure d join offender o on o.id = d.offender_id
     where d.offender_id = $9 and d.category = $10 and d.supplier_agency_id = $11`,
  values: [about.rectificationId, about.offenderId, about.category, about.originatorAgencyId],
})

/** A paragraph that was put right: what left of it under permissions, in the version that was wrong. */
export const correctedParagraph = ({
  paragraphId,
  version,
}: {
  readonly paragraphId: string
  /** The one that is superseded. */
  readonly version: number
}): EndedQuery => ({
  name: 'paragraph',
  text: `
    select $8::text || ' ' || $9::text as cause_key, ${ofPermission} from ${permissions}
     where m.id in (select s.permission_id from permission_paragraph s where s.paragraph_id = $8::uuid and s.version = $9::integer)`,
  values: [paragraphId, String(version)],
})

// A release that was decided a moment before the end is committed by then: it takes seconds, and this is a minute.
const settled = `$1::timestamptz - interval '1 minute'`

/** Permissions whose day came. One that was taken back before was asked for then. */
export const expiredPermissions: EndedQuery = {
  name: 'expiry',
  text: `
    select m.id::text as cause_key, ${ofPermission} from ${permissions}
     where m.expires_at <= ${settled}
       and not exists (select from copy_recall k where k.cause in ('revocation', 'expiry') and k.cause_key = m.id::text)`,
  values: [],
}

/**
 * Agreements that were ended, stopped, or ran out with no signed version to follow; each end is one of its own, so that what is released
 * after a suspension was lifted is found by the next.
 */
export const endedAgreements: EndedQuery = {
  name: 'agreement',
  text: `
    select e.cause_key, null::uuid as offender_id, null::text as area_id, null::uuid as permission_id, e.id as agreement_id, ${line}
      from (
        select a.id, a.id || ' ' || case
                 when a.terminated_at is not null then 'terminated'
                 when a.suspended_at is not null then 'suspended ' || extract(epoch from a.suspended_at)
                 else 'lapsed ' || coalesce(max(v.in_force_to)::text, '') end as cause_key
          from agreement a
          left join (select n.agreement_id, (n.terms ->> 'inForceTo')::date as in_force_to from agreement_version n
                      where (select count(*) from agreement_signature s where s.agreement_id = n.agreement_id and s.version = n.version)
                            = jsonb_array_length(n.terms -> 'parties')) as v on v.agreement_id = a.id
         group by a.id, a.terminated_at, a.suspended_at
        having a.terminated_at <= ${settled} or a.suspended_at <= ${settled}
            or bool_and(coalesce(((v.in_force_to + 1)::timestamp at time zone 'Europe/London') <= ${settled}, false))
      ) as e
      join disclosure d on d.agreement_id = e.id
     where not exists (select from copy_recall k where k.cause = 'agreement-ended' and k.cause_key = e.cause_key)`,
  values: [],
}

// Whose day came: the one that was stated, or the sixteenth birthday of whom a parent spoke for.
const ranOut = `
  select c.id from consent_event c where c.kind = 'given' and c.expires_at <= ${settled}
  union
  select c.id from consent_event c join offender o on o.id = c.offender_id
   where c.kind = 'given' and c.capacity_basis = 'parental'
     and (o.born_on + interval '16 years') at time zone 'Europe/London' <= ${settled}`

// Nothing that the older consent carried is left to it: what was said later covers all of that.
const renewed = (later: string, earlier: string): string => `
  ${later}.kind = 'given' and ${later}.offender_id = ${earlier}.offender_id
  and (${later}.happened_at, ${later}.recorded_at, ${later}.id) > (${earlier}.happened_at, ${earlier}.recorded_at, ${earlier}.id)
  and ${later}.recipients @> ${earlier}.recipients and (cardinality(${later}.recipients) = 0) = (cardinality(${earlier}.recipients) = 0)
  and (cardinality(${later}.categories) = 0 or (cardinality(${earlier}.categories) > 0 and ${later}.categories @> ${earlier}.categories))
  and (cardinality(${later}.purposes) = 0 or (cardinality(${earlier}.purposes) > 0 and ${later}.purposes @> ${earlier}.purposes))`

/**
 * Consents whose day came: what was released on them, unless what the person said since would carry it still. "The newest event that
 * covers the question decides", as it does of a release; and to somebody beyond the partnership only a consent that names them stands for
 * one that did (R24).
 */
export const endedConsents: EndedQuery = {
  name: 'consent-end',
  text: `
    select c.id::text as cause_key, c.offender_id, o.area_id, null::uuid as permission_id, null::uuid as agreement_id, ${line}
      from (${ranOut}) as e
      join consent_event c on c.id = e.id
      join offender o on o.id = c.offender_id
      join disclosure d on d.offender_id = c.offender_id and d.consent_event_id is not null
     cross join lateral (
       select n.id, n.kind, n.recipients from consent_event n
        where n.offender_id = d.offender_id and n.kind <> 'sought'
          and (cardinality(n.categories) = 0 or d.category = any(n.categories))
          and (cardinality(n.recipients) = 0 or d.recipient_agency_id = any(n.recipients))
          and (cardinality(n.purposes) = 0 or d.purpose = any(n.purposes))
        order by n.happened_at desc, n.recorded_at desc, n.id desc limit 1) as said
     where not exists (select from copy_recall k where k.cause = 'consent-expired' and k.cause_key = c.id::text)
       and not exists (select from consent_event later where ${renewed('later', 'c')})
       and (said.id = c.id
            or d.consent_event_id = c.id
               and (said.kind <> 'given' or (d.outbound = 'disclose' and d.recipient_agency_id = any(c.recipients)
                                             and d.recipient_agency_id <> all(said.recipients))))`,
  values: [],
}
