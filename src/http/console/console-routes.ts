import { Router, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { Contract } from '../contract.ts'
import type { Doors } from '../serve-operation.ts'
import type { ConsoleUses } from './console-uses.ts'
import { makeDesk, type Desk } from './desk.ts'
import { cookieNames, droppedCookie, hashOf, readCookie } from './doors/cookies.ts'
import { readForm } from './doors/read-form.ts'
import { carriesToken, comesFromHere } from './doors/same-origin.ts'
import { pages } from './pages.ts'
import { publicPages } from './pages/help/public-pages.ts'
import { findSession, servePage } from './serve-page.ts'
import { signInRoutes } from './sign-in/sign-in-routes.ts'
import { assets } from './view/assets.ts'

/** No script runs at all, nothing comes from elsewhere, and a form leads to this house alone. */
const guard = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
  },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  // `no-referrer` would take the Origin off our own forms (Fetch, 3.2: "null"), by which they are told from others'.
  referrerPolicy: { policy: 'same-origin' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  xFrameOptions: { action: 'deny' },
})

/** Everything below /console, in the order in which it is asked. Loaded when first visited, so that a start does not wait for it. */
export const consoleRoutes = (doors: Doors, contract: Contract, uses: ConsoleUses): Router => {
  const desk = makeDesk(doors, contract, uses)
  const router = Router({ caseSensitive: true, strict: true })
  router.use(guard)
  router.use((_request, response, next) => {
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-request-id', desk.visitOf(response).requestId)
    next()
  })
  for (const { path, content } of assets()) router.get(path, stylesheet(content))
  signInRoutes(router, desk)
  router.post('/console/sign-out', signOut(desk))
  for (const page of publicPages) {
    router.get(page.path, async (request, response) => {
      const session = (await findSession(desk, request)) ?? undefined
      await desk.show(request, response, { view: page.view, title: page.title, data: await page.data(uses), session })
    })
  }
  for (const page of pages) {
    router.get(page.path, servePage(desk, page))
    if (page.submit !== undefined) router.post(page.path, servePage(desk, page))
  }
  router.use((request, response) => desk.nothingHere(request, response))
  return router
}

const stylesheet =
  (content: string): RequestHandler =>
  (_request, response) => {
    response.setHeader('cache-control', 'public, max-age=31536000, immutable')
    response.setHeader('content-type', 'text/css; charset=utf-8')
    response.end(content)
  }

const signOut =
  (desk: Desk): RequestHandler =>
  async (request, response) => {
    const token = readCookie(request, cookieNames.session)
    const session = comesFromHere(request, desk.originOf(request)) ? await findSession(desk, request) : null
    if (token !== null && session !== null && carriesToken(await readForm(request), session)) {
      await desk.uses.stores.endSession(hashOf(token))
      response.append('set-cookie', droppedCookie(cookieNames.session))
    }
    desk.redirect(response, '/console/sign-in')
  }
