import { categories, legalGateways, purposes } from '../../core/vocabulary.ts'
import type { components } from '../../http/generated/contract.ts'
import type { Command } from '../command.ts'
import { problemLines } from '../words/explained.ts'
import { findPerson, readPerson, type Reasons } from '../gateway/find-person.ts'
import { askGateway, type Reply } from '../gateway/gateway-client.ts'
import { commonOptions, type Given } from '../options.ts'
import { type ExitCode, knownWord, usageProblem } from '../problem.ts'
import { sayEnquiry, sayRefusedCategories } from '../words/say-enquiry.ts'
import { connectionOf, type Terminal } from '../session.ts'

const options: Command['options'] = [
  { name: 'person', value: 'who', says: 'an id, a name of the sandbox’s story, or a number such as crn=X123456' },
  { name: 'category', value: 'a,b', says: 'what is asked for; several are separated by commas' },
  { name: 'purpose', value: 'purpose', says: 'why the person is asked about' },
  { name: 'gateway', value: 'power', says: 'the legal gateway relied on' },
  { name: 'why', value: 'words', says: 'the justification, in your own words' },
  { name: 'law', value: 'law', says: 'the law that lets law-enforcement data serve another purpose' },
  { name: 'best-interests', value: 'note', says: 'for a child: why this is in the child’s best interests' },
  ...commonOptions,
]

export const enquire: Command = {
  words: 'enquire',
  takes: '',
  says: 'ask about a person: what may be given, and why not the rest',
  options,
  run: (terminal, given) => run(terminal, given, '/v1/enquiries'),
}

export const preview: Command = {
  words: 'preview',
  takes: '',
  says: 'the same decision with nothing fetched and nothing given',
  options,
  run: (terminal, given) => run(terminal, given, '/v1/enquiries/preview'),
}

type Body = components['schemas']['EnquiryResult'] & components['schemas']['EnquiryRefusal']

const run = async (terminal: Terminal, given: Given, path: string): Promise<ExitCode> => {
  const reasons = reasonsIn(given)
  const asked = asksIn(given)
  const person = readPerson(given.needed('person'))
  const connection = await connectionOf(terminal, given)
  const offenderId = await findPerson(connection, person, reasons)
  const reply = await askGateway<Body>(connection, { method: 'POST', path, body: { offenderId, categories: asked, ...reasons } })
  terminal.print(given.on('json') ? reply.text : inWords(reply, terminal.width))
  return reply.status === 200 ? 0 : 1
}

const inWords = ({ status, body }: Reply<Body>, width: number): string => {
  if (status === 200) return sayEnquiry(body, width)
  if (body.withheld === undefined || body.withheld.length === 0) return problemLines(status, body, width)
  return [`Refused: ${status} ${body.title}`, sayRefusedCategories(body.withheld, width), `entry  ${body.entryId}`].join('\n\n')
}

/** What is left out is sent as left out: that it is missing is the gateway's to decide and to log. */
const reasonsIn = (given: Given): Reasons => {
  const [purpose, legalGateway, justification] = [given.text('purpose'), given.text('gateway'), given.text('why')]
  return {
    ...(purpose === undefined ? {} : { purpose: knownWord('purpose', purpose, purposes) }),
    ...(legalGateway === undefined ? {} : { legalGateway: knownWord('legal gateway', legalGateway, legalGateways) }),
    ...(justification === undefined ? {} : { justification }),
  }
}

const asksIn = (given: Given): readonly object[] => {
  const [law, note] = [given.text('law'), given.text('best-interests')]
  const more = { ...(law === undefined ? {} : { authorisingLaw: law }), ...(note === undefined ? {} : { bestInterestsNote: note }) }
  const asked = given
    .needed('category')
    .split(',')
    .filter((word) => word !== '')
  if (asked.length === 0) throw usageProblem('--category names no category.')
  return [...new Set(asked)].map((word) => ({ id: knownWord('category', word, categories), ...more }))
}
