import type { Answer, OperationRequest } from '../../../core/answer.ts'
import type { Caller } from '../../../core/caller.ts'
import { Fault } from '../../../core/fault.ts'
import { insertRequestEvent } from '../../../db/disclosure/requests.ts'
import { findWords, insertAcceptance, insertWords } from '../../../db/disclosure/words.ts'
import { personOf } from '../../casework/conference/known-meeting.ts'
import type { ChangeOutcome } from '../../commit/change.ts'
import { type DisclosureUses, getRequest, hashOf, holdRequest, placeOfWords, type Refusal, requireMove } from '../known-request.ts'

const notContributor: Refusal = {
  allowed: false,
  status: 403,
  reason: { code: 'need-to-know', stage: 'R25', ruleId: 'words-by-contributors', cites: 'MPA report 2011, paras 39-40; R25' },
}

/** Operation `proposeWords`: the words as they are to leave, a version at a time. Any edit voids every acceptance (R25). */
export const proposeWords =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = (request.params.requestId ?? '').toLowerCase()
    const { text } = request.body as { text: string }
    const hash = hashOf(text)
    const held = await holdRequest(uses, { requestId }, caller)
    return uses.commitChange(caller, {
      operation: 'proposeWords',
      event: 'alteration',
      offenderId: held.offenderId,
      ...{ locks: held.own, sharedLocks: held.along },
      idempotencyKey: request.idempotencyKey,
      detail: { requestId, formOfWordsHash: hash },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getRequest(context, held)
        if ('allowed' in known) return known
        if (!known.isRequester && !known.contributes && !known.authority.may) return notContributor
        requireMove(known, 'words-proposed')
        const { tx, at } = context
        const version = ((await findWords(tx, requestId))?.version ?? 0) + 1
        await insertWords(tx, { requestId, version, hash, sealed: uses.seal(text, placeOfWords(requestId, version)) })
        await insertRequestEvent(tx, { requestId, kind: 'words-proposed', by: personOf(caller), at })
        return { allowed: true, status: 201, body: { requestId, version, hash }, detail: { version } }
      },
    })
  }

/** Operation `acceptWords`: by somebody of a contributing agency who was there, of exactly the text that the hash names. */
export const acceptWords =
  (uses: DisclosureUses) =>
  async (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const requestId = (request.params.requestId ?? '').toLowerCase()
    const { hash } = request.body as { hash: string }
    const held = await holdRequest(uses, { requestId }, caller)
    return uses.commitChange(caller, {
      operation: 'acceptWords',
      event: 'alteration',
      offenderId: held.offenderId,
      ...{ locks: held.own, sharedLocks: held.along },
      idempotencyKey: request.idempotencyKey,
      detail: { requestId, formOfWordsHash: hash },
      async run(context): Promise<ChangeOutcome<object>> {
        const known = await getRequest(context, held)
        if ('allowed' in known) return known
        if (!known.contributes) return notContributor
        requireMove(known, 'words-accepted')
        const { tx, at } = context
        const words = await findWords(tx, requestId)
        if (words?.hash !== hash) throw new Fault('conflict', 'These are not the words as they stand now. Read them again.')
        const by = personOf(caller)
        if (!(await insertAcceptance(tx, { requestId, version: words.version, hash, by, at }))) {
          throw new Fault('conflict', 'Your agency has accepted these words already.')
        }
        await insertRequestEvent(tx, { requestId, kind: 'words-accepted', by, at })
        return { allowed: true, status: 201, body: { requestId, version: words.version, hash }, detail: { version: words.version } }
      },
    })
  }
