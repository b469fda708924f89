import { daysAfter, londonDay } from '../core/london.ts'
import type { Reply } from '../cli/gateway/gateway-client.ts'
import type { components } from '../http/generated/contract.ts'
import { storyId } from '../sandbox/people/story.ts'
import { enquire, given, inShort, withheld } from './ask.ts'
import type { Stage } from './stage.ts'
import type { Chapter, Step } from './tell.ts'
import { mustBe } from './tell.ts'
import { todaysConference } from './todays-conference.ts'

type Schemas = components['schemas']
type Case = Schemas['CaseRead']

const sam = storyId('sam')
const about = { purpose: 'risk-management', legalGateway: 'dpa35-task', justification: 'Preparing the Calder conference' }

const post = async <Body = Record<string, unknown>>(
  stage: Stage,
  persona: string,
  asked: { path: string; body: unknown; ifMatch?: string },
) => stage.ask<Body & { code?: string }>(persona, { method: 'POST', ...asked })

const must = <Body>(reply: Reply<Body>, status: number, what: string): Body => {
  mustBe(reply.status === status, `${what} was answered ${reply.status} ${(reply.body as { code?: string }).code ?? ''}`)
  return reply.body
}

const say = async (stage: Stage, kind: 'refused' | 'given'): Promise<void> => {
  // The database's clock decides what is still to come, and may be a moment behind this one.
  const happenedAt = new Date(Date.now() - 500).toISOString()
  const said = { kind, capacityBasis: 'adult-presumed', evidence: 'Said at the weekly meeting', happenedAt }
  must(await post(stage, 'keyworker', { path: `/v1/offenders/${sam}/consent-events`, body: said }), 201, `recording consent ${kind}`)
}

/** The case as the analyst reads it, with the version that a change has to name. */
const read = async (stage: Stage): Promise<{ readonly known: Case; readonly etag: string }> => {
  const reply = await post<Case>(stage, 'analyst', { path: `/v1/offenders/${sam}/case`, body: about })
  return { known: must(reply, 200, 'reading the case'), etag: reply.headers.etag as string }
}

const mustStand = ({ known }: { readonly known: Case }, strand: string, leadAgencyId: string): void =>
  mustBe(
    known.strand === strand && known.leadAgencyId === leadAgencyId,
    `the case stands at ${String(known.strand)} under ${String(known.leadAgencyId)}`,
  )

const tasksOf = async (stage: Stage, persona: string): Promise<readonly Schemas['Task'][]> => {
  const { body } = await stage.ask<Schemas['TaskPage']>(persona, { method: 'GET', path: '/v1/tasks?limit=100' })
  return body.tasks.filter((task) => task.offenderId === sam)
}

const mustWait = async (stage: Stage, persona: string, kind: string): Promise<void> => {
  const tasks = await tasksOf(stage, persona)
  mustBe(
    tasks.some((task) => task.kind === kind),
    `${persona} has no task ${kind}, only ${tasks.map((task) => task.kind).join(', ') || 'none'}`,
  )
}

const planLedBy = (agencyId: string, personSub: string) => ({
  leadCaseManager: { agencyId, personSub },
  interventions: [{ what: 'Weekly meeting', agencyId, personSub }],
  reviewOn: daysAfter(londonDay(new Date()), 56),
})

const move = async (stage: Stage, asked: object) => {
  const { etag } = await read(stage)
  const body = { justification: 'Agreed with the team', ...asked }
  return post<Schemas['StrandChangeRecorded']>(stage, 'analyst', { path: `/v1/offenders/${sam}/strand-changes`, body, ifMatch: etag })
}

const refuses: Step = {
  title: 'Sam refuses sharing: the gate closes at once, the police are asked to decide, and nobody is moved',
  async tell(stage) {
    given(await enquire(stage, 'analyst', { about: 'sam', categories: ['engagement'] }), 'engagement')
    stage.putBackLater(() => comeHome(stage))
    await say(stage, 'refused')
    const refused = withheld(await enquire(stage, 'analyst', { about: 'sam', categories: ['engagement'] }), 'engagement', 'consent-refused')
    await mustWait(stage, 'analyst', 'police-strand-decision')
    mustStand(await read(stage), 'rehabilitate-and-resettle', 'fresh-steps')
    return `${inShort(refused)} Sam is still in rehabilitate and resettle under Fresh Steps.`
  },
}

