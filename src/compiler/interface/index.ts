/** Interfaces of guests with real-time tasks: the cheapest servers that give what is asked for, with their proofs. */
export { type SearchTerms, someServer } from './cheapest-server.js';
export type { Need, TestPoint } from './demand.js';
export {
  type DerivedInterface,
  deriveInterface,
  type GuestNeeds,
  proveInterface,
  type RefusedInterface,
  type VcpuInterface,
} from './interface.js';
