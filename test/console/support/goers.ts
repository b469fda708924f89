import { type Control, formsIn, type HtmlForm } from './html-form.ts'
import { makeVisitor, type Seen, type Visitor } from './visitor.ts'

/** The people of the sandbox, each signed in once. */
export interface Goers {
  as(persona: string): Promise<Visitor>
  /** A page as its persona comes to it: by its address, or by the form of another page. */
  come(to: { readonly persona: string; readonly path: string; readonly opens?: Readonly<Record<string, string>> | null }): Promise<Seen>
}

export const makeGoers = (url: string): Goers => {
  const visitors = new Map<string, Visitor>()
  const as: Goers['as'] = async (persona) => {
    const visitor = visitors.get(persona) ?? makeVisitor(url)
    if (!visitors.has(persona)) await visitor.signIn(persona)
    visitors.set(persona, visitor)
    return visitor
  }
  return {
    as,
    come: async ({ persona, path, opens = null }) => {
      const visitor = await as(persona)
      if (opens === null) return visitor.open(path)
      // A page that needs nobody's decision gives the token that the form is sent with.
      await visitor.open('/console/accessibility')
      return visitor.send(path, opens)
    },
  }
}

/** The form that asks something, if the page has one. */
export const askingIn = ({ text }: Seen): HtmlForm | null =>
  formsIn(text).find(({ controls }) => controls.some(({ kind }) => kind !== 'hidden')) ?? formsIn(text)[0] ?? null

/** The form with the same in every field for words. */
export const typed = (form: HtmlForm, text: (control: Control) => string): Record<string, string> => ({
  ...Object.fromEntries(
    form.controls
      .filter(({ kind }) => kind === 'text' || kind === 'hidden')
      .map((control) => [control.name, control.kind === 'hidden' ? control.values[0]! : text(control)]),
  ),
  ...(form.button === null ? {} : { [form.button[0]]: form.button[1] }),
})

export const isQuestion = ({ name }: Control): boolean => !name.startsWith('_')
