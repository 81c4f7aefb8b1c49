import type { FairGroup } from './fair-group.js';
import { Longest } from './longest.js';
import type { DeadlineServer } from './server.js';

/** What a thread would do with a core of its own. */
export type Behaviour =
  | 'busy'
  | 'idle'
  /** Computes for `computeNs` of CPU time, then blocks for `blockNs`, again and again. */
  | { readonly computeNs: number; readonly blockNs: number }
  /** Has `computeNs` of CPU time to do every `everyNs`, first after `phaseNs`, and blocks when all is done: it catches up. */
  | { readonly computeNs: number; readonly everyNs: number; readonly phaseNs: number };

/** Less is a float's rounding. */
const NOTHING_NS = 0.5;

/** One thread of the simulated kernel. Times in ns. */
export class Task {
  readonly tid: number;
  group: FairGroup;
  server: DeadlineServer | null = null;
  /** Of SCHED_FIFO; 0: an ordinary thread. */
  priority = 0;
  /** By a signal. */
  stopped = false;
  /** Null: not blocked. */
  wakesAtNs: number | null = null;
  cpuNs = 0;
  waitNs = 0;
  /** While it wanted the CPU and was not stopped, and had none. */
  readonly starved = new Longest();
  /** While it wanted the CPU and was stopped. */
  readonly held = new Longest();
  #behaviour: Behaviour = 'busy';
  #burstNs = 0;
  /** Of work that comes by the clock: when there is more. */
  #nextWorkNs = 0;

  constructor(tid: number, behaviour: Behaviour, group: FairGroup, nowNs: number) {
    this.tid = tid;
    this.group = group;
    this.behave(behaviour, nowNs);
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  get runnable(): boolean {
    return !this.stopped && this.wakesAtNs === null;
  }

  /** It runs on what threads with a server or a priority leave. */
  get wantsShare(): boolean {
    return this.server === null && this.priority === 0 && this.runnable;
  }

  /** CPU time until it blocks. */
  get burstNs(): number {
    return this.#burstNs;
  }

  /** From now on; what it had begun is forgotten. */
  behave(behaviour: Behaviour, nowNs: number): void {
    this.#behaviour = behaviour;
    this.wakesAtNs = null;
    this.#burstNs = Number.POSITIVE_INFINITY;
    if (behaviour === 'idle') this.wakesAtNs = Number.POSITIVE_INFINITY;
    if (typeof behaviour === 'string') return;
    if ('blockNs' in behaviour) {
      this.#burstNs = behaviour.computeNs;
      return;
    }
    this.#burstNs = 0;
    this.#nextWorkNs = nowNs + behaviour.phaseNs;
    if (behaviour.phaseNs > 0) this.wakesAtNs = this.#nextWorkNs;
    else this.#takeWork(nowNs);
  }

  /** True: it blocks now. */
  consume(cpuNs: number, nowNs: number): boolean {
    this.cpuNs += cpuNs;
    this.#burstNs -= cpuNs;
    if (this.server) this.server.remainingNs -= cpuNs;
    if (this.#burstNs > NOTHING_NS || typeof this.#behaviour === 'string') return false;
    if ('blockNs' in this.#behaviour) {
      this.wakesAtNs = nowNs + this.#behaviour.blockNs;
      return true;
    }
    if (this.#takeWork(nowNs)) return false;
    this.wakesAtNs = this.#nextWorkNs;
    return true;
  }

  wake(nowNs: number): void {
    this.wakesAtNs = null;
    if (typeof this.#behaviour === 'object') {
      if ('blockNs' in this.#behaviour) this.#burstNs = this.#behaviour.computeNs;
      else this.#takeWork(nowNs);
    }
    if (this.runnable) this.server?.wake(nowNs);
  }

  /** All that has come until now; false: nothing has. */
  #takeWork(nowNs: number): boolean {
    const behaviour = this.#behaviour;
    if (typeof behaviour === 'string' || 'blockNs' in behaviour) return false;
    const portions = Math.floor((nowNs + NOTHING_NS - this.#nextWorkNs) / behaviour.everyNs) + 1;
    if (portions <= 0) return false;
    this.#burstNs += portions * behaviour.computeNs;
    this.#nextWorkNs += portions * behaviour.everyNs;
    return true;
  }
}
