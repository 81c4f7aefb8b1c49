import { existsSync, readdirSync } from 'node:fs';
import { ProcFile } from '../../support/proc-file.js';
import { ThreadTimes } from './thread-times.js';

/**
 * Above this many threads the sum costs more than it is worth (1–5 us a thread and sample), and too many
 * descriptors.
 */
const MOST_THREADS = 4096;
/** More new thread ids than this since the last sample: listing /proc is cheaper than trying each. */
const MOST_TRIES = 1024;
/**
 * Samples between full listings, which find threads whose ids were not given out in order; and between tries
 * after too many.
 */
const LISTING_EVERY = 64;

/**
 * A thread that is not expected to wait is looked at in one of so many samples. What it did meanwhile counts
 * then.
 */
const QUIET_EVERY = 8;
const KERNEL_THREAD_FLAG = 0x0020_0000;

/**
 * How long the threads that are not guests' waited, summed thread by thread: for kernels without
 * CONFIG_SCHEDSTATS, which keep no such sum themselves. A thread that lived wholly between two samples is
 * not seen.
 */
export class OwnerThreads {
  readonly #root: string;
  readonly #mostThreads: number;
  readonly #threads = new Map<number, ThreadTimes>();
  readonly #kernelThreads = new Set<number>();
  #sample = 0;
  #lastId = -1;
  #untilListing = 0;
  #resting = 0;
  /** Since the last sample; of a thread that was not looked at then, since it was. */
  waitedDeltaNs = 0;

  constructor(root: string, mostThreads = MOST_THREADS) {
    this.#root = root;
    this.#mostThreads = mostThreads;
  }

  /**
   * `lastId`: the newest thread id of the host. `contended`: more threads want to run than there are
   * processors. False when the threads cannot be read or are too many.
   */
  read(lastId: number, isGuests: (threadId: number) => boolean, contended: boolean): boolean {
    if (this.#resting > 0) {
      this.#resting--;
      return false;
    }
    const first = this.#lastId < 0;
    if (!this.#findThreads(lastId)) {
      this.close();
      this.#resting = LISTING_EVERY;
      return false;
    }
    // What the threads did before they were first looked at is not known.
    if (first) return false;
    this.#sample++;
    let waited = 0;
    for (const [id, thread] of this.#threads) {
      if (this.#isQuiet(id, thread, contended) && (id + this.#sample) % QUIET_EVERY !== 0) continue;
      if (!thread.read()) {
        thread.close();
        this.#threads.delete(id);
        this.#kernelThreads.delete(id);
      } else if (!isGuests(id)) {
        waited += thread.waitedDeltaNs;
      }
    }
    this.waitedDeltaNs = waited;
    return true;
  }

  close(): void {
    for (const thread of this.#threads.values()) thread.close();
    this.#threads.clear();
    this.#kernelThreads.clear();
    this.#lastId = -1;
    this.#untilListing = 0;
  }

  /**
   * Kernel threads hardly ever wait; without contention nobody does, and only those that ran lately may
   * still be running.
   */
  #isQuiet(id: number, thread: ThreadTimes, contended: boolean): boolean {
    return this.#kernelThreads.has(id) || (!contended && thread.ranDeltaNs === 0);
  }

  /** False when there are more than can be followed: a sum over some of the threads would be no answer. */
  #findThreads(lastId: number): boolean {
    try {
      this.#open(lastId);
    } catch {
      return false; // This process can open no more files.
    }
    this.#lastId = lastId;
    return this.#threads.size > 0 && this.#threads.size <= this.#mostThreads;
  }

  #open(lastId: number): void {
    const first = this.#lastId < 0;
    const born = lastId - this.#lastId;
    if (first || born < 0 || born > MOST_TRIES || --this.#untilListing <= 0) {
      // Ids that were given out since the last sample are of threads born since; others were missed before.
      for (const id of this.#listing()) {
        this.#openThread(id, !first && born > 0 && id > this.#lastId && id <= lastId);
      }
      this.#untilListing = LISTING_EVERY;
      return;
    }
    for (let id = this.#lastId + 1; id <= lastId; id++) {
      // Asking first: a failed open costs three times as much.
      if (existsSync(`${this.#root}/${id}/schedstat`)) this.#openThread(id, true);
    }
  }

  #openThread(id: number, bornSince: boolean): void {
    if (this.#threads.has(id) || this.#threads.size > this.#mostThreads) return;
    const times = ThreadTimes.open(`${this.#root}/${id}/schedstat`, bornSince);
    if (times !== null) this.#threads.set(id, times);
  }

  #listing(): number[] {
    const ids: number[] = [];
    for (const process of numbersIn(this.#root)) {
      if (isKernelThread(`${this.#root}/${process}/stat`)) this.#kernelThreads.add(process);
      for (const thread of numbersIn(`${this.#root}/${process}/task`)) ids.push(thread);
    }
    return ids;
  }
}

/** By the flags of /proc/PID/stat (PF_KTHREAD), the ninth field. */
function isKernelThread(path: string): boolean {
  const stat = ProcFile.open(path);
  if (stat === null) return false;
  stat.read();
  stat.afterName();
  stat.skip(5);
  const flags = stat.number();
  stat.close();
  return (flags & KERNEL_THREAD_FLAG) !== 0;
}

function numbersIn(directory: string): number[] {
  try {
    return readdirSync(directory).map(Number).filter(Number.isInteger);
  } catch {
    return []; // Ended since it was listed.
  }
}
