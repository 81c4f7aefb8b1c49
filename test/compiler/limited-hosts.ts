import type { HostFacts } from '../../src/compiler/facts.js';
import { HOST, HOST_V1 } from './support.js';

const WITHOUT_CGROUPS: HostFacts = {
  ...HOST,
  cores: 4,
  hrtickDeadline: false,
  cgroup: { version: 0, cpuset: false, freezer: false, gather: false, ownerAs: 'slices' },
};

/** Hosts that lack something, by what they lack. */
export const LIMITED_HOSTS = {
  'no precise deadline timers': { ...HOST, hrtickDeadline: false },
  'no precise deadline timers, cgroup v1': {
    ...HOST_V1,
    cores: 4,
    hrtickDeadline: false,
    deadlineLimit: 0.9,
  },
  'no cpusets': { ...HOST, cores: 4, cgroup: { ...HOST.cgroup, cpuset: false } },
  'no deadline class': { ...HOST, deadlineLimit: 0, realtimePriority: 99 },
  'no deadline class, nor real-time priority': { ...HOST, deadlineLimit: 0 },
  'guests stay where they are': { ...HOST, cgroup: { ...HOST.cgroup, gather: false } },
  'no cgroups': {
    ...WITHOUT_CGROUPS,
    realtimePriority: 99,
    nice: { least: -20, most: 19 },
    mechanisms: ['reservation', 'share', 'duty'],
  },
  'no cgroups, no deadline class, no cgroup weights by nice': {
    ...WITHOUT_CGROUPS,
    deadlineLimit: 0,
    realtimePriority: 50,
    mechanisms: ['duty'],
  },
  'no privileges': {
    ...WITHOUT_CGROUPS,
    deadlineLimit: 0,
    nice: { least: 0, most: 19 },
    mechanisms: ['share', 'duty'],
    sensors: [],
  },
  'no privileges, no autogroups': {
    ...WITHOUT_CGROUPS,
    deadlineLimit: 0,
    mechanisms: ['duty'],
    sensors: [],
  },
} as const satisfies { readonly [lack: string]: HostFacts };
