import type { PolicyTest } from '../../lang/model.js';
import type { Truth } from '../plan.js';
import type { TestCase } from './check-expectation.js';
import { givenGuests } from './given-guests.js';
import { givenWorld } from './given-world.js';
import type { Moment } from './moments.js';
import type { Scene } from './scene.js';
import { truthOf } from './truth-of.js';

/** A situation that a test may be in, and the first time at which it is. */
export interface TimedCase extends TestCase {
  readonly moment: Moment;
  /** Of the policy's conditions, by index. */
  readonly values: readonly Truth[];
}

/** The situations that a test is in at some times, each once: times at which all conditions are alike are one. */
export function distinctCases(
  test: PolicyTest,
  moments: readonly Moment[],
  scene: Scene,
): readonly TimedCase[] {
  const guests = givenGuests(test, scene.context.population);
  const found = new Map<string, TimedCase>();
  for (const moment of moments) {
    const world = givenWorld(test, moment.contains, scene.context);
    const values = scene.valuesIn(world);
    const asked = test.expectations.map((one) =>
      one.kind === 'that' ? truthOf(one.condition, world, scene.context.host) : null,
    );
    const key = [...values, ...asked].join(' ');
    if (found.has(key)) continue;
    found.set(key, {
      moment,
      world,
      values,
      guests,
      situation: scene.situationWith(values, moment.instant),
    });
  }
  return [...found.values()];
}
