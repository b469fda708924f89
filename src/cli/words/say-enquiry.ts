import type { components } from '../../http/generated/contract.ts'
import { explainedLines, groupByRule, sayWithheldFields, sayWithheldItems } from './explained.ts'
import { labelled, table, valueText } from './table.ts'

type Schemas = components['schemas']
type Result = Schemas['EnquiryResult'] | Schemas['PreviewResult']
type Rec = Result['records'][number]

/** An answered enquiry or preview, for reading: what was given, how to handle it, and why not the rest. */
export const sayEnquiry = (result: Result, width: number): string =>
  [
    headline(result),
    ...result.records.map((record) => sayRecord(record, width)),
    ...groupByRule(result.withheld).map((group) => sayWithheld(group, width)),
    ...result.unavailable.map((one) => sayUnavailable(one, width)),
    table([
      ['entry', result.entryId],
      ['policy', result.policy],
    ]),
  ].join('\n\n')

const headline = ({ offenderId, purpose, decidedAt, records, withheld, unavailable }: Result): string =>
  `About ${offenderId} for ${purpose}, decided ${decidedAt}: ` +
  `${records.length} given, ${withheld.length} withheld, ${unavailable.length} unavailable`

const sayRecord = (record: Rec, width: number): string => {
  const at = { indent: '  ', width }
  const agreement = record.agreement ? `${record.agreement.reference} version ${record.agreement.version}` : 'the agency’s own'
  return [
    `${record.category} from ${record.supplier.agencyId}: ${record.outbound}, marked ${record.marking}`,
    labelled('rests on', agreement + (record.validUntil ? `, until ${record.validUntil}` : ''), at),
    ...(record.obligations.length === 0 ? [] : [labelled('handling', record.obligations.join(', '), at)]),
    ...('items' in record
      ? record.items.map((item, index) => sayItem(item, index + 1, width))
      : [labelled('fields  ', record.fieldsPermitted.join(', '), at)]),
    ...groupByRule(record.withheldFields).map((group) => sayWithheldFields(group, width)),
    ...(record.withheldItems ?? []).map((one) => sayWithheldItems(one, width)),
  ].join('\n')
}

const sayItem = ({ fields, provenance }: Schemas['ReleasedRecord']['items'][number], number: number, width: number): string => {
  const names = Object.keys(fields)
  const longest = Math.max(0, ...names.map((name) => name.length))
  const grade = provenance.grade ? `, grade ${Object.values(provenance.grade).join('')}` : ''
  return [
    `  ${number}. ${provenance.nature} of ${provenance.recordedOn ?? 'an unknown day'}, from ${provenance.originator}${grade}`,
    ...names.map((name) => labelled(name.padEnd(longest), valueText(fields[name]), { indent: '     ', width })),
  ].join('\n')
}

const sayWithheld = (group: readonly [Schemas['Withheld'], ...Schemas['Withheld'][]], width: number): string =>
  `Withheld: ${group.map(withheldName).join(', ')}\n${explainedLines(group[0], { indent: '  ', width })}`

const withheldName = ({ category, supplierAgencyId }: Schemas['Withheld']): string =>
  supplierAgencyId ? `${category} (${supplierAgencyId})` : category

const sayUnavailable = (one: Schemas['Unavailable'], width: number): string =>
  [
    `Unavailable: ${one.category}${one.supplierAgencyId ? ` (${one.supplierAgencyId})` : ''}`,
    labelled('why  ', `${one.says} (${one.because})`, { indent: '  ', width }),
    labelled('next ', one.nextStep, { indent: '  ', width }),
  ].join('\n')

/** A refusal of every category: each with its own reason, told once where several share it. */
export const sayRefusedCategories = (withheld: readonly Schemas['Withheld'][], width: number): string =>
  groupByRule(withheld)
    .map((group) => sayWithheld(group, width))
    .join('\n\n')
