import type { ElasticCeiling } from '../../lang/model.js';
import { max, min, multiply, rational, subtract } from '../../support/rational.js';
import type { CoresBetween } from '../claims/circumstances.js';
import { coresOf } from '../cpu-amount.js';
import type { EffectiveHost } from '../effective-host.js';
import type { World } from './world.js';

/** Where a test's world puts an elastic ceiling; at its lower end while its signal is unknown. */
export function elasticValue(
  { base, minus, from, to }: ElasticCeiling,
  world: World,
  host: EffectiveHost,
): CoresBetween {
  const [least, most] = [coresOf(from, host), coresOf(to, host)];
  const value = world.value(minus);
  if (value === 'unknown' || value === 'large') return { least, most: least };
  // CPU signals are in percent of all cores.
  const taken = multiply(value, rational(BigInt(host.coreCount), 100n));
  const cores = max(least, min(most, subtract(coresOf(base, host), taken)));
  return { least: cores, most: cores };
}
