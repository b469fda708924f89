import type { ClockRules } from '../../core/casework/clock-rules.ts'
import type { TaskKind } from '../../core/case-vocabulary.ts'

/**
 * One clock: the tasks it asks for at an instant, as a query over everybody at once. `$1` is the instant, `$2` the London day, `$3`
 * the agency that is told where nobody else is. Columns: subject_key, offender_id, owner_agency_id, owner_role, owner_person_sub,
 * due_at, detail.
 */
export interface ClockQuery {
  readonly kind: TaskKind
  readonly text: string
}

const endOf = (day: string): string => `((${day} + 1)::timestamp at time zone 'Europe/London')`
const startOf = (day: string): string => `((${day})::timestamp at time zone 'Europe/London')`
const detail = `jsonb_build_object('areaId', o.area_id)`

/** Agencies that hold a role in the case's area; the partnership's own officers where nobody holds it, so that no alert is lost. */
const officers = (role: string): string => `
  cross join lateral (
    select distinct ap.agency_id, ap.role as owner_role from appointment ap
     where ap.role = '${role}' and ap.area_id = o.area_id and ap.from_at <= $1 and (ap.to_at is null or ap.to_at > $1)
    union all
    select $3::text, 'ig-officer' where not exists (
      select from appointment ap
       where ap.role = '${role}' and ap.area_id = o.area_id and ap.from_at <= $1 and (ap.to_at is null or ap.to_at > $1))
  ) as officer`

const toLead = `
  coalesce(o.lead_agency_id, $3::text) as owner_agency_id, case when o.lead_agency_id is null then 'ig-officer' end as owner_role,
  null::text as owner_person_sub`
const toOfficer = `officer.agency_id as owner_agency_id, officer.owner_role, null::text as owner_person_sub`

const underReview = `o.basis = 'cohort' and o.review_on is not null and not (o.long_term_custody and o.custody_agency_id is not null)`
const reviewKey = `o.id || ' ' || o.review_on`

const reviews = (rules: ClockRules): readonly ClockQuery[] => [
  {
    kind: 'review-due',
    text: `select ${reviewKey} as subject_key, o.id as offender_id, ${toLead}, ${endOf('o.review_on')} as due_at, ${detail} as detail
             from offender o where ${underReview} and o.review_on - ${rules.review.askDaysBefore} <= $2::date`,
  },
  // "Overdue: the SPOC, the lead and the chair are alerted." Sharing continues; what is shared says that it is stale.
  {
    kind: 'review-overdue',
    text: `select ${reviewKey} || ' lead' as subject_key, o.id as offender_id, ${toLead}, ${endOf('o.review_on')} as due_at, ${detail} as detail
             from offender o where ${underReview} and o.review_on < $2::date`,
  },
  ...['spoc', 'chair'].map((role): ClockQuery => ({
    kind: 'review-overdue',
    text: `select ${reviewKey} || ' ${role} ' || officer.agency_id as subject_key, o.id as offender_id, ${toOfficer},
                  ${endOf('o.review_on')} as due_at, ${detail} as detail
             from offender o ${officers(role)} where ${underReview} and o.review_on < $2::date`,
  })),
]

const preReleaseMonths = ({ preRelease }: ClockRules): string =>
  `case when o.hdc_eligible then ${preRelease.monthsForHomeDetentionCurfew} else ${preRelease.months} end`

const custody = (rules: ClockRules): readonly ClockQuery[] => [
  {
    kind: 'pre-release-planning',
    text: `select o.id || ' ' || o.earliest_release_on || ' ' || ${preReleaseMonths(rules)} as subject_key, o.id as offender_id,
                  coalesce(o.supervisor_agency_id, o.lead_agency_id, $3::text) as owner_agency_id,
                  case when coalesce(o.supervisor_agency_id, o.lead_agency_id) is null then 'ig-officer' end as owner_role,
                  null::text as owner_person_sub,
                  ${endOf(`(o.earliest_release_on - make_interval(months => ${preReleaseMonths(rules)}))::date`)} as due_at, ${detail} as detail
             from offender o
            where o.basis = 'cohort' and o.custody_agency_id is not null and o.earliest_release_on is not null`,
  },
  {
    kind: 'prison-assessment',
    text: `select o.id || ' ' || o.custody_agency_id || ' ' || extract(epoch from o.admitted_at)::bigint as subject_key, o.id as offender_id,
                  o.custody_agency_id as owner_agency_id, null::text as owner_role, null::text as owner_person_sub,
                  o.admitted_at + interval '${rules.prisonAssessment.hours} hours' as due_at, ${detail} as detail
             from offender o where o.basis = 'cohort' and o.custody_agency_id is not null and o.admitted_at <= $1`,
  },
]

