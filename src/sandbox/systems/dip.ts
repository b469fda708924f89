import type { Known, SystemDefinition, Taken } from './agency-system.ts'
import { several } from './agency-system.ts'
import { dayAfter, dayBefore, packed } from './dates.ts'

/** A flat row of text columns, as an export of a table is; the client's number stands in every row and once above them. */
const rows = (known: Known, table: string, made: readonly Readonly<Record<string, string>>[]) => ({
  EXPORT: { TABLE_NM: table, CLIENT_NO: known.number, ROW_CT: String(made.length) },
  ROWS: made.map((row) => ({ CLIENT_NO: known.number, CLIENT_NM: `${known.person.familyName}, ${known.person.givenName}`, ...row })),
})

const treatment = (known: Known) => {
  const { random } = known
  const made = several(random, 2, (index) => ({
    PROGRAMME_TX: random.pick(['Structured day programme', 'Rapid prescribing', 'Aftercare']),
    START_DT: packed(dayBefore(random, 30 + index * 200, 200 + index * 200)),
    KEYWORKER_NM: 'D Worker',
    SUBSTANCES_TX: random.pick(['HEROIN|CRACK', 'HEROIN', 'CRACK|ALCOHOL']),
    LAST_TEST_CD: random.pick(['NEG', 'POS-OPI', 'POS-COC']),
    SCRIPT_TX: random.pick(['Methadone 40 ml daily', 'Buprenorphine 8 mg daily', '']),
    PROGRESS_CD: random.pick(['1', '2', '3']),
  }))
  return rows(known, 'MI_TREATMENT', made)
}

const appointments = (known: Known) => {
  const { random } = known
  const made = several(random, 3, (index) => {
    const day = dayBefore(random, 2 + index * 10, 12 + index * 10)
    const kept = random.chance(0.7)
    return {
      APPT_TYPE_CD: random.pick(['RA', 'ROB', 'DRR']),
      APPT_DT: packed(day),
      ATTENDED_FL: kept ? 'Y' : 'N',
      OUTCOME_CD: kept ? 'ATT' : random.pick(['AA', 'WARN']),
      NEXT_APPT_DT: packed(dayAfter(day, 10)),
    }
  })
  return rows(known, 'MI_APPOINTMENT', made)
}

const strandCodes = { 'catch-and-control': 'CC', 'prevent-and-deter': 'PD', 'rehabilitate-and-resettle': 'RR' } as const

/** The strand that was told last; before anything was told, the one the programme wrote down itself. Empty where there is none. */
const strand = (known: Known) => {
  const last = known.kept.at(-1)
  const { strand: first, leadAgencyId } = known.person
  const [code, lead, moved] =
    last === undefined ? [first === null ? '' : strandCodes[first], leadAgencyId ?? '', ''] : [last.STRAND_CD, last.LEAD_CD, last.MOVED_TS]
  return rows(known, 'MI_STRAND', [{ STRAND_CD: String(code), LEAD_CD: String(lead), MOVED_TS: String(moved) }])
}

/** A move is kept once by its id; sent again, it is known. */
const takeMove = (known: Known, sent: Readonly<Record<string, unknown>>): Taken => {
  const there = known.kept.some(({ MOVE_ID: id }) => id === sent.MOVE_ID)
  const reply = { EXPORT: { CLIENT_NO: known.number, MOVE_ID: sent.MOVE_ID, STATE_CD: there ? 'KNOWN' : 'TAKEN' } }
  return { reply, keep: there ? null : sent }
}

/** The drug programme's MI-Case: flat rows of text, dates as 20260501, codes to be read with a key. It is the record of strands. */
export const dipSystem: SystemDefinition = {
  agencyId: 'calder-dip',
  numberKey: 'CLIENT_NO',
  views: { '/mi-case/treatment': treatment, '/mi-case/appointments': appointments, '/mi-case/strand': strand },
  takes: { '/mi-case/moves': takeMove },
}
