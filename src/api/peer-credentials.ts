import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** Who is at the other end of a unix socket, as the kernel recorded it when they connected. */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

type GetSockOpt = (fd: number, level: number, name: number, value: Buffer, length: Buffer) => number;

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** `struct ucred`: pid, uid, gid, of 32 bits each. */
const UCRED_LENGTH = 12;

let getsockopt: GetSockOpt | undefined;

/** SO_PEERCRED of a connection (man 7 unix); null when it cannot be had: such a peer is nobody. */
export function peerCredentials(socket: Socket): PeerCredentials | null {
  const { _handle: handle } = socket as unknown as { _handle?: { fd?: number } | null };
  const fd = handle?.fd;
  if (typeof fd !== 'number' || fd < 0) return null;
  const value = Buffer.alloc(UCRED_LENGTH);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(UCRED_LENGTH);
  getsockopt ??= declareGetsockopt();
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, length) !== 0) return null;
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) };
}

function declareGetsockopt(): GetSockOpt {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
  const declared = koffi.load(null).func('int getsockopt(int, int, int, uint8_t *, uint8_t *)');
  return declared as unknown as GetSockOpt;
}
