import { join } from 'node:path';
import type { HostFacts } from '../../compiler/facts.js';
import type { Guest } from '../../qemu/guest.js';
import { type Clock, systemClock } from '../../support/clock.js';
import type { Action, GroupPath, Host, Observation, ObservedGroup, ObservedGuest, Outcome } from '../host.js';
import type { HostTelemetry } from '../telemetry.js';
import { bootId } from './boot-id.js';
import { canSetScheduling } from './capability.js';
import type { Cgroups, TaskId } from './cgroups.js';
import { DaemonLock, lockFileOf, lockOfHost, requireFree } from './daemon-lock.js';
import { DeadlineServers, NO_CONFINEMENT } from './deadline-servers.js';
import { type DelegatedScope, delegatedScope } from './delegated-scope.js';
import { DutyCycles } from './duty-cycles.js';
import { errnoError } from './errno-error.js';
import { isEnclosure } from './freezer-v2.js';
import type { Freezers } from './freezers.js';
import { releaseNow } from './guardian.js';
import { GuardianKeeper } from './guardian-keeper.js';
import { GuestClocks } from './guest-clocks.js';
import { GuestEndings } from './guest-endings.js';
import { linuxHostFacts, probedHostFacts } from './host-facts.js';
import { FileJournal } from './journal.js';
import { GuestKnobs } from './knobs/guest-knobs.js';
import { linuxKnobs } from './knobs/linux-knobs.js';
import { OwnGroupKnob } from './knobs/own-group-knob.js';
import { PlacementKnob } from './knobs/placement-knob.js';
import { PriorityKnob } from './knobs/priority-knob.js';
import { findCgroupMounts } from './mounts.js';
import { processCpuNs } from './process-cpu.js';
import { maySignal } from './process-signal.js';
import { refusal } from './refusal.js';
import { RestingGuests } from './resting-guests.js';
import { readStartTime } from './task-stat.js';
import { TimingThread, type WakeUpLateness } from './timing-thread.js';
import { makeTrustedDirectory } from './trusted-directory.js';
import { usableCgroups, usableFreezers } from './usable-cgroups.js';

export interface LinuxHostOptions {
  /** The journal lives here (/run/vmc for root), and for other users the lock. */
  readonly stateDirectory: string;
  /** Finds the QEMU processes of this host; `afresh`: with nothing taken for what it was. */
  readonly scan: (afresh: boolean) => Promise<readonly Guest[]>;
  /** Processes that may be guests and that this user may not recognise, by pid. Default: there are none. */
  readonly hiddenGuests?: () => readonly number[];
  /** Whether one has started that no scan has seen: asked several times a second. Default: nobody knows. */
  readonly hasNewcomer?: () => boolean;
  /** What happens outside any action: a guardian that died, a signal that was refused. */
  readonly onEvent: (message: string) => void;
  /** Name of the cgroup that all guests are gathered under. */
  readonly sliceName?: string;
}

const JOURNAL_FILE = 'journal';
/** Records of ended guests are struck from the journal this often at most. */
const PRUNE_NS = 10_000_000_000n;
/** Guests that this user may not recognise are looked for this often. */
const HIDDEN_NS = 10_000_000_000n;
/** Between two looks for guests that have started: with what a scan takes they are governed within 1 s. */
const WATCH_MS = 200;

/** The real machine. Threads, cgroups and signals by their own classes; this one keeps them in order. */
export class LinuxHost implements Host {
  readonly clock: Clock = systemClock;
  readonly #lock: DaemonLock;
  /** Of root's daemon, which governs the guests of all users. */
  readonly #hostLock: string;
  readonly #journal: FileJournal;
  readonly #guardian: GuardianKeeper;
  readonly #timing: TimingThread;
  readonly #cgroups: Cgroups | null;
  /** Where systemd manages the tree: the part of it that holds our groups. */
  readonly #scope: DelegatedScope | null;
  readonly #freezers: Freezers | null;
  readonly #duties: DutyCycles;
  readonly #endings = new GuestEndings(this.clock);
  readonly #servers: DeadlineServers | null;
  readonly #knobs: GuestKnobs;
  readonly #placement: PlacementKnob;
  readonly #ownGroups: OwnGroupKnob;
  readonly #clocks = new GuestClocks();
  readonly #resting = new RestingGuests(processCpuNs);
  /** Something was done, by us or by the guardian, since the last observation. */
  #isDisturbed = true;
  #guests = new Map<string, Guest>();
  #prunedNs = 0n;
  #someEnded = false;
  #hidden: { readonly atNs: bigint; readonly pids: readonly number[] } = { atNs: -HIDDEN_NS, pids: [] };
  #facts: HostFacts | null = null;
  #started = false;

