import { errorsIn, type Field, type FormError, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer } from '../../page.ts'
import { refused } from '../../refused.ts'
import { asksForPaper, mannerField } from '../minutes/manner.ts'
import { emptyReasons, reasonFields } from '../people/reasons-asked.ts'

const fields: readonly Field[] = [...reasonFields, { ...mannerField, label: 'How will you read it?' }]

/** What the chair released to the person, read by that person: decided again each time, with who read it, when and under which entry. */
export const granted: Page = {
  path: '/console/permissions/granted/:permissionId',
  title: 'Read what was released to you',
  section: 'permissions',
  roles: [],
  open: () => Promise.resolve(grantedForm({ manner: 'view' }, [])),
  submit: async ({ form, ask, params }) => {
    if (form.text('_step') !== 'read') return grantedForm(form.values, [])
    const body = given(Object.fromEntries(fields.map(({ name }) => [name, form.text(name)])))
    const told = await ask('retrieveDisclosure', {
      params: { permissionId: params['permissionId'] ?? '' },
      body,
    })
    const errors = told.body['code'] === 'request-incomplete' ? emptyReasons(form.text) : errorsIn(told, fields)
    if (errors.length > 0) return grantedForm(form.values, errors)
    if (told.status !== 200) return refused(told)
    // By word of mouth only: then there is no paper, however it was asked for.
    const onPaper = asksForPaper(form) && !(told.body['obligations'] as readonly string[]).includes('verbal-only')
    const data = { released: told.body, onPaper, entryId: told.entryId, marking: told.body['marking'] }
    return { view: 'permissions/granted.njk', title: 'Released to you', data }
  },
}

const grantedForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'permissions/granted-form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { fields, values, errors },
})
