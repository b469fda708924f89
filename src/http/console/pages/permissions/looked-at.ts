import type { PageRequest, Told } from '../../page.ts'
import type { RequestRead } from './request-words.ts'

interface ReadParagraph {
  readonly paragraphId: string
  readonly text: string | null
  readonly foiLabels: readonly string[]
}

/** What was read beside a request: the paragraphs as they stand, and of the person who they are, their consent and the agreement. */
export interface LookedAt {
  readonly readings: readonly Told[]
  readonly texts: Readonly<Record<string, ReadParagraph>>
  readonly withheld: Readonly<Record<string, unknown>>
  readonly enquiry: Told
  readonly identity: Readonly<Record<string, unknown>> | null
  readonly watermark: unknown
}

const about = ['identity', 'cohort-status', 'consent-record'].map((id) => ({ id }))

/**
 * Two looks that anybody takes who decides: at the paragraphs and at the person. Each is decided and logged as it is over the interface,
 * for the purpose that is asked and for the reason that the person wrote.
 */
export const lookedAt = async (asking: PageRequest, read: RequestRead, reasons: Readonly<Record<string, unknown>>): Promise<LookedAt> => {
  const readings: Told[] = []
  for (const form of new Set(read.paragraphs.map((one) => one.form))) {
    const paragraphIds = read.paragraphs.filter((one) => one.form === form).map(({ paragraphId }) => paragraphId)
    const params = { conferenceId: read.conferenceId }
    readings.push(await asking.ask('readMinutes', { params, body: { form, paragraphIds, manner: 'view', ...reasons } }))
  }
  const enquiry = await asking.ask('enquire', { body: { offenderId: read.offenderId, categories: about, ...reasons } })
  const answered = readings.filter(({ status }) => status === 200)
  return {
    ...{ readings, enquiry },
    texts: byId(answered, 'paragraphs'),
    withheld: byId(answered, 'withheld'),
    identity: identityIn(enquiry),
    watermark: answered[0]?.body['watermark'] ?? null,
  }
}

const byId = <One extends { readonly paragraphId: string }>(told: readonly Told[], member: string): Readonly<Record<string, One>> =>
  Object.fromEntries(told.flatMap(({ body }) => (body[member] as readonly One[]).map((one) => [one.paragraphId, one])))

const identityIn = ({ status, body }: Told): Readonly<Record<string, unknown>> | null => {
  if (status !== 200) return null
  const records = body['records'] as readonly {
    readonly category: string
    readonly items: readonly { readonly fields: Readonly<Record<string, unknown>> }[]
  }[]
  return records.find(({ category }) => category === 'identity')?.items[0]?.fields ?? null
}
