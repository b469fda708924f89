import type { Request, Response } from 'express'
import { Fault, faultStatus } from '../../core/fault.ts'
import { type Asking, callerOf, makeAsking } from './ask.ts'
import type { Session } from './console-uses.ts'
import type { Desk } from './desk.ts'
import { cookieNames, hashOf, readCookie } from './doors/cookies.ts'
import { isFresh } from './doors/freshness.ts'
import { readForm, type Form } from './doors/read-form.ts'
import { carriesToken, comesFromHere } from './doors/same-origin.ts'
import { offersFor } from './menu.ts'
import type { Page, PageAnswer, PageRequest } from './page.ts'
import { pathWithin } from './sign-in/sign-in-routes.ts'

/** The way of one page: who is looking; for a form, whether it is ours; whether they proved themselves lately; then the page. */
export const servePage =
  (desk: Desk, page: Page) =>
  async (request: Request, response: Response): Promise<void> => {
    const submitted = request.method === 'POST'
    const path = pathWithin(request.path)
    // A form from elsewhere is refused before anything of it is read.
    if (submitted && !comesFromHere(request, desk.originOf(request))) return notAccepted(desk, request, response, null)
    const session = await findSession(desk, request)
    if (session === null) return askToSignIn(desk, request, response)
    try {
      const form = submitted ? await readForm(request, page.takesBytes) : null
      desk.visitOf(response).completeAt = performance.now()
      if (form !== null && !carriesToken(form, session)) return void (await notAccepted(desk, request, response, session))
      if (page.binds === true && !isFresh(session, submitted)) {
        const data = { to: path }
        return void (await desk.show(request, response, {
          view: 'sign-in/again.njk',
          title: 'Confirm that it is you',
          status: submitted ? 403 : 200,
          data,
          session,
        }))
      }
      const visit = desk.visitOf(response)
      const spoilt = { fields: form?.spoiled ?? [], operationId: page.operationId ?? null }
      const asking = makeAsking(desk.doors, desk.contract, { visit, caller: callerOf(session, visit), spoilt })
      const answer = await answerOf(page, {
        session,
        params: request.params as Record<string, string>,
        query: desk.queryOf(request),
        form,
        asking,
        agencyNames: () => desk.uses.stores.agencyNames(),
        rules: () => desk.uses.rules(),
      })
      if ('to' in answer) return void desk.redirect(response, answer.to)
      if ('file' in answer) return void (await desk.download(response, answer.file, asking.shielded()))
      await desk.show(request, response, { title: page.title, ...answer, session, section: page.section, shielded: asking.shielded() })
    } catch (thrown) {
      await unable(desk, { request, response, session, thrown })
    }
  }

interface Looking {
  readonly session: Session
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly form: Form | null
  readonly asking: Asking
  readonly agencyNames: PageRequest['agencyNames']
  readonly rules: PageRequest['rules']
}

const answerOf = (page: Page, { asking, form, ...about }: Looking): Promise<PageAnswer> => {
  const request: PageRequest = { ...about, form, offers: offersFor(about.session), ask: asking.ask, check: asking.check }
  return form === null ? page.open(request) : page.submit!({ ...request, form })
}

/** The session of the browser's cookie, if there is one that is not over. */
export const findSession = async ({ uses }: Desk, request: Request): Promise<Session | null> => {
  const token = readCookie(request, cookieNames.session)
  return token === null ? null : uses.stores.touchSession(hashOf(token))
}

/** Nothing of the request is kept: after sign-in the same page is opened anew. */
const askToSignIn = async (desk: Desk, request: Request, response: Response): Promise<void> => {
  const to = pathWithin(request.path)
  // A Strict cookie stays behind when a link on another site leads here; from a page of ours it comes along.
  if (request.method === 'GET' && request.headers['sec-fetch-site'] === 'cross-site')
    return desk.show(request, response, { view: 'sign-in/signed-in.njk', title: 'One moment', data: { to } })
  desk.redirect(response, to === '/console' ? '/console/sign-in' : `/console/sign-in?to=${encodeURIComponent(to)}`)
}

const notAccepted = async (desk: Desk, request: Request, response: Response, session: Session | null): Promise<void> => {
  await desk.uses.logStranger('a form at the console did not come from a page of this session', request)
  const why = 'This form did not come from a page of your session, for instance because you signed in again since.'
  const data = { why, to: pathWithin(request.path) }
  await desk.show(request, response, {
    view: 'sign-in/not-accepted.njk',
    title: 'The form was not accepted',
    status: 403,
    data,
    session: session ?? undefined,
  })
}

interface Unable {
  readonly request: Request
  readonly response: Response
  readonly session: Session
  readonly thrown: unknown
}

/** What could not be read as a form, and what cannot be logged: nothing is released and nothing is told but that. */
const unable = async (desk: Desk, { request, response, session, thrown }: Unable): Promise<void> => {
  if (!(thrown instanceof Fault)) throw thrown
  if (thrown.code === 'unavailable') response.setHeader('retry-after', String(thrown.retryAfterSeconds ?? 1))
  desk.warn('a page could not be shown', thrown)
  const why =
    thrown.code === 'unavailable'
      ? 'The gateway cannot answer now. Nothing was released and nothing was changed. Try again shortly.'
      : thrown.message
  await desk.show(request, response, {
    view: 'unable.njk',
    title: 'This did not work',
    status: faultStatus[thrown.code],
    data: { why },
    session,
  })
}