const quarter = (rules: ClockRules): string => `
  (select make_date(extract(year from $2::date)::integer,
     ((extract(month from $2::date)::integer - 1) / ${rules.listReview.everyMonths}) * ${rules.listReview.everyMonths} + 1, 1) as begins) as period`

const named = (values: readonly string[]): string => `('${values.join("', '")}')`

const cohort = (rules: ClockRules): readonly ClockQuery[] => [
  {
    kind: 'quarterly-list-review',
    text: `select o.area_id || ' ' || period.begins as subject_key, null::uuid as offender_id, ${toOfficer},
                  ${startOf(`(period.begins + interval '${rules.listReview.everyMonths} months')::date`)} as due_at,
                  jsonb_build_object('areaId', o.area_id, 'periodFrom', period.begins::text) as detail
             from (select distinct listed.area_id from offender listed
                    where listed.basis = 'cohort' and listed.cohort in ${named(rules.listReview.cohorts)}) as o
             cross join ${quarter(rules)} ${officers('spoc')}`,
  },
  {
    kind: 'ppo-two-year-review',
    text: `select o.id || ' ' || anniversary.day as subject_key, o.id as offender_id, ${toLead}, ${endOf('anniversary.day')} as due_at, ${detail} as detail
             from offender o
             cross join lateral (
               select ((o.cohort_since at time zone 'Europe/London') + interval '${rules.twoYearReview.years} years')::date as day) as anniversary
            where o.basis = 'cohort' and o.cohort in ${named(rules.twoYearReview.cohorts)} and o.cohort_since is not null
              and anniversary.day - ${rules.twoYearReview.askDaysBefore} <= $2::date`,
  },
  {
    kind: 'no-activity-candidate',
    // Keyed by the last activity: a candidate is listed once for each quiet spell. Who has been in the cohort for less is not one.
    text: `select o.id || ' ' || coalesce(active.last_on::text, 'never') as subject_key, o.id as offender_id, ${toOfficer},
                  null::timestamptz as due_at, ${detail} || jsonb_build_object('lastActivityOn', coalesce(active.last_on::text, 'never')) as detail
             from offender o
             left join (select e.offender_id, max(e.occurred_on) as last_on from evidence_state e
                         where e.state = 'accepted' and e.kind in ('arrest-disposal', 'police-intel', 'partner-intel')
                         group by e.offender_id) as active on active.offender_id = o.id ${officers('spoc')}
            where o.basis = 'cohort' and o.custody_agency_id is null
              and (o.cohort_since at time zone 'Europe/London')::date <= $2::date - interval '${rules.noActivity.months} months'
              and coalesce(active.last_on, '-infinity') <= $2::date - interval '${rules.noActivity.months} months'`,
  },
  {
    kind: 'comes-of-age',
    // Family Law Reform Act 1969 s.9: born on 29 February, of age on 1 March of a common year.
    text: `select o.id || ' 18' as subject_key, o.id as offender_id, ${toLead}, ${startOf('birthday.day')} as due_at, ${detail} as detail
             from offender o
             cross join lateral (
               select (o.born_on + interval '18 years')::date
                      + case when to_char(o.born_on, 'MM-DD') = '02-29' then 1 else 0 end as day) as birthday
            where o.basis = 'cohort' and birthday.day > $2::date - 31
              and birthday.day - ${rules.comesOfAge.askDaysBefore} <= $2::date`,
  },
]

/** The days before an end at which somebody is reminded, the first first. */
const reminders = ({ agreement }: ClockRules): readonly number[] => [agreement.askDaysBefore, ...(agreement.againDaysBefore ?? [])]

/** The last reminder that has become due: who hears of an end late hears of it once. */
const lastReminder = (rules: ClockRules): string =>
  `(select min(before.days) from unnest(array[${reminders(rules).join(', ')}]) as before (days) where ends.day - before.days <= $2::date)`
const reminderKey = `v.agreement_id || ' ' || v.version || ' ' || ends.day || ' ' || reminder.days`

/** Versions that will end or are due for review within the time of the first reminder; one that has been renewed is replaced. */
const endingSoon = (member: string, rules: ClockRules): string => `
  agreement_version v
  join agreement a on a.id = v.agreement_id
  cross join lateral (select (v.terms ->> '${member}')::date as day) as ends
  cross join lateral (select ${lastReminder(rules)} as days) as reminder`
const stillCounts = `v.replaced_at is null and a.terminated_at is null and reminder.days is not null and ends.day >= $2::date - 366`

