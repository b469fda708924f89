import { type Notice, noticeOn } from './notice.ts'

/** Where integrators read what changes. */
export const changelogPath = '/docs/changelog'

/** All notices in a part of a resolved contract. */
export type FindNotices = (node: unknown) => readonly Notice[]

/** What many operations share is looked through once. */
export const findNotices = (): FindNotices => {
  const known = new WeakMap<object, readonly Notice[]>()
  const find = (node: unknown, where: string): readonly Notice[] => {
    if (typeof node !== 'object' || node === null) return []
    const found = known.get(node)
    if (found !== undefined) return found
    const own = noticeOn(node, where)
    const inside = Object.entries(node).flatMap(([key, value]) => find(value, key))
    const notices = own === null ? inside : [own, ...inside]
    known.set(node, notices)
    return notices
  }
  return (node) => find(node, 'the contract')
}

/**
 * RFC 9745 `Deprecation` and RFC 8594 `Sunset`: of the operation, or of whichever of its members ends first, with where more is told of it.
 * Days begin at midnight UTC.
 */
export const deprecationHeaders = (notices: readonly Notice[]): Readonly<Record<string, string>> => {
  const first = notices.toSorted((left, right) => (left.sunsetOn < right.sunsetOn ? -1 : 1))[0]
  if (first === undefined) return {}
  return {
    deprecation: `@${Date.parse(first.deprecatedOn) / 1000}`,
    sunset: new Date(first.sunsetOn).toUTCString(),
    link: `<${changelogPath}>; rel="deprecation", <${changelogPath}>; rel="sunset"`,
  }
}
