import { fileURLToPath } from 'node:url'
import nunjucks from 'nunjucks'
import type { Answer } from '../../core/answer.ts'
import { assetPaths } from '../console/view/assets.ts'
import { instantWords, words } from '../console/view/words.ts'

export interface Page {
  readonly status: number
  readonly html: string
}

const makeEnvironment = (): nunjucks.Environment => {
  const made = new nunjucks.Environment(new nunjucks.FileSystemLoader(fileURLToPath(new URL('.', import.meta.url))), {
    ...{ autoescape: true, trimBlocks: true, lstripBlocks: true },
  })
  made.addFilter('words', words)
  made.addFilter('instant', instantWords)
  return made
}

let environment: nunjucks.Environment | null = null

const render = (view: string, data: object): string => {
  environment ??= makeEnvironment()
  return environment.render(view, { ...data, assets: assetPaths() })
}

/** A page of which there is one, made when it is first asked for: nothing of a request is in it. */
const always = (status: number, view: string, data: object): (() => Page) => {
  let html: string | null = null
  return () => ({ status, html: (html ??= render(view, data)) })
}

/** What is read of an opened package here; the template reads the rest. */
interface Told {
  readonly holder: { readonly displayName: string; readonly agencyName: string }
  readonly watermark: { readonly readAt: string; readonly entryId: string }
  readonly marking: string
  readonly receipt: unknown
}

const said = (title: string, says: string) => ({ title, says })

export const pages = {
  form: always(200, 'form.njk', { title: 'Open a sealed package' }),
  staysShut: always(403, 'form.njk', {
    title: 'Open a sealed package',
    error: 'Nothing was opened. Check the code, or ask whoever gave you the link for a new one.',
  }),
  tooOften: always(429, 'form.njk', {
    title: 'Open a sealed package',
    error: 'Nothing was opened: there were too many tries from here. Wait a minute.',
  }),
  notLikeThis: always(400, 'said.njk', said('Nothing was opened', 'Open the link again and type the code into its form.')),
  otherMethod: always(405, 'said.njk', said('Nothing was opened', 'Open the link in a browser.')),
  unavailable: always(503, 'said.njk', said('Nothing was shown', 'The gateway cannot answer now. Try again in a minute.')),
  failed: always(
    500,
    'said.njk',
    said('Nothing was shown', 'Something went wrong here, and it was recorded. Ask whoever gave you the link.'),
  ),
  /** Only ever made from an answer with its entry behind it. */
  opened: (answer: Answer): Page => {
    if (answer.entryId === null || answer.entryId === '') return pages.failed()
    const told = answer.body as Told
    const { holder, watermark, marking } = told
    const opened = `Opened by ${holder.displayName} (${holder.agencyName}) on ${instantWords(watermark.readAt)}, entry ${watermark.entryId}`
    const data = { title: 'What you may know', told, opened, mark: words(marking).toUpperCase(), receipt: JSON.stringify(told.receipt) }
    return { status: 200, html: render('opened.njk', data) }
  },
}
