import { makeAct } from '../../../act/make-act.ts'
import type { Page, PageRequest } from '../../../page.ts'
import { refused } from '../../../refused.ts'

const contacts = ['spoc'] as const
const permissions = { href: '/console/permissions/in-force', text: 'Permissions in force' }
const permissionOf = (params: PageRequest['params']) => ({ permissionId: params['permissionId'] ?? '' })
const packageOf = (params: PageRequest['params']) => ({ packageId: params['packageId'] ?? '' })

/** The link is told on the page that follows and nowhere else; the gateway sends it to nobody. */
const makePackage: Page = makeAct({
  path: '/console/permissions/granted/:permissionId/package',
  title: 'Make a sealed package',
  section: 'permissions',
  roles: contacts,
  operationId: 'makeDisclosurePackage',
  says: 'What the chair permitted is handed over to somebody outside any agency: with a link, which you are told once on the next page, and a code, which you get afterwards. You hand over the two by different ways. A package made before for the same permission opens no more.',
  fields: [],
  button: 'Make the package',
  request: (_form, params) => ({ params: permissionOf(params), body: {} }),
  done: () => 'The package is made.',
  finish: (told) => ({
    view: 'permissions/package/made.njk',
    title: 'The package is made',
    data: { made: told.body, entryId: told.entryId },
  }),
  back: permissions,
})

const sealedPackage: Page = {
  path: '/console/packages/:packageId',
  title: 'Sealed package',
  section: 'permissions',
  roles: contacts,
  open: async ({ ask, params }) => {
    const told = await ask('readDisclosurePackage', { params: packageOf(params) })
    return told.status === 200
      ? { view: 'permissions/package/package.njk', data: { sealed: told.body, entryId: told.entryId } }
      : refused(told)
  },
}

const getCode: Page = makeAct({
  path: '/console/packages/:packageId/code',
  title: 'Get a code for the package',
  section: 'permissions',
  roles: contacts,
  operationId: 'issuePackageCode',
  says: 'You are told the code once, on the next page. Give it to the person named in person or by telephone, never together with the link. Codes issued before open nothing any more.',
  fields: [],
  button: 'Get the code',
  request: (_form, params) => ({ params: packageOf(params), body: {} }),
  done: () => 'The code is issued.',
  finish: (told) => ({
    view: 'permissions/package/code.njk',
    title: 'The code of the package',
    data: { issued: told.body, entryId: told.entryId },
  }),
  back: (params) => ({ href: `/console/packages/${params['packageId'] ?? ''}`, text: 'The package' }),
})

/** What is handed over to somebody outside, by the single point of contact. */
export const packagePages: readonly Page[] = [makePackage, sealedPackage, getCode]
