/** A verdict with its value, or one sentence saying why not, fit for the integrator who sent what was checked. */
export type Checked<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly why: string }

export const accepted = <Value>(value: Value): Checked<Value> => ({ ok: true, value })
export const rejected = (why: string): { readonly ok: false; readonly why: string } => ({ ok: false, why })
