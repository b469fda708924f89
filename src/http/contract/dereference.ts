type Tree = Readonly<Record<string, unknown>>

/** The document with every local `$ref` replaced by what it points to; throws with the path of a reference that leads nowhere or round. */
export const dereference = (root: Tree): Tree => {
  // One object for one target: the validator that is compiled for it then serves every place that points there.
  const resolved = new Map<string, unknown>()
  const resolve = (target: string, path: string, through: readonly string[]): unknown => {
    if (through.includes(target)) throw new Error(`${path}: ${target} refers to itself`)
    if (!resolved.has(target)) resolved.set(target, walk(lookUp(root, target, path), path, [...through, target]))
    return resolved.get(target)
  }
  const walk = (node: unknown, path: string, through: readonly string[]): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => walk(item, `${path}[${index}]`, through))
    if (!isTree(node)) return node
    const target = node['$ref']
    if (typeof target !== 'string') {
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value, `${path}.${key}`, through)]))
    }
    const { $ref: _, ...beside } = node
    const found = resolve(target, path, through)
    return isTree(found) && Object.keys(beside).length > 0 ? { ...found, ...beside } : found
  }
  return walk(root, '$', []) as Tree
}

export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

const lookUp = (root: Tree, target: string, path: string): unknown => {
  if (!target.startsWith('#/')) throw new Error(`${path}: ${target} is not a reference into this document`)
  let node: unknown = root
  for (const part of target.slice(2).split('/')) {
    node = isTree(node) ? node[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  if (node === undefined) throw new Error(`${path}: ${target} leads nowhere`)
  return node
}
