/** What happens to a request for disclosure; its state is never written down, it follows from these. */
export const requestEventKinds = [
  'submitted',
  'info-requested',
  'info-given',
  'words-proposed',
  'words-accepted',
  'granted-whole',
  'granted-part',
  'refused',
  'withdrawn',
  'revoked',
] as const
export type RequestEventKind = (typeof requestEventKinds)[number]

export type RequestState = 'submitted' | 'info-requested' | 'refused' | 'withdrawn' | 'active' | 'expired' | 'revoked'

export interface RequestEvent {
  readonly kind: RequestEventKind
  readonly at: Date
}

/** What may happen next in each state; anything else is a conflict. */
const moves: { readonly [State in RequestState]: readonly RequestEventKind[] } = {
  submitted: ['info-requested', 'words-proposed', 'words-accepted', 'granted-whole', 'granted-part', 'refused', 'withdrawn'],
  'info-requested': ['info-given', 'words-proposed', 'words-accepted', 'granted-whole', 'granted-part', 'refused', 'withdrawn'],
  active: ['words-proposed', 'words-accepted', 'revoked'],
  refused: [],
  withdrawn: [],
  expired: [],
  revoked: [],
}

export const mayHappen = (state: RequestState, kind: RequestEventKind): boolean => moves[state].includes(kind)

/** How a request stands at an instant. A permission that was revoked stays revoked when its day has passed as well. */
export const requestState = (events: readonly RequestEvent[], expiresAt: Date | null, at: Date): RequestState => {
  let state: RequestState = 'submitted'
  for (const event of events) if (event.at <= at) state = after(state, event.kind)
  return state === 'active' && expiresAt !== null && at >= expiresAt ? 'expired' : state
}

const after = (state: RequestState, kind: RequestEventKind): RequestState => {
  switch (kind) {
    case 'info-requested':
    case 'refused':
    case 'withdrawn':
    case 'revoked':
      return kind
    case 'info-given':
      return 'submitted'
    case 'granted-whole':
    case 'granted-part':
      return 'active'
    default:
      return state
  }
}
