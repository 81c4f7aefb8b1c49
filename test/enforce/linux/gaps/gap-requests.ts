import { linuxCores } from '../real-host.js';
import type { GapRequest } from './gap-measurement.js';

/** From far below a tick of 4 ms to many. */
const SERVERS = [
  '0.2ms every 1ms',
  '1ms every 10ms',
  '4ms every 20ms',
  '10ms every 100ms',
  '30ms every 100ms',
] as const;

/** Each server with no other busy one on its core: as many at once as there are cores. */
export function aloneOnACore(seconds: number, servers: readonly string[] = SERVERS): readonly GapRequest[] {
  const requests: GapRequest[] = [];
  for (let first = 0; first < servers.length; first += linuxCores()) {
    const reserved = servers.slice(first, first + linuxCores()).map((server, core) => ({ server, core }));
    requests.push({ reserved, seconds, busyMainLoops: false });
  }
  return requests;
}

/** 0.7 for each core, with room for dear context switches, and busy main loops. The compiler places them. */
export function crowded(seconds: number): GapRequest {
  const [shortest, short, middle, long, longest] = SERVERS;
  const crowds = [
    [shortest, short, long, longest],
    [short, middle, middle, long, long],
  ];
  const reserved = Array.from({ length: linuxCores() }, (_, core) => crowds[core % 2] ?? []).flat();
  return { reserved: reserved.map((server) => ({ server })), seconds, busyMainLoops: true };
}
