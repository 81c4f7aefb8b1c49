import { coreList, type HostFacts } from '../../compiler/facts.js';
import type { Clock } from '../../support/clock.js';
import { invariant, unreachable } from '../../support/invariant.js';
import type {
  Action,
  GroupPath,
  Host,
  Observation,
  ObservedGuest,
  ObservedServer,
  Outcome,
} from '../host.js';
import { LEAST_SERVER } from './bandwidth.js';
import { FairGroup } from './fair-group.js';
import { GroupTree } from './group-tree.js';
import { SimulatedKernel } from './kernel.js';
import { type GuestSpec, SimulatedGuest } from './simulated-guest.js';
import type { Behaviour, Task } from './task.js';
import { TimetableKeeper } from './timetable-keeper.js';

export type Refused = Extract<Outcome, { ok: false }>;
type ReserveAction = Extract<Action, { kind: 'reserve' }>;

export interface SimulatedHostOptions {
  readonly facts: HostFacts;
  /** Wall-clock time at the start of the simulation, ms since 1970. */
  readonly wallMs?: number;
}

const OK: Outcome = { ok: true };
const PIDS_APART = 1000;
/** Pids of guests never come so far. */
const OWNER_TIDS_FROM = 1_000_000_000;
const LEAST_BUDGET_NS = 1024;
const PERIOD_RANGE_NS = { least: 100_000, most: 4_294_967_296 } as const;

/**
 * A host of which every part is a model: cores, kernel, guests, their users, the owner's work, and time, which passes
 * only in {@link SimulatedHost.advance}. What the real kernel does to those who use it wrongly it does too.
 */
export class SimulatedHost implements Host {
  readonly kernel: SimulatedKernel;
  readonly clock: Clock;
  /** Every action that was asked for, when, and its outcome. */
  readonly log: { readonly atNs: number; readonly action: Action; readonly outcome: Outcome }[] = [];
  /** Called before each action: an answer is what the action ends in, without effect. */
  refuse: ((action: Action) => Refused | null) | null = null;
  /** Called before each observation, to throw what a broken host throws. */
  beforeObserve: (() => void) | null = null;
  readonly #facts: HostFacts;
  readonly #tree: GroupTree;
  readonly #keeper = new TimetableKeeper();
  readonly #guests = new Map<string, SimulatedGuest>();
  readonly #owner: FairGroup;
  /** Numbers of the cores; the kernel counts them from 0. */
  readonly #coreIds: readonly number[];
  #ownerTasks: readonly Task[] = [];
  /** Of the owner's threads that have ended. */
  #ownerEndedNs = 0;
  #nextPid = PIDS_APART;
  #nextOwnerTid = OWNER_TIDS_FROM;
  #wallOffsetMs: number;
  #started = false;

  constructor({ facts, wallMs }: SimulatedHostOptions) {
    const version = facts.cgroup.version === 2 ? 2 : 1;
    this.#facts = facts;
    this.#coreIds = coreList(facts).map(({ id }) => id);
    this.#wallOffsetMs = wallMs ?? Date.UTC(2026, 10, 23, 10);
    this.kernel = new SimulatedKernel({
      cores: this.#coreIds.length,
      tickNs: facts.hrtickDeadline ? 0 : facts.tickNs,
      deadlineLimit: facts.deadlineLimit,
      taskWeight: version === 2 ? 100 : 1024,
    });
    this.#tree = new GroupTree(this.kernel, version);
    this.#owner = facts.cgroup.ownerAs === 'threads' ? this.kernel.root : this.#slice('owner');
    this.clock = {
      monotonicNs: () => BigInt(Math.round(this.kernel.nowNs)),
      wallMs: () => this.#wallOffsetMs + this.kernel.nowNs / 1e6,
    };
  }

