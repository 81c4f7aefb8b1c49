import { type Bandwidth, BandwidthLedger, LEAST_SERVER, utilisation } from './bandwidth.js';
import { CoreLoad } from './core-load.js';
import { FairGroup, type FairRates, fairRates } from './fair-group.js';
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
 * A kernel that schedules: deadline servers first, by EDF, each on its core or on any; then threads of a real-time priority, each
 * on a core of its own (that Linux may hold them for 50 ms of a second is not modelled); what these leave goes to all other
 * threads by weights, as a fluid, and to groups with quotas until these are used up. Event-driven, so that nothing is
 * approximated between events. Times in ns from 0.
 */
export class SimulatedKernel {
  readonly root: FairGroup;
  readonly ledger: BandwidthLedger;
  readonly coreLoad: CoreLoad;
  readonly #options: KernelOptions;
  readonly #tasks = new Map<number, Task>();
  /** Of what the fair threads get, by the number of cores that servers leave. */
  readonly #rates = new Map<number, FairRates>();
  /** Groups with quotas; null: to be looked for. */
  #limited: readonly FairGroup[] | null = null;
  #running = new Set<Task>();
  #nowNs = 0;
  #peakCoreUtilisation = 0;
  #eventCount = 0;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.root = new FairGroup(null, options.taskWeight);
    this.ledger = new BandwidthLedger(options.deadlineLimit * options.cores);
    this.coreLoad = new CoreLoad(options.cores);
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
    const task = new Task(tid, behaviour, group, this.#nowNs);
    this.#tasks.set(tid, task);
    group.tasks.add(task);
    this.changed();
    return task;
  }

