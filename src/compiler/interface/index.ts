/** Interfaces of guests with real-time tasks: the cheapest servers that give what is asked for, with their proofs. */
export type { SearchTerms } from './cheapest-server.js';
export {
  deriveGangInterface,
  deriveInterface,
  type GuestNeeds,
  hasInterface,
  proveInterface,
  type RefusedInterface,
  type VcpuInterface,
} from './interface.js';
