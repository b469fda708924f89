import { isDay } from '../london.ts'
import type { AgencyKind, Category, FoiLabel, Marking } from '../vocabulary.ts'

/** What a field carries, which decides the rule under which it may leave. A field without a label never does. */
export const fieldLabels = ['plain', 'opinion', 'health', 'source-identity', 'third-party', 'victim'] as const
export type FieldLabel = (typeof fieldLabels)[number]

/** `date` is a London calendar day `YYYY-MM-DD`; `instant` is UTC. */
export const fieldTypes = ['string', 'date', 'instant', 'number', 'boolean', 'string-list'] as const
export type FieldType = (typeof fieldTypes)[number]

export const consentDependencies = ['none', 'unless-statutory', 'always'] as const
export type ConsentDependency = (typeof consentDependencies)[number]

export const dataRegimes = ['law-enforcement', 'general'] as const
export const sensitivities = ['none', 'criminal-offence', 'special-category'] as const
export const schemes = ['none', 'mappa', 'marac', 'mash', 'visor'] as const

export interface FieldDefinition {
  readonly title: string
  readonly label: FieldLabel
  readonly type: FieldType
  /** Where one field depends on consent and its category does not (support items of an interventions plan). */
  readonly consent?: ConsentDependency
}

/** One category of information as the partners agreed it: whose it is, how it is marked, and every field there is. */
export interface CategoryDefinition {
  readonly id: Category
  readonly title: string
  /** `lead`: whichever agency leads the case. */
  readonly owner: 'lead' | readonly AgencyKind[]
  readonly marking: Marking
  readonly foi: readonly FoiLabel[]
  /** Regime of the owner's processing; a supplier under Part 3 makes its own data law enforcement data whatever stands here. */
  readonly dataRegime: (typeof dataRegimes)[number]
  readonly consent: ConsentDependency
  readonly sensitivity: (typeof sensitivities)[number]
  readonly scheme: (typeof schemes)[number]
  /** Intelligence, which never travels without its 3x5x2 grade. */
  readonly graded: boolean
  readonly fields: Readonly<Record<string, FieldDefinition>>
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/

const fits: Record<FieldType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  date: (value) => typeof value === 'string' && isDay(value),
  instant: (value) => typeof value === 'string' && instant.test(value) && !Number.isNaN(Date.parse(value)),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  'string-list': (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
}

/** Whether a source's value is of the field's type; an object smuggled into a text field is not. */
export const valueFits = (field: FieldDefinition, value: unknown): boolean => fits[field.type](value)
