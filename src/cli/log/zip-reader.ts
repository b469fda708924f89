import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'

/** A file inside an archive; its bytes are read when asked for. */
export interface ZipEntry {
  readonly name: string
  readonly size: number
  read(): Buffer
}

/** More than any file of a bundle: what claims to be larger is not unpacked. */
const LARGEST_FILE = 1024 * 1024 * 1024
const END_OF_DIRECTORY = 0x06054b50

/**
 * Opens an archive as bundles are written: deflated or stored, below 4 GiB.
 * @throws Error in words when it is not one, or is damaged
 */
export const openZip = (path: string): { readonly entries: ReadonlyMap<string, ZipEntry>; close(): void } => {
  const file = openSync(path, 'r')
  try {
    const size = fstatSync(file).size
    const tail = readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
    if (end < 0 || tail.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error(`${path} is not a zip archive, or its end is missing.`)
    const directory = readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
    return { entries: readDirectory(file, directory, tail.readUInt16LE(end + 10)), close: () => closeSync(file) }
  } catch (cause) {
    closeSync(file)
    throw cause
  }
}

const readAt = (file: number, position: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  for (let read = 0; read < length;) {
    const more = readSync(file, bytes, read, length - read, position + read)
    if (more === 0) throw new Error('The archive is cut off.')
    read += more
  }
  return bytes
}

const readDirectory = (file: number, directory: Buffer, count: number): ReadonlyMap<string, ZipEntry> => {
  const entries = new Map<string, ZipEntry>()
  let at = 0
  for (let i = 0; i < count; i += 1) {
    if (directory.length < at + 46 || directory.readUInt32LE(at) !== 0x02014b50) throw new Error("The archive's list of files is damaged.")
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => directory.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength)
    const listed = {
      name,
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    }
    // Two files of one name would let two readers see two bundles.
    if (entries.has(name)) throw new Error(`The archive holds ${name} twice.`)
    entries.set(name, { name, size: listed.size, read: () => unpack(file, listed) })
    at += 46 + nameLength + extraLength + commentLength
  }
  return entries
}

interface Listed {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

const unpack = (file: number, { name, method, crc, packed, size, offset }: Listed): Buffer => {
  if (size > LARGEST_FILE) throw new Error(`${name} is too large.`)
  const header = readAt(file, offset, 30)
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const bytes = readAt(file, start, packed)
  const content = method === 0 ? bytes : method === 8 ? inflate(bytes, name, size) : null
  if (content === null || content.length !== size || crc32(content) !== crc) throw new Error(`${name} is damaged.`)
  return content
}

const inflate = (bytes: Buffer, name: string, size: number): Buffer => {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) })
  } catch (cause) {
    throw new Error(`${name} is damaged.`, { cause })
  }
}
