import type { Plan, Schedule, Server } from './plan.js';
import { above, decimalFraction, type Fraction, times } from './verify-fractions.js';

/*
 * What verify.ts and its parts ask of servers.
 */

export type Times = Pick<Server, 'budgetNs' | 'periodNs'>;

/** What context switches cost a server in each of its periods. */
export const switchesNs = ({ contextSwitchesNs = 20_000 }: Plan['host']): number => contextSwitchesNs;

export const coreIds = ({ cores }: Plan['host']): readonly number[] =>
  typeof cores === 'number' ? [...new Array(cores).keys()] : cores.map(({ id }) => id);
export const withTiming = ({ servers, timing }: Schedule): readonly Server[] =>
  timing ? [...servers, { class: '', member: 0, thread: 'timing', ...timing }] : servers;
export const identity = ({ class: name, member, thread }: Server): string => `${name} ${member} ${thread}`;

/** Context switches included. */
export const utilisationOn =
  (host: Plan['host']) =>
  ({ budgetNs, periodNs }: Times): Fraction => [BigInt(budgetNs + switchesNs(host)), BigInt(periodNs)];

/** What servers may use of a core: of a slow one as much less as it is slower. */
export function coreLimit(core: number, { cores, deadlineLimit }: Plan['host']): Fraction {
  const known = typeof cores === 'number' ? null : cores.find(({ id }) => id === core);
  return times(decimalFraction(deadlineLimit), times(decimalFraction(known?.capacity ?? 1024), [1n, 1024n]));
}
/** Of the slowest core. */
export const slowestLimit = (host: Plan['host']): Fraction =>
  coreIds(host)
    .map((core) => coreLimit(core, host))
    .reduce((least, one) => (above(least, one) ? one : least));
