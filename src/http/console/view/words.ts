import { londonDay, startOfLondonDay } from '../../../core/london.ts'

/** Where an id of the vocabulary, with its hyphens taken out, is not yet what one would say. */
const said: Readonly<Record<string, string>> = {
  spoc: 'Single point of contact',
  'ig-officer': 'Information governance officer',
  dpo: 'Data protection officer',
  'foi-officer': 'Freedom of information officer',
  'aco-probation': 'Assistant chief officer (probation)',
  'isa-registrar': 'Registrar of sharing agreements',
  'isa-signatory': 'Signatory of sharing agreements',
  'visor-manager': 'ViSOR manager',
  'intel-officer': 'Intelligence officer',
  'auditor-external': 'External auditor',
  'system-admin': 'Administrator',
  ete: 'Education, training and employment',
  oasys: 'OASys assessment',
  ogrs: 'OGRS score',
  asset: 'Asset assessment',
  'police-intel': 'Police intelligence',
  'partner-intel': 'Partners’ intelligence',
  'prison-intel': 'Prison intelligence',
  'health-mental': 'Mental health',
  'stat-compliance': 'Compliance with the order or licence',
  'arrest-disposal': 'Arrests and disposals',
  'cohort-status': 'Cohort, strand and lead agency',
  'conf-papers': 'Conference papers',
  'conf-minutes': 'Conference minutes',
  mappa: 'MAPPA',
  marac: 'MARAC',
  'mash-results': 'MASH results',
  'mash-form-of-words': 'MASH form of words',
  'visor-pointer': 'ViSOR pointer',
  'disclosure-text': 'Disclosure text',
  'prevent-detect': 'Preventing and detecting crime',
  'execute-penalty': 'Carrying out a sentence',
  'risk-management': 'Managing risk',
  'emergency-life': 'Emergency: danger to life',
  'rehab-support': 'Support for rehabilitation',
  'audit-ig': 'Audit and information governance',
  foi: 'Freedom of information',
  'rights-request': 'A person’s own rights',
  'dpa35-task': 'DPA 2018 s.35: a law enforcement task',
  'dpa35-consent': 'DPA 2018 s.35: consent',
  'dpa36-3': 'DPA 2018 s.36(3): another law enforcement purpose',
  'dpa36-4-authorised': 'DPA 2018 s.36(4): another purpose, authorised by law',
  cda115: 'Crime and Disorder Act 1998 s.115',
  cda17a: 'Crime and Disorder Act 1998 s.17A',
  cda39: 'Crime and Disorder Act 1998 s.39',
  cja325: 'Criminal Justice Act 2003 s.325',
  oma14: 'Offender Management Act 2007 s.14',
  pcsc16: 'Police, Crime, Sentencing and Courts Act 2022 s.16',
  'children-act': 'Children Acts 1989 and 2004',
  'police-common-law': 'Common law policing powers',
  'vital-interests': 'Vital interests',
  'court-order': 'Order of a court',
  'gdpr-6-1-e': 'UK GDPR Article 6(1)(e): public task',
  'gdpr-6-1-ea': 'UK GDPR Article 6(1)(ea): recognised legitimate interest',
  'gdpr-6-1-a': 'UK GDPR Article 6(1)(a): consent',
  dpop: 'DPoP',
  mtls: 'mTLS',
  iom: 'IOM',
  ppo: 'PPO',
  dyo: 'DYO',
  'pnc-id': 'PNC ID',
  cro: 'CRO number',
  crn: 'Probation CRN',
  'yos-number': 'YOS number',
  'dip-number': 'DIP number',
  'official-sensitive': 'OFFICIAL-SENSITIVE',
  official: 'OFFICIAL',
  mark: 'Keep the marking on every copy',
  'no-copy': 'Do not copy',
  'no-onward': 'Do not pass on',
  'named-recipient': 'For you by name only',
  'return-or-destroy': 'Return or destroy when done with',
  'store-restricted': 'Store where only those who need it can read it',
  'verbal-only': 'By word of mouth only',
  'form-of-words-only': 'In these words only',
  'confidentiality-undertaking': 'Keep it in confidence',
  stale: 'May be out of date: a review is overdue',
  'not-to-subject': 'Not to be told to the person',
  'consult-originator': 'Consult whoever it came from first',
  'action-before-use': 'Ask before acting on it',
  'report-back': 'Report back what came of it',
  'opinion-flag': 'Opinion, not fact',
  'chair-meeting': 'Chair the meeting',
  'decide-disclosure': 'Decide requests for disclosure',
  'revoke-permission': 'Revoke permissions',
  'exclude-attendee': 'Send somebody out of the room',
  'read-papers': 'Read papers in the chair’s place',
  dmm: 'DMM',
  mash: 'MASH',
  'dyo-conference': 'DYO conference',
  'mappa-meeting': 'MAPPA meeting',
  'invited-absent': 'Invited but absent',
  'self-monitoring': 'Monitoring one’s own work',
  'mi-case-difference': 'Difference from MI-Case',
  'ppo-two-year-review': 'PPO two-year review',
  'neither-confirm-nor-deny': 'Neither confirm nor deny',
  'confirm-held': 'Confirm that it is held',
  'not-held': 'Nothing is held',
  'isa-none': 'No agreement',
  'isa-category': 'Category not in the agreement',
  'isa-purpose': 'Purpose not in the agreement',
  'isa-lapsed': 'Agreement has lapsed',
  'isa-suspended': 'Agreement is suspended',
  'isa-terminated': 'Agreement was terminated',
  'isa-not-started': 'Agreement has not started',
  'isa-party-unsigned': 'Agreement not signed by all',
  'isa-review': 'Agreement review is overdue',
  'no-policy-doc': 'No policy document',
  'log-purpose': 'Purpose of reading the log',
  'need-to-know': 'No need to know',
  ncnd: 'Neither confirmed nor denied',
  'deny-ncnd': 'Neither confirmed nor denied',
  'foia-30-1-a': 'FOIA 2000 s.30(1)(a)',
  'foia-30-1-b': 'FOIA 2000 s.30(1)(b)',
  'foia-30-2': 'FOIA 2000 s.30(2)',
  'foia-31': 'FOIA 2000 s.31',
  'foia-32': 'FOIA 2000 s.32',
  'foia-38': 'FOIA 2000 s.38',
  'foia-40-1': 'FOIA 2000 s.40(1)',
  'foia-40-2': 'FOIA 2000 s.40(2)',
  'foia-41': 'FOIA 2000 s.41',
  'health-morals': 'Protection of health or morals',
  'rights-others': 'Rights and freedoms of others',
  'crime-disorder': 'Prevention of disorder or crime',
  'expires-at': 'Not to be kept after it ends',
  'disclosure-decision': 'Decide a request for disclosure',
  'disclosure-information': 'Answer a question about your request',
  'emergency-triage': 'Look at an emergency access',
  'emergency-decision': 'Decide on an emergency access',
  'agreement-expiry': 'An agreement will end: renew it',
  'agreement-review': 'An agreement is due for review: renew it',
  'copy-return': 'Return or destroy copies',
  'copy-return-outside': 'Ask for copies back from somebody outside',
  'copy-return-overdue': 'Copies asked back are overdue',
  permit: 'Released',
  'permit-obligations': 'Released, with conditions',
  'permit-redacted': 'Released in part',
  deny: 'Refused',
  refer: 'Referred',
}

