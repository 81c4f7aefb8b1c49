export interface Rate {
  /** Tokens of a client that has not asked for long. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Beyond so many clients those are forgotten that have asked for nothing for the longest. */
const MOST_CLIENTS = 4096;

/** A token bucket for each client: what it asks for costs tokens, which come back with time. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** `nowMs` is of a clock that never steps. */
  constructor(rate: Rate, nowMs: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#nowMs = nowMs;
  }

  /** 0: taken. Else nothing is taken, and after so many seconds it would be. */
  take(client: string, cost = 1): number {
    const { burst, perSecond } = this.#rate;
    const atMs = this.#nowMs();
    const before = this.#buckets.get(client) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) / 1000) * perSecond);
    const missing = Math.min(cost, burst) - tokens;
    // The order of a Map is that of insertion: the first is the one that has been quiet for the longest.
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: missing > 0 ? tokens : tokens - cost, atMs });
    if (this.#buckets.size > MOST_CLIENTS) this.#forgetOne();
    return missing > 0 ? missing / perSecond : 0;
  }

  #forgetOne(): void {
    for (const client of this.#buckets.keys()) {
      this.#buckets.delete(client);
      return;
    }
  }
}
