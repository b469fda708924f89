import type { Reply } from '../cli/gateway/gateway-client.ts'
import { daysAfter, londonDay } from '../core/london.ts'
import type { components } from '../http/generated/contract.ts'
import { storyId } from '../sandbox/people/story.ts'
import { goodReasons } from './ask.ts'
import type { Stage } from './stage.ts'
import type { Chapter, Step } from './tell.ts'
import { mustBe } from './tell.ts'
import { todaysConference } from './todays-conference.ts'

type Schemas = components['schemas']
type Problem = Partial<Schemas['Problem']>

const jordan = storyId('jordan')
const named = { agencyId: 'ridings-probation', sub: 'case-manager' }
const wanted = 'A second burglary was tried at the same shop on Friday.'
const kept = 'The shopkeeper was spoken to at home.'

/** What the steps hand on to each other. */
interface Scene {
  readonly conferenceId: string
  readonly paragraphs: readonly { readonly paragraphId: string; readonly version: number; readonly text: string }[]
  requestId?: string
  permissionId?: string
  noticeId?: string
}
const scenes = new WeakMap<Stage, Scene>()

const sceneOf = (stage: Stage): Scene => {
  const scene = scenes.get(stage)
  mustBe(scene !== undefined, 'there is no meeting to go on from')
  return scene
}

const post = <Body>(stage: Stage, persona: string, asked: { path: string; body: unknown; ifMatch?: string }) =>
  stage.ask<Body & Problem>(persona, { method: 'POST', ...asked })

const must = <Body>({ status, body }: Reply<Body>, expected: number, what: string): Body => {
  mustBe(status === expected, `${what} was answered ${status} ${(body as Problem).code ?? ''}`)
  return body
}

const mustRefuse = ({ status, body }: Reply<Problem>, code: string): string => {
  mustBe(status === 403 && body.code === code, `the answer was ${status} ${body.code ?? ''} and not ${code}`)
  return `“${body.detail ?? ''}” (${code}, rule ${body.ruleId ?? '?'}, ${body.cites ?? '?'}) Next: ${body.nextStep ?? '?'}`
}

/** The meeting with Jordan's case discussed and two paragraphs of the police in its minutes. */
const holdMeeting = async (stage: Stage): Promise<Scene> => {
  const conferenceId = await todaysConference(stage, jordan)
  const at = (what: string): string => `/v1/conferences/${conferenceId}/${what}`
  const finding = { riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], finding: 'Two burglaries in a week.' }
  const { status } = await post(stage, 'spoc', { path: at('discussions'), body: { offenderId: jordan, ...finding } })
  mustBe(status === 201 || status === 409, `the discussion was answered ${status}`)
  const said = { offenderId: jordan, originatorAgencyId: 'ridings-police', source: 'own' }
  const texts = [wanted, kept]
  const body = { form: 'minutes', paragraphs: texts.map((text) => ({ ...said, text })) }
  const written = must(await post<Schemas['MinutesWritten']>(stage, 'spoc', { path: at('minutes'), body }), 201, 'writing the minutes')
  const paragraphs = (written.paragraphs ?? []).map(({ paragraphId, version }, place) => ({ paragraphId, version, text: texts[place]! }))
  const scene = { conferenceId, paragraphs }
  scenes.set(stage, scene)
  return scene
}

const closed: Step = {
  title: 'The minutes are closed: Jordan’s case manager, who was not at the meeting, may not read them',
  async tell(stage) {
    const { conferenceId } = await holdMeeting(stage)
    return mustRefuse(
      await post(stage, 'case-manager', { path: `/v1/conferences/${conferenceId}/readings`, body: goodReasons }),
      'not-attendee',
    )
  },
}

const asked: Step = {
  title: 'The case manager asks the chair for what was said of Jordan, with necessity and proportionality',
  async tell(stage) {
    const scene = sceneOf(stage)
    const body = {
      ...{ conferenceId: scene.conferenceId, offenderId: jordan, recipient: named, purpose: 'risk-management', legalGateway: 'dpa35-task' },
      paragraphIds: scene.paragraphs.map(({ paragraphId }) => paragraphId),
      ...{ what: 'What was said of the shop.', necessity: 'The visit on Monday goes past it.', urgency: 'soon' },
      ...{ proportionality: 'Two paragraphs, to one person.', lessIntrusive: 'A summary would leave out where.' },
    }
    const path = '/v1/disclosure-requests'
    const { requestId, state } = must(
      await post<Schemas['DisclosureRequested']>(stage, 'case-manager', { path, body }),
      201,
      'asking the chair',
    )
    scene.requestId = requestId
    return `request ${requestId} is ${state}`
  },
}

/** By the deputy, from a version of the request that the deputy has read. */
const decide = async (stage: Stage, scene: Scene): Promise<Reply<Schemas['DisclosureDecided'] & Problem>> => {
  const path = `/v1/disclosure-requests/${scene.requestId ?? ''}`
  const read = await post(stage, 'deputy', { path: `${path}/readings`, body: {} })
  const body = {
    ...{ decision: 'grant-part', paragraphs: scene.paragraphs.slice(0, 1).map(({ paragraphId, version }) => ({ paragraphId, version })) },
    ...{ riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], necessity: 'Needed for the visit.' },
    proportionality: 'The other paragraph is about somebody else’s home.',
  }
  return post(stage, 'deputy', { path: `${path}/decisions`, body, ifMatch: (read.headers.etag as string | undefined) ?? '"1"' })
}

