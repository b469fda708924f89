import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStrictJson } from '../../src/sources/strict-json.ts'

test('any value without repeated keys is read as JSON.parse reads it, however it is spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      fc.pre(!text.includes('__proto__') && !/\\u(d[89a-f]|0000)/.test(text))
      expect(parseStrictJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('a key that stands twice in one object is refused, wherever it is and however it is written', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.boolean(), (key, value, escaped) => {
      const quoted = JSON.stringify(key)
      const again =
        escaped && key !== ''
          ? `"${[...Array(key.length).keys()].map((at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
          : quoted
      const text = `[{"other${key.length}x":{}, ${quoted} : ${JSON.stringify(value)} ,\n ${again}\t:1}]`
      expect(() => parseStrictJson(text)).toThrow(/twice|not allowed|surrogate|NUL/)
    }),
  )
})

test.each([
  ['the same key in two objects', '[{"a":1},{"a":2},{"b":{"a":1},"a":1}]', true],
  ['a value like a key', '{"a":"b","b":"a","c":["a","a"]}', true],
  ['a string that looks like an object', String.raw`{"a":"{\"a\":1,\"a\":2}","b":"\\"}`, true],
  ['32 levels', `${'['.repeat(32)}${']'.repeat(32)}`, true],
  ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, false],
  ['50,000 values, the array among them', `[${'1,'.repeat(49_998)}1]`, true],
  ['one more', `[${'1,'.repeat(49_999)}1]`, false],
  ['an escaped prototype', String.raw`{"__prot\u006f__":1}`, false],
  ['two texts', '{}{}', false],
  ['a comment', '{/**/}', false],
])('%s', (_title, text, read) => {
  if (read) expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  else expect(() => parseStrictJson(text)).toThrow()
})
