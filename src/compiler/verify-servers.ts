import type { Plan, Schedule, Server } from './plan.js';
import type { Fraction } from './verify-fractions.js';

/*
 * What verify.ts and its parts ask of servers.
 */

export type Times = Pick<Server, 'budgetNs' | 'periodNs'>;

export const SWITCHES_NS = 20_000n;

export const coreIds = ({ cores }: Plan['host']): readonly number[] =>
  typeof cores === 'number' ? [...new Array(cores).keys()] : cores.map(({ id }) => id);
export const withTiming = ({ servers, timing }: Schedule): readonly Server[] =>
  timing ? [...servers, { class: '', member: 0, thread: 'timing', ...timing }] : servers;
export const identity = ({ class: name, member, thread }: Server): string => `${name} ${member} ${thread}`;

/** Context switches included. */
export const utilisation = ({ budgetNs, periodNs }: Times): Fraction => [
  BigInt(budgetNs) + SWITCHES_NS,
  BigInt(periodNs),
];
