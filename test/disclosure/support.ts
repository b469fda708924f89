import { type Meetings, type Name, named, openMeetings } from '../conference/support.ts'
import { must } from '../journeys/support/agree.ts'
import { idOf } from '../casework/strand/strand-support.ts'
import type { Json, Reply } from '../support/ask.ts'

export const asking = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Visit planned for Monday' }

export const why = {
  what: 'What was said of the burglaries.',
  necessity: 'The visit cannot be planned without it.',
  proportionality: 'Two paragraphs, to one person.',
  lessIntrusive: 'A summary would leave out the addresses.',
}

export const found = {
  riskOutweighsConfidentiality: true,
  article8Grounds: ['crime-disorder'],
  necessity: 'Needed for the visit.',
  proportionality: 'No more than that.',
}

export interface Scene {
  readonly conferenceId: string
  readonly offenderId: string
  readonly paragraphs: readonly Json[]
}

export interface Disclosures extends Meetings {
  /** A meeting with paragraphs of the police about one person; the first two, of five, about the burglaries. */
  scene(texts?: readonly (string | Json)[]): Promise<Scene>
  request(scene: Scene, more?: Json, as?: string): Promise<Reply>
  /** Asked by the analyst for themselves unless more says otherwise. */
  requested(scene: Scene, more?: Json, as?: string): Promise<string>
  decide(requestId: string, body: Json, as?: string, etag?: string): Promise<Reply>
  granted(requestId: string, body?: Json, as?: string): Promise<string>
  retrieve(permissionId: string, as: string, more?: Json): Promise<Reply>
  revoke(permissionId: string, as?: string): Promise<Reply>
  readRequest(requestId: string, as?: string): Promise<Reply>
}

export const to = (name: Name) => ({ recipient: named[name] })

/** The sandbox with what a disclosure goes through. */
export const openDisclosures = async (): Promise<Disclosures> => {
  const house = await openMeetings()
  const base = '/v1/disclosure-requests'
  const readRequest = (requestId: string, as = 'chair') => house.as(as).post(`${base}/${requestId}/readings`)
  const request = (scene: Scene, more: Json = {}, as = 'analyst') => {
    const { conferenceId, offenderId } = scene
    return house.as(as).post(base, { conferenceId, offenderId, ...to('analyst'), ...asked, ...why, ...more })
  }
  const decide = async (requestId: string, body: Json, as = 'chair', etag?: string) => {
    const read = etag === undefined ? await readRequest(requestId, as) : null
    return house
      .as(as)
      .post(`${base}/${requestId}/decisions`, { ...found, ...body }, { 'if-match': etag ?? read?.headers.get('etag') ?? '"0"' })
  }
  return {
    ...house,
    ...{ request, decide, readRequest },
    scene: async (texts = ['One.', 'Two.', 'Three.', 'Four.', 'Five.']) => {
      const { conferenceId, offenderId } = await house.meeting()
      const more = { offenderId, originatorAgencyId: 'ridings-police', source: 'another-person' }
      const paragraphs = await house.write(
        conferenceId,
        texts.map((text) => ({ ...more, ...(typeof text === 'string' ? { text } : text) })),
      )
      return { conferenceId, offenderId, paragraphs }
    },
    requested: async (scene, more, as) => idOf(await request(scene, more, as), 'requestId'),
    granted: async (requestId, body = { decision: 'grant-whole' }, as) => String(must(await decide(requestId, body, as), 201).permissionId),
    retrieve: (permissionId, as, more = {}) => house.as(as).post(`/v1/disclosures/${permissionId}/retrievals`, { ...asking, ...more }),
    revoke: (permissionId, as = 'chair') => house.as(as).post(`/v1/disclosures/${permissionId}/revocation`, { why: 'Not needed any more' }),
  }
}

const asked = { purpose: asking.purpose, legalGateway: asking.legalGateway }

export const versionOf = ({ paragraphId, version }: Json) => ({ paragraphId, version })
export const refusal = ({ status, body }: Reply) => [status, body.code]
export const textsOf = ({ body }: Reply) => ((body.paragraphs ?? []) as readonly Json[]).map(({ text }) => text)
