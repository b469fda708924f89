import express, { type Express, type RequestHandler } from 'express'
import { Fault } from '../core/fault.ts'
import type { Contract, ContractOperation } from './contract.ts'
import { lazyConsole } from './console/lazy-console.ts'
import { lazyPackagePage } from './package-page/lazy-package-page.ts'
import { presentProblem } from './present.ts'
import { problemOf } from './problem.ts'
import { makeHoldRate } from './rate-limit.ts'
import { logRequest } from './request-log.ts'
import { authzenRoutes } from './routes/authzen.ts'
import { docsRoutes } from './routes/docs.ts'
import { logTileRoutes } from './routes/log-tiles.ts'
import { healthRoutes } from './routes/health.ts'
import { presentFailure, serveOperation, type Doors } from './serve-operation.ts'
import { defaultOptions, type AppUses } from './uses.ts'
import { startVisit, visitOf } from './request/visit.ts'

/** The doors in order. The contract is the router: each of its paths and methods leads to the use case of its operationId. */
export const makeApp = (contract: Contract, uses: AppUses): Express => {
  refuseUnknownOperations(contract, uses)
  const options = { ...defaultOptions, ...uses.options }
  const doors: Doors = { uses, options, holdRate: makeHoldRate(uses, options) }
  const app = express()
  app.disable('x-powered-by').disable('etag').disable('trust proxy').set('query parser', false)
  app.enable('case sensitive routing').enable('strict routing')
  app.use(arrive(uses, options.maxInFlight))
  for (const path of new Set(contract.operations.map((operation) => operation.path))) {
    addPath(
      app,
      doors,
      contract.operations.filter((operation) => operation.path === path),
    )
  }
  app.use(healthRoutes(uses), docsRoutes(contract.document), authzenRoutes(options))
  if (uses.tree !== undefined) app.use(logTileRoutes(uses.tree, (message, cause) => uses.log.warn({ err: cause }, message)))
  if (uses.console !== undefined) app.use(lazyConsole(doors, contract, uses.console))
  if (uses.packages !== undefined) app.use(lazyPackagePage(uses, uses.packages))
  app.use(nothingHere)
  app.use(failed(uses))
  return app
}

const refuseUnknownOperations = (contract: Contract, uses: AppUses): void => {
  const known = new Set(contract.operations.map((operation) => operation.operationId))
  const stranger = Object.keys(uses.operations).find((operationId) => !known.has(operationId))
  if (stranger !== undefined) throw new Error(`the contract has no operation ${stranger}`)
}

const addPath = (app: Express, doors: Doors, operations: readonly ContractOperation[]): void => {
  const route = app.route((operations[0] as ContractOperation).path.replaceAll(/\{(\w+)\}/g, ':$1'))
  const allow = operations.map(({ method }) => method.toUpperCase()).toSorted()
  // Express would answer HEAD with what GET releases, and OPTIONS by itself.
  route.head(wrongMethod(allow))
  for (const operation of operations) route[operation.method](serveOperation(doors, operation))
  route.all(wrongMethod(allow))
}

const wrongMethod =
  (allow: readonly string[]): RequestHandler =>
  (_request, response) => {
    const visit = visitOf(response)
    visit.headers['allow'] = allow.join(', ')
    presentProblem(visit, problemOf(new Fault('method-not-allowed', `Use ${allow.join(' or ')} here.`), { entryId: null }))
  }

/** Gives the request its id, counts it, and turns it away early where too many are at work. */
const arrive = (uses: AppUses, maxInFlight: number): RequestHandler => {
  let inFlight = 0
  return (request, response, next) => {
    const visit = startVisit(request, response)
    inFlight += 1
    uses.metrics.inFlight.set(inFlight)
    response.once('close', () => {
      inFlight -= 1
      uses.metrics.inFlight.set(inFlight)
      const ended = { status: response.statusCode, aborted: !response.writableFinished, ms: performance.now() - visit.arrivedAt }
      uses.metrics.observe(visit.operation?.operationId ?? 'none', ended.status, ended.ms)
      logRequest(uses.log, visit, ended)
    })
    // A request line without a version is HTTP/0.9, which has no headers and no end.
    if (request.httpVersionMajor < 1)
      return void presentProblem(visit, problemOf(new Fault('malformed', 'HTTP/1.1 is spoken here.'), { entryId: null }))
    // The process is alive however busy it is.
    if (inFlight <= maxInFlight || request.url === '/health/liveness') return void next()
    const busy = new Fault('unavailable', 'too many requests at once', { retryAfterSeconds: 1 })
    presentProblem(visit, problemOf(busy, { entryId: null }))
  }
}

const nothingHere: RequestHandler = (_request, response) => {
  presentProblem(visitOf(response), problemOf(new Fault('not-found', 'There is nothing at this address.'), { entryId: null }))
}

/** Express lands here with a path it cannot decode, which leads nowhere, and with bugs. */
const failed =
  (uses: AppUses): express.ErrorRequestHandler =>
  (error, request, response, _next) => {
    if (error instanceof URIError) return nothingHere(request, response, _next)
    presentFailure(uses, visitOf(response), error)
  }
