import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A stretch of time, ns of the monotonic clock, in which a thread was on a processor. */
export interface Run {
  readonly fromNs: number;
  readonly toNs: number;
}

const INSTANCE = 'vmc-bench';
const BUFFER_KB = 16_384;
const SWITCH = /\s(\d+)\.(\d{6}): sched_switch: .*prev_pid=(\d+) .*==> .*next_pid=(\d+) /;

/**
 * When threads really run, from the kernel's own record of its context switches (ftrace, in an instance of its own; to a
 * microsecond). Needs root.
 */
export class SchedTrace {
  readonly #mount = mkdtempSync(join(tmpdir(), 'vmc-trace-'));
  readonly #instance: string;

  private constructor(private readonly tids: readonly number[]) {
    execFileSync('mount', ['-t', 'tracefs', 'none', this.#mount]);
    this.#instance = join(this.#mount, 'instances', INSTANCE);
    mkdirSync(this.#instance, { recursive: true });
    this.#write('buffer_size_kb', `${BUFFER_KB}`);
    this.#write('trace_clock', 'mono');
    const filter = tids.flatMap((tid) => [`prev_pid==${tid}`, `next_pid==${tid}`]).join('||');
    this.#write('events/sched/sched_switch/filter', filter);
    this.#write('events/sched/sched_switch/enable', '1');
  }

  /** Records these threads from now on. */
  static start(tids: readonly number[]): SchedTrace {
    return new SchedTrace(tids);
  }

  /** Ends the record: the runs of each thread, in the order of the threads and of time, without one that had begun before. */
  stop(): readonly (readonly Run[])[] {
    this.#write('events/sched/sched_switch/enable', '0');
    const text = readFileSync(join(this.#instance, 'trace'), 'latin1');
    rmdirSync(this.#instance);
    execFileSync('umount', [this.#mount]);
    rmdirSync(this.#mount);
    return runsOf(text, this.tids);
  }

  #write(file: string, value: string): void {
    writeFileSync(join(this.#instance, file), value);
  }
}

function runsOf(text: string, tids: readonly number[]): readonly (readonly Run[])[] {
  const runs = new Map(tids.map((tid) => [tid, [] as Run[]]));
  const since = new Map<number, number>();
  for (const line of text.split('\n')) {
    const match = SWITCH.exec(line);
    if (!match) continue;
    const atNs = Number(match[1]) * 1e9 + Number(match[2]) * 1e3;
    const [previous, next] = [Number(match[3]), Number(match[4])];
    const fromNs = since.get(previous);
    if (fromNs !== undefined) runs.get(previous)?.push({ fromNs, toNs: atNs });
    since.delete(previous);
    if (runs.has(next)) since.set(next, atNs);
  }
  return tids.map((tid) => runs.get(tid) ?? []);
}

/** Stretches in which both threads ran at once. */
export function overlapsOf(one: readonly Run[], other: readonly Run[]): readonly Run[] {
  const overlaps: Run[] = [];
  let [at, beside] = [0, 0];
  while (at < one.length && beside < other.length) {
    const [a, b] = [one[at] as Run, other[beside] as Run];
    const [fromNs, toNs] = [Math.max(a.fromNs, b.fromNs), Math.min(a.toNs, b.toNs)];
    if (toNs > fromNs) overlaps.push({ fromNs, toNs });
    if (a.toNs < b.toNs) at += 1;
    else beside += 1;
  }
  return overlaps;
}
