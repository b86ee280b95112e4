import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { crc32 } from 'node:zlib';

/** A zip archive, uncompressed, of the files below a folder. The same files give the same bytes. */
export function zipFolder(directory: string): Buffer {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const path of files) {
    const content = readFileSync(path);
    const name = Buffer.from(relative(directory, path).split(sep).join('/'));
    const header = fields(content, name);
    const entry = Buffer.concat([word(0x04034b50), header, name, content]);
    // Made by Unix, so that the mode (a file, read and written by its owner) is understood.
    central.push(
      Buffer.concat([word(0x02014b50), short(0x031e), header, short(0, 0, 0), word((0o100644 << 16) >>> 0), word(offset), name]),
    );
    local.push(entry);
    offset += entry.length;
  }
  const directoryBytes = Buffer.concat(central);
  const end = Buffer.concat([
    word(0x06054b50),
    short(0, 0, files.length, files.length),
    word(directoryBytes.length),
    word(offset),
    short(0),
  ]);
  return Buffer.concat([...local, directoryBytes, end]);
}

/** What both headers of a file say: version 2.0, stored, on 1 January 1980. */
function fields(content: Buffer, name: Buffer): Buffer {
  const size = content.length;
  return Buffer.concat([short(20, 0, 0, 0, 0x21), word(crc32(content)), word(size), word(size), short(name.length, 0)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function short(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16LE(value, 2 * index));
  return bytes;
}
