import { BlockList, isIP } from 'node:net';

/** Where to listen by TCP. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** `127.0.0.1:7070`, `[::1]:7070`, `localhost:7070`; null: it is none of that. Port 0: any that is free. */
export function parseTcpAddress(text: string): TcpAddress | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (!match) return null;
  const named = match[1] ?? match[2] ?? '';
  const host = named === 'localhost' ? '127.0.0.1' : named;
  const port = Number(match[3]);
  return isIP(host) !== 0 && port <= 65_535 ? { host, port } : null;
}

/** Whether only this machine can reach it. */
export const isLoopback = ({ host }: TcpAddress): boolean =>
  LOOPBACK.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
