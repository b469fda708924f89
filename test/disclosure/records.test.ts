import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayEntry } from '../../src/gateway/enquiry/replay-entry.ts'
import { storyId } from '../../src/sandbox/people/story.ts'
import { agree, must, termsFor } from '../journeys/support/agree.ts'
import { listIn } from '../journeys/support/requests.ts'
import type { Json } from '../support/ask.ts'
import { shippedPolicies } from '../support/facts.ts'
import { entryOf } from '../support/logged.ts'
import { agreedWords, landlord, openPackages, type Packages } from './package-support.ts'
import { refusal, type Scene, to } from './support.ts'

let house: Packages
let scene: Scene
const stranger = { agencyId: 'ridings-police', sub: 'constable-wharfe' }
const home = { tenure: 'Council tenancy', provider: 'Calder Housing', arrears: true, neighbourComplaints: ['A named neighbour'] }
const part = (fields: readonly string[], more: Json = {}) => ({
  ...{ category: 'accommodation', supplierAgencyId: 'calder-housing', fields },
  ...more,
})
const ask = (records: readonly Json[], more: Json = {}) => house.request(scene, { recipient: stranger, records, ...more })
const asked = async (records: readonly Json[], more: Json = {}): Promise<string> => String(must(await ask(records, more), 201).requestId)
const fieldsIn = (body: Json) =>
  (body.records as readonly { items: readonly { fields: Json }[] }[]).map(({ items }) => items.map(({ fields }) => fields))
const codesOf = (rows: unknown) => (rows as readonly Json[]).map(({ category, field, code }) => [category, field ?? null, code])
const errorsIn = (reply: Parameters<typeof listIn>[0]) => listIn(reply, 'errors').map(({ path }) => path)
const rowsOf = async (text: string, values: unknown[]) => (await house.database.owner.query<Json>({ text, values })).rows

beforeAll(async () => {
  house = await openPackages()
  scene = await house.scene(['One.'])
  const path = `/v1/offenders/${scene.offenderId}/records/accommodation`
  const mappa = { providers: ['ridings-police'], recipients: ['fresh-steps'], categories: [{ id: 'mappa' as const }] }
  await agree(house, termsFor('SCHEME-BY-MISTAKE', { ...mappa, purposes: ['risk-management'] }))
  must(await house.as('housing-officer').put(path, { items: [{ fields: home }] }), 200)
})
afterAll(() => house.close())

