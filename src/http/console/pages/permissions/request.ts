import { randomUUID } from 'node:crypto'
import { isFresh } from '../../doors/freshness.ts'
import { errorsIn, given } from '../../act/fields.ts'
import type { Page, PageAnswer, PageRequest, Told } from '../../page.ts'
import { refused } from '../../refused.ts'
import { decisionForm } from './act/decide.ts'
import { lookedAt } from './looked-at.ts'
import { blocksPart, isMe, moveSaid, type RequestRead, tagOf } from './request-words.ts'

/** One request on one page: what is asked, why, what stands against it and what happened to it; with the material once it is asked for. */
export const request: Page = {
  path: '/console/permissions/:requestId',
  title: 'Request for disclosure',
  section: 'permissions',
  roles: [],
  open: async (asking) => {
    const told = await asking.ask('readDisclosureRequest', { params: paramsOf(asking) })
    return told.status === 200 ? requestView(asking, told, {}) : refused(told)
  },
  submit: async (asking) => {
    const told = await asking.ask('readDisclosureRequest', { params: paramsOf(asking) })
    if (told.status !== 200) return refused(told)
    const justification = asking.form.text('justification')
    if (justification === '') {
      const errors = [{ text: 'Enter an answer: Why do you need to read it?', href: '#justification', name: 'justification' }]
      return { ...(await requestView(asking, told, { errors })), status: 422 }
    }
    const { purpose, legalGateway, conferenceId } = told.body as unknown as RequestRead
    const reasons = given({ purpose, legalGateway, justification })
    const checked = asking.check('readMinutes', { params: { conferenceId }, body: { manner: 'view', ...reasons } })
    const errors = errorsIn(checked, [{ name: 'justification', label: 'Why do you need to read it?', kind: 'text' }])
    if (errors.length > 0) return { ...(await requestView(asking, told, { errors, suggested: justification })), status: 422 }
    return requestView(asking, told, { looked: await lookedAt(asking, told.body as unknown as RequestRead, reasons), justification })
  },
}

const paramsOf = ({ params }: PageRequest) => ({ requestId: params['requestId'] ?? '' })

const requestView = async (asking: PageRequest, told: Told, more: Readonly<Record<string, unknown>>): Promise<PageAnswer> => {
  const { session } = asking
  const read = told.body as unknown as RequestRead
  const undecided = read.state === 'submitted' || read.state === 'info-requested'
  const decides = read.proposed != null
  return {
    view: 'permissions/request.njk',
    data: {
      ...{ request: read, entryId: told.entryId, tag: tagOf(read.state), marking: 'official-sensitive' },
      timeline: read.history.map((move) => ({ ...move, said: moveSaid(move.kind) })),
      paragraphs: read.paragraphs.map((one) => ({
        ...one,
        block: read.blocks.find(({ paragraphId }) => paragraphId === one.paragraphId) ?? null,
      })),
      records: read.records.map((one) => ({ ...one, blocks: read.blocks.filter((block) => blocksPart(block, one)) })),
      may: {
        decide: decides && undecided,
        look: decides,
        answer: isMe(session, read.requester) && read.state === 'info-requested',
        withdraw: isMe(session, read.requester) && undecided,
        retrieve: isMe(session, read.recipient) && read.permissionId !== null,
        revoke: decides && read.state === 'active',
        words: undecided,
        accept: read.formOfWords !== null && (undecided || read.state === 'active'),
      },
      // Whoever has to prove who they are first is led to a page of its own: nothing that is typed is lost on the way.
      decision:
        decides && undecided && isFresh(session, false) ? { ...decisionForm(read, await asking.agencyNames()), key: randomUUID() } : null,
      // Whoever reviews accesses gets from a permission to what was done under it; nobody has to type its id.
      reviews: read.permissionId !== null && asking.offers.some(({ path }) => path === '/console/log/search'),
      suggested: `To decide the request for disclosure ${read.requestId}`,
      ...more,
    },
  }
}
