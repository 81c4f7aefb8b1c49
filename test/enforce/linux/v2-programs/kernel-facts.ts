import { setTimeout as delay } from 'node:timers/promises';
import { deadlineAttributes, NORMAL, SCHED_FIFO } from '../../../../src/enforce/linux/sched-attributes.js';
import {
  allowedCores,
  attempt,
  cgroupOf,
  cpuNs,
  deadlineTotal,
  endAll,
  groupsIn,
  MS,
  make,
  measureUntil,
  near,
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

/* Finds out what the kernel makes of the calls that the v2 backend relies on; each scenario reports what it saw. */

const PERIOD_NS = 100n * MS;
const server = (percent: number) => deadlineAttributes((PERIOD_NS * BigInt(percent)) / 100n, PERIOD_NS);
const LEAST = deadlineAttributes(1_024n, 4_194_304_000n);
const LEAF = 's/class/guest';
const OUT = `${LEAF}/cgroup.threads`;
const inside = (core: number): string => `${LEAF}/core${core}/cgroup.threads`;

/** s > class > guest (domain threaded) > core0, core1, with the guest's process in it. */
async function gatheredGuest(cpus = 1): Promise<TestGuest> {
  write('cgroup.subtree_control', '+cpu +cpuset +memory');
  make('s/class');
  write('s/cgroup.subtree_control', '+cpu +cpuset +memory');
  write('s/class/cgroup.subtree_control', '+cpu +cpuset +memory');
  make(LEAF);
  const guest = await startTestGuest('guest', cpus);
  write(`${LEAF}/cgroup.procs`, guest.process.id);
  for (const core of [0, 1]) {
    make(`${LEAF}/core${core}`);
    write(`${LEAF}/core${core}/cgroup.type`, 'threaded');
  }
  write(`${LEAF}/cgroup.subtree_control`, '+cpuset');
  for (const core of [0, 1]) write(`${LEAF}/core${core}/cpuset.cpus`, core);
  return guest;
}

const firstVcpu = (guest: TestGuest) => {
  const [vcpu] = guest.vcpus;
  if (vcpu === undefined) throw new Error('the guest has no vCPU thread');
  return vcpu;
};

const scenarios: Record<string, () => Promise<object>> = {
  async confinement() {
    const guest = await gatheredGuest();
    const vcpu = firstVcpu(guest);
    for (let hog = 0; hog < 4; hog++) startHog();
    const narrowFirst = [attempt(inside(1), vcpu.id), setClass(vcpu, server(20)), attempt(OUT, vcpu.id)];
    const classFirst = [setClass(vcpu, server(20)), attempt(inside(1), vcpu.id)];
    const totals = [deadlineTotal()];
    const held = await measureUntil([vcpu], 3, ([rate = 0]) => near(rate, 0.2, 0.05));
    const changeInside = setClass(vcpu, server(40));
    const changeOutside = [attempt(OUT, vcpu.id), setClass(vcpu, server(40)), attempt(inside(0), vcpu.id)];
    totals.push(deadlineTotal());
    const changed = await measureUntil([vcpu], 3, ([rate = 0]) => near(rate, 0.4, 0.05));
    write(OUT, vcpu.id);
    write(inside(1), vcpu.id);
    totals.push(deadlineTotal());
    await endAll();
    await until('the bandwidth of the dead is free', () => deadlineTotal() === 0);
    return { narrowFirst, classFirst, held, changeInside, changeOutside, changed, totals };
  },

  async straightFromCoreToCore() {
    const vcpu = firstVcpu(await gatheredGuest());
    setClass(vcpu, server(20));
    write(inside(1), vcpu.id);
    const before = deadlineTotal();
    write(inside(0), vcpu.id);
    return { before, after: deadlineTotal() };
  },

  async leaving() {
    const guest = await gatheredGuest();
    const vcpu = firstVcpu(guest);
    const stop = () => process.kill(guest.process.id, 'SIGSTOP');
    const resume = () => process.kill(guest.process.id, 'SIGCONT');
    const settled = async (after: () => unknown) => {
      after();
      await delay(400);
      return deadlineTotal();
    };
    const enter = async () => [setClass(vcpu, server(20)), await settled(() => {})];

    const entered = await enter();
    const running = [setClass(vcpu, NORMAL), await settled(() => {})];
    await enter();
    await settled(stop);
    const stopped = [setClass(vcpu, LEAST), setClass(vcpu, NORMAL), await settled(resume)];
    await enter();
    await settled(() => write(`${LEAF}/cgroup.freeze`, 1));
    const frozen = [setClass(vcpu, LEAST), setClass(vcpu, NORMAL)];
    frozen.push((await settled(() => write(`${LEAF}/cgroup.freeze`, 0))) as never);
    const mainLoop = [setClass(guest.process, server(5)), await settled(() => {})];
    mainLoop.push(setClass(guest.process, LEAST), setClass(guest.process, NORMAL), await settled(() => {}));
    await enter();
    write(inside(1), vcpu.id);
    const confined = [setClass(vcpu, LEAST), attempt(OUT, vcpu.id), setClass(vcpu, NORMAL)];
    const confinedTotal = await settled(() => {});
    await enter();
    await settled(stop);
    const straight = [setClass(vcpu, NORMAL), await settled(resume)];
    make('other');
    write('other/cpuset.cpus', 1);
    write('other/cgroup.procs', guest.process.id);
    const afterCpuset = deadlineTotal();
    return { entered, running, stopped, frozen, mainLoop, confined, confinedTotal, straight, afterCpuset };
  },

  async tree() {
    const guest = await gatheredGuest(2);
    const vcpu = firstVcpu(guest);
    const types = ['s', 's/class', LEAF, `${LEAF}/core1`].map((path) => read(`${path}/cgroup.type`));
    const memoryOfGuest = attempt(`${LEAF}/memory.high`, '200M');
    const memoryWithin = attempt(`${LEAF}/cgroup.subtree_control`, '+memory');
    const weight = attempt(`${LEAF}/cpu.weight`, 300);
    const processBesideGroups = attempt('s/class/cgroup.procs', startHog().id);
    write(inside(1), vcpu.id);
    write(`${LEAF}/cgroup.freeze`, 1);
    await until('the guest is frozen', () => read(`${LEAF}/cgroup.events`).includes('frozen 1'));
    const before = guest.vcpus.map(cpuNs);
    await delay(300);
    // Microseconds on the way into the freezer may still be booked.
    const frozenMs = guest.vcpus.map((thread, index) => (cpuNs(thread) - (before[index] ?? 0n)) / MS);
    write(`${LEAF}/cgroup.freeze`, 0);
    make('s/class/second');
    const wholeProcess = attempt('s/class/second/cgroup.procs', guest.process.id);
    const vcpuGroup = cgroupOf(vcpu);
    for (const name of groupsIn(LEAF)) removeTree(`${LEAF}/${name}`);
    const typeAfter = read(`${LEAF}/cgroup.type`);
    return {
      ...{ types, memoryOfGuest, memoryWithin, weight, processBesideGroups, frozenMs, wholeProcess },
      ...{ vcpuGroup, typeAfter },
    };
  },

  async bandwidth() {
    const guest = await gatheredGuest();
    const vcpu = firstVcpu(guest);
    for (let hog = 0; hog < 2; hog++) startHog();
    write(`${LEAF}/cpu.max`, '20000 100000');
    write(inside(1), vcpu.id);
    const quotaOfConfined = await measureUntil([vcpu], 3, ([rate = 0]) => near(rate, 0.2, 0.05));
    write(OUT, vcpu.id);
    setClass(vcpu, server(40));
    const quotaOfReserved = await measureUntil([vcpu], 3, ([rate = 0]) => near(rate, 0.4, 0.05));
    return { quotaOfConfined, quotaOfReserved };
  },

  async affinity() {
    const pinned = startProcess(['/usr/bin/taskset', '-c', '1', 'sleep', '1000']);
    await until('it is pinned', () => allowedCores(pinned) === '1');
    write('cgroup.subtree_control', '+cpu');
    make('a');
    write('a/cgroup.procs', pinned.id);
    const inGroup = allowedCores(pinned);
    write('cgroup.subtree_control', '+cpuset');
    const controllerEnabled = allowedCores(pinned);
    return { inGroup, controllerEnabled };
  },

  async partitions() {
    const guest = await gatheredGuest();
    const vcpu = firstVcpu(guest);
    const partition = (path: string) => `${path}/cpuset.cpus.partition`;
    const become = (path: string) => {
      write(partition(path), 'root');
      return read(partition(path));
    };
    const ofOneCore = become(`${LEAF}/core1`);
    write(partition(`${LEAF}/core1`), 'member');
    for (const name of ['core0', 'core1']) removeTree(`${LEAF}/${name}`);
    const pinned = startProcess(['/usr/bin/taskset', '-c', '1', 'sleep', '1000']);
    await until('it is pinned', () => allowedCores(pinned) === '1');
    const hog = startHog();
    for (const path of ['s', 's/class']) write(`${path}/cpuset.cpus`, 1);
    const ofClass = become('s/class');
    write(partition('s/class'), 'member');
    const ofSlice = become('s');
    const ofOwner = [read('cpuset.cpus.effective'), allowedCores(hog), allowedCores(pinned)];
    const inside = [allowedCores(guest.process), setClass(vcpu, server(20)), setClass(vcpu, server(40))];
    const held = await measureUntil([vcpu], 3, ([rate = 0]) => near(rate, 0.4, 0.05));
    setClass(vcpu, NORMAL);
    write(partition('s'), 'member');
    const ofOwnerAfter = [read('cpuset.cpus.effective'), allowedCores(hog), allowedCores(pinned)];
    return { ofOneCore, ofClass, ofSlice, ofOwner, inside, held, ofOwnerAfter };
  },

  async realtime() {
    const hog = startHog();
    write('cgroup.subtree_control', '+cpu');
    make('a/b');
    write('a/cgroup.subtree_control', '+cpu');
    const fifo = [setClass(hog, { ...NORMAL, policy: SCHED_FIFO, priority: 5 })];
    fifo.push(attempt('a/b/cgroup.procs', hog.id), attempt('cgroup.procs', hog.id));
    setClass(hog, NORMAL);
    write('a/b/cgroup.procs', hog.id);
    fifo.push(setClass(hog, { ...NORMAL, policy: SCHED_FIFO, priority: 5 }));
    setClass(hog, NORMAL);
    return { fifo, deadline: setClass(hog, server(10)) };
  },
};

const scenario = scenarios[process.argv[2] ?? ''];
if (scenario === undefined) throw new Error(`no scenario ${process.argv[2]}`);
try {
  report(await scenario());
} finally {
  await reset();
}