describe('a part of the record that the chair lets out', () => {
  it('is told to somebody without a route to the person, field by field as permitted, and to nobody else', async () => {
    const enquiry = { offenderId: scene.offenderId, categories: [{ id: 'accommodation' }], justification: 'A visit on Monday' }
    const alone = await house
      .as('constable-wharfe')
      .post('/v1/enquiries', { ...enquiry, purpose: 'risk-management', legalGateway: 'dpa35-task' })
    expect(refusal(alone)).toEqual([404, 'ncnd'])

    const requestId = await asked([part(['tenure', 'provider', 'arrears'])])
    expect(must(await house.readRequest(requestId), 200)).toMatchObject({
      paragraphs: [],
      blocks: [],
      records: [part(['tenure', 'provider', 'arrears'])],
    })
    const permissionId = await house.granted(requestId, { decision: 'grant-part', records: [part(['tenure', 'arrears'])] })
    const got = await house.retrieve(permissionId, 'constable-wharfe')
    expect([got.status, fieldsIn(got.body), got.body.paragraphs]).toEqual([200, [[{ tenure: 'Council tenancy', arrears: true }]], []])
    expect(got.body).toMatchObject({ outbound: 'share', marking: 'official-sensitive', extent: 'part' })
    expect(got.body.obligations).toEqual(expect.arrayContaining(['no-onward', 'named-recipient', 'expires-at', 'return-or-destroy']))
    expect(got.text).not.toMatch(/Calder Housing|named neighbour/)

    const line = await entryOf(house.database, got)
    expect(replayEntry(line!, shippedPolicies)).toMatchObject({ differences: [] })
    const register =
      'select category, fields, outbound, permission_id, recipient_person_sub as who from disclosure where permission_id = $1'
    const kept = {
      category: 'accommodation',
      fields: ['tenure', 'arrears'],
      outbound: 'share',
      permission_id: permissionId,
      who: stranger.sub,
    }
    expect(await rowsOf(register, [permissionId])).toEqual([kept])
    const copies = await rowsOf('select records from permission_retrieval where permission_id = $1', [permissionId])
    expect(copies).toEqual([{ records: [part(['tenure', 'arrears'])] }])

    expect(refusal(await house.retrieve(permissionId, 'case-manager'))).toEqual([403, 'chair-none'])
    expect(refusal(await house.retrieve(permissionId, 'constable-wharfe', { purpose: 'rehab-support' }))).toEqual([403, 'chair-none'])
    expect((await house.revoke(permissionId)).body.recall).toMatchObject({ notices: 1, releases: 1 })
    expect(refusal(await house.retrieve(permissionId, 'constable-wharfe'))).toEqual([403, 'chair-revoked'])
  })

  it('beside paragraphs leaves with them', async () => {
    const paragraphIds = scene.paragraphs.map(({ paragraphId }) => paragraphId)
    const permissionId = await house.granted(await asked([part(['tenure'])], { paragraphIds }))
    const { body } = await house.retrieve(permissionId, 'constable-wharfe')
    expect([(body.paragraphs as readonly Json[]).map(({ text }) => text), fieldsIn(body)]).toEqual([
      ['One.'],
      [[{ tenure: 'Council tenancy' }]],
    ])
  })

  it('is fetched from an agency’s own system after the intent is committed, while the permission holds and not after', async () => {
    const sam = { ...scene, offenderId: storyId('sam') }
    must(await house.as('spoc').post(`/v1/conferences/${scene.conferenceId}/agenda`, { offenderId: sam.offenderId, item: 'strand' }), 201)
    const finding = { riskOutweighsConfidentiality: true, article8Grounds: ['crime-disorder'], finding: 'Seen at the shop.' }
    must(await house.as('spoc').post(`/v1/conferences/${scene.conferenceId}/discussions`, { offenderId: sam.offenderId, ...finding }), 201)
    const engagement = { category: 'engagement', supplierAgencyId: 'fresh-steps', fields: ['attendance'] }
    const before = house.answered('fresh-steps')
    const permissionId = await house.granted(await house.requested(sam, { recipient: stranger, records: [engagement] }))
    await house.readRequest(permissionId)
    expect(house.answered('fresh-steps')).toBe(before)
    const got = await house.retrieve(permissionId, 'constable-wharfe')
    expect(fieldsIn(must(got, 200))[0]!.map((fields) => Object.keys(fields))[0]).toEqual(['attendance'])
    expect(house.answered('fresh-steps')).toBe(before + 1)
    const intents = `select l.at from access_log l join access_log_payload p on p.entry_id = l.entry_id
                      where p.event = 'intent' and convert_from(p.canonical, 'UTF8')::jsonb ->> 'permissionId' = $1`
    expect(await rowsOf(intents, [permissionId])).toHaveLength(1)
    expect(refusal(await house.retrieve(permissionId, 'case-manager'))).toEqual([403, 'chair-none'])
    await house.revoke(permissionId)
    expect(refusal(await house.retrieve(permissionId, 'constable-wharfe'))).toEqual([403, 'chair-revoked'])
    expect(house.answered('fresh-steps')).toBe(before + 1)
  })

  it('may be of several categories, and of several suppliers of one, each with its own fields, agreement and line', async () => {
    const sam = { ...scene, offenderId: storyId('sam') }
    const mentoring = { service: 'Mentoring', lastSeenOn: '2026-10-20', attendance: '4 of 6', attitude: 'Willing', progress: 'Steady' }
    must(await house.as('youth-mentor').put(`/v1/offenders/${sam.offenderId}/records/engagement`, { items: [{ fields: mentoring }] }), 200)
    const [mentors, workers] = [
      { category: 'engagement', supplierAgencyId: 'young-horizons', fields: ['progress', 'attendance'] },
      { category: 'engagement', supplierAgencyId: 'fresh-steps', fields: ['attendance'] },
    ]
    const identity = { category: 'identity', supplierAgencyId: 'fresh-steps', fields: ['familyName'] }
    const nobody = { category: 'engagement', supplierAgencyId: 'ridings-health', fields: ['attitude'] }
    const requestId = await house.requested(sam, { recipient: stranger, records: [nobody, identity, mentors, workers] })
    const read = must(await house.readRequest(requestId), 200)
    expect(read.records).toEqual([workers, nobody, mentors, identity])
    expect((read.blocks as readonly Json[]).map(({ category, supplierAgencyId }) => [category, supplierAgencyId])).toEqual([
      ['engagement', 'ridings-health'],
    ])
    const chosen = [nobody, identity, { ...mentors, fields: ['progress'] }, workers]
    const permissionId = await house.granted(requestId, { decision: 'grant-part', records: chosen })
    const got = await house.retrieve(permissionId, 'constable-wharfe')
    const partsOf = (body: Json) =>
      (body.records as readonly { category: string; supplier: Json; items: readonly { fields: Json }[] }[]).map(
        ({ category, supplier, items }) => [category, supplier.agencyId, Object.keys(items[0]!.fields)],
      )
    const left = [
      ['engagement', 'fresh-steps', ['attendance']],
      ['engagement', 'young-horizons', ['progress']],
      ['identity', 'fresh-steps', ['familyName']],
    ]
    expect([partsOf(must(got, 200)), codesOf(got.body.withheld)]).toEqual([left, [['engagement', null, 'isa-category']]])
    const line = (await entryOf(house.database, got))!
    expect(
      (line.categories as readonly Json[]).map(({ category, supplier, fieldsAsked, outcome }) => [
        category,
        supplier,
        fieldsAsked,
        outcome,
      ]),
    ).toEqual([
      ['engagement', 'fresh-steps', ['attendance'], 'record'],
      ['engagement', 'ridings-health', ['attitude'], 'withheld'],
      ['engagement', 'young-horizons', ['progress'], 'record'],
      ['identity', 'fresh-steps', ['familyName'], 'record'],
    ])
    expect(replayEntry(line, shippedPolicies)).toMatchObject({ differences: [] })
    const text = `select category, supplier_agency_id as supplier, fields from disclosure where permission_id = $1 order by position`
    expect((await rowsOf(text, [permissionId])).map(({ category, supplier, fields }) => [category, supplier, fields])).toEqual(left)
    const copies = await rowsOf('select records from permission_retrieval where permission_id = $1', [permissionId])
    expect((copies[0]!.records as readonly unknown[]).length).toBe(3)
    expect((await house.revoke(permissionId)).body.recall).toMatchObject({ notices: 1, releases: 3 })
  })

  it('that its supplier does not hold is unavailable, and is decided on as if it did', async () => {
    const permissionId = await house.granted(await asked([part(['service'], { category: 'engagement', supplierAgencyId: 'fresh-steps' })]))
    const { body } = await house.retrieve(permissionId, 'constable-wharfe')
    expect([body.records, body.unavailable]).toMatchObject([[], [{ category: 'engagement', because: 'not-held' }]])
  })
})

