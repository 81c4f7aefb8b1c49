import { type Bandwidth, BandwidthLedger, LEAST_SERVER, utilisation } from './bandwidth.js';
import { FairGroup, fairRates } from './fair-group.js';
import { DeadlineServer } from './server.js';
import { type Behaviour, Task } from './task.js';

export interface KernelOptions {
  readonly cores: number;
  /** Budgets are looked at every tick only; 0: exactly (HRTICK_DL). */
  readonly tickNs: number;
  /** Utilisation that is admitted per core. */
  readonly deadlineLimit: number;
  /** Of a thread beside groups: what a group has by default. */
  readonly taskWeight: number;
}

/**
 * A kernel that schedules: deadline servers first, by EDF, each on its core or on any; what they leave goes to all other
 * threads by weights and quotas. Event-driven, so that nothing is approximated between events. Times in ns from 0.
 */
export class SimulatedKernel {
  readonly root: FairGroup;
  readonly ledger: BandwidthLedger;
  readonly #options: KernelOptions;
  readonly #tasks = new Map<number, Task>();
  readonly #rates = new Map<number, ReadonlyMap<Task, number>>();
  #running = new Set<Task>();
  #nowNs = 0;
  #peakCoreUtilisation = 0;
  #eventCount = 0;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.root = new FairGroup(null, options.taskWeight);
    this.ledger = new BandwidthLedger(options.deadlineLimit * options.cores);
  }

  get nowNs(): number {
    return this.#nowNs;
  }

  /** Events simulated so far: what a simulation costs. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** The largest sum of servers on one core at any instant so far. */
  get peakCoreUtilisation(): number {
    return this.#peakCoreUtilisation;
  }

  spawn(tid: number, behaviour: Behaviour, group: FairGroup): Task {
    const task = new Task(tid, behaviour, group);
    this.#tasks.set(tid, task);
    group.tasks.add(task);
    this.changed();
    return task;
  }

  /** The thread ends: its bandwidth is free at its 0-lag time. */
  exit(task: Task): void {
    if (task.server) this.ledger.leave(task.tid, task.server.zeroLagNs(this.#nowNs));
    task.group.tasks.delete(task);
    this.#tasks.delete(task.tid);
    this.#running.delete(task);
    this.changed();
  }

  move(task: Task, group: FairGroup): void {
    task.group.tasks.delete(task);
    task.group = group;
    group.tasks.add(task);
    this.changed();
  }

  signal(task: Task, stop: boolean): void {
    if (task.stopped === stop) return;
    task.stopped = stop;
    if (task.runnable) task.server?.wake(this.#nowNs);
    this.changed();
  }

  /** sched_setattr(SCHED_DEADLINE) and the move into a cpuset. False: EBUSY. */
  setDeadline(task: Task, bandwidth: Bandwidth, core: number | null): boolean {
    const zeroLagNs = task.server?.zeroLagNs(this.#nowNs) ?? this.#nowNs;
    if (!this.ledger.admit(task.tid, bandwidth, this.#nowNs, zeroLagNs)) return false;
    if (task.server) {
      task.server.bandwidth = bandwidth;
      task.server.core = core;
    } else {
      task.server = new DeadlineServer(bandwidth, core, this.#nowNs);
    }
    this.#notePeak();
    this.changed();
    return true;
  }

  /** sched_setattr(SCHED_NORMAL). A thread that is blocked or stopped loses the kernel its bandwidth, for good. */
  setNormal(task: Task): void {
    const server = task.server;
    if (server === null) return;
    const negligible = utilisation(server.bandwidth) <= utilisation(LEAST_SERVER);
    if (task.runnable || negligible) this.ledger.leave(task.tid, server.zeroLagNs(this.#nowNs));
    else this.ledger.leak(task.tid);
    task.server = null;
    this.changed();
  }

  /** To be called after weights or quotas of groups change. */
  changed(): void {
    this.#rates.clear();
  }

  advanceTo(targetNs: number): void {
    while (this.#nowNs < targetNs) this.#advanceToEvent(targetNs);
  }

  #advanceToEvent(targetNs: number): void {
    this.#eventCount += 1;
    this.#fireDue();
    const running = this.#pickDeadline();
    const free = this.#options.cores - running.size;
    let rates = this.#rates.get(free);
    if (rates === undefined) {
      rates = fairRates(this.root, free, this.#options.taskWeight);
      this.#rates.set(free, rates);
    }
    const untilNs = this.#nextEvent(targetNs, running, rates);
    const elapsedNs = untilNs - this.#nowNs;
    this.#nowNs = untilNs;
    for (const task of this.#tasks.values()) {
      const rate = running.has(task) ? 1 : (rates.get(task) ?? 0);
      if (task.runnable) task.waitNs += elapsedNs * (1 - rate);
      if (rate > 0 && task.consume(elapsedNs * rate, untilNs)) {
        task.server?.check();
        this.changed();
      }
    }
    this.#tick(running);
  }

  /** Wake-ups and replenishments whose time has come. */
  #fireDue(): void {
    for (const task of this.#tasks.values()) {
      if (task.wakesAtNs !== null && task.wakesAtNs <= this.#nowNs) {
        task.wake(this.#nowNs);
        this.changed();
      }
      if (task.server?.throttled && task.server.deadlineNs <= this.#nowNs) task.server.replenish();
    }
  }

  /** EDF: the earliest deadlines first, each on the core it is confined to or on any that is free. */
  #pickDeadline(): Set<Task> {
    const ready = [...this.#tasks.values()]
      .flatMap((task) =>
        task.server && task.runnable && !task.server.throttled ? [{ task, server: task.server }] : [],
      )
      .sort((a, b) => a.server.deadlineNs - b.server.deadlineNs || a.task.tid - b.task.tid);
    const free = new Set(Array.from({ length: this.#options.cores }, (_, core) => core));
    const running = new Set<Task>();
    for (const { task, server } of ready) {
      const core = server.core ?? [...free].at(-1);
      if (core !== undefined && free.delete(core)) running.add(task);
    }
    // Whoever is taken off a core is looked at, tick or no tick.
    for (const task of this.#running) if (!running.has(task)) task.server?.check();
    this.#running = running;
    return running;
  }

  #nextEvent(targetNs: number, running: ReadonlySet<Task>, rates: ReadonlyMap<Task, number>): number {
    let next = targetNs;
    for (const task of this.#tasks.values()) {
      const { server, wakesAtNs } = task;
      if (wakesAtNs !== null) next = Math.min(next, wakesAtNs);
      if (server?.throttled) next = Math.min(next, server.deadlineNs);
      const isRunning = running.has(task);
      const rate = isRunning ? 1 : (rates.get(task) ?? 0);
      if (rate > 0) next = Math.min(next, this.#nowNs + task.burstNs / rate);
      if (isRunning && server) next = Math.min(next, this.#exhaustionNs(server));
    }
    // A nanosecond at least: rounding must never make time stand still.
    return Math.min(targetNs, Math.max(next, this.#nowNs + 1));
  }

  /** When the kernel will notice that the budget is used up. */
  #exhaustionNs(server: DeadlineServer): number {
    const atNs = this.#nowNs + Math.max(0, server.remainingNs);
    const { tickNs } = this.#options;
    return tickNs === 0 ? atNs : Math.ceil(atNs / tickNs) * tickNs;
  }

  #tick(running: ReadonlySet<Task>): void {
    const { tickNs } = this.#options;
    if (tickNs > 0 && this.#nowNs % tickNs !== 0) return;
    for (const task of running) task.server?.check();
  }

  #notePeak(): void {
    const sums = new Map<number, number>();
    for (const { server } of this.#tasks.values()) {
      if (server === null || server.core === null) continue;
      const sum = (sums.get(server.core) ?? 0) + utilisation(server.bandwidth);
      sums.set(server.core, sum);
      this.#peakCoreUtilisation = Math.max(this.#peakCoreUtilisation, sum);
    }
  }
}