/** Who signs for the agency that owns it; the partnership's registrar where nobody does, so that no reminder is lost. */
const agreementEnds = (kind: AgreementTask, rules: ClockRules): ClockQuery => ({
  kind,
  text: `select ${reminderKey} as subject_key, null::uuid as offender_id, told.agency_id as owner_agency_id, told.role as owner_role,
                null::text as owner_person_sub, ${endOf('ends.day')} as due_at,
                jsonb_build_object('agreementId', v.agreement_id, 'version', v.version::text, 'reference', v.terms ->> 'reference',
                                   'daysBefore', reminder.days::text) as detail
           from ${endingSoon(endMembers[kind], rules)}
           cross join lateral (
             select case when signed.somebody then v.terms ->> 'owner' else $3::text end as agency_id,
                    case when signed.somebody then 'isa-signatory' else 'isa-registrar' end as role
               from (select exists (
                       select from appointment ap
                        where ap.agency_id = v.terms ->> 'owner' and ap.role = 'isa-signatory' and ap.from_at <= $1
                          and (ap.to_at is null or ap.to_at > $1)) as somebody) as signed) as told
          where ${stillCounts}`,
})

type AgreementTask = 'agreement-expiry' | 'agreement-review'
const endMembers = { 'agreement-expiry': 'inForceTo', 'agreement-review': 'reviewOn' } as const

const sharing = (rules: ClockRules): readonly ClockQuery[] => [
  agreementEnds('agreement-expiry', rules),
  agreementEnds('agreement-review', rules),
  {
    kind: 'consent-expiry',
    // Only where nothing was said since about the same or about everything: what was said later counts, not what runs out.
    text: `select c.id::text as subject_key, o.id as offender_id, ${toLead}, c.expires_at as due_at, ${detail} as detail
             from consent_event c join offender o on o.id = c.offender_id
            where o.basis = 'cohort' and c.kind = 'given' and c.expires_at is not null
              and c.expires_at - interval '${rules.consent.askDaysBefore} days' <= $1 and c.expires_at > $1 - interval '366 days'
              and not exists (
                select from consent_event later
                 where later.offender_id = c.offender_id and later.id <> c.id and later.happened_at > c.happened_at and later.kind <> 'sought'
                   and (later.categories = c.categories or later.categories = '{}')
                   and (later.recipients = c.recipients or later.recipients = '{}')
                   and (later.purposes = c.purposes or later.purposes = '{}'))`,
  },
]

/** Copies that were asked back and nobody has answered for: whoever chairs hears of each once, and it stays open (R45). */
const returns: ClockQuery = {
  kind: 'copy-return-overdue',
  text: `select o.id::text as subject_key, null::uuid as offender_id, ${toOfficer}, null::timestamptz as due_at,
                jsonb_strip_nulls(jsonb_build_object('noticeId', o.id, 'recallId', o.recall_id, 'areaId', o.area_id)) as detail
           from (select n.id, n.recall_id, k.area_id from copy_recall k
                   join copy_notice n on n.recall_id = k.id
                  where k.due_at <= $1 and not exists (select from copy_return r where r.notice_id = n.id)
                    and not exists (select from copy_recall_lift f where f.recall_id = k.id)) as o
           ${officers('chair')}`,
}

/** Every clock that the night looks at. */
export const nightlyClocks = (rules: ClockRules): readonly ClockQuery[] => [
  ...reviews(rules),
  ...custody(rules),
  ...cohort(rules),
  ...sharing(rules),
  returns,
]

/** Clocks that run in hours. */
export const hourlyClocks = (rules: ClockRules): readonly ClockQuery[] => [...custody(rules), returns]

/** A later reminder takes the place of the one before; a renewal or an end makes an end of all of them. `$1` the instant, `$2` the day. */
export const supersededReminders = (rules: ClockRules): string =>
  (['agreement-expiry', 'agreement-review'] as const)
    .map(
      (kind) => `
  select t.id from task t
   where t.closed_at is null and t.kind = '${kind}'
     and not exists (select from ${endingSoon(endMembers[kind], rules)} where ${stillCounts} and t.subject_key = ${reminderKey})`,
    )
    .join(' union all ')

/** Tasks that a recorded fact has made another task: the review was held, the release date was moved, the person was released. */
export const supersededTasks = (rules: ClockRules): string => `
  select t.id from task t join offender o on o.id = t.offender_id
   where t.closed_at is null and (
     (t.kind in ('review-due', 'review-overdue') and not (${underReview} and starts_with(t.subject_key, ${reviewKey})))
     or (t.kind = 'pre-release-planning' and (o.custody_agency_id is null or o.basis <> 'cohort' or o.earliest_release_on is null
         or t.subject_key <> o.id || ' ' || o.earliest_release_on || ' ' || ${preReleaseMonths(rules)})))`
