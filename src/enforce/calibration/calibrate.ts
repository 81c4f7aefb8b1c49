import { release } from 'node:os';
import { coreCountOf } from '../../compiler/facts.js';
import { onlineCores, readAffinity } from '../linux/affinity.js';
import { linuxHostFacts, probeDeadlineLimit } from '../linux/host-facts.js';
import { type Calibration, calibrationOf } from './calibration.js';
import type { CoreCosts } from './core-costs.js';
import { measureSwitchCosts } from './measure-switch-costs.js';

/** Each takes a second. */
const MOST_CORES = 4;
/** What the probe may be off by, and a daemon's heartbeats hold. */
const HELD_BY_OTHERS = 0.02;

/**
 * Measures what context switches cost on this machine; null where all its cores are too busy with other things. `onCore` is
 * told before each core. Where others hold reservations it takes none, for it would keep them waiting. Throws with code
 * ENOENT where there is no Perl.
 */
export async function calibrate(
  onCore: (index: number, count: number) => void = () => {},
): Promise<Calibration | null> {
  const cores = spread(usableCores(), MOST_CORES);
  const best = (await othersReserve()) ? 'fifo' : 'deadline';
  const measured: CoreCosts[] = [];
  for (const [index, core] of cores.entries()) {
    onCore(index, cores.length);
    const costs = await measureSwitchCosts(core, best);
    if (costs) measured.push(costs);
  }
  if (measured.length === 0) return null;
  return calibrationOf(measured, { kernelRelease: release(), measuredAt: new Date() });
}

async function othersReserve(): Promise<boolean> {
  const facts = linuxHostFacts();
  const { deadlineLimit } = facts;
  if (deadlineLimit === 0) return false;
  const count = coreCountOf(facts);
  return (await probeDeadlineLimit(count)) * count < deadlineLimit * count - HELD_BY_OTHERS;
}

/** Those that are switched on and that this process may use. */
function usableCores(): readonly number[] {
  const mask = onlineCores() & BigInt(`0x${readAffinity(process.pid) ?? '0'}`);
  return [...mask.toString(2)].reverse().flatMap((bit, core) => (bit === '1' ? [core] : []));
}

/** At most so many of them, the first and the last included, as evenly as can be: machines have cores of several kinds. */
export function spread(cores: readonly number[], most: number): readonly number[] {
  if (cores.length <= most) return cores;
  const at = (index: number) => Math.round((index * (cores.length - 1)) / (most - 1));
  return Array.from({ length: most }, (_, index) => cores[at(index)] ?? 0);
}
