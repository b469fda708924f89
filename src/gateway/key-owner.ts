import type { Caller } from '../core/caller.ts'

/** A key is one person's: to a colleague behind the same system the first answer would say that there is such a person. No key has a space. */
export const ownerOf = ({ agencyId, clientId, personSub }: Caller, key: string) => ({
  agencyId,
  clientId,
  key: personSub === null ? key : `${key} ${personSub}`,
})
