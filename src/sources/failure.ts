import type { UnavailableReason } from './source.ts'

/** How the inside of this room says why a source has no answer; it never leaves the room, `httpSource` turns it into a reply. */
export class SourceFailure extends Error {
  readonly because: UnavailableReason
  constructor(because: UnavailableReason, cause?: unknown) {
    super(because, { cause })
    this.name = 'SourceFailure'
    this.because = because
  }
}
