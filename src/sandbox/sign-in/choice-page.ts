import type { Persona } from '../personas.ts'

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${String(character.codePointAt(0))};`)

export const choicePageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
} as const

const style = `
  body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c }
  button { font: inherit; padding: .5rem 1rem; border: 2px solid #0b0c0c; background: #fff; cursor: pointer; width: 100%; text-align: left }
  button:hover { background: #f3f2f1 } button:focus-visible { outline: 3px solid #1d70b8; outline-offset: 2px }
  li { list-style: none; margin-bottom: .75rem } ul { padding: 0 } small { display: block; color: #383f43 }`

/** Instead of a password: everybody in the sandbox is invented, and whoever opens this page may be any of them. */
export const choicePage = (agencyName: string, people: readonly Persona[]): string => `<!doctype html>
<html lang="en-GB">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Who are you? ${escaped(agencyName)}</title>
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>${escaped(agencyName)}: who are you?</h1>
      <p>This stands for the agency’s own sign-in. Everybody here is synthetic, so no password is asked.</p>
      <form method="post">
        <ul>
          ${people
            .map(
              ({ name, displayName, about }) =>
                `<li><button name="person" value="${escaped(name)}">${escaped(displayName)}<small>${escaped(about)}</small></button></li>`,
            )
            .join('\n          ')}
        </ul>
      </form>
    </main>
  </body>
</html>
`
