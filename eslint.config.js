import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig([
  globalIgnores(['node_modules/', '.data/', 'coverage/', 'src/http/generated/']),
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A number in a sentence needs no String() around it.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowNever: true }],
      // `() => close()` and `return void close()` say no more than they do.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // noUncheckedIndexedAccess doubts every index; `!` marks those that the lines before have settled, and the next use throws where they have not.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Nothing here reads `this`: functions over classes.
      '@typescript-eslint/unbound-method': 'off',
      // Absence denies: what a type promises of a token, a reply or a row is doubted once more, and a guard too many hurts nobody.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      // Forty lines, and the few that a use case needs around it to be handed what it uses.
      'max-lines-per-function': ['error', { max: 45, skipComments: true, skipBlankLines: true }],
      // Three parameters, then an object; the fourth is for the one thing beside them that everything hangs on (policies, a transaction).
      'max-params': ['error', 4],
    },
  },
  {
    // A statement is read in one piece.
    files: ['src/db/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }] },
  },
  {
    // What is put together is read from the top down, in one piece.
    files: ['src/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A fake keeps the signature of what it stands for, promise and type parameter included.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `expect.any()` and its like are of type any; a value that is not there fails the test all the same.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-asserted-optional-chain': 'off',
      // Tokens and numbers are spread character by character: they are ASCII.
      '@typescript-eslint/no-misused-spread': 'off',
      // `as Facts` on a built object says what a table row stands for.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // An async handler of a test server; vitest fails the run on a rejection that nobody handled.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    // The hand-written engine to compare with is written out from the same rules.
    files: ['test/bench/other-engines.ts'],
    rules: { '@typescript-eslint/no-implied-eval': 'off' },
  },
])
