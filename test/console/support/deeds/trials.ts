import { agencyDeeds } from './agency-deeds.ts'
import { agreementDeeds } from './agreement-deeds.ts'
import type { Trial } from './deed.ts'
import { meetingDeeds } from './meeting-deeds.ts'
import { permissionDeeds } from './permission-deeds.ts'
import { policyDeeds } from './policy-deeds.ts'
import { reviewDeeds } from './review-deeds.ts'

/** Every form that changes something, by its path in the table of pages. */
export const trials: Readonly<Record<string, Trial>> = {
  ...permissionDeeds,
  ...agreementDeeds,
  ...agencyDeeds,
  ...meetingDeeds,
  ...reviewDeeds,
  ...policyDeeds,
}
