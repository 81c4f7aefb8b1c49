import type { HostFacts } from '../../../src/compiler/index.js';
import { LIMITED_HOSTS } from '../../compiler/limited-hosts.js';
import { HOST, HOST_V1 } from '../../compiler/support.js';

/** Machines that differ in what they can do: each compiles another way. */
export const HOSTS: Readonly<Record<string, HostFacts>> = {
  'eight cores': HOST,
  'cgroup v1': HOST_V1,
  'one core, no hrtick': { ...HOST, cores: 1, hrtickDeadline: false, memoryBytes: 2 ** 30 },
  ...LIMITED_HOSTS,
  'SMT, two speeds': {
    ...HOST,
    cores: Array.from({ length: 8 }, (_, id) => ({
      id: id * 2,
      sibling: (id - (id % 2)) * 2,
      capacity: id < 4 ? 1024 : 512,
    })),
  },
};
