import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export interface TextFile {
  /** Below the root, with slashes. */
  readonly path: string
  readonly text: string
}

/** Every file below those folders whose name ends so. A folder that is not there has none. */
export const filesBelow = (root: string, folders: readonly string[], endings: readonly string[]): readonly TextFile[] =>
  folders
    .flatMap((folder) =>
      entriesOf(join(root, folder)).map(({ parent, name }) => {
        const full = join(parent, name)
        return { path: relative(root, full).replaceAll('\\', '/'), full }
      }),
    )
    .filter(({ path }) => endings.some((ending) => path.endsWith(ending)))
    .map(({ path, full }) => ({ path, text: readFileSync(full, 'utf8') }))

const entriesOf = (folder: string): readonly { readonly parent: string; readonly name: string }[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({ parent: entry.parentPath, name: entry.name }))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw cause
  }
}
