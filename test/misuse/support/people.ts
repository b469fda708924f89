import { newId } from '../../../src/gateway/new-id.ts'
import type { Scene } from './scene.ts'

export interface Staff {
  readonly agencyId: string
  readonly sub: string
  readonly displayName: string
}
export interface Client {
  readonly id: string
  readonly givenName: string
  readonly familyName: string
  readonly areaId: string
}

export const addAgencies = async (scene: Scene, agencies: Readonly<Record<string, string>>, areas: readonly string[]): Promise<void> => {
  await scene.fresh.owner.query({ text: 'insert into area (id, name) select a, a from unnest($1::text[]) as a', values: [areas] })
  for (const [id, kind] of Object.entries(agencies)) {
    const text = `insert into agency (id, name, kind, regime) values ($1, $1, $2, 'general')`
    await scene.fresh.owner.query({ text, values: [id, kind] })
  }
}

export const addStaff = async (scene: Scene, staff: readonly Staff[]): Promise<void> => {
  const text = `
    insert into person (agency_id, sub, display_name)
    select s."agencyId", s.sub, s."displayName" from jsonb_to_recordset($1::jsonb) as s ("agencyId" text, sub text, "displayName" text)`
  await scene.fresh.owner.query({ text, values: [JSON.stringify(staff)] })
}

export const addClients = async (scene: Scene, clients: readonly Client[]): Promise<void> => {
  const text = `
    insert into offender (id, given_name, family_name, born_on, cohort, area_id)
    select c.id, c."givenName", c."familyName", '1990-02-01', 'iom', c."areaId"
      from jsonb_to_recordset($1::jsonb) as c (id uuid, "givenName" text, "familyName" text, "areaId" text)`
  await scene.fresh.owner.query({ text, values: [JSON.stringify(clients)] })
}

export const clientOf = (givenName: string, familyName: string, areaId = 'calder'): Client => ({
  ...{ id: newId(), givenName, familyName, areaId },
})
