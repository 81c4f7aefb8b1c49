/** A load that is to be played: how many threads want to run in each step, on the mean. */
export interface Playback {
  readonly stepMs: number;
  readonly threads: Float64Array;
}

/** More threads than this are not started. */
export const MOST_THREADS = 256;

export interface PlaybackOptions {
  /** Of the trace: percent of the whole host, or threads that want to run (load average). */
  readonly unit: 'percent' | 'threads';
  readonly scale: number;
  /** Instead of `scale`: what the mean over the part that is played is to be, in threads. */
  readonly meanThreads: number | null;
  readonly stepMs: number;
  readonly fromMs: number;
  /** Null: to the end of the trace. */
  readonly forMs: number | null;
  readonly processors: number;
}

/** The part of a trace that is to be played. Throws a RangeError that says what cannot be played. */
export function playbackOf(trace: Float64Array, options: PlaybackOptions): Playback {
  const { unit, scale, meanThreads, stepMs, fromMs, forMs, processors } = options;
  const first = Math.floor(fromMs / stepMs);
  const end = forMs === null ? trace.length : first + Math.ceil(forMs / stepMs);
  const part = trace.slice(first, end);
  const wholeMs = trace.length * stepMs;
  if (part.length === 0)
    throw new RangeError(`the trace has ended before that: it is ${wholeMs / 1000} s long`);
  const inThreads = unit === 'percent' ? processors / 100 : 1;
  const mean = part.reduce((sum, sample) => sum + sample, 0) / part.length;
  if (meanThreads !== null && !(mean > 0)) throw new RangeError('a load of 0 cannot be scaled to another');
  const factor = meanThreads === null ? scale * inThreads : meanThreads / mean;
  const threads = part.map((sample) => sample * factor);
  threads.forEach((one, i) => {
    if (one >= 0 && one <= MOST_THREADS) return;
    const place = `sample ${first + i + 1}: ${Number(one.toFixed(3))} threads`;
    throw new RangeError(`${place} cannot be played: a load is 0 to ${MOST_THREADS} threads`);
  });
  return { stepMs, threads };
}

/** Part of what is missing (or too much) that is made up for within the next while. */
const GAIN = 0.5;
/** No more than so much of it is carried along, in thread-seconds for each thread. */
const MOST_CARRIED = 0.5;

/**
 * Feedback: what is to be asked of the hogs so that what they have played follows what was wanted, also where they
 * get less than they are told to take. Pure.
 */
export class Feedback {
  #missing = 0;

  /** `seconds` passed, in which so many threads were wanted, and played, on the mean. */
  observe(wanted: number, played: number, seconds: number, hogs: number): void {
    const most = MOST_CARRIED * Math.max(1, hogs);
    this.#missing = Math.min(most, Math.max(-most, this.#missing + (wanted - played) * seconds));
  }

  /** How many threads to ask for during the next `seconds`. */
  demand(wanted: number, seconds: number, hogs: number): number {
    // What was not to run must not run: nothing is made up for while nothing is wanted.
    if (wanted === 0) return 0;
    return Math.min(hogs, Math.max(0, wanted + (GAIN * this.#missing) / seconds));
  }
}

/** So many threads, as the part of the time that each of the hogs is to be busy: all but one wholly or not at all. */
export function dutiesOf(threads: number, hogs: number): number[] {
  return Array.from({ length: hogs }, (_, hog) => Math.min(1, Math.max(0, threads - hog)));
}
