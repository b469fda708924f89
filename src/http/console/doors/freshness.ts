import type { Session } from '../console-uses.ts'

/** What binds is asked for soon after the person proved who they are: to open its form, and to send it. */
const FRESH_TO_OPEN_MS = 5 * 60_000
const FRESH_TO_BIND_MS = 15 * 60_000

/** Did the person prove who they are lately enough, by the database's clock, to open a form that binds, or to send it? */
export const isFresh = ({ authenticatedAt, at }: Pick<Session, 'authenticatedAt' | 'at'>, binding: boolean): boolean =>
  at.getTime() - authenticatedAt.getTime() < (binding ? FRESH_TO_BIND_MS : FRESH_TO_OPEN_MS)
