import type { FairGroup } from './fair-group.js';
import type { DeadlineServer } from './server.js';

/** What a thread would do with a core of its own. */
export type Behaviour =
  | 'busy'
  | 'idle'
  /** Computes for `computeNs` of CPU time, then blocks for `blockNs`, again and again. */
  | { readonly computeNs: number; readonly blockNs: number };

/** One thread of the simulated kernel. Times in ns. */
export class Task {
  readonly tid: number;
  readonly behaviour: Behaviour;
  group: FairGroup;
  server: DeadlineServer | null = null;
  /** By a signal. */
  stopped = false;
  /** Null: not blocked. */
  wakesAtNs: number | null = null;
  cpuNs = 0;
  waitNs = 0;
  #burstNs: number;

  constructor(tid: number, behaviour: Behaviour, group: FairGroup) {
    this.tid = tid;
    this.behaviour = behaviour;
    this.group = group;
    this.#burstNs = this.#fullBurst();
    if (behaviour === 'idle') this.wakesAtNs = Number.POSITIVE_INFINITY;
  }

  get runnable(): boolean {
    return !this.stopped && this.wakesAtNs === null;
  }

  /** CPU time until it blocks. */
  get burstNs(): number {
    return this.#burstNs;
  }

  /** True: it blocks now. */
  consume(cpuNs: number, nowNs: number): boolean {
    this.cpuNs += cpuNs;
    this.#burstNs -= cpuNs;
    if (this.server) this.server.remainingNs -= cpuNs;
    if (this.#burstNs > 0.5 || typeof this.behaviour === 'string') return false;
    this.wakesAtNs = nowNs + this.behaviour.blockNs;
    return true;
  }

  wake(nowNs: number): void {
    this.wakesAtNs = null;
    this.#burstNs = this.#fullBurst();
    if (this.runnable) this.server?.wake(nowNs);
  }

  #fullBurst(): number {
    return typeof this.behaviour === 'string' ? Number.POSITIVE_INFINITY : this.behaviour.computeNs;
  }
}
