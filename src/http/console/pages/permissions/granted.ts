import { errorsIn, type FormError, given } from '../../act/fields.ts'
import type { Form } from '../../doors/read-form.ts'
import type { Page, PageAnswer } from '../../page.ts'
import { refused } from '../../refused.ts'
import { emptyReasons, reasonFields } from '../people/reasons-asked.ts'

/** What the chair released to the person, read by that person: decided again each time, with who read it, when and under which entry. */
export const granted: Page = {
  path: '/console/permissions/granted/:permissionId',
  title: 'Read what was released to you',
  section: 'permissions',
  roles: [],
  open: () => Promise.resolve(grantedForm({}, [])),
  submit: async ({ form, ask, params }) => {
    if (form.text('_step') !== 'read') return grantedForm(form.values, [])
    const reasons = given(Object.fromEntries(reasonFields.map(({ name }) => [name, form.text(name)])))
    const told = await ask('retrieveDisclosure', {
      params: { permissionId: params['permissionId'] ?? '' },
      body: { ...reasons, manner: 'view' },
    })
    const errors = told.body['code'] === 'request-incomplete' ? emptyReasons(form.text) : errorsIn(told, reasonFields)
    if (errors.length > 0) return grantedForm(form.values, errors)
    if (told.status !== 200) return refused(told)
    const data = { released: told.body, entryId: told.entryId, marking: told.body['marking'] }
    return { view: 'permissions/granted.njk', title: 'Released to you', data }
  },
}

const grantedForm = (values: Form['values'], errors: readonly FormError[]): PageAnswer => ({
  view: 'permissions/granted-form.njk',
  status: errors.length > 0 ? 422 : 200,
  data: { fields: reasonFields, values, errors },
})
