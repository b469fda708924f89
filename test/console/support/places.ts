import { pages } from '../../../src/http/console/pages.ts'
import { storyId } from '../../../src/sandbox/people/story.ts'
import { emergencyOf } from '../../emergency/support.ts'
import { landlord, openPackages, type Packages } from '../../disclosure/package-support.ts'
import { to } from '../../disclosure/support.ts'
import { attendAndRead } from '../../foi/support.ts'
import { publicKey } from './deeds/agreement-deeds.ts'
import { must } from '../../journeys/support/agree.ts'
import { enquire } from '../../journeys/support/requests.ts'
import { failing, tried } from './deeds/policy-deeds.ts'
import type { Json } from '../../support/ask.ts'
import { shipped } from '../../support/facts.ts'

/** One page as somebody comes to it. */
export interface Place {
  /** As it stands in the table of pages. */
  readonly page: string
  readonly persona: string
  readonly path: string
  /** What the form of another page sends that leads here; null where the address does. */
  readonly opens: Readonly<Record<string, string>> | null
  readonly hasForm: boolean
}

const flagId = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e99'

/** Whose page it is: the first that fits. */
const personas: readonly (readonly [RegExp, string])[] = [
  [/^\/console\/delegations\/:delegationId\/answer/, 'deputy'],
  [/^\/console\/agency\/(clients|people|appointments|signatory|events)/, 'admin'],
  [/^\/console\/agreements/, 'signatory-ridings-police'],
  [/^\/console\/policies/, 'ig-officer'],
  [/^\/console\/log\/history/, 'ig-officer'],
  [/^\/console\/log\/breaches/, 'dpo'],
  [/^\/console\/log/, 'ig-officer'],
  [/^\/console\/foi\/:requestId\/consultation/, 'case-manager'],
  [/^\/console\/foi/, 'foi-officer'],
  [/^\/console\/rights/, 'dpo'],
  [/^\/console\/packages|\/package$/, 'spoc'],
  [/^\/console\/permissions\/(new|granted\/:permissionId$)|\/(answer|withdraw|accept)$/, 'analyst'],
  [/^\/console\/return-notices/, 'case-manager'],
  [/^\/console\/emergency\/:emergencyId\/view|^\/console\/emergency\/new|^\/console\/people/, 'case-manager'],
  [/^\/console\/emergency\/:emergencyId\/triage/, 'ig-officer'],
  [/./, 'chair'],
]
const personaOf = (page: string): string => personas.find(([pattern]) => pattern.test(page))![1]

type Ids = Readonly<Record<string, string>>

/** The address with something that is there in each place of an id; a page with an id of a new kind needs one. */
const pathOf = (page: string, ids: Ids): string =>
  page.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const section = page.split('/')[2]!
    const id = ids[`${section} ${name}`] ?? ids[name]
    if (id === undefined) throw new Error(`${page}: nothing stands for :${name}; add one to test/console/support/places.ts`)
    return encodeURIComponent(id)
  })

/**
 * The sandbox with one of everything that a page is about, and every page of the table with whoever comes to it.
 * @param text what people wrote wherever they could
 */
export const openPlaces = async (
  text = 'Seen at the docks after dark.',
): Promise<{ readonly house: Packages; readonly places: readonly Place[]; readonly ids: Ids }> => {
  const house = await openPackages()
  const ids = await furnish(house, text)
  const opensBy: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    '/console/emergency/new': { _step: 'open', offenderId: storyId('jordan') },
    '/console/foi/:requestId/consultation': { _step: 'open', paragraphId: ids['consultedId']! },
    '/console/people/record': { _step: 'choose', offenderId: storyId('jordan') },
    '/console/people/consent': { _step: 'open', offenderId: storyId('jordan'), purpose: 'risk-management', legalGateway: 'dpa35-task' },
    '/console/permissions/new': {
      _step: 'open',
      conferenceId: ids['conferenceId']!,
      offenderId: ids['offenderId']!,
      paragraphId: ids['paragraphId']!,
    },
    '/console/log/breaches/:taskId/done': { _step: 'open' },
    '/console/policies/tests/from-entry': { _step: 'open', ...tried(ids['triedEntryId']!) },
  }
  const places = pages.map((page) => ({
    page: page.path,
    persona: personaOf(page.path),
    path: pathOf(page.path, ids),
    opens: opensBy[page.path] ?? null,
    hasForm: page.submit !== undefined,
  }))
  return { house, places, ids }
}

