import type { Standing } from '../../core/snapshot.ts'
import type { Db } from '../db.ts'

/** Of these agencies those that take part now and serve the area, or every area, with what a rule reads about them. */
export const findRecipientsServing = async (
  db: Db,
  question: { readonly areaId: string; readonly ids: readonly string[] },
): Promise<readonly Standing['agency'][]> => {
  const { rows } = await db.query<Standing['agency']>({
    name: 'find-recipients-serving',
    text: `
      select a.id, a.kind, a.regime, a.clearance, a.schemes, true as active from agency a
       where a.id = any($2::text[]) and (a.area_id is null or a.area_id = $1)
         and a.suspended_at is null and (a.active_to is null or a.active_to > statement_timestamp())
       order by a.id`,
    values: [question.areaId, question.ids],
  })
  return rows
}
