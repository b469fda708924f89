import type { Page } from 'playwright-core'
import type { Answers } from '../support/html-form.ts'
import type { Place } from '../support/places.ts'

const sendForm = (action: string, fields: Readonly<Record<string, string>>): string => `{
  const form = Object.assign(document.createElement('form'), { method: 'post', action: ${JSON.stringify(action)} })
  const token = document.querySelector('input[name="_token"]').value
  for (const [name, value] of Object.entries({ _token: token, ...${JSON.stringify(fields)} }))
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
  document.body.append(form)
  form.submit()
}`

/** Comes to a page as its persona does: by its address, or by the form of another page that leads to it. */
export const comeTo = async (page: Page, url: string, { path, opens }: Pick<Place, 'path' | 'opens'>): Promise<void> => {
  if (opens === null) return void (await page.goto(url + path))
  await page.goto(`${url}/console`)
  await page.evaluate(sendForm(path, opens))
  await page.waitForURL(url + path)
}

const asking = 'main form:has(textarea, input[type="text"], input[type="radio"], select)'

const fillForm = (text: string): string => `(() => {
  const form = document.querySelector(${JSON.stringify(asking)})
  if (form === null) return false
  for (const field of form.querySelectorAll('textarea, input[type="text"]')) field.value = ${JSON.stringify(text)}
  for (const select of form.querySelectorAll('select')) select.selectedIndex = Math.min(1, select.options.length - 1)
  const groups = new Set()
  for (const choice of form.querySelectorAll('input[type="radio"], input[type="checkbox"]')) {
    if (!groups.has(choice.name)) choice.checked = true
    groups.add(choice.name)
  }
  return true
})()`

/** Fills in every question of the page's own form: the text in each field for words, the first of each choice; false: it asks nothing. */
export const fillAll = (page: Page, text: string): Promise<boolean> => page.evaluate<boolean>(fillForm(text))

const answerForm = (answers: Answers): string => `{
  for (const [name, given] of Object.entries(${JSON.stringify(answers)})) {
    const values = [given].flat()
    for (const field of document.querySelectorAll('main [name="' + name + '"]')) {
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value)
      else field.value = values[0]
    }
  }
}`

/** Answers each question as it is told to; those of which nothing is said stay as they are. */
export const fillAnswers = (page: Page, answers: Answers): Promise<void> => page.evaluate(answerForm(answers))

/** Presses the first button of the page's own form; false: there is none. */
export const press = async (page: Page): Promise<boolean> => {
  const own = page.locator(`${asking} button[type="submit"]`)
  const any = page.locator('main form button[type="submit"]')
  const button = (await own.count()) > 0 ? own.first() : (await any.count()) > 0 ? any.first() : null
  if (button === null) return false
  await button.click()
  await page.waitForLoadState()
  return true
}
