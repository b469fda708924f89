/**
 * A URI as RFC 9449 4.3 compares it: "ignoring any query and fragment parts", after syntax-based and scheme-based normalization
 * (RFC 3986 6.2.2, 6.2.3). Null when it is not an http(s) URI or carries user information.
 */
export function targetUri(text: string): string | null {
  // The URL parser drops tabs and line ends and repairs backslashes; a proof has no business with either.
  if (text.length > 4096 || !/^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(text)) return null
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return null
  }
  if (url.username !== '' || url.password !== '') return null
  return `${url.protocol}//${url.host}${url.pathname.replace(/%[0-9a-f]{2}/gi, normaliseEscape)}`
}

function normaliseEscape(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
  return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase()
}
