import type { RequestHandler, Router } from 'express'
import type { Contract } from '../contract.ts'
import type { Doors } from '../serve-operation.ts'
import type { ConsoleUses } from './console-uses.ts'

/** The console's door. What is behind it is loaded at the first visit: templates and style sheets are no part of a start. */
export const lazyConsole = (doors: Doors, contract: Contract, uses: ConsoleUses): RequestHandler => {
  let routes: Promise<Router> | null = null
  return async (request, response, next) => {
    if (request.path !== '/console' && !request.path.startsWith('/console/')) return void next()
    routes ??= import('./console-routes.ts').then(({ consoleRoutes }) => consoleRoutes(doors, contract, uses))
    const router = await routes
    router(request, response, next)
  }
}