const delegated: Step = {
  title: 'The deputy cannot decide it until the chair has written a delegation and the deputy has accepted it',
  async tell(stage) {
    const scene = sceneOf(stage)
    const refused = await decide(stage, scene)
    // A deputy of a sandbox that runs may hold another delegation already.
    mustBe(refused.status === 403 || refused.status === 404, `without a delegation the answer was ${refused.status}`)
    const today = londonDay(new Date())
    const terms = {
      ...{ areaId: 'calder', deputy: { agencyId: 'ridings-probation', sub: 'deputy' }, acts: ['decide-disclosure'] },
      ...{ fromAt: `${daysAfter(today, -1)}T00:00:00Z`, toAt: `${daysAfter(today, 2)}T00:00:00Z` },
    }
    const made = await post<{ delegationId: string }>(stage, 'chair', { path: '/v1/delegations', body: terms })
    const { delegationId } = must(made, 201, 'delegating')
    stage.putBackLater(() =>
      post(stage, 'chair', { path: `/v1/delegations/${delegationId}/revocation`, body: { why: 'The story has ended' } }),
    )
    must(
      await post(stage, 'deputy', { path: `/v1/delegations/${delegationId}/answer`, body: { decision: 'accept' } }),
      201,
      'accepting the delegation',
    )
    return `before it: ${refused.body.code ?? ''}; delegation ${delegationId}, for deciding on disclosure, accepted`
  },
}

const granted: Step = {
  title: 'The deputy lets out one of the two paragraphs, and the decision says for whom the deputy acted',
  async tell(stage) {
    const scene = sceneOf(stage)
    const decision = must(await decide(stage, scene), 201, 'deciding')
    const { actingFor, permissionId, expiresAt } = decision
    mustBe(decision.actedAs === 'delegate' && actingFor?.sub === 'chair', 'the decision does not say who acted for whom')
    mustBe(typeof permissionId === 'string', 'there is no permission')
    scene.permissionId = permissionId
    return `in part, until ${expiresAt ?? '?'}; the deputy acted for ${actingFor.sub}, delegation ${decision.delegationId ?? '?'}`
  },
}

const retrieve = (stage: Stage, persona: string) =>
  post<Schemas['DisclosureReleased']>(stage, persona, {
    path: `/v1/disclosures/${sceneOf(stage).permissionId ?? ''}/retrievals`,
    body: { ...goodReasons, manner: 'view' },
  })

const retrieved: Step = {
  title: 'The case manager gets exactly that paragraph, with its marking, its conditions and a receipt',
  async tell(stage) {
    const reply = await retrieve(stage, 'case-manager')
    const body = must(reply, 200, 'retrieving')
    const texts = body.paragraphs.map(({ text }) => text)
    mustBe(texts.length === 1 && texts[0] === wanted, `the paragraphs were ${JSON.stringify(texts)}`)
    mustBe(!reply.text.includes(kept), 'the other paragraph came along')
    mustBe(body.obligations.includes('no-onward'), 'it may be passed on')
    return `“${texts[0]}” ${body.marking}, ${body.outbound}: ${body.obligations.join(', ')}`
  },
}

const forwarded: Step = {
  title: 'It goes no further: a police analyst who is handed the permission’s id gets nothing',
  tell: async (stage) => mustRefuse(await retrieve(stage, 'analyst'), 'chair-none'),
}

const revoked: Step = {
  title: 'The chair takes the permission back, and the next retrieval is refused',
  async tell(stage) {
    const scene = sceneOf(stage)
    const path = `/v1/disclosures/${scene.permissionId ?? ''}/revocation`
    const { recall } = must(
      await post<Schemas['DisclosureRevoked']>(stage, 'chair', { path, body: { why: 'The visit has been made' } }),
      201,
      'taking it back',
    )
    const refused = mustRefuse(await retrieve(stage, 'case-manager'), 'chair-revoked')
    mustBe(recall !== null, 'no copy was asked back')
    const holders = await stage.ask<Schemas['CopyRecall']>('chair', { method: 'GET', path: `/v1/copy-recalls/${recall.recallId}` })
    const notice = must(holders, 200, 'reading the recall').holders.find(({ agencyId }) => agencyId === named.agencyId)
    mustBe(notice !== undefined, 'the holder was sent no notice')
    scene.noticeId = notice.noticeId
    return refused
  },
}

const returned: Step = {
  title: 'Whoever holds a copy is sent a signed notice, and says that it is destroyed',
  async tell(stage) {
    const path = `/v1/return-notices/${sceneOf(stage).noticeId ?? ''}`
    const notice = must(await stage.ask<Schemas['ReturnNotice']>('case-manager', { method: 'GET', path }), 200, 'reading the notice')
    mustBe(notice.cause === 'revocation' && notice.signature.length > 0, 'the notice is not signed, or says another cause')
    must(
      await post(stage, 'case-manager', { path: `${path}/acknowledgements`, body: { outcome: 'destroyed' } }),
      201,
      'saying that it is destroyed',
    )
    const after = must(await stage.ask<Schemas['ReturnNotice']>('case-manager', { method: 'GET', path }), 200, 'reading it again')
    mustBe(after.state !== 'open', 'the notice is still open')
    return `${notice.releases} release, ${notice.cites}: ${after.state}`
  },
}

export const theChairsPermission: Chapter = {
  title: 'The chair’s permission',
  steps: [closed, asked, delegated, granted, retrieved, forwarded, revoked, returned],
}
