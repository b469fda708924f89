import { storyId } from './people/story.ts'
import { agencies } from './cast.ts'
import { personas } from './personas.ts'

/** What `npm start` prints: two requests that work as they are pasted, and people to be. */
export const welcome = ({ url, databaseSays }: { readonly url: string; readonly databaseSays: string }): string => `
The gateway is ready at ${url}, with ${databaseSays}.
Everybody in it is synthetic: 219 people in three divisions, ${agencies.length} agencies, six agency systems.

A request that is allowed: a police analyst asks about Jordan, and five agencies' systems answer.

${curl(url, 'analyst', {
  offenderId: storyId('jordan'),
  categories: ['arrest-disposal', 'police-intel', 'oasys', 'asset', 'drug-treatment', 'engagement'].map((id) => ({ id })),
  purpose: 'risk-management',
  legalGateway: 'dpa35-task',
  justification: 'Preparing the Calder conference',
})}

A request that is refused, and says why: the same, about Casey, who refused consent.

${curl(url, 'analyst', {
  offenderId: storyId('casey'),
  categories: [{ id: 'engagement' }],
  purpose: 'risk-management',
  legalGateway: 'dpa35-task',
  justification: 'Preparing the Calder conference',
})}

What waits for somebody: evidence, reviews and nominations for spoc, chair, case-manager or keyworker.

curl -s ${url}/v1/tasks -H "Authorization: Bearer $(npm run --silent token -- spoc)"

The console, in a browser: ${url}/console (choose an agency, then whom to be)

People to be (there, or with npm run --silent token -- <name>):
${personas
  .filter(({ name }) => !name.startsWith('signatory-'))
  .map(({ name, about }) => `  ${name.padEnd(16)} ${about}`)
  .join('\n')}

The contract: ${url}/docs    The story, step by step: npm run demo    Stop: Ctrl-C
`

const curl = (url: string, persona: string, body: unknown): string =>
  `curl -s ${url}/v1/enquiries -H "Authorization: Bearer $(npm run --silent token -- ${persona})" \\
  -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`
