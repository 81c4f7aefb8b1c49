/** Interfaces of guests with real-time tasks: the cheapest servers that give what is asked for, with their proofs. */
export { candidatePeriods, type SearchTerms } from './cheapest-server.js';
export type { ClosestMiss } from './closest-miss.js';
export type { Need, TestPoint } from './demand.js';
export {
  type DerivedInterface,
  interfaceOfTasks,
  interfaceOfWindow,
  type RefusedInterface,
  type VcpuInterface,
} from './interface.js';
export { aheadNs, type PeriodicServer } from './supply.js';
