/**
 * The one spelling under which names and addresses are hashed and compared, by agencies' systems and by the gateway: lower case, nothing
 * but a-z and 0-9, names with one space between given and family name.
 */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

export const namePart = (givenName: string, familyName: string): string => `${plain(givenName)} ${plain(familyName)}`
export const familyNamePart = (familyName: string): string => plain(familyName)
/** The line and the postcode. */
export const addressPart = (line: string, postcode: string): string => plain(line + postcode)
