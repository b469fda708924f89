import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { parseStrictJson } from '../../src/http/strict-json.ts'

const faultOf = (bytes: Uint8Array): Fault | null => {
  try {
    parseStrictJson(bytes)
    return null
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

const nested = (depth: number, open: string, close: string, core = ''): string => open.repeat(depth) + core + close.repeat(depth)

/** Text or bytes, and the path the fault must name. */
const attacks: readonly (readonly [string, string | readonly number[], string])[] = [
  ['an empty body', '', ''],
  ['only white space', ' \n\t ', ''],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d], ''],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00], ''],
  ['an overlong sequence', [0x22, 0xc0, 0xaf, 0x22], ''],
  ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], ''],
  ['a cut sequence', [0x22, 0xe2, 0x82, 0x22], ''],
  ['beyond Unicode', [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22], ''],
  ['a stray continuation byte', [0x22, 0x80, 0x22], ''],
  ['a duplicate name', '{"a":1,"a":1}', '/a'],
  ['a duplicate name further in', '{"x":[{"b":{"a":1,"a":2}}]}', '/x/0/b/a'],
  ['a duplicate name by escape', '{"a":1,"\\u0061":2}', '/a'],
  ['a duplicate name after others', '{"a":1,"b":{},"c":[],"a":2}', '/a'],
  ['a duplicate empty name', '{"":1,"":2}', '/'],
  ['a prototype', '{"__proto__":{"x":1}}', '/__proto__'],
  ['a prototype by escape', '{"\\u005f_proto__":{"x":1}}', '/__proto__'],
  ['33 arrays', nested(33, '[', ']'), '/0'.repeat(32)],
  ['33 objects', nested(33, '{"a":', '}', '1'), '/a'.repeat(32)],
  ['100,000 open arrays', '['.repeat(100_000), '/0'.repeat(32)],
  ['NUL by escape', '{"a":"\\u0000"}', '/a'],
  ['NUL itself', '{"a":"\u0000"}', '/a'],
  ['a lone high surrogate', '{"a":"\\ud800"}', '/a'],
  ['a lone low surrogate', '{"a":"\\udc00"}', '/a'],
  ['surrogates the wrong way round', '{"a":"\\udc00\\ud800"}', '/a'],
  ['two high surrogates', '{"a":"\\ud800\\ud800"}', '/a'],
  ['a high surrogate and a letter', '{"a":"\\ud800x"}', '/a'],
  ['a lone surrogate in a name', '{"\\ud800":1}', ''],
  ['something after the end', '{} {}', ''],
  ['a comma after the end', '{},', ''],
  ['a bracket too many', '[]]', ''],
  ['a comma too many in an array', '[1,]', '/1'],
  ['a comma too many in an object', '{"a":1,}', ''],
  ['two commas', '[1,,2]', '/1'],
  ['a missing comma', '[1 2]', '/0'],
  ['a missing colon', '{"a" 1}', '/a'],
  ['a missing value', '{"a":}', '/a'],
  ['a missing name', '{:1}', ''],
  ['a name without quotes', '{a:1}', ''],
  ['single quotes', "{'a':1}", ''],
  ['a comment', '{/*x*/}', ''],
  ['a line comment', '{"a":1}//x', ''],
  ['an array that does not end', '[1', '/0'],
  ['an object that does not end', '{"a":1', '/a'],
  ['a string that does not end', '{"a":"x', '/a'],
  ['the wrong closing bracket', '{"a":[1}', '/a/0'],
  ['a control character', '{"a":"\u001f"}', '/a'],
  ['a line feed in a string', '"a\nb"', ''],
  ['an unknown escape', '"\\x41"', ''],
  ['a short escape', '"\\u12"', ''],
  ['an escape that is not hexadecimal', '"\\u12G4"', ''],
  ['an escape at the end', '"\\', ''],
  ['a leading zero', '[01]', '/0'],
  ['a plus sign', '[+1]', '/0'],
  ['a bare point', '[.5]', '/0'],
  ['a trailing point', '[1.]', '/0'],
  ['an empty exponent', '[1e]', '/0'],
  ['a hexadecimal number', '[0x10]', '/0'],
  ['only a minus', '[-]', '/0'],
  ['a number too large', '{"a":1e999}', '/a'],
  ['NaN', '[NaN]', '/0'],
  ['Infinity', '[Infinity]', '/0'],
  ['a capital', '[True]', '/0'],
  ['a cut word', '[nul]', '/0'],
  ['a form feed as space', '[\f1]', '/0'],
  ['a no-break space', '[\u00a01]', '/0'],
  ['a line separator outside a string', '\u2028{}', ''],
]

describe('the JSON reader', () => {
  it.each(attacks)('refuses %s and says where', (_name, input, path) => {
    const fault = faultOf(typeof input === 'string' ? Buffer.from(input) : Uint8Array.from(input))
    expect(fault?.code).toBe('malformed')
    expect(fault?.details.map((detail) => detail.path)).toEqual([path])
  })

  it('has an attack for every way it can refuse', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(60)
  })

  it.each([
    ['32 levels', nested(32, '[', ']')],
    ['one name in two objects', '[{"a":1},{"a":1}]'],
    ['a name inside its own value', '{"a":{"a":{"a":1}}}'],
    ['a surrogate pair', '"\\ud83d\\ude00"'],
    ['characters beyond the first plane', '"😀é"'],
    ['every escape', '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"'],
    ['every form of number', '[0,-0,1.5,1e3,1E-3,-2.5e+7]'],
    ['space of every kind', ' \t\r\n{ "a" : [ ] , "b" : { } } \n'],
    ['names of Object.prototype', '{"constructor":1,"toString":2,"hasOwnProperty":3}'],
  ])('reads %s', (_name, text) => {
    expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text))
  })

  it('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    const sound = fc.json({ maxDepth: 10 }).filter((text) => !/\\u(0000|d[89a-f])|__proto__/i.test(text))
    fc.assert(
      fc.property(sound, (text) => {
        expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('never reads what JSON.parse refuses', () => {
    const mutated = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('"', '{', ']', ',', ':', '\\', '0', 'e', '.', '-', ' ', 'u'))
    const broken = mutated.map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1))
    fc.assert(
      fc.property(broken, (text) => {
        if (faultOf(Buffer.from(text)) === null) expect(() => JSON.parse(text) as unknown).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })

  it('does not quote what was sent', () => {
    expect(JSON.stringify(faultOf(Buffer.from('{"a": canary}'))?.details)).not.toContain('canary')
  })
})
