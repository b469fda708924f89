import { fileURLToPath } from 'node:url'
import nunjucks from 'nunjucks'
import { assetPaths } from './assets.ts'
import { dayWords, instantWords, untilWords, words } from './words.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const packageOf = (name: string): string => fileURLToPath(new URL('.', import.meta.resolve(`${name}/package.json`)))

/** Everything that is put into a page is escaped, unless a component of GOV.UK Frontend, which escapes for itself, says otherwise. */
const makeEnvironment = (): nunjucks.Environment => {
  const places = [
    here('.'),
    here('../pages'),
    here('../act'),
    `${packageOf('govuk-frontend')}dist`,
    packageOf('@ministryofjustice/frontend'),
  ]
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(places), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  })
  environment.addGlobal('assets', assetPaths())
  environment.addFilter('words', words)
  environment.addFilter('day', dayWords)
  environment.addFilter('instant', instantWords)
  environment.addFilter('until', untilWords)
  environment.addFilter('isList', Array.isArray)
  environment.addFilter('isObject', (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value))
  return environment
}

let environment: nunjucks.Environment | null = null

/** The page as HTML; throws where a template is at fault. */
export const render = (view: string, data: Readonly<Record<string, unknown>>, agencyNames: ReadonlyMap<string, string>): string => {
  environment ??= makeEnvironment()
  return environment.render(view, { ...data, agencyName: (id: string) => agencyNames.get(id) ?? id })
}
