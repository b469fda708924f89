import type { Session } from './console-uses.ts'
import type { Page, Section } from './page.ts'
import { pages } from './pages.ts'

/** Where each section of the menu begins. */
const sections: readonly { readonly section: Section; readonly path: string; readonly text: string }[] = [
  { section: 'home', path: '/console', text: 'Home' },
  { section: 'people', path: '/console/people', text: 'People' },
  { section: 'conferences', path: '/console/conferences', text: 'Conferences' },
  { section: 'permissions', path: '/console/permissions', text: 'Permissions' },
  { section: 'agreements', path: '/console/agreements', text: 'Agreements' },
  { section: 'agency', path: '/console/agency', text: 'My agency' },
  { section: 'log', path: '/console/log', text: 'Access log' },
  { section: 'policies', path: '/console/policies', text: 'Rules' },
  { section: 'foi', path: '/console/foi', text: 'Information requests' },
  { section: 'rights', path: '/console/rights', text: 'Rights requests' },
]

export const menuFor = (session: Session, current: Section | undefined) =>
  sections
    .filter(({ path }) => pages.some((page) => page.path === path && isOffered(page, session)))
    .map(({ section, path, text }) => ({ href: path, text, current: section === current }))

/** A page for these roles is offered to whoever holds one of them; whether it shows anything the operations behind it decide. */
export const isOffered = ({ roles }: Pick<Page, 'roles'>, { appointments }: Pick<Session, 'appointments'>): boolean =>
  roles.length === 0 || appointments.some(({ role }) => roles.includes(role))

/** What the home page offers this person. */
export const offersFor = (session: Session) =>
  pages.filter((page) => page.offers !== undefined && isOffered(page, session)).map(({ path, title, offers }) => ({ path, title, offers }))
