import ts from 'typescript'
import { filesBelow } from './files.ts'

export interface WordCheck {
  readonly filesSeen: number
  readonly faults: readonly string[]
}

/** What the text of a file may not say: the environment, a clock, chance or SQL in a room where they do not belong. */
export const checkWords = (root: string): WordCheck => {
  const files = filesBelow(root, ['src'], ['.ts']).filter(({ path }) => !path.startsWith('src/http/generated/'))
  const faults = files.flatMap(({ path, text }) => {
    const said = saidIn(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true))
    return said.filter(({ kind }) => !mayStand[kind](path)).map((one) => `${path}:${one.line} ${one.kind}: ${one.words}`)
  })
  return { filesSeen: files.length, faults }
}

type Kind = 'environment' | 'clock or chance' | 'SQL' | 'default export'

const mayStand: Record<Kind, (path: string) => boolean> = {
  environment: (path) => path === 'src/config.ts',
  'clock or chance': (path) => !path.startsWith('src/core/') && !path.startsWith('src/ledger/'),
  SQL: (path) => path.startsWith('src/db/'),
  'default export': () => false,
}

interface Said {
  readonly kind: Kind
  readonly line: number
  readonly words: string
}

const saidIn = (file: ts.SourceFile): readonly Said[] => {
  const found: Said[] = []
  const visit = (node: ts.Node): void => {
    const kind = kindOf(node)
    if (kind !== null) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
      found.push({ kind, line, words: node.getText(file).replaceAll(/\s+/g, ' ').slice(0, 60) })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const kindOf = (node: ts.Node): Kind | null => {
  if (ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword) return isDefaultClause(node) ? null : 'default export'
  if (isEnvironment(node)) return 'environment'
  if (isClockOrChance(node)) return 'clock or chance'
  return isSql(node) ? 'SQL' : null
}

const isDefaultClause = (node: ts.Node): boolean => ts.isDefaultClause(node.parent)

const isEnvironment = (node: ts.Node): boolean => {
  if (ts.isPropertyAccessExpression(node)) return node.expression.getText() === 'process' && node.name.text === 'env'
  return ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === 'env'
}

const chance = new Set([
  'randomBytes',
  'randomUUID',
  'randomUUIDv7',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'getRandomValues',
  'generateKey',
  'generateKeyPair',
  'generateKeyPairSync',
  'hrtime',
  'setTimeout',
  'setInterval',
])
const clocks = new Set(['Date.now', 'Math.random', 'performance.now', 'process.uptime'])

const isClockOrChance = (node: ts.Node): boolean => {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return true
  if (ts.isPropertyAccessExpression(node)) return clocks.has(node.getText())
  return ts.isIdentifier(node) && chance.has(node.text)
}

/** What begins like a statement, in a string or in a template, or is handed to `query`. */
const statement =
  /^\s*(select\s[\s\S]*\s(from|as)\s|select\s+\w+\s*\(|insert\s+into\s|update\s+[\w.]+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\(|(create|alter|drop)\s+(table|index|role|function|schema|database|trigger)\b|truncate\s|(grant|revoke)\s[\s\S]*\son\s|savepoint\s|rollback\s|set\s+local\s|lock\s+table\s)/i

const isSql = (node: ts.Node): boolean => {
  if (ts.isStringLiteralLike(node)) return statement.test(node.text)
  if (ts.isTemplateExpression(node)) return statement.test(node.head.text)
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'query'
}
