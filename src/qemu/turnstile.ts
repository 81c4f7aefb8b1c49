import { setTimeout as delay } from 'node:timers/promises';

/**
 * Lets so many tasks begin at once, and the next whenever one has ended or has had its time: whoever hangs keeps nobody else
 * waiting for longer than that.
 */
export class Turnstile {
  readonly #atOnce: number;
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(atOnce: number, patienceMs: number) {
    this.#atOnce = atOnce;
    this.#patienceMs = patienceMs;
  }

  /** Runs the task when its turn comes, in the order of the calls; settles as it does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#atOnce) this.#inside += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const running = task();
    void this.#leave(running);
    return running;
  }

  /** Whoever leaves hands its place to the next. */
  async #leave(running: Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    const patience = delay(this.#patienceMs, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    await Promise.race([running.catch(() => {}), patience]);
    ended.abort();
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside -= 1;
  }
}