describe('what a permission never cures (R23)', () => {
  const housing = to('housing-officer')
  it.each([
    ['a field that is shut', part(['tenure', 'neighbourComplaints']), {}, ['neighbourComplaints', 'third-party']],
    ['no agreement with the supplier', part(['tenure'], { supplierAgencyId: 'ridings-health' }), {}, [null, 'isa-category']],
    [
      'a purpose that is not the data’s',
      part(['arrestedOn'], { category: 'arrest-disposal', supplierAgencyId: 'ridings-police' }),
      { ...housing, purpose: 'accommodation', legalGateway: 'cda115' },
      [null, 'purpose-incompatible'],
    ],
    [
      'a power that is not the recipient’s',
      part(['tenure']),
      { recipient: landlord, purpose: 'accommodation', legalGateway: 'cda115' },
      [null, 'legal-gateway'],
    ],
    [
      'an agreement that lets nothing go further',
      part(['tenure']),
      { recipient: landlord, purpose: 'accommodation', legalGateway: 'gdpr-6-1-e' },
      [null, 'onward'],
    ],
    [
      'a scheme',
      part(['level'], { category: 'mappa', supplierAgencyId: 'ridings-police' }),
      { ...to('keyworker'), legalGateway: 'gdpr-6-1-e' },
      [null, 'scheme-scope'],
    ],
  ] as const)(
    '%s is shown to the chair before deciding, and refused at release with the same code',
    async (_, record, more, [field, code]) => {
      const requestId = await asked([record], more)
      const { blocks } = must(await house.readRequest(requestId), 200)
      expect(codesOf(blocks)).toContainEqual([record.category, field, code])
      for (const block of blocks as readonly Json[]) expect([block.stage, block.cites, block.says, block.nextStep]).not.toContain('')
      const permissionId = await house.granted(requestId)
      const { recipient = stranger, ...reasons } = more as { recipient?: { sub: string } } & Json
      const got = recipient === landlord ? await house.make(permissionId) : await house.retrieve(permissionId, recipient.sub, reasons)
      const [line] = field === null ? [await entryOf(house.database, got)] : []
      if (field === null) expect([got.status >= 403, line!.reason]).toEqual([true, code])
      else
        expect(codesOf((got.body.records as readonly Json[]).flatMap((one) => one.withheldFields as Json[]))).toEqual([
          [undefined, field, code],
        ])
      expect(got.text).not.toContain('A named neighbour')
    },
  )
})

