import type { Clock } from '../support/clock.js';
import type { Guest, VcpuThread } from './guest.js';
import { type MonitoredGuest, openGuestMonitor } from './guest-monitor.js';
import { readThreadIds, readThreadStat } from './proc-files.js';
import { Backoff } from './qmp/backoff.js';
import type { QmpCpu } from './qmp/commands.js';
import { QmpError } from './qmp/qmp-error.js';
import { ThreadHandle } from './thread-handle.js';
import { vcpusByThreadName } from './thread-names.js';

/** Asks a guest's monitor for its virtual CPUs; rejects with a {@link QmpError}. */
export type AskMonitor = (guest: MonitoredGuest) => Promise<readonly QmpCpu[]>;

/** Connects, asks and closes: the monitor is busy for some milliseconds. */
export const askMonitor: AskMonitor = async (guest) => {
  const { client, cpus } = await openGuestMonitor(guest);
  client.close();
  return cpus;
};

/** A virtual CPU that is plugged in shows as a new thread; other new threads come and go by the second. */
const ASK_AGAIN_NS = 30_000_000_000n;
const NS_PER_MS = 1_000_000n;

/**
 * Finds one guest's virtual CPU threads, over and over: from its monitor where that answers, else by thread
 * names. What was found is kept for as long as the threads are the same ones.
 */
export class VcpuFinder {
  readonly #procRoot: string;
  readonly #guest: MonitoredGuest;
  readonly #ask: AskMonitor;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(1000, 300_000);
  /** Open as long as they are looked for, by thread id. */
  readonly #handles = new Map<number, { readonly thread: VcpuThread; readonly handle: ThreadHandle }>();
  #ids: readonly number[] = [];
  #tids = '';
  #byMonitor: readonly VcpuThread[] = [];
  #byName: readonly VcpuThread[] = [];
  /** Scans since the threads last changed; a new thread takes its name a moment after it has started. */
  #quietScans = 0;
  #tidsWhenAsked = '';
  #askedNs = 0n;
  #nextAskNs = 0n;
  #asking: Promise<void> | null = null;

  constructor(guest: MonitoredGuest, procRoot: string, clock: Clock, ask: AskMonitor) {
    this.#guest = guest;
    this.#procRoot = procRoot;
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * Looks at the threads; `changed` false: none has started or ended, to the caller's knowledge. Returns a question to the
   * monitor that is under way, if any: it never rejects, and its answer is in `found` once it has resolved.
   */
  look(stopped: boolean, changed = true): Promise<void> | null {
    if (changed) this.#ids = readThreadIds(this.#procRoot, this.#guest.pid);
    const tids = changed ? this.#ids.join(' ') : this.#tids;
    this.#quietScans = tids === this.#tids ? this.#quietScans + 1 : 0;
    this.#tids = tids;
    this.#byMonitor = this.#allAlive(this.#byMonitor);
    if (this.#byMonitor.length === 0) this.#byName = this.#names(this.#ids);
    this.#letGo();
    // A process that a signal has stopped cannot answer, and that is no failure of its monitor.
    if (!stopped && this.#asking === null && this.#shouldAsk()) this.#asking = this.#askMonitor();
    return this.#asking;
  }

  get found(): Pick<Guest, 'vcpus' | 'vcpuSource'> {
    if (this.#byMonitor.length > 0) return { vcpus: this.#byMonitor, vcpuSource: 'qmp' };
    return { vcpus: this.#byName, vcpuSource: this.#byName.length > 0 ? 'thread-names' : 'none' };
  }

  /** Threads of the process when they were last looked at. */
  get threads(): number {
    return this.#ids.length;
  }

  close(): void {
    for (const { handle } of this.#handles.values()) handle.close();
    this.#handles.clear();
  }

  /** All of them or none: one that has gone means that the others may not be all there are. */
  #allAlive(vcpus: readonly VcpuThread[]): readonly VcpuThread[] {
    return vcpus.every((vcpu) => this.#isAlive(vcpu)) ? vcpus : [];
  }

  #isAlive(vcpu: VcpuThread): boolean {
    const open = this.#handles.get(vcpu.tid);
    if (open?.thread.startTime === vcpu.startTime) return open.handle.alive;
    open?.handle.close();
    this.#handles.delete(vcpu.tid);
    const handle = ThreadHandle.open(this.#procRoot, this.#guest.pid, vcpu);
    if (handle) this.#handles.set(vcpu.tid, { thread: vcpu, handle });
    return handle !== null;
  }

  /** Closes what is no virtual CPU any more. */
  #letGo(): void {
    if (this.#handles.size <= this.found.vcpus.length) return;
    const wanted = new Set(this.found.vcpus.map(({ tid }) => tid));
    for (const [tid, { handle }] of this.#handles) {
      if (wanted.has(tid)) continue;
      handle.close();
      this.#handles.delete(tid);
    }
  }

  #names(ids: readonly number[]): readonly VcpuThread[] {
    if (this.#quietScans > 2) return this.#allAlive(this.#byName);
    return vcpusByThreadName(this.#procRoot, this.#guest.pid, ids);
  }

  #shouldAsk(): boolean {
    if (this.#guest.qmpSockets.length === 0) return false;
    const nowNs = this.#clock.monotonicNs();
    if (this.#byMonitor.length === 0) return nowNs >= this.#nextAskNs;
    return this.#tids !== this.#tidsWhenAsked && nowNs >= this.#askedNs + ASK_AGAIN_NS;
  }

  async #askMonitor(): Promise<void> {
    this.#tidsWhenAsked = this.#tids;
    this.#askedNs = this.#clock.monotonicNs();
    try {
      this.#byMonitor = this.#toThreads(await this.#ask(this.#guest));
      this.#backoff.succeeded();
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
      this.#nextAskNs = this.#clock.monotonicNs() + BigInt(this.#backoff.failed()) * NS_PER_MS;
    } finally {
      this.#asking = null;
    }
  }

  /** One server for each thread: with single-threaded TCG all virtual CPUs have the same one. */
  #toThreads(cpus: readonly QmpCpu[]): readonly VcpuThread[] {
    const byTid = new Map<number, VcpuThread>();
    for (const { index, tid } of cpus) {
      const stat = byTid.has(tid) ? null : readThreadStat(this.#procRoot, this.#guest.pid, tid);
      if (stat) byTid.set(tid, { index, tid, startTime: stat.startTime });
    }
    return [...byTid.values()];
  }
}
