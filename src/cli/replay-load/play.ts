import { setTimeout as delay } from 'node:timers/promises';
import type { ReplayLoad } from '../../api/replay-load-schema.js';
import { ProcessorReader } from '../../rps/sensors/host-readers.js';
import { Hogs } from './hogs.js';
import { Feedback, type Playback } from './playback.js';

export interface PlayOptions {
  readonly unit: ReplayLoad['unit'];
  readonly processors: number;
  readonly signal: AbortSignal;
  /** Told now and then how far it is; an empty line at the end. */
  readonly progress: (line: string) => void;
}

type Played = Omit<ReplayLoad, 'trace' | 'unit' | 'stepNs'>;

/** Feedback acts at least so often. */
const MOST_CONTROL_MS = 1000;
const NS_PER_MS = 1e6;

/**
 * Plays a load with hogs until it has ended or `signal` aborts. What the hogs get is measured all the while, and what they are
 * asked for corrected by it. No hog runs when it resolves or rejects.
 */
export async function play(playback: Playback, options: PlayOptions): Promise<Played> {
  const { threads } = playback;
  // One beyond the largest: feedback may ask for a little more than the trace.
  const count = 1 + Math.ceil(threads.reduce((most, one) => Math.max(most, one), 0));
  const hogs = new Hogs(count);
  const host = new HostUse();
  try {
    await hogs.start();
    const score = new Score();
    await playSteps(playback, hogs, count, options, score);
    const unitOf = (one: number) => (options.unit === 'percent' ? (100 * one) / options.processors : one);
    return {
      steps: score.steps,
      interrupted: score.steps < threads.length,
      hogs: count,
      ...score.in(unitOf),
      hostCpuPercent: host.percent(),
    };
  } finally {
    options.progress('');
    await hogs.stop();
    host.close();
  }
}

async function playSteps(
  { threads: wanted, stepMs }: Playback,
  hogs: Hogs,
  count: number,
  { unit, signal, progress }: PlayOptions,
  score: Score,
): Promise<void> {
  const feedback = new Feedback();
  const parts = Math.ceil(stepMs / MOST_CONTROL_MS);
  const startMs = performance.now();
  let beforeMs = startMs;
  hogs.played();
  for (let step = 0; step < wanted.length; step++) {
    const want = wanted[step]!;
    let [playedMs, lastedMs] = [0, 0];
    for (let part = 1; part <= parts; part++) {
      hogs.demand(feedback.demand(want, stepMs / parts / 1000, count));
      const untilMs = startMs + (step + part / parts) * stepMs;
      await sleep(untilMs - performance.now(), signal);
      const nowMs = performance.now();
      const { ranNs, waitedNs } = hogs.played();
      const gotMs = (unit === 'percent' ? ranNs : ranNs + waitedNs) / NS_PER_MS;
      const passedMs = nowMs - beforeMs;
      beforeMs = nowMs;
      if (signal.aborted) return;
      feedback.observe(want, gotMs / passedMs, passedMs / 1000, count);
      playedMs += gotMs;
      lastedMs += passedMs;
    }
    score.add(want, playedMs / lastedMs);
    progress(`step ${step + 1} of ${wanted.length}: ${want.toFixed(2)} threads`);
  }
}

/** Until then, or until `signal` aborts. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(0, ms), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Wanted against played, step by step. */
class Score {
  steps = 0;
  #wanted = 0;
  #played = 0;
  #absolute = 0;
  #squares = 0;

  add(wanted: number, played: number): void {
    this.steps++;
    this.#wanted += wanted;
    this.#played += played;
    this.#absolute += Math.abs(played - wanted);
    this.#squares += (played - wanted) ** 2;
  }

  in(
    unitOf: (threads: number) => number,
  ): Pick<Played, 'wanted' | 'played' | 'meanAbsoluteError' | 'rootMeanSquaredError'> {
    const { steps } = this;
    const inUnit = (sum: number) => (steps === 0 ? null : unitOf(sum / steps));
    return {
      wanted: inUnit(this.#wanted),
      played: inUnit(this.#played),
      meanAbsoluteError: inUnit(this.#absolute),
      rootMeanSquaredError: steps === 0 ? null : unitOf(Math.sqrt(this.#squares / steps)),
    };
  }
}

/** Use of the whole host since it was made. */
class HostUse {
  readonly #reader = new ProcessorReader('/proc');
  readonly #known = this.#reader.read();
  readonly #unusedNs = this.#reader.unusedNs;
  readonly #fromMs = performance.now();

  percent(): number | null {
    if (!this.#known || !this.#reader.read()) return null;
    const capacityNs = (performance.now() - this.#fromMs) * NS_PER_MS * this.#reader.processors;
    return Math.min(100, Math.max(0, 100 * (1 - (this.#reader.unusedNs - this.#unusedNs) / capacityNs)));
  }

  close(): void {
    this.#reader.close();
  }
}
