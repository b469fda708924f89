import { loadContract } from '../../../../contract.ts'
import { isTree } from '../../../../contract/dereference.ts'
import type { Option } from '../../../act/fields.ts'

/** What the gateway does by itself, or for somebody who is nobody's user, and writes to the log as an operation. */
const besides: readonly Option[] = [
  { value: 'acknowledgeRestore', text: 'Go on after a restore' },
  { value: 'authenticate', text: 'Turn away somebody who is not known' },
  { value: 'compareMiCase', text: 'Compare with MI-Case' },
  { value: 'detectMisuse', text: 'Look for misuse' },
  { value: 'endLogKey', text: 'End a key that signs the log' },
  { value: 'endorseLogKey', text: 'Let another key sign the log' },
  { value: 'exportLog', text: 'Export the log from the command line' },
  { value: 'intent', text: 'Ask another agency’s system' },
  { value: 'openDisclosurePackage', text: 'Open a sealed package' },
  { value: 'replayLog', text: 'Decide stored entries again' },
  { value: 'sendMove', text: 'Send a move to MI-Case' },
  { value: 'sweepClocks', text: 'Look at the clocks of cases' },
  { value: 'sweepRecalls', text: 'Look for copies to be asked back' },
]

let listed: readonly Option[] | null = null

/** Every operation that an entry can be of, by what it does. */
export const operationOptions = (): readonly Option[] =>
  (listed ??= [...besides, ...summaries()].toSorted((left, right) => left.text.localeCompare(right.text, 'en-GB')))

const summaries = (): readonly Option[] => {
  const { paths } = loadContract().document
  return Object.values(isTree(paths) ? paths : {})
    .flatMap((item) => Object.values(isTree(item) ? item : {}))
    .flatMap((one) => (isTree(one) && typeof one['operationId'] === 'string' ? [one] : []))
    .map(({ operationId, summary }) => ({ value: String(operationId), text: String(summary) }))
}
