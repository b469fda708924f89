import { crc32, deflateRawSync } from 'node:zlib'

/** A file inside an archive, whole in memory. */
export interface ZipMember {
  readonly name: string
  readonly bytes: Uint8Array
}

const LARGEST = 0xffffffff
const UTF8_NAMES = 0x0800
const DEFLATED = 8
/** 1 January 1980: the archive says nothing of when it was written; its manifest does. */
const NO_DATE = 0x0021

interface Listed {
  readonly name: Buffer
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/** The fields that the header before a file and the one in the directory share (APPNOTE.TXT 4.3.7 and 4.3.12). */
const sharedFields = ({ name, crc, packed, size }: Listed): Buffer => {
  const bytes = Buffer.alloc(26)
  bytes.writeUInt16LE(20, 0)
  bytes.writeUInt16LE(UTF8_NAMES, 2)
  bytes.writeUInt16LE(DEFLATED, 4)
  bytes.writeUInt16LE(NO_DATE, 8)
  bytes.writeUInt32LE(crc, 10)
  bytes.writeUInt32LE(packed, 14)
  bytes.writeUInt32LE(size, 18)
  bytes.writeUInt16LE(name.length, 22)
  return bytes
}

const signature = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const directoryEntry = (listed: Listed): Buffer => {
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(listed.offset, 10)
  return Buffer.concat([signature(0x02014b50), Buffer.from([20, 0]), sharedFields(listed), tail, listed.name])
}

const endOfDirectory = (count: number, size: number, offset: number): Buffer => {
  const bytes = Buffer.alloc(22)
  bytes.writeUInt32LE(0x06054b50, 0)
  bytes.writeUInt16LE(count, 8)
  bytes.writeUInt16LE(count, 10)
  bytes.writeUInt32LE(size, 12)
  bytes.writeUInt32LE(offset, 16)
  return bytes
}

/**
 * A zip archive, piece by piece, so that only one file is in memory at a time.
 * @throws RangeError above 4 GiB or 65,535 files, which the plain format cannot hold: write a part of the log at a time
 */
export async function* zipArchive(members: AsyncIterable<ZipMember>): AsyncGenerator<Buffer> {
  const directory: Listed[] = []
  let offset = 0
  for await (const { name, bytes } of members) {
    const packed = deflateRawSync(bytes, { level: 1 })
    const listed: Listed = { name: Buffer.from(name), crc: crc32(bytes), packed: packed.length, size: bytes.length, offset }
    if (offset + packed.length > LARGEST || bytes.length > LARGEST || directory.length === 0xffff)
      throw new RangeError('the archive would be larger than the zip format holds: export a part of the log')
    directory.push(listed)
    const header = Buffer.concat([signature(0x04034b50), sharedFields(listed), listed.name])
    yield header
    yield packed
    offset += header.length + packed.length
  }
  const entries = Buffer.concat(directory.map(directoryEntry))
  yield entries
  yield endOfDirectory(directory.length, entries.length, offset)
}
