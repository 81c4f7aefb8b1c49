import { schedGetattr, schedSetattr } from './syscalls.js';

/** Size of `struct sched_attr`, version 0 (man 2 sched_setattr). */
const SIZE = 48;

export const SCHED_NORMAL = 0;
export const SCHED_FIFO = 1;
export const SCHED_DEADLINE = 6;
const SCHED_FLAG_RESET_ON_FORK = 1n;

/** Scheduling class and parameters of one thread. */
export interface SchedAttributes {
  readonly policy: number;
  readonly resetOnFork: boolean;
  /** For SCHED_NORMAL and SCHED_BATCH. */
  readonly nice: number;
  /** For SCHED_FIFO and SCHED_RR. */
  readonly priority: number;
  /** For SCHED_DEADLINE; 0 else. Deadline = period. */
  readonly runtimeNs: bigint;
  readonly periodNs: bigint;
}

/** Attributes of the thread, or -errno. */
export function readSchedAttributes(tid: number): SchedAttributes | number {
  const buffer = Buffer.alloc(SIZE);
  const result = schedGetattr(tid, buffer);
  if (result < 0) return result;
  return {
    policy: buffer.readUInt32LE(4),
    resetOnFork: (buffer.readBigUInt64LE(8) & SCHED_FLAG_RESET_ON_FORK) !== 0n,
    nice: buffer.readInt32LE(16),
    priority: buffer.readUInt32LE(20),
    runtimeNs: buffer.readBigUInt64LE(24),
    periodNs: buffer.readBigUInt64LE(40),
  };
}

/** 0 or -errno. */
export function writeSchedAttributes(tid: number, attributes: SchedAttributes): number {
  const buffer = Buffer.alloc(SIZE);
  buffer.writeUInt32LE(SIZE, 0);
  buffer.writeUInt32LE(attributes.policy, 4);
  buffer.writeBigUInt64LE(attributes.resetOnFork ? SCHED_FLAG_RESET_ON_FORK : 0n, 8);
  buffer.writeInt32LE(attributes.nice, 16);
  buffer.writeUInt32LE(attributes.priority, 20);
  buffer.writeBigUInt64LE(attributes.runtimeNs, 24);
  buffer.writeBigUInt64LE(attributes.periodNs, 32);
  buffer.writeBigUInt64LE(attributes.periodNs, 40);
  return schedSetattr(tid, buffer);
}

/** SCHED_NORMAL at nice 0, as processes have it unless somebody asked for something else. */
export const NORMAL: SchedAttributes = {
  policy: SCHED_NORMAL,
  resetOnFork: false,
  nice: 0,
  priority: 0,
  runtimeNs: 0n,
  periodNs: 0n,
};

/** SCHED_FIFO of a priority, 1 to 99, for a thread whose children start as SCHED_NORMAL. */
export const fifoAttributes = (priority: number): SchedAttributes => ({
  policy: SCHED_FIFO,
  resetOnFork: true,
  nice: 0,
  priority,
  runtimeNs: 0n,
  periodNs: 0n,
});

/**
 * Gives a thread that has no server the class that it had, as 0 or -errno. Without CAP_SYS_NICE it keeps the flag that its
 * children start as SCHED_NORMAL, which nobody else may take away (man 7 sched); then it means nothing to them.
 */
export function restoreSchedAttributes(
  tid: number,
  before: Pick<SchedAttributes, 'policy' | 'nice' | 'priority'>,
): number {
  const { policy, nice, priority } = before;
  const attributes = { policy, nice, priority, resetOnFork: false, runtimeNs: 0n, periodNs: 0n };
  const result = writeSchedAttributes(tid, attributes);
  return result < 0 ? writeSchedAttributes(tid, { ...attributes, resetOnFork: true }) : result;
}

/** A SCHED_DEADLINE server whose children start as SCHED_NORMAL. */
export const deadlineAttributes = (runtimeNs: bigint, periodNs: bigint): SchedAttributes => ({
  policy: SCHED_DEADLINE,
  resetOnFork: true,
  nice: 0,
  priority: 0,
  runtimeNs,
  periodNs,
});
