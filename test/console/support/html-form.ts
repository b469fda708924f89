/** A question of a form as a browser finds it. */
export interface Control {
  readonly name: string
  readonly kind: 'text' | 'hidden' | 'choice' | 'select'
  readonly values: readonly string[]
}

export interface HtmlForm {
  readonly action: string | null
  readonly controls: readonly Control[]
  /** What the first button sends along. */
  readonly button: readonly [name: string, value: string] | null
}

const attribute = (tag: string, name: string): string | null => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? null

/** The forms in the main part of a page, as they would be sent. */
export const formsIn = (html: string): readonly HtmlForm[] => {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return [...main.matchAll(/<form[^>]*method="post"[^>]*>([\s\S]*?)<\/form>/g)].map(([form, inner]) => ({
    action: attribute(form.slice(0, form.indexOf('>') + 1), 'action'),
    controls: controlsIn(inner!),
    button: buttonIn(inner!),
  }))
}

const controlsIn = (html: string): readonly Control[] => {
  const found = new Map<string, Control>()
  const add = (name: string | null, kind: Control['kind'], value: string): void => {
    if (name === null || name === '_token') return
    found.set(name, { name, kind, values: [...(found.get(name)?.values ?? []), value] })
  }
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const type = attribute(tag, 'type') ?? 'text'
    // Nobody types a file.
    if (type === 'file') continue
    const kind = type === 'radio' || type === 'checkbox' ? 'choice' : type === 'hidden' ? 'hidden' : 'text'
    add(attribute(tag, 'name'), kind, attribute(tag, 'value') ?? '')
  }
  for (const [tag] of html.matchAll(/<textarea[^>]*>/g)) add(attribute(tag, 'name'), 'text', '')
  for (const [, name, inner] of html.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    for (const [option] of inner!.matchAll(/<option[^>]*>/g)) add(name!, 'select', attribute(option, 'value') ?? '')
  return [...found.values()]
}

const buttonIn = (html: string): HtmlForm['button'] => {
  const tag = /<button[^>]*>/.exec(html)?.[0]
  const name = tag === undefined ? null : attribute(tag, 'name')
  return name === null ? null : [name, attribute(tag!, 'value') ?? '']
}

export type Answers = Readonly<Record<string, string | readonly string[]>>

const plain = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&#96;', '`')
    .replaceAll('&#92;', '\\')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** Every field of a page's forms as it came, with what was typed instead: what a browser would send. */
export const filledIn = ({ text }: { readonly text: string }, answers: Answers): Record<string, string | readonly string[]> => {
  const fields: Record<string, string[]> = {}
  const main = text.slice(text.indexOf('<main'))
  const add = (name: string, value: string): void => void (fields[name] = [...(fields[name] ?? []), plain(value)])
  for (const [tag] of main.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name')
    if (name !== null && (!/type="(radio|checkbox)"/.test(tag) || tag.includes(' checked'))) add(name, attribute(tag, 'value') ?? '')
  }
  for (const [, name, value] of main.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g)) add(name!, value!)
  for (const [, name, inner] of main.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)) {
    const chosen = [...inner!.matchAll(/<option[^>]*>/g)].find(([option]) => option.includes(' selected'))
    if (chosen !== undefined) add(name!, attribute(chosen[0], 'value') ?? '')
  }
  return { ...fields, ...answers }
}
