import { expect } from 'vitest'
import { nasty } from './nasty.ts'

/** Those of the list that a page holds as markup. */
const liveIn = (html: string): readonly string[] =>
  nasty.filter((text) => /[<>"']/.test(text) && !text.startsWith('&') && text !== ']]>' && html.includes(text))

/** Unescaped quotes and angles are what all of them need; none of the page's own attributes has a name like these. */
export const expectHarmless = (html: string): void => {
  expect(liveIn(html)).toEqual([])
  expect(html).not.toMatch(/<script|<iframe|<base|<form[^>]+elsewhere|<style|<svg\/on|<img src=x/i)
  expect(html).not.toMatch(/>\s*49\s*</)
}
