import { dirname } from 'node:path'
import { filesBelow, type TextFile } from './files.ts'

const LINES_OF_SOURCE = 300
const LINES_OF_TEST = 400
const FILES_IN_A_FOLDER = 12

/** Generated from the contract: read as a list, not as code. */
const exempt = ['src/http/generated/']

export interface SizeCheck {
  readonly filesSeen: number
  readonly faults: readonly string[]
}

export const checkSizes = (root: string): SizeCheck => {
  const files = filesBelow(root, ['src', 'test', 'bin'], ['.ts', '.mjs']).filter(({ path }) => !exempt.some((one) => path.startsWith(one)))
  return { filesSeen: files.length, faults: [...longFiles(files), ...fullFolders(root), ...strangeNames(files)] }
}

const linesOf = ({ text }: TextFile): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

const longFiles = (files: readonly TextFile[]): readonly string[] =>
  files.flatMap((file) => {
    const most = file.path.startsWith('test/') ? LINES_OF_TEST : LINES_OF_SOURCE
    return linesOf(file) > most ? [`${file.path} has ${linesOf(file)} lines; ${most} is the most`] : []
  })

const fullFolders = (root: string): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { path } of filesBelow(root, ['src', 'test', 'docs', 'bin', 'openapi', 'migrations'], [''])) {
    if (!path.startsWith('docs/decisions/') && !path.startsWith('migrations/'))
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count > FILES_IN_A_FOLDER)
    .map(([folder, count]) => `${folder} has ${count} files; ${FILES_IN_A_FOLDER} is the most`)
}

const kebab = /(^|\/)[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs)$/

const strangeNames = (files: readonly TextFile[]): readonly string[] =>
  files.filter(({ path }) => !kebab.test(path)).map(({ path }) => `${path} is not named in kebab case`)