const path = `/v1/offenders/${sam}/police-decisions`
const decision = { outcome: 'catch-and-control', justification: 'The risk without sharing is too high' }

const notTheirs: Step = {
  title: 'The decision is the police’s: Fresh Steps, who lead the case, cannot take it',
  async tell(stage) {
    const { body } = await post<Schemas['Problem']>(stage, 'keyworker', { path, body: decision })
    mustBe(body.code === 'not-lead', `the key worker was answered ${body.code}`)
    return `“${body.detail ?? ''}” (${body.code}, rule ${body.ruleId ?? '?'}, ${body.cites ?? '?'}) Next: ${body.nextStep ?? '?'}`
  },
}

const decided: Step = {
  title: 'The police decide, and the lead of the destination records the move citing the decision',
  async tell(stage) {
    const asked = {
      toStrand: 'catch-and-control',
      trigger: 'consent-refused',
      leadAgencyId: 'ridings-police',
      plan: planLedBy('ridings-police', 'analyst'),
    }
    mustBe((await move(stage, asked)).status === 422, 'a move that cites no decision was not refused')
    const { policeDecisionId } = must(
      await post<Schemas['PoliceDecisionRecorded']>(stage, 'analyst', { path, body: decision }),
      201,
      'deciding',
    )
    await mustWait(stage, 'analyst', 'strand-recording')
    mustStand(await read(stage), 'rehabilitate-and-resettle', 'fresh-steps')
    const moved = must(await move(stage, { ...asked, policeDecisionId }), 201, 'recording the move')
    mustStand(await read(stage), 'catch-and-control', 'ridings-police')
    return `row ${moved.row ?? '?'} of the lead-agency table: catch and control, led by ${moved.leadAgencyId ?? '?'}`
  },
}

const agrees: Step = {
  title: 'Sam agrees again: the gate reopens at once, and the lead is asked to review the strand',
  async tell(stage) {
    await say(stage, 'given')
    const record = given(await enquire(stage, 'analyst', { about: 'sam', categories: ['engagement'] }), 'engagement')
    await mustWait(stage, 'analyst', 'strand-return-review')
    mustStand(await read(stage), 'catch-and-control', 'ridings-police')
    return `${record.category} from ${record.supplier.agencyId}; the strand waits for the conference`
  },
}

const comeHome = async (stage: Stage): Promise<void> => {
  const { known } = await read(stage)
  if (known.strand === 'rehabilitate-and-resettle') return say(stage, 'given')
  const conferenceId = await todaysConference(stage, sam)
  const back = await move(stage, {
    ...{ toStrand: 'rehabilitate-and-resettle', trigger: 'consent-restored', conferenceId },
    ...{ providerAgencyId: 'fresh-steps', leadAgencyId: 'fresh-steps', plan: planLedBy('fresh-steps', 'keyworker') },
  })
  const { changeId } = must(back, 201, 'recording the way back')
  const acceptance = { path: `/v1/offenders/${sam}/strand-changes/${changeId ?? ''}/acceptance`, body: { decision: 'accepted' } }
  must(await post(stage, 'keyworker', acceptance), 200, 'accepting the case')
}

const returns: Step = {
  title: 'The conference brings Sam back: the outgoing lead records it, and nothing moves until Fresh Steps accept',
  async tell(stage) {
    await comeHome(stage)
    mustStand(await read(stage), 'rehabilitate-and-resettle', 'fresh-steps')
    return 'rehabilitate and resettle under Fresh Steps, recorded by the police and accepted by Fresh Steps'
  },
}

export const aRefusalOfConsent: Chapter = {
  title: 'What follows when somebody refuses',
  steps: [refuses, notTheirs, decided, agrees, returns],
}
