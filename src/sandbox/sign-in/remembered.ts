type Payload = Record<string, unknown> & { consumed?: unknown; grantId?: string; uid?: string }

interface Kept {
  readonly payload: Payload
  readonly until: number
}

const MOST_KEPT = 2000

/** What a provider remembers, in memory: a sandbox that was stopped asks its people to sign in again. One store for each provider. */
export const makeRemembered = () => {
  const kept = new Map<string, Kept>()
  return (model: string) => {
    const keyOf = (id: string): string => `${model}:${id}`
    const find = (id: string): Promise<Payload | undefined> => {
      const found = kept.get(keyOf(id))
      return Promise.resolve(found === undefined || found.until < Date.now() ? undefined : found.payload)
    }
    return {
      upsert: (id: string, payload: Payload, expiresIn?: number) => {
        if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
        kept.set(keyOf(id), { payload, until: Date.now() + (expiresIn ?? 3600) * 1000 })
        return Promise.resolve()
      },
      find,
      findByUid: (uid: string) => {
        const found = [...kept].find(([key, { payload }]) => key.startsWith(`${model}:`) && payload.uid === uid)
        return Promise.resolve(found?.[1].payload)
      },
      findByUserCode: () => Promise.resolve(undefined),
      consume: async (id: string) => {
        const payload = await find(id)
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: (id: string) => Promise.resolve(void kept.delete(keyOf(id))),
      revokeByGrantId: (grantId: string) => {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key)
        return Promise.resolve()
      },
    }
  }
}
