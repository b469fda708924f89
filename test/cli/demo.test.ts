import { expect, test } from 'vitest'
import type { Stage } from '../../src/demo/stage.ts'
import { mustBe, tellStory } from '../../src/demo/tell.ts'

const stage: Stage = {
  url: 'http://127.0.0.1:9',
  says: 'a stage with nobody on it',
  systems: null,
  entries: [],
  ask: () => Promise.reject(new Error('nobody answers')),
  putBackLater: () => () => undefined,
  close: () => Promise.resolve(),
}

test('a step that does not go as told is counted, says why, and does not end the story', async () => {
  const lines: string[] = []
  const steps = [
    { title: 'goes well', tell: () => Promise.resolve('as told') },
    {
      title: 'goes otherwise',
      tell: () => {
        mustBe(false, 'the answer was 500')
        return Promise.resolve('never')
      },
    },
    { title: 'breaks', tell: async () => (await stage.ask('analyst', { method: 'GET', path: '/' })).text },
    { title: 'needs systems of its own', ownStageOnly: true, tell: () => Promise.reject(new Error('must not be told here')) },
  ]
  const tally = await tellStory(stage, [{ title: 'A chapter', steps }], (line) => lines.push(line))
  expect(tally).toEqual({ asTold: 1, not: 2, leftOut: 1 })
  expect(lines).toContain('  ✓ goes well')
  expect(lines).toContain('  ✗ goes otherwise')
  expect(lines).toContain('      not as told: the answer was 500')
  expect(lines).toContain('  ✗ breaks')
  expect(lines).toContain('  - needs systems of its own')
})
