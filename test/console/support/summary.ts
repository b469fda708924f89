/** What the error summary leads to: to a field of the page each, not to the page as a whole. */
export const blindLinksIn = (html: string): readonly string[] => {
  const [, summary = ''] = /govuk-error-summary__list">([\s\S]*?)<\/ul>/.exec(html) ?? []
  const links = [...summary.matchAll(/href="#([^"]*)">([^<]*)/g)].map(([, id, text]) => ({ id: id!, text: text!.trim() }))
  if (links.length === 0) return ['no link at all']
  return links.filter(({ id }) => id === 'main-content' || !html.includes(`id="${id}"`)).map(({ id, text }) => `${id}: ${text}`)
}
