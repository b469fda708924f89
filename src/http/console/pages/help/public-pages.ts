import type { ConsoleUses } from '../../console-uses.ts'

/** Pages that everybody may read: they hold nothing about anybody. */
export interface PublicPage {
  readonly path: string
  readonly title: string
  readonly view: string
  readonly data: (uses: ConsoleUses) => Promise<Readonly<Record<string, unknown>>>
}

export const publicPages: readonly PublicPage[] = [
  {
    path: '/console/help',
    title: 'Reasons for refusals',
    view: 'help/help.njk',
    data: async (uses) => ({ reasons: await uses.reasons() }),
  },
  {
    path: '/console/accessibility',
    title: 'Accessibility statement',
    view: 'help/accessibility.njk',
    data: () => Promise.resolve({}),
  },
]