describe('a part of which nobody may be told that it is there', () => {
  const reading = { purpose: 'self-monitoring', justification: 'What was I told of the visit?' }
  const support = { ...to('keyworker'), legalGateway: 'gdpr-6-1-e' }
  const told = async (records: readonly Json[]) => {
    const paragraphIds = scene.paragraphs.map(({ paragraphId }) => paragraphId)
    const more = { ...support, paragraphIds, ...(records.length === 0 ? {} : { records }) }
    const permissionId = await house.granted(await house.requested(scene, more))
    const got = await house.retrieve(permissionId, 'keyworker', { legalGateway: 'gdpr-6-1-e' })
    const receipt = JSON.parse(String((got.body.receipt as Json).body)) as Json
    const path = `/v1/access-log/${String(got.body.entryId)}/readings`
    const entry = must(await house.as('keyworker').post(path, reading), 200).entry as Json
    const { paragraphs, records: fields, withheld, unavailable } = must(got, 200)
    return {
      got,
      seen: [(paragraphs as readonly Json[]).length, fields, withheld, unavailable],
      ...{ receipt: receipt.categories, lines: entry.categories as readonly Json[], entry },
    }
  }

  it('is not there afterwards either, neither in the receipt nor when the answer is explained to whoever had it', async () => {
    const shut = part(['level'], { category: 'mappa', supplierAgencyId: 'ridings-police' })
    const [beside, alone] = [await told([shut]), await told([])]
    expect([beside.seen, beside.receipt, beside.lines]).toEqual([alone.seen, alone.receipt, alone.lines])
    expect(beside.lines.map(({ category, effect }) => [category, effect])).not.toContainEqual(['mappa', 'deny-ncnd'])
    expect(JSON.stringify([beside.got.body, beside.entry])).not.toMatch(/mappa|ncnd/)
    // The control: it was decided on, and an officer is told.
    const line = (await entryOf(house.database, beside.got))!
    expect((line.categories as readonly Json[]).map(({ category, effect }) => [category, effect])).toContainEqual(['mappa', 'deny-ncnd'])
    // What may be spoken of and is refused is explained as it was told.
    const refused = await told([part(['tenure'], { supplierAgencyId: 'ridings-health' })])
    expect([refused.lines.length, codesOf(refused.got.body.withheld)]).toEqual([
      beside.lines.length + 1,
      [['accommodation', null, 'isa-category']],
    ])
  })
})

