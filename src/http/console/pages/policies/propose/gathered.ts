import type { PolicyBundle } from '../../../../../core/decision/bundle.ts'
import { PolicyError } from '../../../../../core/decision/policy.ts'
import { bundleFolders, bundleIn, bundleOf, singleFiles } from '../../../../../gateway/policies/bundle-files.ts'
import { policyHash } from '../../../../../gateway/policies/policy-files.ts'
import type { FormError } from '../../../act/fields.ts'
import type { Form, FormFile } from '../../../doors/read-form.ts'

/** The rules that a form brought, or what is wrong with them: file by file and line by line. */
export type Gathered =
  | { readonly bundle: PolicyBundle; readonly hash: string; readonly text: string }
  | { readonly errors: readonly FormError[]; /** What can be mended where it was typed. */ readonly text: string }

const MOST_TOLD = 50
/** As large as the contract lets a proposal be. */
const MOST_BYTES = 1024 * 1024

/** Text that was typed, one file that holds everything, or the folder of files that the rules are kept in. */
export const gather = (form: Form): Gathered => {
  const typed = String(form.values['bundle'] ?? '').replaceAll('\r\n', '\n')
  const file = form.files.find(({ field }) => field === 'file')
  const folder = form.files.filter(({ field }) => field === 'folder').map(inFolder)
  const given = [typed.trim() !== '', file !== undefined, folder.length > 0].filter(Boolean).length
  if (given !== 1) return { errors: [error(given === 0 ? nothing : severalWays, 'bundle')], text: typed }
  if (folder.length > 0 && !hasRules(folder)) return { errors: [error(wrongFolder, 'folder')], text: '' }
  if (folder.length > 0) return read('folder', '', () => bundleOf(folder.filter(({ name }) => isOfBundle(name))))
  const text = file?.text ?? typed
  return read(file === undefined ? 'bundle' : 'file', text, () => bundleIn({ name: '', text }))
}

const nothing = 'Enter the rules as text, or choose a file or a folder'
const wrongFolder = 'These are not the rules: choose the folder with release/, categories/ and reasons.yaml in it'
const severalWays = 'Give the rules in one way: as text, as one file, or as a folder'

const error = (text: string, name: string): FormError => ({ text, href: `#${name}`, name })

/** A browser puts the name of the folder that was chosen before each file's own. */
const inFolder = ({ name, text }: FormFile) => ({ name: name.split('/').slice(1).join('/'), text })

/** Tests, agreements and whatever else stands beside the rules are no part of them. */
const isOfBundle = (name: string): boolean =>
  name.endsWith('.yaml') && (singleFiles.includes(name) || bundleFolders.some((folder) => name.startsWith(`${folder}/`)))

const hasRules = (files: readonly { readonly name: string }[]): boolean =>
  ['release/', 'categories/', 'reasons.yaml'].every((start) => files.some(({ name }) => name.startsWith(start)))

const read = (field: string, text: string, make: () => PolicyBundle): Gathered => {
  try {
    const bundle = make()
    if (Buffer.byteLength(JSON.stringify(bundle)) > MOST_BYTES) return { errors: [error('These rules are larger than 1 MB.', field)], text }
    return { bundle, hash: policyHash(bundle), text: text === '' ? JSON.stringify(bundle, null, 1) : text }
  } catch (thrown) {
    const problems =
      thrown instanceof PolicyError ? thrown.problems : ['This is no bundle of rules: it needs stages, categories and reasons.']
    return { errors: problems.slice(0, MOST_TOLD).map((problem) => error(inWords(problem), text === '' ? field : 'bundle')), text }
  }
}

/** `file:line: what` as one says it. */
const inWords = (problem: string): string => {
  const [, name = '', line, what] = /^([^:]*):(\d+): ([\s\S]*)$/.exec(problem) ?? []
  if (line === undefined || what === undefined) return problem
  return `${name === '' ? 'Line' : `${name}, line`} ${line}: ${what}`
}
