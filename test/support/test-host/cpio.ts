/** One member of a cpio archive: a directory, or a file with its bytes. */
export interface CpioEntry {
  /** Relative, without a leading slash. */
  readonly path: string;
  /** Type and permission bits, e.g. 0o100755 or 0o040755. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

const ALIGNMENT = 4;

/**
 * An archive in the "newc" format, the one the kernel unpacks as its initramfs.
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst of Linux.
 */
export function cpioArchive(entries: readonly CpioEntry[]): Buffer {
  const members = entries.map((entry, index) => member(entry, index + 1));
  return Buffer.concat([...members, member({ path: 'TRAILER!!!', mode: 0 }, 0)]);
}

function member(entry: CpioEntry, inode: number): Buffer {
  const name = Buffer.from(`${entry.path}\0`);
  const data = entry.data ?? new Uint8Array();
  const links = 1;
  const [uid, gid, modified, device] = [0, 0, 0, 0];
  const fields = [
    ...[inode, entry.mode, uid, gid, links, modified, data.length],
    ...[device, device, device, device, name.length, 0],
  ];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([head, name])), padded(Buffer.from(data))]);
}

function padded(bytes: Buffer): Buffer {
  const rest = (ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(rest)]);
}
