import { existsSync, readFileSync } from 'node:fs';
import { IDLE_WEIGHT } from '../../../../src/enforce/host.js';
import { bootId } from '../../../../src/enforce/linux/boot-id.js';
import { CgroupV2 } from '../../../../src/enforce/linux/cgroup-v2.js';
import type { TaskId } from '../../../../src/enforce/linux/cgroups.js';
import { releaseNow } from '../../../../src/enforce/linux/guardian.js';
import { FileJournal, readPending } from '../../../../src/enforce/linux/journal.js';
import { MemoryGroupsV2 } from '../../../../src/enforce/linux/knobs/memory-groups.js';
import {
  deadlineAttributes,
  NORMAL,
  readSchedAttributes,
} from '../../../../src/enforce/linux/sched-attributes.js';
import type { Guest } from '../../../../src/qemu/guest.js';
import {
  allowedCores,
  cgroupOf,
  deadlineTotal,
  groupsIn,
  MOUNT,
  MS,
  make,
  measureUntil,
  near,
  outcomeOf,
  read,
  removeTree,
  report,
  reset,
  setClass,
  startHog,
  startProcess,
  startTestGuest,
  type TestGuest,
  until,
  write,
} from './machine.js';

/* What the v2 backend does, method by method, on a real kernel; each scenario reports what it saw. */

const SLICE = 'vmc.slice';
const JOURNAL = '/tmp/journal';
const BOOT_ID = bootId();
const MIB = 2 ** 20;
const SERVER = deadlineAttributes(20n * MS, 100n * MS);

const journal = new FileJournal(JOURNAL, BOOT_ID);
journal.open();
const cgroups = new CgroupV2(MOUNT, SLICE, journal);

/** What of the machine the backend may change and has to give back. */
function machineState(tasks: readonly TaskId[]): object {
  return {
    controllers: read('cgroup.subtree_control'),
    groups: groupsIn('.'),
    tasks: tasks.map((task) => ({
      group: cgroupOf(task),
      cores: allowedCores(task),
      policy: (readSchedAttributes(task.id) as { policy: number }).policy,
    })),
    deadlineTotal: deadlineTotal(),
  };
}

const firstVcpu = (guest: TestGuest): TaskId => {
  const [vcpu] = guest.vcpus;
  if (vcpu === undefined) throw new Error('the guest has no vCPU thread');
  return vcpu;
};

async function pinnedSleeper(core: number): Promise<TaskId> {
  const sleeper = startProcess(['/usr/bin/taskset', '-c', `${core}`, 'sleep', '1000']);
  await until('it is pinned', () => allowedCores(sleeper) === `${core}`);
  return sleeper;
}

/** The owner's own group, with a guest, a pinned guest and a pinned program of the owner's in it. */
async function ownersMachine(): Promise<{ guest: TestGuest; pinned: TaskId; foreign: TaskId }> {
  make('owner/login');
  const guest = await startTestGuest('guest');
  const [pinned, foreign] = [await pinnedSleeper(1), await pinnedSleeper(0)];
  for (const task of [guest.process, pinned, foreign]) write('owner/login/cgroup.procs', task.id);
  return { guest, pinned, foreign };
}

/** Everything that the backend does, on that machine. */
function governAll(guest: TestGuest, pinned: TaskId): void {
  cgroups.prepare();
  for (const path of [['pair'], ['pair', 'one'], ['pair', 'two']]) cgroups.create(path);
  cgroups.gather(guest.process, ['pair', 'one']);
  cgroups.gather(pinned, ['pair', 'two']);
  cgroups.setWeight(['pair', 'one'], 300);
  cgroups.setQuota(['pair', 'two'], { quotaNs: 25n * MS, periodNs: 100n * MS });
  const vcpu = firstVcpu(guest);
  const { id, startTime } = vcpu;
  journal.record({
    operation: 'sched',
    pid: guest.process.id,
    tid: id,
    startTime,
    policy: 0,
    nice: 0,
    priority: 0,
  });
  setClass(vcpu, SERVER);
  cgroups.confine(guest.process, vcpu, 1);
}

async function daemonThatEnds(signal: 'SIGKILL' | 'SIGTERM'): Promise<object> {
  const { guest, foreign } = await ownersMachine();
  const tasks = [guest.process, firstVcpu(guest), foreign];
  const before = machineState(tasks);
  const [state, found] = ['/run/vmc', `/tmp/found-${signal}.json`];
  const daemon = startProcess(['node', '/project/daemon.mjs', state, 'guest', found]);
  const hasEnded = () => !existsSync(`/proc/${daemon.id}/exe`);
  await until('the daemon governs', () => existsSync(found) || hasEnded(), 120_000);
  if (!existsSync(found)) throw new Error('the daemon ended before it governed');
  const governed = machineState(tasks);
  process.kill(daemon.id, signal);
  const isAsBefore = () => JSON.stringify(machineState(tasks)) === JSON.stringify(before);
  // What is not given back shows in the comparison outside.
  await until('all is given back', isAsBefore).catch(() => {});
  const after = machineState(tasks);
  await until('its journal is gone', () => !existsSync(`${state}/journal`));
  return { before, governed, after, found: JSON.parse(readFileSync(found, 'utf8')) };
}