  async start(): Promise<void> {
    invariant(!this.#started, 'the simulated host is started twice');
    this.#started = true;
  }

  async facts(): Promise<HostFacts> {
    return this.#facts;
  }

  async observe(): Promise<Observation> {
    this.beforeObserve?.();
    this.#keeper.apply(this.#guests.values(), this.kernel.nowNs);
    return {
      atNs: this.clock.monotonicNs(),
      guests: [...this.#guests.values()].map((guest) => observeGuest(guest, this.#coreIds)),
      groups: this.#tree.observe(),
      timetable: this.#keeper.timetable,
    };
  }

  async act(action: Action): Promise<Outcome> {
    invariant(this.#started, 'an action needs a host that is started');
    const outcome = this.refuse?.(action) ?? this.#perform(action);
    this.log.push({ atNs: this.kernel.nowNs, action, outcome });
    return outcome;
  }

  async stop(): Promise<void> {
    this.#keeper.replace(null);
    this.#keeper.apply(this.#guests.values(), this.kernel.nowNs);
    for (const guest of this.#guests.values()) this.#release(guest);
    for (const { path } of this.#tree.observe().reverse()) this.#tree.remove(path);
    this.#started = false;
  }

  /** Lets time pass. */
  advance(durationNs: number): void {
    const targetNs = this.kernel.nowNs + durationNs;
    while (this.kernel.nowNs < targetNs) {
      this.kernel.advanceTo(Math.min(targetNs, this.#keeper.nextEdgeNs(this.kernel.nowNs)));
      this.#keeper.count(this.#guests.values(), this.kernel.nowNs);
      this.#keeper.apply(this.#guests.values(), this.kernel.nowNs);
    }
  }

  /** Steps the wall clock, as an administrator or NTP does. */
  jumpWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Boots a guest; the answer is its key. `pid`: that of one that has ended, which the kernel has given out again. */
  boot(spec: GuestSpec, pid: number = this.#nextPid): string {
    const home = this.#facts.cgroup.ownerAs === 'threads' ? this.kernel.root : this.#slice(`guest ${pid}`);
    const guest = new SimulatedGuest(this.kernel, pid, spec, home);
    if (pid === this.#nextPid) this.#nextPid += PIDS_APART;
    this.#guests.set(guest.key, guest);
    return guest.key;
  }

  /** The guest ends. */
  end(key: string): void {
    this.guest(key).exit();
    this.#guests.delete(key);
  }

  /** Somebody moves what is in a group, and in those below, to where it came from, and removes them. */
  loseGroup(path: GroupPath): void {
    const isBelow = (other: GroupPath) => path.every((name, at) => other[at] === name);
    for (const guest of this.#guests.values()) {
      if (guest.group !== null && isBelow(guest.group)) guest.moveTo(guest.home, null);
    }
    for (const group of this.#tree.observe().reverse()) {
      if (isBelow(group.path)) this.#tree.remove(group.path);
    }
  }

  /** Its user stops it, or continues it, by a signal. */
  userStops(key: string): void {
    const guest = this.guest(key);
    guest.stoppedByUser ||= !guest.stopped;
    guest.signal(true);
  }

  userContinues(key: string): void {
    const guest = this.guest(key);
    guest.stoppedByUser = false;
    guest.heldByUs = false;
    guest.signal(false);
  }

  /** So many threads of the owner's, instead of those before. */
  setOwner(...behaviours: readonly Behaviour[]): void {
    for (const task of this.#ownerTasks) {
      this.#ownerEndedNs += task.cpuNs;
      this.kernel.exit(task);
    }
    this.#ownerTasks = behaviours.map((behaviour) => {
      this.#nextOwnerTid += 1;
      return this.kernel.spawn(this.#nextOwnerTid, behaviour, this.#owner);
    });
  }

  /** CPU time of all of the owner's threads so far, ended ones too. */
  get ownerCpuNs(): number {
    return this.#ownerTasks.reduce((sum, { cpuNs }) => sum + cpuNs, this.#ownerEndedNs);
  }

  /** What the owner uses or waits for now, in percent of the host. */
  ownerDemandPercent(): number {
    const wanting = this.#ownerTasks.filter((task) => task.runnable).length;
    return (100 * Math.min(wanting, this.#coreIds.length)) / this.#coreIds.length;
  }

  guest(key: string): SimulatedGuest {
    const guest = this.#guests.get(key);
    invariant(guest, `no simulated guest ${key}`);
    return guest;
  }

  get guests(): readonly SimulatedGuest[] {
    return [...this.#guests.values()];
  }

  /** A group below our slice; null: there is none. */
  groupAt(path: GroupPath): FairGroup | null {
    return this.#tree.find(path);
  }

  get groupCount(): number {
    return this.groupPaths.length;
  }

  /** Of the groups below our slice, itself included: parents first. */
  get groupPaths(): readonly GroupPath[] {
    return this.#tree.observe().map(({ path }) => path);
  }

  /** Deadline bandwidth that could be admitted now, in cores. */
  get freeBandwidth(): number {
    return this.kernel.ledger.free(this.kernel.nowNs);
  }

  #slice(name: string): FairGroup {
    const group = new FairGroup(this.kernel.root, this.#tree.normalWeight);
    this.kernel.root.children.set(name, group);
    return group;
  }

  #perform(action: Action): Outcome {
    switch (action.kind) {
      case 'create-group':
        return this.#tree.create(action.path);
      case 'remove-group':
        return this.#tree.remove(action.path);
      case 'set-weight':
        return this.#tree.setWeight(action.path, action.weight);
      case 'set-quota':
        return this.#tree.setQuota(action.path, action.quota);
      case 'set-timetable':
        this.#keeper.count(this.#guests.values(), this.kernel.nowNs);
        this.#keeper.replace(action.timetable);
        this.#keeper.apply(this.#guests.values(), this.kernel.nowNs);
        return OK;
      case 'gather':
      case 'reserve':
      case 'unreserve':
      case 'set-knob':
      case 'unset-knob':
      case 'power-down':
      case 'end-guest':
      case 'forget-power-down':
      case 'release':
        return this.#performOnGuest(action);
      default:
        return unreachable(action);
    }
  }

  #performOnGuest(action: Extract<Action, { guest: string }>): Outcome {
    const guest = this.#guests.get(action.guest);
    if (guest === undefined) return refused('GONE', `guest ${action.guest} has ended`);
    if (action.kind === 'set-knob' && action.setting.knob === 'priority' && !this.#keeper.has(guest.key)) {
      return refused('ENOTSUP', `no timetable stops guest ${guest.key}`);
    }
    if (action.kind === 'set-knob' || action.kind === 'unset-knob') {
      guest.turn(action);
      return OK;
    }
    if (action.kind === 'power-down') {
      guest.powerDownNs ??= this.clock.monotonicNs();
      return OK;
    }
    if (action.kind === 'forget-power-down') {
      guest.powerDownNs = null;
      return OK;
    }
    if (action.kind === 'end-guest') {
      this.end(guest.key);
      return OK;
    }
    if (action.kind === 'gather') {
      const group = this.#tree.find(action.path);
      if (group === null) return refused('ENOENT', `no group ${action.path.join('/')}`);
      guest.moveTo(group, action.path);
      return OK;
    }
    if (action.kind === 'release') {
      this.#release(guest);
      return OK;
    }
    const task = guest.tasks.find(({ tid }) => tid === action.tid);
    if (task === undefined) return refused('GONE', `guest ${action.guest} has no thread ${action.tid}`);
    if (action.kind === 'reserve') return this.#reserve(task, action);
    this.#unreserve(task);
    return OK;
  }

  #reserve(task: Task, { budgetNs, periodNs, core }: ReserveAction): Outcome {
    const bandwidth = { budgetNs: Number(budgetNs), periodNs: Number(periodNs) };
    const { least, most } = PERIOD_RANGE_NS;
    const fits =
      bandwidth.periodNs >= least && bandwidth.periodNs <= most && bandwidth.budgetNs <= bandwidth.periodNs;
    const position = core === null ? null : this.#coreIds.indexOf(core);
    if (!fits || bandwidth.budgetNs < LEAST_BUDGET_NS || position === -1) {
      return refused('EINVAL', 'the kernel does not take these parameters');
    }
    if (this.kernel.setDeadline(task, bandwidth, position)) return OK;
    const retry = this.kernel.ledger.fitsLater(task.tid, bandwidth);
    return { ok: false, code: 'EBUSY', message: 'the kernel admits no more deadline bandwidth', retry };
  }

  /** In the one order that leaks nothing: shrink to the least server, then leave. */
  #unreserve(task: Task): void {
    if (task.server === null) return;
    this.kernel.setDeadline(task, LEAST_SERVER, null);
    this.kernel.setNormal(task);
  }

  #release(guest: SimulatedGuest): void {
    for (const task of guest.tasks) this.#unreserve(task);
    for (const { knob } of guest.settings) guest.turn({ kind: 'unset-knob', guest: guest.key, knob });
    if (guest.group !== null) guest.moveTo(guest.home, null);
    if (guest.heldByUs) {
      guest.signal(false);
      guest.heldByUs = false;
    }
  }
}

const refused = (code: Refused['code'], message: string): Refused => ({
  ok: false,
  code,
  message,
  retry: false,
});

function observeGuest(guest: SimulatedGuest, coreIds: readonly number[]): ObservedGuest {
  const servers = new Map<number, ObservedServer>();
  for (const { tid, server } of guest.tasks) {
    if (server === null) continue;
    const { budgetNs, periodNs } = server.bandwidth;
    const core = server.core === null ? null : (coreIds[server.core] ?? server.core);
    servers.set(tid, { budgetNs: BigInt(budgetNs), periodNs: BigInt(periodNs), core });
  }
  const total = (of: (task: Task) => number) =>
    BigInt(Math.round(guest.tasks.reduce((sum, task) => sum + of(task), 0)));
  return {
    guest: guest.seen(),
    group: guest.group,
    servers,
    heldByUs: guest.heldByUs,
    ...(guest.unstoppable && { unstoppable: true }),
    cpuNs: total(({ cpuNs }) => cpuNs),
    vcpuCpuNs: guest.vcpus.map(({ cpuNs }) => BigInt(Math.round(cpuNs))),
    allowedNs: BigInt(Math.round(guest.allowedNs)),
    stoppedNs: BigInt(Math.round(guest.stoppedNs)),
    waitNs: total(({ waitNs }) => waitNs),
    settings: guest.settings,
    notes: guest.notes,
    lacks: guest.lacks,
    ...(guest.powerDownNs !== null && { powerDownNs: guest.powerDownNs }),
  };
}
