import type { StartedGuest } from '../guests/start-guest.js';
import type { Client, ForecastAnswer, Status } from '../src/api/client.js';
import { GuestScanner, readThreadCpuNs } from '../src/qemu/index.js';

/** One guest at one instant: what its own counter says, and what the kernel says of its virtual CPU. */
export interface GuestReading {
  readonly name: string;
  readonly units: bigint;
  readonly vcpuCpuNs: bigint;
  /** When the counter was read, CLOCK_MONOTONIC. */
  readonly atNs: bigint;
}

/** Everything that the demonstration looks at, once a second. */
export interface Reading {
  readonly atMs: number;
  readonly mode: string;
  readonly status: Status;
  readonly guests: readonly GuestReading[];
  readonly forecast: ForecastAnswer | null;
}

export const FORECAST_SIGNAL = 'owner.demand';
export const HORIZON_SECONDS = 10;
export const LEVEL = 0.95;

/** Takes a reading of the daemon and of the guests. */
export async function takeReading(client: Client, guests: readonly StartedGuest[]): Promise<Reading> {
  const [status, forecast, readings] = await Promise.all([
    client.status(),
    client.forecast(FORECAST_SIGNAL, { horizon: `${HORIZON_SECONDS}s`, level: '95%' }).catch(() => null),
    readGuests(guests),
  ]);
  return { atMs: status.atMs, mode: status.mode?.id ?? 'none', status, guests: readings, forecast };
}

const scanner = new GuestScanner();

async function readGuests(guests: readonly StartedGuest[]): Promise<readonly GuestReading[]> {
  const found = await scanner.scan();
  return Promise.all(
    guests.map(async (guest) => {
      const { units, atNs } = await guest.progress();
      const vcpu = found.find(({ pid }) => pid === guest.pid)?.vcpus[0];
      const vcpuCpuNs = vcpu ? (readThreadCpuNs(guest.pid, vcpu.tid) ?? 0n) : 0n;
      return { name: guest.name ?? '', units, vcpuCpuNs, atNs };
    }),
  );
}
