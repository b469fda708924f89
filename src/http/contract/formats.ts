import { isDay } from '../../core/london.ts'

/** RFC 9562's own spelling: `urn:uuid:` names the same thing to some readers and nothing to the database. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** PostgreSQL has no year 0, and no place is more than 14 hours from UTC. */
const time = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

const isStoredDay = (text: string): boolean => isDay(text) && !text.startsWith('0000')

/** The formats of the contract whose usual checkers let through what one of the gateway's readers cannot read. */
export const storedFormats: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: (text) => uuid.test(text),
  date: isStoredDay,
  'date-time': (text) => isStoredDay(text.slice(0, 10)) && time.test(text.slice(10)),
}
