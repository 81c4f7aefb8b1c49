import type { CpuAmount } from '../lang/model.js';
import { formatRational, multiply, type Rational } from '../support/rational.js';
import { type EffectiveHost, wholeHost } from './effective-host.js';

export function coresOf(amount: CpuAmount, host: EffectiveHost): Rational {
  return amount.kind === 'cores' ? amount.cores : multiply(amount.fraction, wholeHost(host));
}

/** "1 core", "0.5 cores". */
export function coresText(cores: Rational): string {
  return `${formatRational(cores)} ${cores.num === cores.den ? 'core' : 'cores'}`;
}
