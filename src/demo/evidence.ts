import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { askOpenly } from '../cli/gateway/gateway-client.ts'
import { verifyReceipt } from '../ledger/receipt.ts'
import { enquire, given, isExplained, type Withheld } from './ask.ts'
import type { Stage } from './stage.ts'
import type { Chapter, Step } from './tell.ts'
import { mustBe } from './tell.ts'

interface Entry {
  readonly entryId: string
  readonly operation: string
  readonly effect: string
  readonly reason: string | null
  readonly justification?: string | null
  readonly caller?: { readonly personSub: string | null }
  readonly categories: readonly { readonly category: string; readonly reasons: readonly Withheld[] }[]
}

const read = (stage: Stage, persona: string, entryId: string) =>
  stage.ask<{ entry: Entry }>(persona, {
    method: 'POST',
    path: `/v1/access-log/${entryId}/readings`,
    body: { purpose: 'lawfulness', justification: 'The story checks what the log holds' },
  })

const receiptHolds: Step = {
  title: 'The receipt of an answer is verified with the log’s public key alone',
  async tell(stage) {
    const reply = await enquire(stage, 'analyst', { about: 'jordan', categories: ['oasys'] })
    given(reply, 'oasys')
    const receipt = reply.body.receipt
    const { body } = await askOpenly(stage.url, '/info')
    const { logKey } = body as { logKey: JsonWebKey & { kid: string } }
    const key = createPublicKey({ key: logKey, format: 'jwk' })
    mustBe(verifyReceipt(receipt, key), 'the receipt does not verify')
    mustBe((JSON.parse(receipt.body) as { entryId: string }).entryId === reply.body.entryId, 'the receipt is of another entry')
    const altered = { ...receipt, body: receipt.body.replace('risk-management', 'safeguarding') }
    mustBe(altered.body !== receipt.body && !verifyReceipt(altered, key), 'an altered receipt verifies too')
    return `key ${logKey.kid}: the receipt verifies, and with another purpose written into it it does not`
  },
}

const askerReads: Step = {
  title: 'The analyst reads why Casey’s enquiry was refused',
  async tell(stage) {
    const { body: refusal } = await enquire(stage, 'analyst', { about: 'casey', categories: ['engagement'] })
    const { status, body } = await read(stage, 'analyst', refusal.entryId)
    mustBe(status === 200 && body.entry.entryId === refusal.entryId, `the reading was answered ${status}`)
    const reason = body.entry.categories[0]?.reasons[0]
    mustBe(reason !== undefined && reason.code === 'consent-refused' && isExplained(reason), 'the entry does not explain the refusal')
    return `entry ${refusal.entryId}: ${reason.code}, ${reason.ruleId}, ${reason.cites}`
  },
}

const officerReads: Step = {
  title: 'The log holds the true reason behind the shield, for the officer and not for the constable',
  async tell(stage) {
    const { body: shielded } = await enquire(stage, 'constable-wharfe', { about: 'jordan', categories: ['oasys'] })
    const own = await read(stage, 'constable-wharfe', shielded.entryId)
    mustBe(own.body.entry.reason === 'ncnd' && own.body.entry.categories.length === 0, 'the constable is told more than before')
    const officer = await read(stage, 'ig-officer', shielded.entryId)
    const reason = officer.body.entry.categories[0]?.reasons[0]
    mustBe(reason !== undefined && officer.body.entry.caller?.personSub === 'constable-wharfe', 'the officer does not see who asked')
    mustBe(officer.body.entry.justification !== own.body.entry.justification, 'another agency’s words are not masked')
    const stranger = await read(stage, 'nurse', shielded.entryId)
    mustBe(stranger.status === 404, `a nurse reading the entry was answered ${stranger.status}`)
    return `the officer sees ${officer.body.entry.reason ?? '?'} (${reason.ruleId}, ${reason.cites}); a nurse sees nothing`
  },
}

const everythingLogged: Step = {
  title: 'Every answer of this story has its entry in the log',
  async tell(stage) {
    const answers = [...stage.entries]
    mustBe(new Set(answers.map(({ entryId }) => entryId)).size === answers.length, 'two answers share an entry')
    for (const { entryId, persona, path } of answers) {
      const { status, body } = await read(stage, persona === 'ig-officer' ? 'ig-second' : 'ig-officer', entryId)
      mustBe(status === 200, `the entry of ${persona} at ${path} is not in the log (${status})`)
      mustBe(
        body.entry.caller?.personSub === persona,
        `the entry of ${persona} at ${path} names ${body.entry.caller?.personSub ?? 'nobody'}`,
      )
    }
    mustBe(answers.length > 20, 'too few answers were counted')
    return `${answers.length} answers, ${answers.length} entries; reading them made ${answers.length} more`
  },
}

export const evidence: Chapter = {
  title: 'What stands in the log',
  steps: [receiptHolds, askerReads, officerReads, everythingLogged],
}
