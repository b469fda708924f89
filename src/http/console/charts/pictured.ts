/** A picture and the table that says the same: the one is never shown without the other. */
export interface Pictured {
  readonly title: string
  readonly svg: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** What the lighter and the darker part stand for. */
  readonly key?: readonly [string, string]
  /** Said instead of the picture where there is nothing to draw. */
  readonly empty?: string | null
  /** The table stands open from the beginning. */
  readonly open?: boolean
}