  constructor(private readonly options: LinuxHostOptions) {
    const { stateDirectory, sliceName = 'vmc.slice', onEvent } = options;
    this.#lock = new DaemonLock(lockFileOf(stateDirectory, sliceName));
    this.#hostLock = lockOfHost(sliceName);
    this.#journal = new FileJournal(join(stateDirectory, JOURNAL_FILE), bootId());
    this.#timing = new TimingThread(this.#journal, onEvent);
    this.#guardian = new GuardianKeeper(this.#journal, this.#timing, {
      prepare: () => this.#prepare(),
      onEvent,
    });
    this.#scope = delegatedScope(sliceName);
    this.#cgroups = usableCgroups(sliceName, this.#journal);
    this.#freezers = usableFreezers(sliceName, this.#cgroups, this.#journal);
    this.#duties = new DutyCycles(this.#timing, this.#freezers, {
      clock: this.clock,
      journal: this.#journal,
    });
    this.#servers = canSetScheduling()
      ? new DeadlineServers(this.#cgroups ?? NO_CONFINEMENT, this.#journal)
      : null;
    this.#placement = new PlacementKnob(this.#journal);
    this.#ownGroups = new OwnGroupKnob(findCgroupMounts(), this.#journal);
    this.#knobs = new GuestKnobs([
      ...linuxKnobs(this.#cgroups, this.#journal, this.clock),
      this.#placement,
      this.#ownGroups,
      new PriorityKnob(this.#journal, (guest) => this.#duties.has(guest)),
    ]);
  }

  async start(): Promise<void> {
    makeTrustedDirectory(this.options.stateDirectory);
    if (!isRoot()) requireFree(this.#hostLock);
    this.#lock.acquire();
    try {
      // What a daemon left that ended without its guardian: given back before anything is taken.
      releaseNow(this.#journal.file, this.options.onEvent);
      // Before anything of ours holds bandwidth.
      await this.facts();
      this.#guardian.openJournal();
      this.#guardian.start();
      await this.#scope?.ensure();
      this.#prepare();
      await this.#timing.start();
      await this.#guardian.listen();
      this.#started = true;
    } catch (error) {
      // With no journal of ours nothing was taken, and what another one holds is not ours to give back.
      if (this.#journal.revoked) this.#lock.release();
      else await this.#giveBack();
      throw error;
    }
  }

  /** With the deadline bandwidth that was free when this host was started: before anything of ours held any. */
  async facts(): Promise<HostFacts> {
    this.#facts ??= this.#servers ? await probedHostFacts() : linuxHostFacts();
    return this.#facts;
  }

  async observe(): Promise<Observation> {
    // Somebody ended it, and with it all groups of ours.
    if (this.#started && (await this.#scope?.ensure())) this.#prepare();
    const isDisturbed = this.#isDisturbed;
    this.#isDisturbed = false;
    if (isDisturbed) this.#resting.wakeAll();
    const guests = await this.options.scan(isDisturbed);
    const atNs = this.clock.monotonicNs();
    this.#guardian.check();
    const present = new Set(guests.map(({ key }) => key));
    for (const key of this.#guests.keys()) {
      if (present.has(key)) continue;
      this.#someEnded = true;
      this.#duties.forget(key);
      this.#endings.forget(key);
      this.#knobs.forget(key);
      this.#clocks.forget(key);
      this.#resting.forget(key);
    }
    this.#guests = new Map(guests.map((guest) => [guest.key, guest]));
    if (this.#someEnded && atNs - this.#prunedNs > PRUNE_NS) this.#pruneJournal(atNs);
    const seen = guests.map((guest) => this.#lookAt(guest, atNs));
    return {
      atNs,
      guests: seen,
      groups: this.#groups(seen, isDisturbed),
      timetable: this.#duties.timetable,
      hiddenGuests: this.#hiddenGuests(atNs),
    };
  }

  async act(action: Action): Promise<Outcome> {
    return this.#guardian.exclude(async () => {
      if (this.#journal.revoked || !this.#guardian.alive) return GUARDIAN_AT_WORK;
      this.#journal.compact();
      this.#isDisturbed = true;
      try {
        await this.#perform(action);
        return { ok: true };
      } catch (error) {
        return refusal(action, error);
      }
    });
  }

  watch(notice: () => void): () => void {
    const { hasNewcomer } = this.options;
    if (!hasNewcomer) return () => {};
    const timer = setInterval(() => {
      if (hasNewcomer()) notice();
    }, WATCH_MS);
    return () => clearInterval(timer);
  }

  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    this.#facts = null;
    this.#clocks.close();
    await this.#giveBack();
  }

  /** How late the timing thread woke up: shown by `vmc status`. */
  lateness(): WakeUpLateness & { readonly scheduling: string } {
    return { ...this.#timing.lateness(), scheduling: this.#timing.scheduling };
  }

  telemetry(): HostTelemetry {
    return { wakeUps: this.#timing.lateness(), journalRecords: this.#journal.pending().length };
  }

  #prepare(): void {
    this.#isDisturbed = true;
    this.#cgroups?.prepare();
    this.#freezers?.prepare();
    this.#duties.lost();
  }

  async #giveBack(): Promise<void> {
    await this.#timing.stop();
    await this.#duties.stop();
    const complete = await this.#guardian.release();
    this.#scope?.end();
    this.#cgroups?.close();
    if (!complete) this.options.onEvent('not everything could be given back: run `vmc release` again');
    this.#lock.release();
  }

  /** `isDisturbed`: something was set since the last observation. */
  #groups(guests: readonly ObservedGuest[], isDisturbed: boolean): readonly ObservedGroup[] {
    const resting = new Set<string>();
    for (const one of guests)
      if (one.group && this.#resting.wasResting(one)) resting.add(one.group.join('/'));
    const groups = this.#cgroups?.observe((path) => !isDisturbed && resting.has(path.join('/'))) ?? [];
    return groups.filter(({ path }) => !isEnclosure(path));
  }

  #lookAt(guest: Guest, atNs: bigint): ObservedGuest {
    // The times of a timetable pass for guests that rest, too.
    if (this.#timing.isTimed(guest.key)) return this.#observeGuest(guest, atNs);
    return this.#resting.look(guest, atNs, () => this.#observeGuest(guest, atNs));
  }

  #observeGuest(guest: Guest, atNs: bigint): ObservedGuest {
    const servers = new Map();
    const threads = [
      taskOf(guest),
      ...guest.vcpus.map((vcpu) => ({ id: vcpu.tid, startTime: vcpu.startTime })),
    ];
    for (const thread of this.#servers ? threads : []) {
      const server = this.#servers?.observe(guest.pid, thread.id);
      if (!server) continue;
      if (this.#servers?.healIfStuck(guest.pid, thread, server, atNs)) {
        this.options.onEvent(`thread ${thread.id} got no CPU from its reservation: it is given a new one`);
        continue;
      }
      servers.set(thread.id, server);
    }
    const times = this.#timing.timesOf(guest.key, atNs);
    const group = this.#cgroups?.groupAt(guest.cgroup) ?? null;
    const powerDownNs = this.#endings.askedNs(guest.key);
    return {
      guest: this.#duties.isFrozenByOthers(guest) ? { ...guest, stopped: true } : guest,
      group: isEnclosure(group) ? null : group,
      ...(group === null && { alone: this.#ownGroups.isAlone(guest) }),
      servers,
      ...(maySignal(guest.pid) ? {} : { unstoppable: true as const }),
      heldByUs: times.held || (guest.stopped && this.#timing.governs(guest.key)),
      ...this.#clocks.read(guest),
      allowedNs: times.allowedNs,
      stoppedNs: times.stoppedNs,
      ...this.#knobs.observe(guest),
      ...(powerDownNs !== undefined && { powerDownNs }),
    };
  }

  async #perform(action: Action): Promise<void> {
    switch (action.kind) {
      case 'create-group':
        return this.#requireCgroups().create(action.path);
      case 'remove-group':
        return this.#requireCgroups().remove(action.path);
      case 'set-weight':
        return this.#requireCgroups().setWeight(action.path, action.weight);
      case 'set-quota':
        return this.#requireCgroups().setQuota(action.path, action.quota);
      case 'gather':
        return this.#gather(this.#guest(action.guest), action.path);
      case 'reserve':
        this.#placement.free(this.#guest(action.guest), action.tid);
        return this.#requireServers().reserve({
          process: taskOf(this.#guest(action.guest)),
          thread: threadOf(this.#guest(action.guest), action.tid),
          budgetNs: action.budgetNs,
          periodNs: action.periodNs,
          core: action.core,
        });
      case 'unreserve':
        return this.#leave(this.#guest(action.guest), action.tid);
      case 'set-timetable':
        return this.#duties.setTimetable(action.timetable, this.#find);
      case 'set-knob':
        return this.#knobs.set(this.#guest(action.guest), action.setting);
      case 'unset-knob':
        return this.#knobs.unset(this.#guest(action.guest), action.knob);
      case 'power-down':
        return this.#endings.powerDown(this.#guest(action.guest));
      case 'end-guest':
        return this.#endings.end(this.#guest(action.guest));
      case 'forget-power-down':
        return this.#endings.forget(action.guest);
      case 'release':
        return this.#release(this.#guest(action.guest));
    }
  }

  /** What is remembered of a guest that is moved are affinities: its own, not those that we placed its threads on. */
  async #gather(guest: Guest, path: GroupPath): Promise<void> {
    const cgroups = this.#requireCgroups();
    await this.#placement.unset(guest);
    cgroups.gather(taskOf(guest), path);
    await this.#duties.moved(guest.key, this.#find);
  }

  #leave(guest: Guest, tid: number): Promise<void> {
    // A guest that a shell watches is never stopped by a signal: job control would keep it.
    return this.#requireServers().leave(taskOf(guest), threadOf(guest, tid), {
      hold: !guest.hasTerminal && maySignal(guest.pid),
    });
  }

  async #release(guest: Guest): Promise<void> {
    for (const tid of [guest.pid, ...guest.vcpus.map((vcpu) => vcpu.tid)]) {
      if (this.#servers?.observe(guest.pid, tid)) await this.#leave(guest, tid);
    }
    await this.#knobs.release(guest);
    this.#cgroups?.putBack(taskOf(guest));
    await this.#duties.moved(guest.key, this.#find);
  }

  readonly #find = (key: string): Guest | undefined => this.#guests.get(key);

  /** Looked for now and then: it takes a file of every process of the host. */
  #hiddenGuests(nowNs: bigint): readonly number[] {
    if (nowNs - this.#hidden.atNs >= HIDDEN_NS) {
      this.#hidden = { atNs: nowNs, pids: this.options.hiddenGuests?.() ?? [] };
    }
    return this.#hidden.pids;
  }

  #guest(key: string): Guest {
    const guest = this.#guests.get(key);
    if (!guest) throw errnoError(-3, `no guest ${key}`);
    return guest;
  }

  #requireCgroups(): Cgroups {
    if (!this.#cgroups) throw Object.assign(new Error('no cgroups that may be written'), { code: 'ENOTSUP' });
    return this.#cgroups;
  }

  #requireServers(): DeadlineServers {
    if (!this.#servers)
      throw Object.assign(new Error('no right to set scheduling classes'), { code: 'EPERM' });
    return this.#servers;
  }

  /** The journal must not grow with every guest that has come and gone. */
  #pruneJournal(nowNs: bigint): void {
    this.#prunedNs = nowNs;
    this.#someEnded = false;
    for (const { id, undo } of this.#journal.pending()) {
      if (!('pid' in undo || 'id' in undo || 'tid' in undo)) continue;
      const task = 'tid' in undo ? undo.tid : 'pid' in undo ? undo.pid : undo.id;
      if (readStartTime(task) !== undo.startTime) this.#journal.clear(id);
    }
  }
}

/** Between the end of one guardian and the start of the next nothing is changed: nobody would change it back. */
const GUARDIAN_AT_WORK: Outcome = {
  ok: false,
  code: 'EBUSY',
  message: 'the guardian is being replaced: nothing is changed meanwhile',
  retry: true,
};

const taskOf = (guest: Guest): TaskId => ({ id: guest.pid, startTime: guest.startTime });

function threadOf(guest: Guest, tid: number): TaskId {
  if (tid === guest.pid) return taskOf(guest);
  const vcpu = guest.vcpus.find((candidate) => candidate.tid === tid);
  if (!vcpu) throw errnoError(-3, `no thread ${tid} in guest ${guest.key}`);
  return { id: tid, startTime: vcpu.startTime };
}

const isRoot = (): boolean => process.getuid?.() === 0;
