import { type DeviceCounters, networkDevices } from '../../support/network-devices.js';
import { ProcFile } from '../../support/proc-file.js';
import { guestSignal } from '../signal-catalogue.js';
import { CounterRate } from './counter-rate.js';
import type { Report } from './report.js';
import { classSums, type SensedGuest } from './sensed-guest.js';

/** Devices can be plugged in and out: between two looks which a guest has. */
const TAPS_EVERY_NS = 600e9;

/** Names of the tap devices that a process holds open. */
export type TapsOf = (pid: number) => readonly string[];

/** One guest's open files, and what they said last. */
interface Reading {
  readonly memory: ProcFile | null;
  /** Null: this user may not see it. */
  readonly io: ProcFile | null;
  readonly read: CounterRate;
  readonly written: CounterRate;
  taps: readonly string[];
  tapsAtNs: bigint;
  readonly received: CounterRate;
  readonly sent: CounterRate;
}

/**
 * Memory, disk and network of guests, seen from outside: resident memory (/proc/PID/statm), what the process really read from
 * and wrote to disks (/proc/PID/io, page cache not counted), and what its tap devices carried. To be sampled seldom: a guest
 * costs three short reads. No monitor is asked: it answers one client at a time, who may be somebody else.
 */
export class GuestResources {
  readonly #root: string;
  readonly #tapsOf: TapsOf;
  readonly #pageBytes: number;
  #devices: ProcFile | null = null;
  readonly #guests = new Map<string, Reading>();

  /** `root` is where /proc is found. */
  constructor(root = '/proc', tapsOf: TapsOf = () => []) {
    this.#root = root;
    this.#tapsOf = tapsOf;
    this.#pageBytes = pageBytes();
  }

  sample(atNs: bigint, guests: readonly SensedGuest[], report: Report): void {
    this.#follow(guests, atNs);
    const memory = new Map<string, number>();
    for (const { key } of guests) {
      const reading = this.#guests.get(key);
      if (reading === undefined) continue;
      const bytes = residentBytes(reading.memory, this.#pageBytes);
      if (bytes !== null) {
        memory.set(key, bytes);
        report(guestSignal(key, 'memory'), bytes);
      }
      reportDisk(key, reading, atNs, report);
    }
    for (const [name, bytes] of classSums(guests, ({ key }) => memory.get(key) ?? null)) {
      report(`${name}.memory`, bytes);
    }
    this.#reportNetwork(guests, atNs, report);
  }

  close(): void {
    for (const key of this.#guests.keys()) this.#forget(key);
    this.#devices?.close();
    this.#devices = null;
  }

  #follow(guests: readonly SensedGuest[], atNs: bigint): void {
    const present = new Set(guests.map(({ key }) => key));
    for (const key of this.#guests.keys()) if (!present.has(key)) this.#forget(key);
    for (const { key, pid } of guests) {
      const reading = this.#guests.get(key);
      if (reading === undefined) this.#guests.set(key, this.#begin(pid, atNs));
      else if (Number(atNs - reading.tapsAtNs) >= TAPS_EVERY_NS) {
        reading.taps = this.#tapsOf(pid);
        reading.tapsAtNs = atNs;
      }
    }
  }

  #begin(pid: number, atNs: bigint): Reading {
    return {
      memory: ProcFile.open(`${this.#root}/${pid}/statm`),
      io: ProcFile.open(`${this.#root}/${pid}/io`),
      read: new CounterRate(),
      written: new CounterRate(),
      taps: this.#tapsOf(pid),
      tapsAtNs: atNs,
      received: new CounterRate(),
      sent: new CounterRate(),
    };
  }

  #forget(key: string): void {
    const reading = this.#guests.get(key);
    reading?.memory?.close();
    reading?.io?.close();
    this.#guests.delete(key);
  }

  #readDevices(): ReadonlyMap<string, DeviceCounters> {
    this.#devices ??= ProcFile.open(`${this.#root}/net/dev`);
    return networkDevices(this.#devices?.read() ? this.#devices.text() : '');
  }

  /** What the host sends into a tap is what its guest receives. */
  #reportNetwork(guests: readonly SensedGuest[], atNs: bigint, report: Report): void {
    const networked = guests.filter(({ key }) => (this.#guests.get(key)?.taps.length ?? 0) > 0);
    if (networked.length === 0) return;
    const counters = this.#readDevices();
    for (const { key } of networked) {
      const reading = this.#guests.get(key);
      if (reading === undefined) continue;
      let [received, sent] = [0, 0];
      for (const tap of reading.taps) {
        const { receivedBytes, sentBytes } = counters.get(tap) ?? UNKNOWN;
        received += sentBytes;
        sent += receivedBytes;
      }
      // A tap that is not here (any more) leaves a gap, and the next sum is compared with nothing.
      const [into, from] = [reading.received.next(received, atNs), reading.sent.next(sent, atNs)];
      if (into !== null) report(guestSignal(key, 'network.in'), into);
      if (from !== null) report(guestSignal(key, 'network.out'), from);
    }
  }
}

const UNKNOWN = { receivedBytes: Number.NaN, sentBytes: Number.NaN };

/** Sizes of pages that Linux has. */
const PAGE_SIZES = [4096, 16384, 65536] as const;

/** Of this kernel: what statm says of this process against what the platform, which knows, says. */
function pageBytes(): number {
  const own = ProcFile.open('/proc/self/statm');
  const pages = residentBytes(own, 1) ?? 0;
  own?.close();
  const ratio = process.memoryUsage.rss() / pages;
  return PAGE_SIZES.findLast((size) => ratio > size / 2) ?? PAGE_SIZES[0];
}

/** The second number of statm, which counts in pages. */
function residentBytes(file: ProcFile | null, pageBytes: number): number | null {
  if (!file?.read()) return null;
  file.skip(1);
  const pages = file.number();
  return Number.isNaN(pages) ? null : pages * pageBytes;
}

function reportDisk(key: string, { io, read, written }: Reading, atNs: bigint, report: Report): void {
  if (!io?.read()) return;
  let [readBytes, writtenBytes] = [Number.NaN, Number.NaN];
  do {
    if (io.take('read_bytes:')) readBytes = io.number();
    else if (io.take('write_bytes:')) writtenBytes = io.number();
  } while (io.nextLine());
  const [reads, writes] = [read.next(readBytes, atNs), written.next(writtenBytes, atNs)];
  if (reads !== null) report(guestSignal(key, 'disk.read'), reads);
  if (writes !== null) report(guestSignal(key, 'disk.write'), writes);
}
