export interface Difference {
  readonly what: string
  readonly before: string
  readonly after: string
}

/** What two versions of the terms say differently, place by place; lists are compared as wholes of their members. */
export const differences = (before: unknown, after: unknown): readonly Difference[] => {
  const left = flat(before, '')
  const right = flat(after, '')
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((place) => left.get(place) !== right.get(place))
    .map((place) => ({ what: place, before: left.get(place) ?? 'not there', after: right.get(place) ?? 'not there' }))
}

const flat = (value: unknown, place: string): ReadonlyMap<string, string> => {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null))
    return new Map([[place, value.map(String).toSorted().join(', ') || 'none']])
  if (typeof value === 'object' && value !== null) {
    // A grant or a category keeps its place in a list by its id, so that one put in between does not shift the others.
    const parts = Array.isArray(value) ? value.map((one, index) => [idOf(one) ?? String(index + 1), one] as const) : Object.entries(value)
    return new Map(parts.flatMap(([name, one]) => [...flat(one, place === '' ? name : `${place} › ${name}`)]))
  }
  return new Map([[place, value === null || value === undefined ? 'none' : JSON.stringify(value).replaceAll(/^"|"$/g, '')]])
}

const idOf = (value: unknown): string | null => {
  const id = (value as { id?: unknown } | null)?.id
  return typeof id === 'string' ? id : null
}
