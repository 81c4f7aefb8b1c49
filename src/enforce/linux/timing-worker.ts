import { writeSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { smaller } from '../../compiler/exact.js';
import { invariant } from '../../support/invariant.js';
import { deadlineAttributes, fifoAttributes, NORMAL, writeSchedAttributes } from './sched-attributes.js';
import { waitUntil } from './syscalls.js';
import { TimedGuests } from './timed-guests.js';
import {
  doorbellOf,
  type FromTimingThread,
  HEARTBEAT_BANDWIDTH,
  LATENESS,
  LATENESS_OFFSET,
  LATENESS_STEP_NS,
  LATENESS_STEPS,
  LATENESS_STEPS_OFFSET,
  MAIN_TICK,
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
/** Longest sleep. */
const REST_NS = 1_000_000_000n;
/** How long the guardian may have to wait to hear of us; and from when on it does if the thread is awake anyway. */
const HEARTBEAT_NS = 200_000_000n;
const EARLY_HEARTBEAT_NS = 100_000_000n;
/** The main thread may take so long over one thing (a large policy) before the daemon counts as hanging. */
const MAIN_PATIENCE_NS = 5_000_000_000n;
/** A pause of this length was not ours (the daemon was stopped, the host slept): the guardian has acted meanwhile. */
const FROZEN_NS = 1_000_000_000n;

const port = parentPort;
invariant(port, 'the timing thread is started by the daemon');
const shared = workerData as SharedArrayBuffer;
const counters = new BigInt64Array(shared);
const doorbell = doorbellOf(shared);
const bell = new Int32Array(shared, doorbell.byteOffset, 1);
const scratch = Buffer.alloc(16);
const tell = (message: FromTimingThread): void => port.postMessage(message);
const guests = new TimedGuests(counters, tell);
/** What the doorbell showed last. */
let rung = -1;
let guardian: number | null = null;
let nextHeartbeatNs = 0n;
let surrendered = false;
let scheduling: TimingScheduling = 'normal';
/** Holds what plans have for it. */
let prompt = false;
let nextClaimNs = 0n;

/** The best class that there is for a thread without a timetable. */
function claimScheduling(): TimingScheduling {
  if (writeSchedAttributes(0, HEARTBEAT_SERVER) === 0) return 'deadline';
  const hasPriority = PRIORITIES.some((priority) => writeSchedAttributes(0, fifoAttributes(priority)) === 0);
  return hasPriority ? 'fifo' : 'normal';
}

/** Takes more bandwidth while there is a timetable; what is refused, because others have not quite left, is asked for again. */
function adjustScheduling(nowNs: bigint): void {
  const wanted = guests.anyInTurns;
  if (scheduling !== 'deadline' || wanted === prompt || nowNs < nextClaimNs) return;
  nextClaimNs = nowNs + CLAIM_NS;
  if (writeSchedAttributes(0, wanted ? TIMETABLE_SERVER : HEARTBEAT_SERVER) === 0) prompt = wanted;
}

/** Answers whether the thread goes on. */
function receive(): boolean {
  // Before the messages: one that comes after the last of them rings again.
  const now = Atomics.load(bell, 0);
  if (now === rung) return true;
  rung = now;
  for (let received = receiveMessageOnPort(port!); received; received = receiveMessageOnPort(port!)) {
    const message = received.message as ToTimingThread;
    const nowNs = process.hrtime.bigint();
    switch (message.kind) {
      case 'end':
        guests.end(nowNs);
        return false;
      case 'govern':
        guests.govern(message.guest);
        continue;
      case 'guardian':
        guardian = message.descriptor;
        nextHeartbeatNs = nowNs;
        break;
      case 'timetable':
        guests.replace(message, nowNs);
        nextClaimNs = nowNs;
        adjustScheduling(nowNs);
        break;
    }
    tell({ kind: 'applied', version: message.version });
  }
  return true;
}

function wakeAt(nowNs: bigint): bigint {
  const rest = smaller(nowNs + REST_NS, guests.nextNs(nowNs) ?? nowNs + REST_NS);
  return guardian === null ? rest : smaller(rest, nextHeartbeatNs);
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
  if (nowNs < nextHeartbeatNs - EARLY_HEARTBEAT_NS) return;
  nextHeartbeatNs = nowNs + HEARTBEAT_NS;
  if (nowNs - Atomics.load(counters, MAIN_TICK) > MAIN_PATIENCE_NS) {
    // The guardian has undone the journal, or will.
    if (!surrendered) guests.surrender(nowNs);
    surrendered = true;
    return;
  }
  surrendered = false;
  if (guardian === null) return;
  try {
    writeSync(guardian, '.');
  } catch {
    // Gone (EPIPE: the main thread will hear of it) or busy releasing (EAGAIN).
  }
}

function main(): void {
  scheduling = claimScheduling();
  tell({ kind: 'ready', scheduling });
  while (receive()) {
    const nowNs = process.hrtime.bigint();
    beat(nowNs);
    adjustScheduling(nowNs);
    guests.apply(nowNs);
    const wakeNs = wakeAt(process.hrtime.bigint());
    waitUntil(doorbell, rung, wakeNs, scratch);
    const latenessNs = process.hrtime.bigint() - wakeNs;
    if (latenessNs > 0n) noteLateness(latenessNs);
    if (latenessNs > FROZEN_NS) guests.surrender(wakeNs + latenessNs);
  }
  // INVARIANT: this thread is running, so leaving its class needs no detour (deadline-servers.ts).
  writeSchedAttributes(0, NORMAL);
  tell({ kind: 'ended' });
  port!.close();
}

main();
