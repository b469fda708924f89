import type { Field } from '../../../act/fields.ts'

/** What an agency is asked about a paragraph of its own. */
export const answerFields: readonly Field[] = [
  { name: 'paragraphId', label: 'Paragraph', kind: 'hidden' },
  {
    ...{ name: 'view', label: 'What does your agency think of its disclosure?', kind: 'radios' },
    options: [
      { value: 'objects', text: 'It objects' },
      { value: 'no-objection', text: 'It has no objection' },
    ],
  },
  { name: 'reasons', label: 'Why?', hint: 'For the authority’s file and the Commissioner. Sealed; part of no notice.', kind: 'long' },
]
