import { describe, expect, it } from 'vitest'
import { type ConsentFollowUp, planConsent } from '../../../src/core/casework/strand/consent-consequence.ts'
import type { Subject } from '../../../src/core/snapshot.ts'

const at = new Date('2026-11-22T12:00:00Z')
const tie = (agencyId: string, toAt: Date | null = null) =>
  ({ kind: 'case-manager', agencyId, personSub: 'x', fromAt: new Date(0), toAt }) as const
const subject = {
  leadAgencyId: 'probation',
  custodyAgencyId: null,
  relationships: [tie('probation'), tie('provider'), tie('gone', new Date('2026-01-01T00:00:00Z'))],
} as unknown as Subject
const plan = (followUp: ConsentFollowUp, more: Partial<Subject> = {}, police: readonly string[] = ['police']) =>
  planConsent(followUp, { subject: { ...subject, ...more }, police, at })

describe('whom an answer is told to, and who is asked', () => {
  it('is whoever works with the person now and the lead, and nobody is asked, where no question is put', () => {
    expect(plan(null)).toEqual({ told: ['probation', 'provider'], consequence: null, ownerAgencyId: null })
  })

  it('is the police as well, who decide', () => {
    expect(plan('police-strand-decision')).toMatchObject({ told: ['probation', 'provider', 'police'], ownerAgencyId: 'police' })
  })

  it('is the lead where no police serve the area, and nobody where there is no lead either', () => {
    expect(plan('police-strand-decision', {}, []).ownerAgencyId).toBe('probation')
    expect(plan('police-strand-decision', { leadAgencyId: null }, []).ownerAgencyId).toBeNull()
  })

  it('is the lead for the return, and the police where nobody leads', () => {
    expect(plan('return-review').ownerAgencyId).toBe('probation')
    expect(plan('return-review', { leadAgencyId: null }).ownerAgencyId).toBe('police')
  })

  it('waits for the release of somebody in custody, with nobody asked meanwhile', () => {
    const inCustody = plan('police-strand-decision', { custodyAgencyId: 'prison' })
    expect(inCustody).toMatchObject({ consequence: { when: 'at-release' }, ownerAgencyId: null })
    expect(inCustody.told).toContain('police')
  })
})
