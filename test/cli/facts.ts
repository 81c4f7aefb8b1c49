import type { HostFacts } from '../../src/compiler/facts.js';

/** Two plain cores with everything that vmc can use. */
export const FACTS: HostFacts = {
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  timezone: 'Europe/Berlin',
  tickNs: 4_000_000,
  hrtickDeadline: false,
  deadlineLimit: 0.95,
  cgroup: { version: 2, cpuset: true, freezer: true, gather: true, ownerAs: 'slices' },
  mechanisms: ['reservation', 'share', 'quota', 'duty', 'freezer', 'placement'],
  sensors: ['owner.demand', 'owner.cpu', 'host.cpu'],
};
