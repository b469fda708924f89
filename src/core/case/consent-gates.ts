import { usable, versionStanding } from '../agreements/agreement.ts'
import { decide } from '../decision/decide.ts'
import { type Policies, type Test, testOf } from '../decision/policy.ts'
import type { Facts } from '../facts.ts'
import type { Ask, ConsentEvent, Standing, Subject } from '../snapshot.ts'
import type { Category, LegalGateway, Purpose } from '../vocabulary.ts'
import { consentFor } from './consent.ts'
import { caseFactsOf, categoryFactsOf, yesNo } from './derive-facts.ts'

/** One category that one agency can, or can no longer, be given about the person for one purpose. */
export interface ConsentGate {
  readonly recipientAgencyId: string
  readonly category: Category
  readonly purpose: Purpose
  /** False: some fields of the category do not depend on what was said. */
  readonly whole: boolean
}

export interface MovedGates {
  readonly closes: readonly ConsentGate[]
  readonly opens: readonly ConsentGate[]
}

/** An agency that may be a recipient, and every agreement version that is to be weighed for it. */
export type Recipient = Pick<Standing, 'agency' | 'agreements'>

interface Asked {
  readonly category: Category
  readonly purpose: Purpose
  readonly legalGateways: readonly LegalGateway[]
}

/**
 * What an answer opens and closes, found by deciding every enquiry that the agreements name twice: on what was said until now, and on
 * what would have been said. Each is decided for somebody of the recipient who has every tie and record that a rule could want, and from
 * nobody in particular: nothing is told of what is held, nor of who works there.
 */
export const movedGates = (
  policies: Policies,
  said: { readonly subject: Subject; readonly event: ConsentEvent; readonly at: Date },
  recipients: readonly Recipient[],
): MovedGates => {
  const after: Subject = { ...said.subject, consentEvents: [...said.subject.consentEvents, said.event] }
  const closes: ConsentGate[] = []
  const opens: ConsentGate[] = []
  const depends = dependsOnConsent(policies, said.subject)
  for (const recipient of recipients) {
    for (const named of asksOf(recipient, said.at)) {
      const asked = { ...named, legalGateways: named.legalGateways.filter((gateway) => depends(named, gateway)) }
      if (!answersDiffer(recipient, asked, { ...said, after })) continue
      const then = fieldsGiven(policies, recipient, { asked, subject: said.subject, at: said.at })
      const now = fieldsGiven(policies, recipient, { asked, subject: after, at: said.at })
      const gate = { recipientAgencyId: recipient.agency.id, category: asked.category, purpose: asked.purpose }
      if ([...then].some((field) => !now.has(field))) closes.push({ ...gate, whole: now.size === 0 })
      if ([...now].some((field) => !then.has(field))) opens.push({ ...gate, whole: then.size === 0 })
    }
  }
  return { closes, opens }
}

/** Every category and purpose that a grant in force names for the recipient, with the powers under which it may be asked for. */
const asksOf = ({ agency, agreements }: Recipient, at: Date): readonly Asked[] => {
  const found = new Map<string, { category: Category; purpose: Purpose; legalGateways: LegalGateway[] }>()
  const grants = agreements
    .filter((version) => usable(versionStanding(version, at).standing) && version.terms.parties.includes(agency.id))
    .flatMap((version) => version.terms.grants.filter((grant) => grant.recipients.includes(agency.id)))
  for (const { categories, purposes, legalGateways } of grants) {
    for (const { id: category } of categories) {
      for (const purpose of purposes) {
        const one = found.get(`${category} ${purpose}`) ?? { category, purpose, legalGateways: [] }
        one.legalGateways.push(...legalGateways.filter((gateway) => !one.legalGateways.includes(gateway)))
        found.set(`${category} ${purpose}`, one)
      }
    }
  }
  return [...found.values()]
}

/** Whether any rule that reads consent could bear on an enquiry: to weigh only these is what makes asking beforehand cheap. */
const dependsOnConsent = (policies: Policies, subject: Subject): ((asked: Asked, legalGateway: LegalGateway) => boolean) => {
  const rules = policies.bundle.stages
    .flatMap((stage) => stage.rules)
    .filter(({ action, conditions = {} }) => [action].flat().includes('fetch') && ('consent' in conditions || 'consentScope' in conditions))
    .map((rule) => ({
      subjects: [rule.subject].flat(),
      tests: Object.entries(rule.conditions ?? {}).map(([name, condition]): [string, Test] => [name, testOf(condition)]),
    }))
  return ({ category, purpose }, legalGateway) => {
    const known: Partial<Record<string, string>> = {
      ...{ category, purpose, legalGateway, statutory: yesNo(subject.statutory), collectedOnConsent: 'unknown' },
      consentDependency: policies.category(category)?.consent,
    } satisfies Partial<Facts>
    return rules.some(
      ({ subjects, tests }) =>
        subjects.some((one) => one === 'all' || one === category) && tests.every(([name, test]) => !(name in known) || test(known[name])),
    )
  }
}

interface Before {
  readonly subject: Subject
  readonly after: Subject
  readonly at: Date
}

/** Only what the consent says of an enquiry can move its gate: every other fact is the same. */
const answersDiffer = ({ agency }: Recipient, { category, purpose }: Asked, { subject, after, at }: Before): boolean => {
  const { offenderId, bornOn } = subject
  const question = { offenderId, category, recipient: agency.id, purpose, bornOn, at }
  const [then, now] = [consentFor(subject.consentEvents, question), consentFor(after.consentEvents, question)]
  return then.state !== now.state || then.scope !== now.scope
}

const anybody = { sub: 'anybody', active: true, intelligenceVetted: true, visorTrained: true } as const

const fieldsGiven = (
  policies: Policies,
  { agency, agreements }: Recipient,
  { asked, subject, at }: { readonly asked: Asked; readonly subject: Subject; readonly at: Date },
): ReadonlySet<string> => {
  const standing: Standing = { agency, agreements, clientActive: true, person: anybody, appointments: [] }
  const tie = { kind: 'lead-case-manager', agencyId: agency.id, personSub: anybody.sub, fromAt: new Date(0), toAt: null } as const
  const tied: Subject = { ...subject, relationships: [tie] }
  const definition = policies.category(asked.category)
  if (definition === undefined) return new Set()
  const ownSupplies = definition.owner === 'lead' || definition.owner.includes(agency.kind)
  const given = asked.legalGateways.flatMap((legalGateway) => {
    const category = { id: asked.category, bestInterestsNote: 'weighed beforehand' }
    const { offenderId } = subject
    const ask: Ask = { offenderId, categories: [category], purpose: asked.purpose, legalGateway, justification: 'weighed beforehand' }
    const file = caseFactsOf({ standing, subject: tied, ask, at })
    const { facts, agreementFields, lapses } = categoryFactsOf(file, category, { definition, supplier: null, ownSupplies })
    const { fields } = decide(policies, 'fetch', facts, { agreementFields, lapses })
    return fields
  })
  return new Set(given)
}