const scenarios: Record<string, () => Promise<object>> = {
  /** The last guest has gone, and another one comes. */
  async emptied() {
    cgroups.prepare();
    const there = () => cgroups.observe().map(({ path }) => path.join('/'));
    cgroups.create(['class']);
    const [filled] = [there()];
    for (const path of [['class'], []]) cgroups.remove(path);
    const emptied = there();
    for (const path of [[], ['class']]) cgroups.create(path);
    cgroups.setWeight(['class'], 300);
    return { filled, emptied, again: there() };
  },

  /** The guardian puts a guest back, and a move of the daemon's comes after that. */
  async overtaken() {
    const { guest } = await ownersMachine();
    cgroups.prepare();
    cgroups.create(['class']);
    cgroups.gather(guest.process, ['class']);
    releaseNow(JOURNAL, () => {});
    const putBack = cgroupOf(guest.process);
    make(`${SLICE}/vmc-class`);
    write(`${SLICE}/vmc-class/cgroup.procs`, guest.process.id);
    journal.open();
    cgroups.prepare();
    const again = cgroupOf(guest.process);
    releaseNow(JOURNAL, () => {});
    return { putBack, again, after: cgroupOf(guest.process) };
  },

  /** In a scope that somebody else made, in a slice of theirs. */
  async delegated() {
    make('vmc.slice/vmc-guests.scope');
    for (const path of ['.', 'vmc.slice']) write(`${path}/cgroup.subtree_control`, '+cpu +cpuset');
    const scope = new CgroupV2(MOUNT, 'vmc.slice/vmc-guests.scope', journal, true);
    const there = () => scope.observe().map(({ path, weight }) => [path.join('/'), weight]);
    scope.prepare();
    const empty = there();
    for (const path of [[], ['class']]) scope.create(path);
    scope.setWeight([], 900);
    const filled = [there(), read('vmc.slice/cpu.weight'), read('vmc.slice/vmc-guests.scope/cpu.weight')];
    for (const path of [['class'], []]) scope.remove(path);
    const emptied = there();
    const messages: string[] = [];
    releaseNow(JOURNAL, (message) => messages.push(message));
    const after = [existsSync(`${MOUNT}/vmc.slice/vmc-guests.scope`), read('vmc.slice/cpu.weight')];
    return { empty, filled, emptied, messages, after };
  },

  /** Two guests with weights of 3 and 1 have one core to themselves. */
  async weights() {
    const guests = await Promise.all(['three', 'one'].map((name) => startTestGuest(name)));
    cgroups.prepare();
    cgroups.create(['pair']);
    guests.forEach((guest, index) => {
      cgroups.create(['pair', `${index}`]);
      cgroups.gather(guest.process, ['pair', `${index}`]);
    });
    cgroups.setWeight(['pair', '0'], 300);
    cgroups.setWeight(['pair', '1'], 100);
    write(`${SLICE}/cpuset.cpus`, 1);
    const threads = guests.map(firstVcpu);
    const { rates } = await measureUntil(threads, 3, ([three = 0, one = 1]) => near(three / one, 3, 0.1));
    return { rates, observed: cgroups.observe() };
  },

  /** One of two guests on a core yields, and then no longer. */
  async idle() {
    const guests = await Promise.all(['busy', 'idle'].map((name) => startTestGuest(name)));
    cgroups.prepare();
    for (const [index, guest] of guests.entries()) {
      cgroups.create([`${index}`]);
      cgroups.gather(guest.process, [`${index}`]);
    }
    write(`${SLICE}/cpuset.cpus`, 1);
    const threads = guests.map(firstVcpu);
    const ratio = async (expected: number) => {
      const { rates } = await measureUntil(threads, 3, ([busy = 1, idle = 0]) =>
        near(1 + idle / busy, 1 + expected, 0.05),
      );
      return (rates[1] ?? 0) / (rates[0] ?? 1);
    };
    cgroups.setWeight(['1'], IDLE_WEIGHT);
    const yielding = { ratio: await ratio(0), observed: cgroups.observe() };
    cgroups.setWeight(['1'], 100);
    return { yielding, sharing: { ratio: await ratio(1), observed: cgroups.observe() } };
  },

  async quota() {
    const guest = await startTestGuest('guest');
    for (let hog = 0; hog < 2; hog++) startHog();
    cgroups.prepare();
    cgroups.create(['capped']);
    cgroups.gather(guest.process, ['capped']);
    const threads = [firstVcpu(guest)];
    const sum = async () => {
      const { rates } = await measureUntil(threads, 3, ([rate = 0]) => near(rate, 0.3, 0.05));
      return rates[0];
    };
    cgroups.setQuota(['capped'], { quotaNs: 30n * MS, periodNs: 100n * MS });
    const capped = await sum();
    const observed = cgroups.observe();
    cgroups.setQuota(['capped'], null);
    return { capped, observed, lifted: cgroups.observe() };
  },

  /** Reserved and confined beside twice as many hogs as cores, and moved from core to core. */
  async confinement() {
    const guest = await startTestGuest('guest', 2);
    const [vcpu] = guest.vcpus as [TaskId];
    for (let hog = 0; hog < 4; hog++) startHog();
    cgroups.prepare();
    cgroups.create(['guest']);
    cgroups.gather(guest.process, ['guest']);
    const admitted = setClass(vcpu, SERVER);
    const hold = async (core: number) => {
      cgroups.confine(guest.process, vcpu, core);
      const { rates, cores } = await measureUntil([vcpu], 4, ([rate = 0]) => near(rate, 0.2, 0.02));
      return { rate: rates[0], cores: cores[0], readBack: cgroups.coreOf(guest.process.id, vcpu.id) };
    };
    const first = await hold(1);
    const second = await hold(0);
    const total = deadlineTotal();
    const others = guest.vcpus.slice(1).map((thread) => cgroups.coreOf(guest.process.id, thread.id));
    const mainLoop = setClass(guest.process, deadlineAttributes(5n * MS, 100n * MS));
    cgroups.confine(guest.process, guest.process, 1);
    const groupWithMainLoopConfined = cgroups.groupOf(guest.process.id);
    return { admitted, first, second, total, others, mainLoop, groupWithMainLoopConfined };
  },

  /** The orderly end: every step undone by the method that undoes it. */
  async givingBack() {
    const { guest, pinned, foreign } = await ownersMachine();
    const vcpu = firstVcpu(guest);
    const tasks = [guest.process, vcpu, pinned, foreign];
    const before = machineState(tasks);
    governAll(guest, pinned);
    const governed = machineState(tasks);
    cgroups.confine(guest.process, vcpu, null);
    setClass(vcpu, NORMAL);
    for (const { id, undo } of journal.pending()) if (undo.operation === 'sched') journal.clear(id);
    for (const process of [guest.process, pinned]) cgroups.putBack(process);
    cgroups.dismantle();
    await until('the bandwidth is free', () => deadlineTotal() === 0);
    return { before, governed, after: machineState(tasks), pending: journal.pending() };
  },

  /** The other end: nobody is left but the guardian, and the journal. */
  async givingBackByTheJournal() {
    const { guest, pinned, foreign } = await ownersMachine();
    const tasks = [guest.process, firstVcpu(guest), pinned, foreign];
    const before = machineState(tasks);
    governAll(guest, pinned);
    // A group younger than the record of where its guest came from.
    cgroups.create(['late']);
    cgroups.gather(pinned, ['late']);
    const messages: string[] = [];
    const complete = releaseNow(JOURNAL, (message) => messages.push(message));
    await until('the bandwidth is free', () => deadlineTotal() === 0);
    return { before, after: machineState(tasks), complete, messages, journalLeft: existsSync(JOURNAL) };
  },

  /** The daemon's own host, killed at once or asked to stop. */
  async killedDaemon() {
    return daemonThatEnds('SIGKILL');
  },
  async stoppedDaemon() {
    return daemonThatEnds('SIGTERM');
  },

  async idempotence() {
    const { guest, pinned } = await ownersMachine();
    governAll(guest, pinned);
    const once = journal.pending().length;
    const before = machineState([guest.process, pinned]);
    governAll(guest, pinned);
    const after = machineState([guest.process, pinned]);
    const twice = journal.pending().length;
    const onDisk = readPending(JOURNAL, BOOT_ID).length;
    cgroups.confine(guest.process, firstVcpu(guest), null);
    cgroups.confine(guest.process, firstVcpu(guest), null);
    setClass(firstVcpu(guest), NORMAL);
    for (let round = 0; round < 2; round++) cgroups.putBack(guest.process);
    cgroups.putBack(pinned);
    const removedTwice = [1, 2].map(() => outcomeOf(() => cgroups.remove(['pair', 'one'])));
    return { once, twice, onDisk, before, after, removedTwice };
  },

  async regathering() {
    const { guest } = await ownersMachine();
    const vcpu = firstVcpu(guest);
    cgroups.prepare();
    for (const name of ['day', 'night']) cgroups.create([name]);
    cgroups.gather(guest.process, ['day']);
    cgroups.confine(guest.process, vcpu, 1);
    cgroups.gather(guest.process, ['night']);
    const regathered = {
      group: cgroups.groupOf(guest.process.id),
      core: cgroups.coreOf(guest.process.id, vcpu.id),
    };
    const removed = outcomeOf(() => cgroups.remove(['day']));
    cgroups.putBack(guest.process);
    return { regathered, removed, group: cgroupOf(guest.process), vcpuGroup: cgroupOf(vcpu) };
  },

  /** What it was found in went away meanwhile: a login that ended. */
  async vanishedOrigin() {
    const hog = startHog();
    write('cgroup.subtree_control', '+memory');
    make('owner/login');
    write('owner/login/cgroup.procs', hog.id);
    cgroups.prepare();
    cgroups.create(['guest']);
    cgroups.gather(hog, ['guest']);
    removeTree('owner/login');
    cgroups.putBack(hog);
    const above = cgroupOf(hog);
    cgroups.gather(hog, ['guest']);
    // Now it is a group of groups, which takes no processes.
    make('owner/other');
    write('owner/cgroup.subtree_control', '+memory');
    cgroups.putBack(hog);
    return { above, top: cgroupOf(hog) };
  },

  async refusals() {
    const gone = startProcess(['true']);
    await until('it has ended', () => !existsSync(`/proc/${gone.id}`));
    cgroups.prepare();
    cgroups.create(['guest']);
    const hog = startHog();
    const impostor = { id: hog.id, startTime: hog.startTime - 1n };
    const before = journal.pending().length;
    const outcomes = {
      gatherEnded: outcomeOf(() => cgroups.gather(gone, ['guest'])),
      gatherReused: outcomeOf(() => cgroups.gather(impostor, ['guest'])),
      gatherNowhere: outcomeOf(() => cgroups.gather(hog, ['nowhere'])),
      confineOutside: outcomeOf(() => cgroups.confine(hog, hog, 1)),
      tinyQuota: outcomeOf(() => cgroups.setQuota(['guest'], { quotaNs: 1_000n, periodNs: 100n * MS })),
      weightTooLarge: outcomeOf(() => cgroups.setWeight(['guest'], 10_001)),
      removeUsed: outcomeOf(() => {
        cgroups.gather(hog, ['guest']);
        cgroups.remove(['guest']);
      }),
      noSuchCore: outcomeOf(() => cgroups.confine(hog, hog, 63)),
    };
    const group = cgroupOf(hog);
    cgroups.putBack(hog);
    cgroups.remove(['guest']);
    return { outcomes, group, recordsLeft: journal.pending().length - before + 1 };
  },

  /** Memory of a gathered guest: limits, protection with the groups above it, threads on a core beside it. */
  async memory() {
    make('owner');
    const before = read('cgroup.subtree_control');
    const sleeper = startProcess(['sleep', '1000']);
    cgroups.prepare();
    for (const path of [['pair'], ['pair', 'guest']]) cgroups.create(path);
    const groups = new MemoryGroupsV2(cgroups);
    const guest = { pid: sleeper.id, startTime: sleeper.startTime } as Guest;
    const outside = [groups.canEnter(guest), groups.enter(guest), groups.observe(guest)];
    cgroups.gather(sleeper, ['pair', 'guest']);
    cgroups.confine(sleeper, sleeper, 1);
    const entered = groups.enter(guest);
    groups.setCeiling(guest, 256 * MIB, 300 * MIB);
    groups.setFloor(guest, 64 * MIB);
    const bounds = groups.observe(guest);
    const minimums = ['', '/vmc-pair', '/vmc-pair/vmc-guest'].map((path) =>
      read(`${SLICE}${path}/memory.min`),
    );
    const hard = read(`${SLICE}/vmc-pair/vmc-guest/memory.max`);
    const during = read('cgroup.subtree_control');
    groups.leave(guest);
    const left = groups.observe(guest);
    const minimumsLeft = ['', '/vmc-pair'].map((path) => read(`${SLICE}${path}/memory.min`));
    cgroups.confine(sleeper, sleeper, null);
    cgroups.putBack(sleeper);
    cgroups.dismantle();
    const after = read('cgroup.subtree_control');
    return { outside, entered, bounds, minimums, hard, during, left, minimumsLeft, before, after };
  },

  /** Somebody else came to use cpusets while we had them on. */
  async sharedController() {
    make('owner/login');
    cgroups.prepare();
    const during = read('cgroup.subtree_control');
    write('owner/cpuset.cpus', 1);
    cgroups.dismantle();
    return { during, after: read('cgroup.subtree_control'), theirs: read('owner/cpuset.cpus') };
  },
};

const scenario = scenarios[process.argv[2] ?? ''];
if (scenario === undefined) throw new Error(`no scenario ${process.argv[2]}`);
try {
  report(await scenario());
} finally {
  await reset();
}
