import type { HostFacts } from '../../src/compiler/facts.js';
import { LIMITED_HOSTS } from '../compiler/limited-hosts.js';
import { HOST, HOST_V1 } from '../compiler/support.js';

/** Hosts that the documents' whole policies are written for, by what stands behind `vmc` where one begins. */
export const EXAMPLE_HOSTS: ReadonlyMap<string, HostFacts> = new Map<string, HostFacts>([
  ['whole', HOST],
  ['v1', HOST_V1],
  ['ticks', LIMITED_HOSTS['no precise deadline timers']],
  ['unplaced', LIMITED_HOSTS['no cpusets']],
  ['scattered', LIMITED_HOSTS['guests stay where they are']],
  ['sessions', LIMITED_HOSTS['no cgroups']],
  ['bare', LIMITED_HOSTS['no privileges, no autogroups']],
  ['nodl', LIMITED_HOSTS['no deadline class']],
]);
