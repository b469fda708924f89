/** Every way to change, remove or get around what may only be added to; each is refused for want of the right (42501). */
export const verbsOn = (columnOf: (table: string) => string): Readonly<Record<string, (table: string) => string>> => ({
  update: (table) => `update ${table} set ${columnOf(table)} = ${columnOf(table)}`,
  delete: (table) => `delete from ${table}`,
  truncate: (table) => `truncate ${table}`,
  'truncate cascade': (table) => `truncate ${table} cascade`,
  merge: (table) => `merge into ${table} using (select 1) as one (x) on true when matched then delete`,
  'select for update': (table) => `select 1 from ${table} for update`,
  'alter table': (table) => `alter table ${table} add column extra text`,
  'drop table': (table) => `drop table ${table}`,
  'disable trigger': (table) => `alter table ${table} disable trigger all`,
  'drop trigger': (table) => `drop trigger ${table.replace(/_(\d{6}|before)$/, '')}_append_only on ${table}`,
  'create trigger': (table) =>
    `create trigger mine before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
  'create rule': (table) => `create rule mine as on insert to ${table} do instead nothing`,
  'change of owner': (table) => `alter table ${table} owner to current_user`,
  'lock table': (table) => `do $$ begin lock table ${table} in access exclusive mode; end $$`,
  'copy from a file': (table) => `copy ${table} from '/dev/null'`,
  'copy to a program': (table) => `copy ${table} to program 'cat'`,
})

export const notPermitted = '42501'
