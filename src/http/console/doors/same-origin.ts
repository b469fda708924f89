import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Session } from '../console-uses.ts'
import { hashOf } from './cookies.ts'
import type { Form } from './read-form.ts'

/** Did our own page send this form? Every browser names the origin of a POST; what names none, or another, does not come from a page of ours. */
export const comesFromHere = ({ headers }: IncomingMessage, ownOrigin: string): boolean => {
  const site = headers['sec-fetch-site']
  return headers.origin === ownOrigin && (site === undefined || site === 'same-origin')
}

/** The token of this session, which only its own pages hold; one of another session, or of one that is over, is no token. */
export const carriesToken = (form: Form, session: Session): boolean =>
  timingSafeEqual(hashOf(form.text('_token')), hashOf(session.formToken))
