import type { Reply } from '../../support/ask.ts'

const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g
const counted = /r=\d+;t=\d+/g

/**
 * Everything an asker could tell two answers apart by, but for the ids and the time of the request itself: status, headers in the
 * order in which they came, and the bytes of the body.
 */
export const fingerprint = (reply: Reply): string => {
  const headers = [...reply.headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${plain(value)}`)
  return [reply.status, ...headers, plain(reply.text)].join('\n')
}

const plain = (text: string): string => text.replace(ids, '<id>').replace(instants, '<instant>').replace(counted, 'r=<n>;t=<n>')

/** In groups, so that many requests share commits and connections without standing in each other's way. */
export const inGroups = async <Value, Result>(
  values: readonly Value[],
  act: (value: Value) => Promise<Result>,
  size = 40,
): Promise<Result[]> => {
  const results: Result[] = []
  for (let at = 0; at < values.length; at += size) results.push(...(await Promise.all(values.slice(at, at + size).map(act))))
  return results
}
