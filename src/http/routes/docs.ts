import { readFileSync } from 'node:fs'
import { Router } from 'express'
import helmet from 'helmet'
import { changelogPath } from '../contract/changes/deprecation-headers.ts'

const page = `<!doctype html>
<html lang="en-GB">
  <head>
    <meta charset="utf-8">
    <title>Offender information gateway: the interface</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="interface"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#interface', deepLinking: true, supportedSubmitMethods: [], validatorUrl: null })\n`

const viewerFiles: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const changelogFile = new URL('../../../CHANGELOG.md', import.meta.url)

/** The contract as JSON, and a page to read it, served from here alone: no inline script, nothing from elsewhere. */
export const docsRoutes = (document: Readonly<Record<string, unknown>>): Router => {
  const router = Router({ caseSensitive: true, strict: true })
  const json = JSON.stringify(document)
  const guard = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  })
  router.use(['/openapi.json', '/docs'], guard)
  const offer = (path: string, type: string, content: () => string | Buffer) =>
    router.get(path, (_request, response) => {
      response.setHeader('content-type', type)
      response.setHeader('cache-control', 'no-cache')
      response.end(content())
    })
  offer('/openapi.json', 'application/json', () => json)
  offer('/docs', 'text/html; charset=utf-8', () => page)
  offer('/docs/start.js', 'text/javascript; charset=utf-8', () => start)
  offer(changelogPath, 'text/plain; charset=utf-8', onceRead(changelogFile))
  for (const [name, type] of Object.entries(viewerFiles))
    offer(`/docs/${name}`, type, onceRead(new URL(name, import.meta.resolve('swagger-ui-dist/package.json'))))
  return router
}

const onceRead = (file: URL): (() => Buffer) => {
  let content: Buffer | null = null
  return () => (content ??= readFileSync(file))
}
