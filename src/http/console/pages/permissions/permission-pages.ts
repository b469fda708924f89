import type { Page } from '../../page.ts'
import { askDisclosure } from './act/ask-disclosure.ts'
import { decide } from './act/decide.ts'
import { acceptWords, answerInformation, askForInformation, proposeWords, revokePermission, withdrawRequest } from './act/moves.ts'
import { granted } from './granted.ts'
import { inForce } from './in-force.ts'
import { request } from './request.ts'
import { requests } from './requests.ts'

/** What is asked to leave a closed meeting, and what may: those with a fixed address before those with an id in its place. */
export const permissionPages: readonly Page[] = [
  requests,
  inForce,
  askDisclosure,
  granted,
  revokePermission,
  request,
  decide,
  askForInformation,
  answerInformation,
  withdrawRequest,
  proposeWords,
  acceptWords,
]
