import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import { everything, onlyImporter, type Room, rooms } from './rooms.ts'

export interface ImportCheck {
  readonly modulesSeen: number
  /** One sentence each: which rule, from where to where. */
  readonly faults: readonly string[]
}

/** Reads every module below `src` of that root, types included, and holds it against the import table. */
export const checkImports = async (root: string): Promise<ImportCheck> => {
  const { output } = await cruise(['src'], {
    baseDir: root,
    // `import type` shapes a room as much as any other import.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    validate: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    ruleSet: { forbidden: [...Object.entries(rooms).map(roomRule), ...oneDoor(), noStrangers, noUnresolved, noCycles] },
  })
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text where modules were asked for')
  return { modulesSeen: modulesIn(output), faults: output.summary.violations.map((one) => `${one.rule.name}: ${one.from} -> ${one.to}`) }
}

const modulesIn = (result: ICruiseResult): number => result.modules.filter(({ source }) => source.startsWith('src/')).length

const roomRule = ([name, room]: readonly [string, Room]): IForbiddenRuleType => ({
  name: `room ${name}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { pathNot: allowedFrom(name, room) },
})

const allowedFrom = (name: string, room: Room): string[] => [
  ...[name, ...room.rooms].map((one) => `^src/${one}/`),
  ...room.packages.map((one) => `(^|/)node_modules/(@types/)?${one}/`),
  ...(room.builtins === 'all' ? [nodeBuiltin] : room.builtins.map((one) => `^(node:)?${one}$`)),
]

/** Node's own modules bear their bare name, e.g. `fs/promises`; nothing else that is resolved is without a folder of ours before it. */
const nodeBuiltin = '^(node:)?[a-z][a-z0-9_]*(/(promises|consumers|web|types))?$'

const oneDoor = (): IForbiddenRuleType[] =>
  Object.entries(onlyImporter).map(([name, path]) => ({
    name: `one door for ${name}`,
    severity: 'error',
    from: { path: '^src/', pathNot: [path, everything] },
    // Whoever hands a connection on may name its type.
    to: { path: `(^|/)node_modules/(@types/)?${name}/`, dependencyTypesNot: ['type-only'] },
  }))

const noStrangers: IForbiddenRuleType = {
  name: 'a room that the table does not know',
  severity: 'error',
  from: { path: '^src/', pathNot: [everything, `^src/(${Object.keys(rooms).join('|')})/`] },
  to: {},
}

const noUnresolved: IForbiddenRuleType = {
  name: 'leads nowhere',
  severity: 'error',
  from: { path: '^src/' },
  to: { couldNotResolve: true },
}

const noCycles: IForbiddenRuleType = {
  name: 'a circle of imports',
  severity: 'error',
  from: { path: '^src/' },
  to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
}
