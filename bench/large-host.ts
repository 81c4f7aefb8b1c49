import type { HostFacts } from '../src/compiler/facts.js';

/** 64 cores with all that there is. */
export const LARGE_HOST: HostFacts = {
  cores: 64,
  memoryBytes: 2 ** 38,
  timezone: 'Europe/Berlin',
  tickNs: 4_000_000,
  hrtickDeadline: true,
  deadlineLimit: 0.95,
  cgroup: { version: 2, cpuset: true, freezer: true, gather: true, ownerAs: 'slices' },
  mechanisms: ['reservation', 'share', 'quota', 'duty', 'freezer', 'placement'],
  sensors: [],
};
