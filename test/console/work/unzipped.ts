import { inflateRawSync } from 'node:zlib'

/** The files of an archive as text, by name, read from its directory. */
export const unzipped = (bytes: Buffer): ReadonlyMap<string, string> => {
  const end = bytes.length - 22
  if (bytes.readUInt32LE(end) !== 0x06054b50) throw new Error('this is no archive')
  const files = new Map<string, string>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameLength, offset] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)]
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString()
    const from = offset + 30 + nameLength
    files.set(name, inflateRawSync(bytes.subarray(from, from + packed)).toString())
    at += 46 + nameLength
  }
  return files
}
