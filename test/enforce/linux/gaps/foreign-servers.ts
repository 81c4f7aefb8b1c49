import { readdirSync } from 'node:fs';
import { threadsOf } from '../../../../src/enforce/linux/affinity.js';
import { readSchedAttributes, SCHED_DEADLINE } from '../../../../src/enforce/linux/sched-attributes.js';

/** What a daemon holds for its heartbeats, which is asleep nearly always: of no account. */
const SMALL = 0.0101;

/**
 * Threads with servers of more than a hundredth of a core, besides those of the given processes: they take their time on
 * cores of which a plan knows nothing. Takes a few milliseconds.
 */
export function foreignServers(ours: ReadonlySet<number>): readonly number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return processes.flatMap((pid) => (ours.has(pid) ? [] : threadsOf(pid).filter(hasServer)));
}

function hasServer(tid: number): boolean {
  const attributes = readSchedAttributes(tid);
  if (typeof attributes === 'number' || attributes.policy !== SCHED_DEADLINE) return false;
  return Number(attributes.runtimeNs) / Number(attributes.periodNs) > SMALL;
}
