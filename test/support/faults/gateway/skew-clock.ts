/**
 * Sets the whole process's clock ahead or behind, as a machine's would be whose time service has failed: every `Date` made without
 * an instant, and `Date.now()`. The monotonic clock goes on as it was. Gives the clock as it was before.
 */
export const skewClock = (byMs: number): (() => number) => {
  const True = Date
  const trueNow = (): number => True.now()
  if (byMs === 0) return trueNow
  const now = (): number => True.now() + byMs
  globalThis.Date = new Proxy(True, {
    construct: (target, args: readonly unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === globalThis.Date ? target : newTarget) as object,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  })
  return trueNow
}
