import { closeSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { invariant } from '../../support/invariant.js';
import { type Brake, freezerBrake, signalBrake } from './brake.js';
import {
  deadlineAttributes,
  fifoAttributes,
  SCHED_NORMAL,
  writeSchedAttributes,
} from './sched-attributes.js';
import { pidfdOpen, sleepUntil } from './syscalls.js';
import { isStopped, readTaskStat } from './task-stat.js';
import { nextBoundaryNs, runsAt } from './timetable-clock.js';
import {
  COUNTER,
  COUNTERS_PER_SLOT,
  DOORBELL,
  type FromTimingThread,
  HEARTBEAT_BANDWIDTH,
  LATENESS,
  LATENESS_OFFSET,
  LATENESS_STEP_NS,
  LATENESS_STEPS,
  LATENESS_STEPS_OFFSET,
  MAIN_TICK,
  type TimedGuest,
  type TimingScheduling,
  type ToTimingThread,
} from './timing-protocol.js';

/*
 * The timing thread: stops and continues guests by the timetable, on absolute deadlines of the monotonic clock, from
 * a thread of its own that holds a reservation: a small one for its heartbeats, and while there is a timetable the one that
 * plans have for it. It owns signals and freezers; nobody else sends any or sets one.
 */

const TIMETABLE_SERVER = deadlineAttributes(100_000n, 1_000_000n);
const HEARTBEAT_SERVER = deadlineAttributes(HEARTBEAT_BANDWIDTH.budgetNs, HEARTBEAT_BANDWIDTH.periodNs);
/** Of SCHED_FIFO, where there are no reservations: the least is above that of the guests that this thread stops. */
const PRIORITIES = [50, 2] as const;
/** How often a reservation that was refused is asked for again. */
const CLAIM_NS = 1_000_000_000n;
/** Longest sleep while guests are steered: messages are looked for at least this often. */
const POLL_NS = 20_000_000n;
/** How often the state of a held guest is checked: its user may have continued it. */
const CHECK_NS = 100_000_000n;
/** How often the guardian hears of us. */
const HEARTBEAT_NS = 200_000_000n;
/** The main thread may take so long over one thing (a large policy) before the daemon counts as hanging. */
const MAIN_PATIENCE_NS = 5_000_000_000n;
/** A pause of this length was not ours (the daemon was stopped, the host slept): the guardian has acted meanwhile. */
const FROZEN_NS = 1_000_000_000n;

interface Entry {
  timed: TimedGuest;
  readonly pidfd: number;
  brake: Brake;
  held: boolean;
  userStopped: boolean;
}

const port = parentPort;
invariant(port, 'the timing thread is started by the daemon');
const counters = new BigInt64Array(workerData as SharedArrayBuffer);
const entries = new Map<string, Entry>();
const scratch = Buffer.alloc(16);
let hyperperiodNs = 1_000_000_000n;
let nextCheckNs = 0n;
let guardian: number | null = null;
let nextHeartbeatNs = 0n;
let surrendered = false;
let scheduling: TimingScheduling = 'normal';
/** Holds what plans have for it. */
let prompt = false;
let nextClaimNs = 0n;

const tell = (message: FromTimingThread): void => port.postMessage(message);

/** The best class that there is for a thread without a timetable. */
function claimScheduling(): TimingScheduling {
  if (writeSchedAttributes(0, HEARTBEAT_SERVER) === 0) return 'deadline';
  const hasPriority = PRIORITIES.some((priority) => writeSchedAttributes(0, fifoAttributes(priority)) === 0);
  return hasPriority ? 'fifo' : 'normal';
}

/** Takes more bandwidth while there is a timetable; what is refused, because others have not quite left, is asked for again. */
function adjustScheduling(nowNs: bigint): void {
  const wanted = [...entries.values()].some(({ timed }) => timed.windows.length > 0);
  if (scheduling !== 'deadline' || wanted === prompt || nowNs < nextClaimNs) return;
  nextClaimNs = nowNs + CLAIM_NS;
  if (writeSchedAttributes(0, wanted ? TIMETABLE_SERVER : HEARTBEAT_SERVER) === 0) prompt = wanted;
}

function counterOf(entry: Entry, counter: keyof typeof COUNTER): number {
  return entry.timed.slot * COUNTERS_PER_SLOT + COUNTER[counter];
}

/** Adds the time since the last change to whichever counter it belongs to. */
function account(entry: Entry, nowNs: bigint): void {
  const since = counterOf(entry, 'sinceNs');
  const elapsed = nowNs - Atomics.load(counters, since);
  Atomics.add(counters, counterOf(entry, entry.held ? 'stoppedNs' : 'allowedNs'), elapsed);
  Atomics.store(counters, since, nowNs);
}

/** Notes a refusal; that the guest has ended the next inventory will say. */
function check(entry: Entry, result: number): void {
  const { ESRCH, ENODEV } = constants.errno;
  if (result >= 0 || result === -ESRCH || result === -ENODEV) return;
  tell({ kind: 'failed', guest: entry.timed.guest, errno: result });
}

function hold(entry: Entry, nowNs: bigint): void {
  // A guest that is stopped already was stopped by its user: we do not take it over, and will not wake it.
  if (isStopped(entry.timed.pid)) {
    entry.userStopped = true;
    tell({ kind: 'user-stopped', guest: entry.timed.guest });
    return;
  }
  account(entry, nowNs);
  entry.held = true;
  Atomics.store(counters, counterOf(entry, 'held'), 1n);
  check(entry, entry.brake.stop());
}

function letRun(entry: Entry, nowNs: bigint): void {
  account(entry, nowNs);
  entry.held = false;
  Atomics.store(counters, counterOf(entry, 'held'), 0n);
  check(entry, entry.brake.letGo());
}

/** Stops first, then continues, so that the sum of running guests exceeds no ceiling for longer than a signal takes. */
function applyTimetable(nowNs: bigint): void {
  for (const entry of entries.values()) {
    if (!entry.held && !entry.userStopped && !runsAt(entry.timed.windows, nowNs % hyperperiodNs))
      hold(entry, nowNs);
  }
  for (const entry of entries.values()) {
    if (entry.held && runsAt(entry.timed.windows, nowNs % hyperperiodNs)) letRun(entry, nowNs);
  }
}

/** Stops again what its user continued while we held it; notices what its user continued after stopping it himself. */
function checkStates(nowNs: bigint): void {
  for (const [guest, entry] of entries) {
    if (entry.held && entry.brake.isInTheWay()) drop(guest, entry, nowNs);
    else if (entry.held && !entry.brake.isOn()) check(entry, entry.brake.stop());
    else if (entry.userStopped && readTaskStat(entry.timed.pid)?.state !== 'T') {
      tell({ kind: 'user-continued', guest });
    }
  }
}

function drop(guest: string, entry: Entry, nowNs: bigint): void {
  if (entry.held) letRun(entry, nowNs);
  else account(entry, nowNs);
  closeSync(entry.pidfd);
  entries.delete(guest);
}

function brakeOf({ pid, freezer, vcpus }: TimedGuest, pidfd: number): Brake {
  return freezer === null ? signalBrake({ pid, pidfd, vcpus }) : freezerBrake(pid, freezer);
}

function adopt(timed: TimedGuest, nowNs: bigint): void {
  const pidfd = pidfdOpen(timed.pid);
  if (pidfd < 0) return; // it has ended; the next inventory will say so
  if (readTaskStat(timed.pid)?.startTime !== timed.startTime) {
    closeSync(pidfd);
    return;
  }
  const entry: Entry = { timed, pidfd, brake: brakeOf(timed, pidfd), held: false, userStopped: false };
  Atomics.store(counters, counterOf(entry, 'sinceNs'), nowNs);
  entries.set(timed.guest, entry);
}

function replaceTimetable(message: Extract<ToTimingThread, { kind: 'timetable' }>, nowNs: bigint): void {
  const wanted = new Map(message.guests.map((timed) => [timed.guest, timed]));
  for (const [guest, entry] of entries) {
    const timed = wanted.get(guest);
    if (timed && timed.freezer === entry.timed.freezer) {
      entry.timed = timed;
      entry.brake = brakeOf(timed, entry.pidfd);
    } else drop(guest, entry, nowNs);
  }
  hyperperiodNs = message.hyperperiodNs;
  for (const timed of message.guests) if (!entries.has(timed.guest)) adopt(timed, nowNs);
}

/** Answers whether the thread goes on. */
function receive(): boolean {
  for (let received = receiveMessageOnPort(port!); received; received = receiveMessageOnPort(port!)) {
    const message = received.message as ToTimingThread;
    const nowNs = process.hrtime.bigint();
    if (message.kind === 'end') {
      for (const [guest, entry] of [...entries]) drop(guest, entry, nowNs);
      return false;
    }
    if (message.kind === 'govern') {
      const entry = entries.get(message.guest);
      if (entry) entry.userStopped = false;
      continue;
    }
    if (message.kind === 'guardian') {
      guardian = message.descriptor;
      nextHeartbeatNs = nowNs;
    } else {
      replaceTimetable(message, nowNs);
      nextClaimNs = nowNs;
      adjustScheduling(nowNs);
    }
    tell({ kind: 'applied', version: message.version });
  }
  return true;
}

function wakeAt(nowNs: bigint): bigint {
  let next = nowNs + POLL_NS;
  for (const entry of entries.values()) {
    const boundary = nowNs + nextBoundaryNs(entry.timed.windows, nowNs % hyperperiodNs, hyperperiodNs);
    if (boundary < next) next = boundary;
  }
  return next;
}

function noteLateness(latenessNs: bigint): void {
  Atomics.add(counters, LATENESS_OFFSET + LATENESS.count, 1n);
  Atomics.add(counters, LATENESS_OFFSET + LATENESS.sumNs, latenessNs);
  const step = Math.min(Number(latenessNs / LATENESS_STEP_NS), LATENESS_STEPS - 1);
  Atomics.add(counters, LATENESS_STEPS_OFFSET + step, 1n);
  const max = LATENESS_OFFSET + LATENESS.maxNs;
  if (latenessNs > Atomics.load(counters, max)) Atomics.store(counters, max, latenessNs);
}

/**
 * Tells the guardian that the daemon lives, as long as its main thread goes on. When that hangs the guests are let run
 * first: the guardian will then give back the rest.
 */
function beat(nowNs: bigint): void {
  if (nowNs - Atomics.load(counters, MAIN_TICK) > MAIN_PATIENCE_NS) {
    if (!surrendered) surrender(nowNs);
    surrendered = true;
    return;
  }
  surrendered = false;
  if (guardian === null || nowNs < nextHeartbeatNs) return;
  nextHeartbeatNs = nowNs + HEARTBEAT_NS;
  try {
    writeSync(guardian, '.');
  } catch {
    // Gone (EPIPE: the main thread will hear of it) or busy releasing (EAGAIN).
  }
}

/** The guardian has undone the journal, or will: all run, and none is held again before the daemon says so. */
function surrender(nowNs: bigint): void {
  for (const entry of entries.values()) {
    if (entry.held) letRun(entry, nowNs);
    entry.userStopped = true; // not before `govern`
    tell({ kind: 'user-stopped', guest: entry.timed.guest });
  }
}

/** How often it was rung for: to be read before messages are, so that none is slept through. */
const rings = (): bigint => Atomics.load(counters, DOORBELL);

function main(): void {
  scheduling = claimScheduling();
  tell({ kind: 'ready', scheduling });
  for (let rung = rings(); receive(); rung = rings()) {
    const nowNs = process.hrtime.bigint();
    beat(nowNs);
    adjustScheduling(nowNs);
    applyTimetable(nowNs);
    if (nowNs >= nextCheckNs) {
      checkStates(nowNs);
      nextCheckNs = nowNs + CHECK_NS;
    }
    const isResting = entries.size === 0;
    const beginNs = process.hrtime.bigint();
    const wakeNs = isResting ? beginNs + HEARTBEAT_NS : wakeAt(beginNs);
    if (isResting) Atomics.wait(counters, DOORBELL, rung, Number(HEARTBEAT_NS) / 1e6);
    else sleepUntil(wakeNs, scratch);
    const latenessNs = process.hrtime.bigint() - wakeNs;
    // With nobody to steer it is late for nobody.
    if (latenessNs > 0n && !isResting) noteLateness(latenessNs);
    if (latenessNs > FROZEN_NS) surrender(wakeNs + latenessNs);
  }
  // INVARIANT: this thread is running, so leaving its class needs no detour (deadline-servers.ts).
  writeSchedAttributes(0, {
    ...HEARTBEAT_SERVER,
    policy: SCHED_NORMAL,
    resetOnFork: false,
    runtimeNs: 0n,
    periodNs: 0n,
  });
  tell({ kind: 'ended' });
  port!.close();
}

main();