const furnish = async (house: Packages, text: string): Promise<Ids> => {
  // Nobody may write more of a threat than this.
  const short = text.slice(0, 1000)
  const disclosed = await furnishDisclosures(house, text)
  const { rows } = await house.database.owner.query<{ id: string; grantId: string; version: number }>({
    text: `select v.agreement_id as id, v.version, v.terms -> 'grants' -> 0 ->> 'id' as "grantId"
             from agreement_version v where v.terms -> 'parties' ? 'ridings-police' order by v.agreement_id, v.version limit 1`,
  })
  const opened = must(
    await house
      .as('case-manager')
      .post('/v1/emergency-accesses', emergencyOf('sam', { threat: short, atRisk: short, whyNotOrdinary: short })),
    201,
  )
  await raiseFlag(house, flagId, text)
  // Proposed by one officer, so that the other may publish it.
  const hash = must(await house.as('ig-second').post('/v1/policies', { bundle: proposedWith(text) }), 201)['hash']
  const name = text.slice(0, 200)
  const { testId } = must(await house.as('ig-second').post('/v1/policy-tests', { ...failing, name }), 201)
  const triedEntryId = (await enquire(house.as('analyst'), 'jordan', 'oasys')).entryId
  const receivedOn = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  const foi = must(await house.as('foi-officer').post('/v1/foi-requests', { reference: 'FOI-1', receivedOn, asked: text }), 201)
  const consultedId = await furnishConsultation(house, String(foi['requestId']), text)
  const letter = must(
    await house
      .as('dpo')
      .post('/v1/rights-requests', { reference: 'SAR-1', receivedOn, identityConfirmedOn: receivedOn, offenderId: storyId('jordan') }),
    201,
  )
  return {
    ...disclosed,
    ...{ agreementId: rows[0]!.id, grantId: rows[0]!.grantId, version: String(rows[0]!.version) },
    ...(await furnishAgency(house)),
    ...{ emergencyId: String((opened['emergency'] as Json)['emergencyId']), flagId, taskId: await furnishBreach(house, text) },
    ...{ testId: String(testId), triedEntryId },
    ...{ hash: String(hash), delegationId: await house.delegate() },
    consultedId,
    ...{ 'foi requestId': String(foi['requestId']), 'rights requestId': String(letter['requestId']) },
  }
}

/** A paragraph that its originator is asked about, and was there to hear. */
const furnishConsultation = async (house: Packages, requestId: string, text: string): Promise<string> => {
  const { conferenceId, paragraphs } = await house.scene([{ text, originatorAgencyId: 'ridings-probation' }])
  await attendAndRead(house, conferenceId)
  const paragraphId = String(paragraphs[0]!['paragraphId'])
  const considered = { paragraph: { conferenceId, paragraphId }, outcome: 'consider', reasons: text.slice(0, 1000) }
  must(await house.as('foi-officer').post(`/v1/foi-requests/${requestId}/adjudications`, considered), 201)
  return paragraphId
}

/** A system with a key, and somebody with an appointment. */
const furnishAgency = async (house: Packages): Promise<Ids> => {
  const clientId = 'ridings-partnership-furnished'
  const agencyId = 'ridings-partnership'
  must(await house.as('admin').post('/v1/clients', { clientId, agencyId, name: 'Records', binding: 'dpop' }), 201)
  const jwk = JSON.parse(publicKey()) as unknown
  const { thumbprint } = must(await house.as('admin').post(`/v1/clients/${clientId}/keys`, { kind: 'dpop', jwk }), 201)
  const role = { agencyId, sub: 'dpo', role: 'minute-taker', areaId: 'calder', fromAt: '2026-01-01T00:00:00Z' }
  const { appointmentId } = must(await house.as('admin').post('/v1/appointments', role), 201)
  return { clientId, thumbprint: String(thumbprint), appointmentId: String(appointmentId) }
}

/** A flag that was found to be a breach: the task whose clock runs. */
const furnishBreach = async (house: Packages, text: string): Promise<string> => {
  const id = '01935b1c-6e2a-7c3e-9b1f-2f6a4c1d7e98'
  await raiseFlag(house, id, text)
  const breach = { outcome: 'breach', grounds: text.slice(0, 1000), purpose: 'lawfulness' }
  must(await house.as('ig-officer').post(`/v1/access-log/flags/${id}/decisions`, breach), 201)
  const { rows } = await house.database.owner.query<{ id: string }>({ text: `select t.id from task t where t.kind = 'breach-assessment'` })
  return rows[0]!.id
}

const raiseFlag = (house: Packages, id: string, text: string) =>
  house.database.owner.query({
    text: `insert into misuse_flag (id, rule_id, agency_id, person_sub, rank, words, cites, numbers, partnership_only, policy_hash, raised_at)
           values ($1, 'guessing', 'ridings-police', 'analyst', 'high', $2, 's.37', '{}', false, 'x', statement_timestamp())`,
    values: [id, text],
  })

/** The shipped rules with words of somebody's own in what a rule cites. */
const proposedWith = (text: string) => ({
  ...shipped.bundle,
  stages: shipped.bundle.stages.map((stage) => ({
    ...stage,
    rules: stage.rules.map((rule) => (rule.id === 'r13-no-tie' ? { ...rule, cites: text } : rule)),
  })),
})

/** A request that waits, a permission in force, and copies that were asked back. */
const furnishDisclosures = async (house: Packages, text: string): Promise<Ids> => {
  const scene = await house.scene([text, text])
  const written = { what: text, necessity: text, proportionality: text, lessIntrusive: text }
  for (const name of ['chair', 'analyst'] as const) await house.acknowledge(scene.conferenceId, name)
  const requestId = await house.requested(scene, written)
  const permissionId = await house.granted(await house.requested(scene))
  const revoked = await house.granted(await house.requested(scene, to('case-manager')))
  must(await house.retrieve(revoked, 'case-manager'), 200)
  const { recall } = must(await house.revoke(revoked), 201) as { readonly recall: Json }
  const recallId = String(recall['recallId'])
  const progress = must(await house.as('chair').get(`/v1/copy-recalls/${recallId}`), 200)
  const noticeId = String((progress['holders'] as readonly Json[])[0]!['noticeId'])
  const paragraphId = String(scene.paragraphs[0]!['paragraphId'])
  await house.consentTo(scene, [landlord.agencyId])
  const handed = await house.permitted(scene, landlord)
  const packageId = String(must(await house.make(handed), 201).packageId)
  return {
    packageId,
    requestId,
    permissionId,
    recallId,
    noticeId,
    paragraphId,
    conferenceId: scene.conferenceId,
    offenderId: scene.offenderId,
  }
}
