import { multiply, ONE, type Rational, rational } from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { exactDecimal } from '../exact.js';
import type { CoreFacts } from '../facts.js';

/** Capacity of the fastest core. */
const FULL = 1024;

/** A core's speed as a part of the fastest core's. */
export const speedOf = ({ capacity }: CoreFacts): Rational =>
  capacity === FULL ? ONE : multiply(exactDecimal(capacity), rational(1n, BigInt(FULL)));

/**
 * What servers may use of a core, in cores of full speed: budgets are work at the speed of the fastest core, and the kernel
 * charges them on a slower one by as much less as that does.
 */
export const coreLimit = (core: CoreFacts, { deadlineLimit }: EffectiveHost): Rational =>
  multiply(deadlineLimit, speedOf(core));