describe('a landlord', () => {
  it('gets the agreed words that were drawn from the record, with consent, and no field of it', async () => {
    const grant = { providers: ['calder-housing'], recipients: ['ridings-police'], categories: [{ id: 'accommodation' as const }] }
    const terms = {
      ...grant,
      purposes: ['accommodation' as const],
      legalGateways: ['gdpr-6-1-e' as const],
      onward: 'with-chair-permission' as const,
    }
    await agree(house, termsFor('HOMES-ONWARD', terms))
    const body = { recipient: landlord, purpose: 'accommodation', legalGateway: 'gdpr-6-1-e', formOfWords: agreedWords }
    const made = must(await ask([part(['tenure', 'arrears'])], body), 201)
    const words = { decision: 'grant-whole', formOfWordsHash: made.formOfWordsHash, marking: 'official' }
    const permissionId = await house.granted(String(made.requestId), words)
    expect(refusal(await house.make(permissionId))).toEqual([403, 'formal-consent'])
    await house.consentTo(scene, [landlord.agencyId])
    const { link, code } = await house.sealed(permissionId)
    const page = await house.knock(link, code)
    expect([page.status, page.text.includes(agreedWords)]).toEqual([200, true])
    expect(page.text).not.toMatch(/Council tenancy|arrears|accommodation:/)
    // What would not have left without it is asked back when that consent ends.
    const rests = `select d.category, c.recipients from disclosure d join consent_event c on c.id = d.consent_event_id where d.permission_id = $1`
    expect(await rowsOf(rests, [permissionId])).toEqual([{ category: 'accommodation', recipients: [landlord.agencyId] }])
    const copies = await rowsOf('select records from permission_retrieval where permission_id = $1', [permissionId])
    expect(copies).toEqual([{ records: [part(['tenure', 'arrears'])] }])
  })
})

describe('somebody of a partner agency without an account', () => {
  it('gets the fields themselves as a sealed package, from the register alone', async () => {
    const more = { ...to('housing-officer'), recipientWithoutAccount: true, purpose: 'accommodation', legalGateway: 'cda115' }
    const identity = { category: 'identity', supplierAgencyId: 'ridings-probation', fields: ['familyName'] }
    const { link, code } = await house.sealed(await house.granted(await asked([identity], more)))
    const page = await house.knock(link, code)
    expect([page.status, page.text.includes('Inventworth'), page.text.includes('1990')]).toEqual([200, true, false])
  })

  it('gets no package of what would have to be fetched from an agency’s own system for whoever knocks', async () => {
    const sam = { ...scene, offenderId: storyId('sam') }
    const more = { ...to('case-manager'), recipientWithoutAccount: true }
    const engagement = { category: 'engagement', supplierAgencyId: 'fresh-steps', fields: ['attendance'] }
    const permissionId = await house.granted(await house.requested(sam, { ...more, records: [engagement] }))
    expect(refusal(await house.make(permissionId))).toEqual([409, 'conflict'])
  })
})

describe('a request or a decision about a record that cannot be', () => {
  it.each([
    ['/records/0/fields/1', [part(['tenure', 'colour'])]],
    ['/records/0/category', [part(['text'], { category: 'conf-minutes' })]],
    ['/records/0/supplierAgencyId', [part(['tenure'], { supplierAgencyId: 'nobody-at-all' })]],
    ['/records/1', [part(['tenure']), part(['arrears'])]],
  ])('is told at %s', async (path, records) => {
    const refused = await ask(records)
    expect([refused.status, errorsIn(refused)]).toEqual([400, [path]])
  })

  it.each([
    ['/records/0/fields/0', { decision: 'grant-part', records: [part(['arrears'])] }],
    ['/records/0', { decision: 'grant-part', records: [part(['tenure'], { supplierAgencyId: 'ridings-police' })] }],
    ['/records/1', { decision: 'grant-part', records: [part(['tenure']), part(['tenure'])] }],
    ['/records', { decision: 'grant-whole', records: [part(['tenure'])] }],
  ])('never goes beyond what was asked: %s', async (path, body) => {
    const requestId = await asked([part(['tenure'])])
    const refused = await house.decide(requestId, body)
    expect([refused.status, errorsIn(refused)]).toEqual([422, [path]])
    expect(await rowsOf('select from permission m where m.request_id = $1', [requestId])).toEqual([])
  })
})
