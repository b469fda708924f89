import type { Page } from '../../page.ts'
import { emergency, lookAgain } from './emergency.ts'
import { decideEmergency, noteLook, openEmergency } from './emergency-acts.ts'
import { emergencyReviews } from './reviews.ts'

/** Access in an emergency, and what is made of it afterwards. */
export const emergencyPages: readonly Page[] = [emergencyReviews, openEmergency, emergency, lookAgain, noteLook, decideEmergency]
