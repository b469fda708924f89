import type { Db } from './db.ts'

/** Lock classes in the order in which they are taken; a change takes its class exclusively, a release shares it. */
const classes = { policy: 1, agency: 2, conference: 3, subject: 4, idempotency: 5, permission: 6 } as const
export interface LockName {
  readonly class: keyof typeof classes
  /** Empty for the policy, of which there is one. */
  readonly id: string
}

/** FNV-1a over UTF-16 units, as a signed 32-bit key: two names that collide only wait for one another. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}

/** Unique keys, in the one order in which every transaction takes them. */
const keysOf = (names: readonly LockName[]): { classes: number[]; hashes: number[] } => {
  const unique = new Map(
    names.map((name) => [`${classes[name.class]} ${hashOf(name.id)}`, [classes[name.class], hashOf(name.id)] as const]),
  )
  const sorted = [...unique.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return { classes: sorted.map((key) => key[0]), hashes: sorted.map((key) => key[1]) }
}

const keyText = (name: LockName): string => `${classes[name.class]} ${hashOf(name.id)}`

/** Shares every lock that is free at once. Returns a test whether a name is among those now held. */
export const tryShareLocks = async (tx: Db, names: readonly LockName[]): Promise<(name: LockName) => boolean> => {
  const keys = keysOf(names)
  const { rows } = await tx.query<{ class: number; hash: number }>({
    name: 'try-share-locks',
    text: `
      select k.class, k.hash from unnest($1::int[], $2::int[]) with ordinality as k (class, hash, place)
       where not pg_try_advisory_xact_lock_shared(k.class, k.hash)`,
    values: [keys.classes, keys.hashes],
  })
  const missed = new Set(rows.map((row) => `${row.class} ${row.hash}`))
  return (name) => !missed.has(keyText(name))
}

/** Waits for shared locks, in order, up to the session's lock_timeout. */
export const shareLocks = async (tx: Db, names: readonly LockName[]): Promise<void> => {
  const keys = keysOf(names)
  await tx.query({
    name: 'share-locks',
    text: `select count(pg_advisory_xact_lock_shared(k.class, k.hash)::text)
             from (select u.class, u.hash from unnest($1::int[], $2::int[]) with ordinality as u (class, hash, place) order by u.place) as k`,
    values: [keys.classes, keys.hashes],
  })
}

/** Waits for exclusive and shared locks, in the one order; what a change takes before it reads anything it decides on. */
export const takeLocks = async (
  tx: Db,
  names: { readonly exclusive: readonly LockName[]; readonly shared: readonly LockName[] },
): Promise<void> => {
  const alone = new Set(names.exclusive.map(keyText))
  const keys = keysOf([...names.exclusive, ...names.shared])
  await tx.query({
    name: 'take-locks',
    text: `select count(case when k.alone then pg_advisory_xact_lock(k.class, k.hash)::text
                             else pg_advisory_xact_lock_shared(k.class, k.hash)::text end)
             from (select u.class, u.hash, u.alone from unnest($1::int[], $2::int[], $3::bool[])
                     with ordinality as u (class, hash, alone, place) order by u.place) as k`,
    values: [keys.classes, keys.hashes, keys.classes.map((one, i) => alone.has(`${one} ${keys.hashes[i]}`))],
  })
}
