import { multiply, type Rational, rational } from '../support/rational.js';
import type { EffectiveHost } from './effective-host.js';
import { exactDecimal } from './exact.js';
import type { CoreFacts } from './facts.js';

/** A core's speed as a part of the fastest core's. */
export const speedOf = ({ capacity }: CoreFacts): Rational =>
  multiply(exactDecimal(capacity), rational(1n, 1024n));

/**
 * What servers may use of a core, in cores of full speed: budgets are work at the speed of the fastest core, and the kernel
 * charges them on a slower one by as much less as that does.
 */
export const coreLimit = (core: CoreFacts, { deadlineLimit }: EffectiveHost): Rational =>
  multiply(deadlineLimit, speedOf(core));
