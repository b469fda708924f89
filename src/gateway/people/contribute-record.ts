import type { Answer, OperationRequest } from '../../core/answer.ts'
import type { Caller } from '../../core/caller.ts'
import { type CategoryDefinition, valueFits } from '../../core/decision/category.ts'
import { Fault } from '../../core/fault.ts'
import { relationshipTo } from '../../core/case/relationship.ts'
import type { ReleasePoint } from '../../core/casework/system-rules.ts'
import type { Item, Standing, Subject } from '../../core/snapshot.ts'
import type { Category } from '../../core/vocabulary.ts'
import { readFacts } from '../../db/facts.ts'
import { putHostedRecord } from '../../db/people/hosted-records.ts'
import type { ChangeOutcome, CommitChange } from '../commit/change.ts'
import { holdsRole } from '../roles.ts'
import { newId } from '../new-id.ts'

export interface ContributeUses {
  readonly commitChange: CommitChange
  readonly seal: (items: readonly Partial<Item>[], recordId: string) => Uint8Array
}

/**
 * Operation `contributeRecord`: an agency without a system of its own keeps what it owns here, sealed. A system may do it
 * without a person (R2), for people its agency knows by a number of its own.
 */
export const contributeRecord =
  (uses: ContributeUses) =>
  (caller: Caller, request: OperationRequest): Promise<Answer> => {
    const offenderId = request.params.offenderId!.toLowerCase()
    const category = request.params.category as Category
    const body = request.body as { items: readonly Partial<Item>[]; justification?: string }
    const recordId = newId()
    return uses.commitChange(caller, {
      operation: 'contributeRecord',
      event: 'collection',
      offenderId,
      systemMay: true,
      locks: [{ class: 'subject', id: offenderId }],
      idempotencyKey: request.idempotencyKey,
      detail: { category, items: body.items.length, recordId, justification: body.justification ?? null },
      run: async ({ tx, standing, policies, at }) => {
        const definition = policies.category(category)!
        if (!owns(standing, definition)) return { allowed: false, reason: notOwner }
        const read = await readFacts(tx, { offenderIds: [offenderId], agencyIds: [], categories: [] })
        const subject = read.subjects.get(offenderId) ?? null
        if (!knows(standing, subject, at)) return { allowed: false, reason: noRoute, status: 404, shielded: true }
        checkFields(body.items, definition)
        const unreleased = releaseRefusal(standing, {
          items: body.items,
          category,
          points: policies.bundle.change?.systems?.releasePoints,
          at,
        })
        if (unreleased !== null) return unreleased
        await putHostedRecord(tx, {
          id: recordId,
          offenderId,
          category,
          agencyId: standing.agency.id,
          sealed: uses.seal(body.items, recordId),
        })
        return { allowed: true, status: 200, body: { offenderId, category, items: body.items.length, recordedAt: at.toISOString() } }
      },
    })
  }

const notOwner = {
  code: 'originator',
  stage: 'R31',
  ruleId: 'contribute-own-category',
  cites: 'Strand Clarification 2009, paras 2-4; R31',
} as const
const noRoute = { code: 'ncnd', stage: 'R5', ruleId: 'contribute-known-person', cites: 'FOIA 2000 s.40(5B); R5' } as const

/** What the lead keeps any partner may be: leading is weighed by the case, not by the kind of agency. */
const owns = (standing: Standing, definition: CategoryDefinition): boolean =>
  definition.owner === 'lead' || definition.owner.includes(standing.agency.kind)

/** A person needs a tie to the case; that their agency has a number for somebody is no reason for them to learn who is in the cohort. */
const knows = (standing: Standing, subject: Subject | null, at: Date): boolean => {
  if (subject === null || subject.basis !== 'cohort') return false
  if (standing.person === null) return subject.identifiers.some((identifier) => identifier.agencyId === standing.agency.id)
  return relationshipTo(standing, subject, at).relationship !== 'none'
}

interface Contributed {
  readonly items: readonly Partial<Item>[]
  readonly category: Category
  /** Undefined: the policy in force names no unit, and then nobody lets anything out. */
  readonly points: readonly ReleasePoint[] | undefined
  readonly at: Date
}

const releaseMark = /^released-by-/

/** That a unit let a piece of intelligence out is for the unit to say: its own people, or the agency's system, which keeps its releases. */
const releaseRefusal = (
  standing: Standing,
  { items, category, points = [], at }: Contributed,
): Extract<ChangeOutcome<object>, { allowed: false }> | null => {
  const marks = items.flatMap(({ conditions = [] }) => conditions.filter((condition) => releaseMark.test(condition)))
  const unknown = marks.find((mark) => !points.some((point) => point.category === category && point.condition === mark))
  const point = points.find((one) => one.category === category)
  const says = standing.person === null || (point !== undefined && holdsRole(standing, [point.role], at))
  if (marks.length === 0 || (unknown === undefined && says)) return null
  const cites = point?.cites ?? 'MPA report 2011, paras 41-42'
  return { allowed: false, reason: { code: 'release-point', stage: 'R18', ruleId: 'contribute-release-point', cites } }
}

/** A field that no label describes could never be released: it is refused here rather than lost later. */
const checkFields = (items: readonly Partial<Item>[], definition: CategoryDefinition): void => {
  const details = items.flatMap((item, index) =>
    Object.entries(item.fields ?? {}).flatMap(([name, value]) => {
      const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined
      const path = `/items/${index}/fields/${name}`
      if (field === undefined) {
        return [{ path, message: `is not a field of ${definition.id}; its fields are ${Object.keys(definition.fields).join(', ')}` }]
      }
      return valueFits(field, value) ? [] : [{ path, message: `must be a ${field.type}` }]
    }),
  )
  if (details.length > 0) throw new Fault('invalid', `These are not fields of ${definition.id}.`, { details: details.slice(0, 20) })
}
