import type { Enforcer } from '../enforcer.js';
import type { SimulatedHost } from './simulated-host.js';

/** Lets time pass on a simulated host, with the enforcer's steps at the instants at which they are due. */
export async function runSimulation(
  host: SimulatedHost,
  enforcer: Enforcer,
  durationNs: number,
): Promise<void> {
  const endNs = host.kernel.nowNs + durationNs;
  while (host.kernel.nowNs < endNs) {
    const dueNs = Number(enforcer.nextStepNs());
    host.advance(Math.min(Math.max(dueNs - host.kernel.nowNs, 1), endNs - host.kernel.nowNs));
    if (host.kernel.nowNs >= dueNs) await enforcer.step();
  }
}