/** An id of the vocabulary, or a member's name, as one would say it. */
export const words = (id: unknown): string => {
  const text = typeof id === 'string' ? id : typeof id === 'number' || typeof id === 'boolean' ? String(id) : ''
  const known = Object.hasOwn(said, text) ? said[text] : undefined
  if (known !== undefined) return known
  const paragraph = /^sch([18])-(\d+)$/.exec(text)
  if (paragraph !== null) return `DPA 2018 Sch ${paragraph[1]!} para ${paragraph[2]!}`
  const article = /^gdpr-art9-([a-z])$/.exec(text)
  if (article !== null) return `UK GDPR Article 9(2)(${article[1]!})`
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(text)) return text
  const spaced = text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric' })
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: 'numeric', minute: '2-digit', hour12: true })

/** A London day in words; what is no day stays as it is. */
export const dayWords = (day: unknown): string => {
  if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(day)) return typeof day === 'string' ? day : ''
  const at = new Date(day.length === 10 ? `${day}T12:00:00Z` : day)
  return Number.isNaN(at.getTime()) ? day : dayFormat.format(at)
}

/** Until when, as one says it: what ends as a London day begins lasts to the end of the day before. */
export const untilWords = (instant: unknown): string => {
  const at = typeof instant === 'string' ? new Date(instant) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime()) || startOfLondonDay(londonDay(at)).getTime() !== at.getTime()) return instantWords(instant)
  return `the end of ${dayWords(londonDay(new Date(at.getTime() - 1)))}`
}

/** An instant in London time, in words. */
export const instantWords = (instant: unknown): string => {
  const at = instant instanceof Date ? instant : new Date(typeof instant === 'string' ? instant : Number.NaN)
  if (Number.isNaN(at.getTime())) return ''
  return `${dayFormat.format(at)} at ${timeFormat.format(at).replaceAll(/\s/g, '')}`
}
