import { storyId } from '../sandbox/people/story.ts'
import { enquire, given, inShort, withheld } from './ask.ts'
import type { Stage } from './stage.ts'
import type { Chapter, Step } from './tell.ts'
import { mustBe } from './tell.ts'

type Said = { readonly kind: 'withdrawn' } | { readonly kind: 'given'; readonly capacityBasis: string; readonly evidence: string }

const again: Said = { kind: 'given', capacityBasis: 'adult-presumed', evidence: 'Form signed at the review interview' }

const recordConsent = async (stage: Stage, said: Said): Promise<void> => {
  // The database's clock decides what is still to come, and may be a moment behind this one.
  const happenedAt = new Date(Date.now() - 500).toISOString()
  const path = `/v1/offenders/${storyId('sam')}/consent-events`
  const { status } = await stage.ask('keyworker', { method: 'POST', path, body: { ...said, happenedAt } })
  mustBe(status === 201, `recording consent ${said.kind} was answered ${status}`)
}

const consentWithdrawn: Step = {
  title: 'Sam’s key worker records that Sam withdraws consent; the very next enquiry is refused',
  async tell(stage) {
    given(await enquire(stage, 'analyst', { about: 'sam', categories: ['engagement'] }), 'engagement')
    const putBack = stage.putBackLater(() => recordConsent(stage, again))
    await recordConsent(stage, { kind: 'withdrawn' })
    const refused = withheld(
      await enquire(stage, 'analyst', { about: 'sam', categories: ['engagement'] }),
      'engagement',
      'consent-withdrawn',
    )
    await recordConsent(stage, again)
    putBack()
    return inShort(refused)
  },
}

const consentGiven: Step = {
  title: 'Sam gives consent again, and the next enquiry is answered',
  async tell(stage) {
    const record = given(await enquire(stage, 'analyst', { about: 'sam', categories: ['engagement'] }), 'engagement')
    return `${record.category} from ${record.supplier.agencyId}, ${record.items.length} items`
  },
}

const reference = 'CALDER-HOUSING-008'

const findAgreement = async (stage: Stage): Promise<string> => {
  const { body } = await stage.ask<{ agreements: { agreementId: string; reference: string }[] }>('registrar', {
    method: 'GET',
    path: '/v1/agreements?limit=100',
  })
  const found = body.agreements.find((one) => one.reference === reference)
  mustBe(found !== undefined, `the registry has no ${reference}`)
  return found.agreementId
}

const lift = async (stage: Stage, agreementId: string): Promise<void> => {
  const { status } = await stage.ask('registrar', { method: 'DELETE', path: `/v1/agreements/${agreementId}/suspension` })
  mustBe(status === 200, `lifting the suspension was answered ${status}`)
}

const suspended: Step = {
  title: 'One party suspends the housing agreement: its gate closes for everyone at once',
  async tell(stage) {
    const agreementId = await findAgreement(stage)
    given(await enquire(stage, 'analyst', { about: 'sam', categories: ['accommodation'] }), 'accommodation')
    const putBack = stage.putBackLater(() => lift(stage, agreementId))
    const { status } = await stage.ask('signatory-calder-housing', {
      method: 'POST',
      path: `/v1/agreements/${agreementId}/suspension`,
      body: { why: 'The annual review found a fault in how copies are destroyed' },
    })
    mustBe(status === 200, `the suspension was answered ${status}`)
    const refused = withheld(
      await enquire(stage, 'analyst', { about: 'sam', categories: ['accommodation'] }),
      'accommodation',
      'isa-suspended',
    )
    await lift(stage, agreementId)
    putBack()
    return `${reference}: ${inShort(refused)}`
  },
}

const lifted: Step = {
  title: 'The registrar lifts the suspension, and the gate opens again',
  async tell(stage) {
    const record = given(await enquire(stage, 'analyst', { about: 'sam', categories: ['accommodation'] }), 'accommodation')
    return `${record.category} from ${record.supplier.agencyId} under ${record.agreement?.reference ?? '?'}`
  },
}

const hanging: Step = {
  title: 'The youth offending service’s system hangs: it is named, and the others answer',
  ownStageOnly: true,
  async tell(stage) {
    stage.systems?.misbehave('calder-yos', 'hang')
    const began = performance.now()
    try {
      const reply = await enquire(stage, 'analyst', { about: 'jordan', categories: ['asset', 'oasys', 'engagement'] })
      given(reply, 'oasys')
      given(reply, 'engagement')
      const missing = reply.body.unavailable.find((one) => one.category === 'asset')
      mustBe(missing?.because === 'timeout' && missing.supplierAgencyId === 'calder-yos', 'the system that hung is not named')
      return `after ${Math.round(performance.now() - began)} ms: asset (calder-yos) unavailable, “${missing.says}” Next: ${missing.nextStep}`
    } finally {
      stage.systems?.misbehave('calder-yos', null)
    }
  },
}

const mended: Step = {
  title: 'The system answers again, and so does the next enquiry',
  ownStageOnly: true,
  async tell(stage) {
    const record = given(await enquire(stage, 'analyst', { about: 'jordan', categories: ['asset'] }), 'asset')
    return `${record.category} from ${record.supplier.agencyId}`
  },
}

export const changes: Chapter = {
  title: 'What changes takes effect at once',
  steps: [consentWithdrawn, consentGiven, suspended, lifted, hanging, mended],
}