  /** The thread ends: its bandwidth is free at its 0-lag time. */
  exit(task: Task): void {
    if (task.server) this.#letGo(task, task.server);
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

  /** The thread wants something else from now on. */
  behave(task: Task, behaviour: Behaviour): void {
    const wasRunnable = task.runnable;
    task.behave(behaviour, this.#nowNs);
    if (task.runnable && !wasRunnable) task.server?.wake(this.#nowNs);
    this.changed();
  }

  /** sched_setattr(SCHED_DEADLINE) and the move into a cpuset. False: EBUSY. */
  setDeadline(task: Task, bandwidth: Bandwidth, core: number | null): boolean {
    const zeroLagNs = task.server?.zeroLagNs(this.#nowNs) ?? this.#nowNs;
    if (!this.ledger.admit(task.tid, bandwidth, this.#nowNs, zeroLagNs)) return false;
    this.coreLoad.set(task.tid, bandwidth, core, this.#nowNs, zeroLagNs);
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
    if (task.runnable || negligible) {
      this.#letGo(task, server);
    } else {
      this.ledger.leak(task.tid);
      this.coreLoad.leave(task.tid, Number.POSITIVE_INFINITY);
    }
    task.server = null;
    this.changed();
  }

  /** sched_setscheduler(SCHED_FIFO) of that priority, or SCHED_NORMAL where it is 0. */
  setPriority(task: Task, priority: number): void {
    task.priority = priority;
    this.changed();
  }

  /** To be called after weights or quotas of groups change. */
  changed(): void {
    this.#rates.clear();
    this.#limited = null;
  }

  advanceTo(targetNs: number): void {
    while (this.#nowNs < targetNs) this.#advanceToEvent(targetNs);
  }

  #letGo(task: Task, server: DeadlineServer): void {
    const zeroLagNs = server.zeroLagNs(this.#nowNs);
    this.ledger.leave(task.tid, zeroLagNs);
    this.coreLoad.leave(task.tid, zeroLagNs);
  }

  #advanceToEvent(targetNs: number): void {
    this.#eventCount += 1;
    this.#fireDue();
    const running = this.#pickRealtime();
    const rates = this.#ratesOn(this.#options.cores - running.size);
    const untilNs = this.#nextEvent(targetNs, running, rates);
    const fromNs = this.#nowNs;
    this.#nowNs = untilNs;
    let hasChanged = this.#useQuotas(rates, untilNs - fromNs);
    for (const task of this.#tasks.values()) {
      const rate = running.has(task) ? 1 : (rates.tasks.get(task) ?? 0);
      noteService(task, rate, fromNs, untilNs);
      if (rate > 0 && task.consume((untilNs - fromNs) * rate, untilNs)) {
        task.server?.check();
        hasChanged = true;
      }
    }
    if (hasChanged) this.#rates.clear();
    this.#tick(running);
  }

  #ratesOn(cores: number): FairRates {
    const known = this.#rates.get(cores);
    if (known) return known;
    const rates = fairRates(this.root, cores, this.#options.taskWeight);
    this.#rates.set(cores, rates);
    return rates;
  }

  /** True: one of them is used up now. */
  #useQuotas({ groups }: FairRates, elapsedNs: number): boolean {
    let spent = false;
    for (const [group, cores] of groups) {
      if (!group.pool?.use(cores * elapsedNs)) continue;
      group.throttled.begin(this.#nowNs);
      spent = true;
    }
    return spent;
  }

  /** Wake-ups, replenishments and new quotas whose time has come. */
  #fireDue(): void {
    for (const task of this.#tasks.values()) {
      if (task.wakesAtNs !== null && task.wakesAtNs <= this.#nowNs) {
        task.wake(this.#nowNs);
        this.#rates.clear();
      }
      if (task.server?.throttled && task.server.deadlineNs <= this.#nowNs) task.server.replenish();
    }
    this.#limited ??= limitedBelow(this.root);
    for (const group of this.#limited) {
      if (!group.pool?.refill(this.#nowNs)) continue;
      group.throttled.end(this.#nowNs);
      this.#rates.clear();
    }
  }

  /**
   * EDF: the earliest deadlines first, each on the core it is confined to or on any that is free. Then the largest priorities, on
   * whatever core is left.
   */
  #pickRealtime(): Set<Task> {
    const prior: Task[] = [];
    const ready: { readonly task: Task; readonly server: DeadlineServer }[] = [];
    for (const task of this.#tasks.values()) {
      const { server } = task;
      if (server === null) {
        if (task.priority > 0 && task.runnable) prior.push(task);
      } else if (!server.throttled && task.runnable) ready.push({ task, server });
    }
    ready.sort((a, b) => a.server.deadlineNs - b.server.deadlineNs || a.task.tid - b.task.tid);
    const free = new Set(Array.from({ length: this.#options.cores }, (_, core) => core));
    const running = new Set<Task>();
    for (const { task, server } of ready) {
      const core = server.core ?? [...free].at(-1);
      if (core !== undefined && free.delete(core)) running.add(task);
    }
    prior.sort((a, b) => b.priority - a.priority || a.tid - b.tid);
    for (const task of prior.slice(0, free.size)) running.add(task);
    // Whoever is taken off a core is looked at, tick or no tick.
    for (const task of this.#running) if (!running.has(task)) task.server?.check();
    this.#running = running;
    return running;
  }

  #nextEvent(targetNs: number, running: ReadonlySet<Task>, { tasks, groups }: FairRates): number {
    let next = targetNs;
    for (const task of this.#tasks.values()) {
      const { server, wakesAtNs } = task;
      if (wakesAtNs !== null) next = Math.min(next, wakesAtNs);
      if (server?.throttled) next = Math.min(next, server.deadlineNs);
      const isRunning = running.has(task);
      const rate = isRunning ? 1 : (tasks.get(task) ?? 0);
      if (rate > 0) next = Math.min(next, this.#nowNs + task.burstNs / rate);
      if (isRunning && server) next = Math.min(next, this.#exhaustionNs(server));
    }
    for (const group of this.#limited ?? []) {
      const changeNs = group.pool?.nextChangeNs(groups.get(group) ?? 0, this.#nowNs);
      if (changeNs !== undefined) next = Math.min(next, changeNs);
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

/** In a while in which its rate was the same. */
function noteService(task: Task, rate: number, fromNs: number, untilNs: number): void {
  const wants = task.wakesAtNs === null;
  if (wants && task.stopped) task.held.begin(fromNs);
  else task.held.end(fromNs);
  if (wants && !task.stopped) task.waitNs += (untilNs - fromNs) * (1 - rate);
  if (wants && !task.stopped && rate === 0) task.starved.begin(fromNs);
  else task.starved.end(fromNs);
}

function limitedBelow(group: FairGroup): readonly FairGroup[] {
  const below = [...group.children.values()].flatMap(limitedBelow);
  return group.pool === null ? below : [group, ...below];
}
