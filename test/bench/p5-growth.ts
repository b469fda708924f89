import pg from 'pg'
import { compilePolicies } from '../../src/core/decision/policy.ts'
import { decide } from '../../src/core/decision/decide.ts'
import type { PolicyBundle } from '../../src/core/decision/bundle.ts'
import { readPolicyFiles } from '../../src/gateway/policies/policy-files.ts'
import { newId } from '../../src/gateway/new-id.ts'
import { termsHash } from '../../src/gateway/agreements/terms-hash.ts'
import type { AgreementTerms } from '../../src/core/snapshot.ts'
import { mintToken } from '../../src/sandbox/tokens.ts'
import { goodFacts } from '../support/facts.ts'
import { addPeople, type BenchWorld, openWorld, policiesDir } from './data.ts'
import { measure, median, startServer } from './load.ts'
import { audience, bodyFor } from './p1-enquiry.ts'
import type { Row } from './table.ts'

// P5: throughput as agreements, people and rules grow tenfold. The log's own growth is measured with the log's searches.

const throughput = async (world: BenchWorld, people: readonly string[]): Promise<number> => {
  const server = await startServer({ kind: 'gateway', connection: world.app, dataDir: world.dataDir, audience })
  try {
    const token = await mintToken({ dataDir: world.dataDir, persona: 'analyst', audience, ttlSeconds: 600 })
    const step = Math.max(1, Math.floor(people.length / 1_000))
    const load = {
      url: server.url,
      headers: { authorization: `Bearer ${token}` },
      bodies: people.filter((_id, index) => index % step === 0).map(bodyFor),
    }
    await measure({ ...load, seconds: 4 })
    const runs = []
    for (let round = 0; round < 5; round += 1) runs.push((await measure({ ...load, seconds: 2 })).perSecond)
    return median(runs)
  } finally {
    server.stop()
  }
}

const decades = (what: string, counts: readonly number[], rates: readonly number[], mostLost: number): readonly Row[] =>
  counts.map((count, index) => {
    const value = rates[index]!
    if (index === 0) return { what: `P5 ${count} ${what}, requests/s`, value }
    const kept = value / rates[index - 1]!
    return {
      what: `P5 ${count} ${what}, share of the decade before`,
      value: kept,
      goal: `>= ${(1 - mostLost).toFixed(2)}`,
      met: kept >= 1 - mostLost,
    }
  })

/** Agreements of other agencies that also name the asking agency as a party and recipient: the worst place for them to be. */
const addAgreements = async (world: BenchWorld, from: number, to: number): Promise<void> => {
  const client = new pg.Client(world.owner)
  await client.connect()
  try {
    const { rows } = await client.query<{ terms: AgreementTerms }>(
      `select v.terms from agreement_version v join agreement a on a.id = v.agreement_id where a.reference = 'RIDINGS-IOM-001'`,
    )
    await client.query('begin')
    for (let place = from; place < to; place += 1) {
      const terms = { ...rows[0]!.terms, reference: `BENCH-${place}`, parties: ['ridings-police', 'hollins-lettings'] }
      const grants = terms.grants
        .slice(0, 3)
        .map((grant) => ({ ...grant, providers: ['hollins-lettings'], recipients: ['ridings-police'] }))
      const id = newId()
      await client.query('insert into agreement (id, reference) values ($1, $2)', [id, terms.reference])
      await client.query(
        `insert into agreement_version (agreement_id, version, hash, terms, drafted_by_agency, drafted_by_person) values ($1, 1, $2, $3, 'ridings-partnership', 'registrar')`,
        [id, termsHash({ ...terms, grants }), JSON.stringify({ ...terms, grants })],
      )
      for (const party of terms.parties) {
        await client.query('insert into agreement_party (agreement_id, version, agency_id) values ($1, 1, $2)', [id, party])
        await client.query(
          `insert into agreement_signature (agreement_id, version, agency_id, person_sub, jws) values ($1, 1, $2, 'bench', 'bench')`,
          [id, party],
        )
      }
    }
    await client.query('commit')
  } finally {
    await client.end()
  }
}

export const growthOfAgreements = async (): Promise<readonly Row[]> => {
  const world = await openWorld()
  try {
    const people = await addPeople(world, 2_000)
    const counts = [10, 100, 1_000]
    const rates = []
    for (const [index, count] of counts.entries()) {
      await addAgreements(world, index === 0 ? 9 : counts[index - 1]!, count)
      rates.push(await throughput(world, people))
    }
    return decades('agreements', counts, rates, 0.1)
  } finally {
    await world.close()
  }
}

export const growthOfPeople = async (): Promise<readonly Row[]> => {
  const world = await openWorld()
  try {
    const counts = [10_000, 100_000, 1_000_000]
    const rates = []
    let have = 0
    for (const count of counts) {
      // Records for as many as are asked about; the others are there as people with numbers and consent.
      const asked = await addPeople(world, 2_000)
      await addPeople(world, count - have - 2_000, false)
      have = count
      rates.push(await throughput(world, asked))
    }
    return decades('people', counts, rates, 0.1)
  } finally {
    await world.close()
  }
}

/** Rules about other categories, and as many again about this one that never fire. */
const withRules = (bundle: PolicyBundle, count: number): PolicyBundle => {
  const has = bundle.stages.reduce((sum, stage) => sum + stage.rules.length, 0)
  const extra = Array.from({ length: Math.max(0, count - has) }, (_, index) => ({
    id: `bench-${index}`,
    cites: 'bench',
    action: ['fetch', 'release'] as const,
    subject: index % 2 === 0 ? 'address' : 'recall',
    inverted: true,
    conditions: { callerKind: { $in: ['immigration', 'fire'] }, strand: 'catch-and-control' },
    reason: 'need-to-know',
  }))
  // A stage without rules is refused, so the shipped bundle stays as it is.
  if (extra.length === 0) return bundle
  return {
    ...bundle,
    stages: [...bundle.stages, { stage: 'R99', title: 'bench', rules: extra as unknown as PolicyBundle['stages'][number]['rules'] }],
  }
}

export const growthOfRules = (): readonly Row[] => {
  const { bundle } = readPolicyFiles(policiesDir)
  const facts = goodFacts('address')
  const counts = [bundle.stages.reduce((sum, stage) => sum + stage.rules.length, 0), 400, 4_000]
  const rates = counts.map((count) => {
    const policies = compilePolicies(withRules(bundle, count))
    const once = (): number => {
      const started = performance.now()
      for (let i = 0; i < 200_000; i += 1) decide(policies, 'release', facts, { lapses: [] })
      return 2e8 / (performance.now() - started)
    }
    once()
    return median([once(), once(), once(), once(), once()])
  })
  return decades('rules', counts, rates, 0.2)
}
