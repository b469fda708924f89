import type { RequestHandler, Router } from 'express'
import type { PackageDoor } from '../../gateway/disclosure/package/package-door.ts'
import type { AppUses } from '../uses.ts'

/** The door for people outside any agency. Like the console it is loaded at the first visit. */
export const lazyPackagePage = (app: Pick<AppUses, 'logUnauthenticated' | 'log'>, uses: PackageDoor): RequestHandler => {
  let routes: Promise<Router> | null = null
  return async (request, response, next) => {
    if (!request.path.startsWith('/packages/')) return void next()
    routes ??= import('./package-routes.ts').then(({ packageRoutes }) => packageRoutes(app, uses))
    const router = await routes
    router(request, response, next)
  }
}
